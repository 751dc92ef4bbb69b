/**
 * Whether a text could be the version of a list. Any other names none, and is not looked for: PostgreSQL refuses to compare
 * with a text that has a NUL in it.
 */
export function isVersionText(text: string): boolean {
  return /^[^\p{C}]{1,64}$/u.test(text);
}
