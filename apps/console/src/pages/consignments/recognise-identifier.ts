import { hasContainerNumberForm, isContainerNumber, isDeclarationNumber } from '@clearance/contracts/words';

/** What consignments are found by; the names are the gateway's parameters. */
export type IdentifierKind = 'container' | 'declarationNumber' | 'transportDocument' | 'resultId';

/** What a text was taken for. */
export interface Identifier {
  kind: IdentifierKind;
  /** As the gateway takes it. */
  value: string;
  /** False where its form is right and its check digit or office is not: it is looked for all the same. */
  sound: boolean;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const DIGITS = /^[0-9]{18}$/;
const LONGEST_DOCUMENT = 35;

/**
 * Says which identifier somebody has written or pasted: full width or half, with the blanks and hyphens of a printed form.
 *
 * @returns undefined when it can be none: nothing is written, or more than a transport document's number
 */
export function recogniseIdentifier(text: string): Identifier | undefined {
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return undefined;
  if (UUID.test(plain)) return { kind: 'resultId', value: hyphenated(plain), sound: true };
  const joined = plain.replace(/[\s\-–/]/g, '').toUpperCase();
  if (hasContainerNumberForm(joined)) return { kind: 'container', value: joined, sound: isContainerNumber(joined) };
  if (DIGITS.test(joined)) return { kind: 'declarationNumber', value: joined, sound: isDeclarationNumber(joined) };
  // Carriers write their numbers as they like: what is not one of the others is looked for as it stands.
  if (plain.length > LONGEST_DOCUMENT || /[\p{Cc}\p{Cs}]/u.test(plain)) return undefined;
  return { kind: 'transportDocument', value: plain, sound: true };
}

function hyphenated(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
