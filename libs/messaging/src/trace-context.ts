import { randomBytes } from 'node:crypto';

/** W3C Trace Context, version 00: `00-<32 hex>-<16 hex>-<2 hex>`, neither id all zero. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's `traceparent` if it is well formed, otherwise that of a new, unsampled trace. */
export function continueTrace(traceparent: string | undefined): string {
  if (traceparent !== undefined && TRACEPARENT.test(traceparent)) return traceparent;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}
