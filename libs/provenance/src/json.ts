/** Any value that JSON can express (RFC 8259). */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. A member that is `undefined` counts as absent, as it does for `JSON.stringify`. */
export interface JsonObject {
  [member: string]: JsonValue | undefined;
}

/** Whether a parsed JSON value is an object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value that a JSON text stands for, or `undefined` (which no JSON text stands for) if it is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * Whether a value is a scalar that every JSON reader understands alike (I-JSON, RFC 7493): no number beyond a double's
 * range, no lone surrogate. Others would break digests and databases further on.
 */
export function isScalar(value: unknown): value is string | number | boolean | null {
  if (typeof value === 'string') return value.isWellFormed();
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
