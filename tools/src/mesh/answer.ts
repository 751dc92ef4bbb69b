/** Exit codes of every verb: 0 done, 1 refused or found wanting (the answer says why), 2 could not be done at all. */
export const REFUSED = 1;
export const FAULT = 2;

/** Prints the answer: one JSON object last on standard output, or lines for people. */
export function answer(json: boolean | undefined, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}
