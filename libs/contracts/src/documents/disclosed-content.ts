import { RESULT_KINDS } from '../codes/results.ts';
import { contentSchemas } from '../result/content.ts';

/** A JSON Schema as data. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/** A fresh copy of a TypeBox schema as plain JSON Schema. */
export function plain(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema)) as JsonSchema;
}

/** A copy of an object without some of its members. */
export function without(schema: JsonSchema, members: readonly string[]): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !members.includes(name)));
}

/** Takes out what a redacted content need not fulfil: members that must be there, and least sizes of lists. */
function loosen(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(loosen);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(without(node as JsonSchema, ['required', 'minItems']));
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'enum' ? value : loosen(value)]));
}

/** Merges the members of two object schemas; members that both have and that are objects are merged themselves. */
function merge(left: JsonSchema, right: JsonSchema): JsonSchema {
  const leftMembers = left['properties'] as Record<string, JsonSchema> | undefined;
  const rightMembers = right['properties'] as Record<string, JsonSchema> | undefined;
  if (leftMembers === undefined || rightMembers === undefined) return left;
  const properties = { ...leftMembers };
  for (const [name, member] of Object.entries(rightMembers)) {
    const known = properties[name];
    properties[name] = known === undefined ? member : merge(known, member);
  }
  return { ...left, properties };
}

/** Only in a revoked version: why. */
const revocation = { type: 'object', properties: { reason: { type: 'string' } }, additionalProperties: false };

/**
 * JSON Schema of a content as a copy may show it, of whatever kind: every member may be absent, since the negative
 * list may have taken it out (the kind itself, too). What is there has the form that its issuer gave it.
 */
export function disclosedContentSchema(): JsonSchema {
  const [first, ...others] = RESULT_KINDS.map((kind) => {
    const schema = loosen(plain(contentSchemas[kind])) as JsonSchema;
    const properties = { ...(schema['properties'] as JsonSchema), kind: { enum: [...RESULT_KINDS] }, revocation };
    return { ...schema, properties };
  });
  return others.reduce<JsonSchema>(merge, first ?? {});
}
