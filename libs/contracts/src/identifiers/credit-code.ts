/** The 31 characters of GB 32100-2015: no I, O, S, V or Z. A character's value is its position. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

const values = new Map([...alphabet].map((character, value) => [character, value]));

/** 3^position modulo 31 for the 17 characters before the check character. */
const weights = Array.from({ length: 17 }, (_, position) => Number(3n ** BigInt(position) % 31n));

/** Registering department and category, GB/T 2260 division, organisation code, check character. */
const form = /^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$/;

/**
 * GB 32100-2015 check character of the first 17: 31 less the weighted sum modulo 31.
 * The check character inside the organisation code (GB 11714, position 17) is not verified: codes issued to
 * individual businesses are known to break it, and the last character already covers it.
 */
export function creditCodeCheckCharacter(first17: string): string {
  let sum = 0;
  for (let position = 0; position < 17; position += 1) {
    sum += (values.get(first17.charAt(position)) ?? 0) * (weights[position] ?? 0);
  }
  return alphabet.charAt((31 - (sum % 31)) % 31);
}

/** Whether a text has the form of a credit code, whatever its check character. */
export function hasCreditCodeForm(text: string): boolean {
  return form.test(text);
}

/** Whether a text is a unified social credit code with the right check character. */
export function isCreditCode(text: string): boolean {
  return form.test(text) && creditCodeCheckCharacter(text) === text.charAt(17);
}
