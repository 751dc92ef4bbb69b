import { types } from 'node:util';

/** Whether a thrown value is an Error, also one of another realm (Node's own errors seen from a `vm` context). */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
