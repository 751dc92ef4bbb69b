import { isDeclaringOffice } from '../codes/customs-offices.ts';

const form = /^[0-9]{4}20[0-9]{2}[01][0-9]{9}$/;

/** Whether a text has the form of a declaration number: office, year, 1 import or 0 export, serial. */
export function hasDeclarationNumberForm(text: string): boolean {
  return form.test(text);
}

/** Whether a text is a 报关单号 of a known office. It has no check digit. */
export function isDeclarationNumber(text: string): boolean {
  return form.test(text) && isDeclaringOffice(text.slice(0, 4));
}

/** The direction that a declaration number states. */
export function directionOfDeclaration(declarationNumber: string): 'import' | 'export' {
  return declarationNumber.charAt(8) === '1' ? 'import' : 'export';
}
