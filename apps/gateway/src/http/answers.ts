import type { ApiBodyOptions, ApiResponseOptions, ApiResponseSchemaHost } from '@nestjs/swagger';
import { type Static, type TSchema, Type } from 'typebox';
import { UNIT_ID_PATTERN, type UnitId } from '@clearance/contracts';

// Pieces of which answers are made. Answers are closed: what is not described is not answered, so that a member that
// slips in — a column more, another's data — is found by whoever holds answers against their description.

/** A closed object. */
export const closed = { additionalProperties: false } as const;

/** RFC 3339, UTC. */
export const time = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });

/** A unit's id, `ln.customs`. */
export const unit = () => Type.Unsafe<UnitId>(Type.String({ pattern: UNIT_ID_PATTERN }));

/** An id that this mesh gave. */
export const uuid = () => Type.String({ format: 'uuid' });

/** Counts the versions of a result, the revisions of a draft, the rows of the ledger: from 1. */
export const ordinal = () => Type.Integer({ minimum: 1 });

/** How many there are of something. */
export const count = (description?: string) =>
  Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) });

/** SHA-256 in base64url. */
export const digest = (description?: string) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', ...(description === undefined ? {} : { description }) });

/** Null where there is nothing to say: the member itself is always there. */
export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** For people, in both languages. */
export const localized = () => Type.Object({ zh: Type.String(), en: Type.String() }, closed);

/** Where a page ends and the next begins; absent on the last. */
export const cursor = () => Type.Optional(Type.String({ description: 'There when there is more' }));

/** Whoever did something, as the token that they came with names them: issuer and subject. */
export const actor = () => Type.String({ examples: ['clearance-mesh#local-policy'] });

type Schema = ApiResponseSchemaHost['schema'];

/** An answer's description for OpenAPI: its schema, and an example, which the compiler holds to it. */
export function answer<S extends TSchema>(
  schema: S,
  example: Static<S>,
  more: Pick<ApiResponseSchemaHost, 'description' | 'headers'> = {},
): ApiResponseSchemaHost & { example: unknown } {
  return { ...more, schema: schema as Schema, example };
}

/** The header that says where something that has begun is followed. */
export const FOLLOWED_AT: ApiResponseSchemaHost['headers'] = {
  Location: {
    required: true,
    description: 'Where it is followed',
    schema: { type: 'string', format: 'uri-reference' },
  },
};

/**
 * Server-sent events for OpenAPI. Its schema is that of one event, as its form has no other place for it before OpenAPI
 * 3.2; `data` is such a value.
 */
export function events<S extends TSchema>(schema: S, example: Static<S>, description: string): ApiResponseOptions {
  const event = {
    type: 'object',
    additionalProperties: false,
    required: ['data'],
    properties: {
      id: { type: 'string' },
      event: { type: 'string' },
      data: { type: 'string', contentMediaType: 'application/json', contentSchema: schema },
    },
  };
  const content = { schema: event as Schema, example: { id: '1', data: JSON.stringify(example) } };
  return { description, content: { 'text/event-stream': content } };
}

/** A body's description for OpenAPI, as {@link answer}. */
export function body<S extends TSchema>(schema: S, example: Static<S>): ApiBodyOptions {
  return { schema: schema as Schema, examples: { example: { value: example } } };
}
