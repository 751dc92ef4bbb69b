import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

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
    serializers: { err: (described: unknown) => (described instanceof Error ? describeError(described) : described) },
  });
}

/** What may be said of an error in a log line: its type, code and message's first line. */
export function describeError(error: unknown): { type: string; code?: string; message: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const code = (error as { code?: unknown }).code;
  const message = error.message.split('\n', 1)[0] ?? '';
  return { type: error.name, ...(code === undefined ? {} : { code: String(code) }), message };
}

/** Lets Nest's own messages go through the same logger, at debug level except warnings and errors. */
export function nestLogger(logger: Logger): LoggerService {
  const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));
  return {
    log: (message) => logger.debug(text(message)),
    debug: (message) => logger.trace(text(message)),
    verbose: (message) => logger.trace(text(message)),
    warn: (message) => logger.warn(text(message)),
    error: (message) => logger.error(text(message)),
    fatal: (message) => logger.fatal(text(message)),
  };
}
