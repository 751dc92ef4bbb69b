import type { LoggerService } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { describeError } from './describe-error.ts';
import { isError } from './is-error.ts';

export type { Logger } from 'pino';

/**
 * A structured logger on standard output, one JSON object a line.
 *
 * Lines carry ids, kinds, units and counts only: never content, document numbers or credentials. Errors are reduced
 * to type, message and code, because a database driver's error object repeats the parameters of the statement.
 *
 * @param to where lines go; standard output if absent
 */
export function createLogger(service: string, level: string, to?: DestinationStream): Logger {
  const options: LoggerOptions = {
    name: service,
    level,
    base: { service },
    mixin: traceFields,
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
  };
  return to === undefined ? pino(options) : pino(options, to);
}

/** The names that OpenTelemetry gives them outside OTLP (Trace Context in non-OTLP Log Formats). */
function traceFields(): object {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
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
