import { randomBytes } from 'node:crypto';
import type { SpanContext } from '@opentelemetry/api';

/** W3C Trace Context, version 00: `00-<32 hex>-<16 hex>-<2 hex>`, neither id all zero. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const SAMPLED = 1;

/** The caller's `traceparent` if it is well formed, otherwise that of a new, unsampled trace. */
export function continueTrace(traceparent: string | null | undefined): string {
  if (isTraceparent(traceparent)) return traceparent;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

/** Whether it is a well-formed `traceparent`. */
export function isTraceparent(text: string | null | undefined): text is string {
  return typeof text === 'string' && TRACEPARENT.test(text);
}

/** Whether whoever gave it records its trace. @param traceparent a well-formed one */
export function isSampled(traceparent: string | null | undefined): boolean {
  return typeof traceparent === 'string' && (Number.parseInt(traceparent.slice(-2), 16) & SAMPLED) === SAMPLED;
}

/** What the OpenTelemetry API makes of it. @param traceparent a well-formed one */
export function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true };
}

/** The `traceparent` that names this span. */
export function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & SAMPLED) === SAMPLED ? '01' : '00'}`;
}
