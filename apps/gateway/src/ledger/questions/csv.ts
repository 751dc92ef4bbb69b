/** What a spreadsheet takes for the beginning of a formula, in the widths that East Asian ones know. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;
const QUOTED = /[",\r\n]/;
/** Tells spreadsheets that the file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * One record of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe before it, by
 * which spreadsheets know a text (OWASP, CSV injection).
 */
export function csvRecord(cells: readonly (string | number)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
