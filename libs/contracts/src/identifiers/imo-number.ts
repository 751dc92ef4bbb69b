const form = /^[0-9]{7}$/;

/** Check digit of an IMO ship number (IMO Res. A.1117(30)): the six digits times 7 down to 2, summed, modulo 10. */
export function imoCheckDigit(firstSix: string): number {
  let sum = 0;
  for (let position = 0; position < 6; position += 1) sum += (firstSix.charCodeAt(position) - 48) * (7 - position);
  return sum % 10;
}

/** Whether a text has the form of an IMO number, whatever its check digit. */
export function hasImoNumberForm(text: string): boolean {
  return form.test(text);
}

/** Whether a text is an IMO ship identification number, seven digits without the letters IMO. */
export function isImoNumber(text: string): boolean {
  return form.test(text) && imoCheckDigit(text) === text.charCodeAt(6) - 48;
}
