/**
 * Values of letters in ISO 6346: from A = 10 upwards, leaving out the multiples of 11.
 */
const letterValues: Readonly<Record<string, number>> = (() => {
  const values: Record<string, number> = {};
  let value = 10;
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    if (value % 11 === 0) value += 1;
    values[letter] = value;
    value += 1;
  }
  return values;
})();

/** Three letters of the owner, the category (U container, J detachable equipment, Z trailer or chassis), seven digits. */
const form = /^[A-Z]{3}[UJZ][0-9]{7}$/;

/**
 * ISO 6346 check digit of the first ten characters: each character's value times 2^position, summed, modulo 11.
 * A remainder of 10 is written 0: such serial numbers the standard advises against, but they exist.
 */
export function containerCheckDigit(firstTen: string): number {
  let sum = 0;
  for (let position = 0; position < 10; position += 1) {
    const character = firstTen.charAt(position);
    const value = letterValues[character] ?? Number(character);
    sum += value * 2 ** position;
  }
  return (sum % 11) % 10;
}

/** Whether a text has the form of a container number, whatever its check digit. */
export function hasContainerNumberForm(text: string): boolean {
  return form.test(text);
}

/** Whether a text is an ISO 6346 container number with the right check digit. */
export function isContainerNumber(text: string): boolean {
  return form.test(text) && containerCheckDigit(text) === text.charCodeAt(10) - 48;
}
