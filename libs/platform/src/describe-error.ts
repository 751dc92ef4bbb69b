import { isError } from './is-error.ts';

/** SQLSTATE class 22, data exception: the message quotes the value that did not fit. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * What may be said of an error in a log line: its type, code and message's first line. Of messages that quote data (a
 * value that PostgreSQL refused, text that is not JSON) only what comes before the quotation.
 */
export function describeError(error: unknown): { type: string; code?: string; message: string } {
  if (!isError(error)) return { type: typeof error, message: 'not an Error' };
  const { code } = error as { code?: unknown };
  const line = error.message.split('\n', 1)[0] ?? '';
  const quotes = error.name === 'SyntaxError' || (typeof code === 'string' && DATA_EXCEPTION.test(code));
  const message = quotes ? line.replace(/[\s,:.]*".*$/, '') : line;
  return { type: error.name, ...(code === undefined ? {} : { code: String(code) }), message };
}
