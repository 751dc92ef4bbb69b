import { isCountry } from '../codes/countries.ts';

/** Two letters of the country; three of the place, where the digits 0 and 1 are not used. */
const form = /^[A-Z]{2}[A-Z2-9]{3}$/;

/** Whether a text has the form of a UN/LOCODE of an existing country. Whether the place exists is another question. */
export function isUnlocode(text: string): boolean {
  return form.test(text) && isCountry(text.slice(0, 2));
}
