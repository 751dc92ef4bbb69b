import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { isError } from './is-error.ts';

export type { Logger } from 'pino';

/**
 * A structured logger on standard output, one JSON object a line.
 *
 * Lines carry ids, kinds, units and counts only: never content, document numbers or credentials. Errors are reduced
 * to type, message and code, because a database driver's error object repeats the parameters of the statement.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    name: service,
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    // Whoever logs an error describes it first (describeError); an error object as such never reaches a line.
    serializers: { err: (described: unknown) => (isError(described) ? describeError(described) : described) },
    hooks: {
      // `log.error(error)` would make the error's whole message the line's text.
      logMethod([first, ...more], write) {
        if (!isError(first)) return write.apply(this, [first, ...more]);
        const err = describeError(first);
        return write.apply(this, [{ err }, ...(more.length === 0 ? [err.message] : more)]);
      },
    },
  });
}

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

/** Lets Nest's own messages go through the same logger, at debug level except warnings and errors. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown): string => (isError(message) ? describeError(message).message : String(message));
  return {
    log: (message) => logger.debug(text(message)),
    debug: (message) => logger.trace(text(message)),
    verbose: (message) => logger.trace(text(message)),
    warn: (message) => logger.warn(text(message)),
    error: (message) => logger.error(text(message)),
    fatal: (message) => logger.fatal(text(message)),
  };
}
