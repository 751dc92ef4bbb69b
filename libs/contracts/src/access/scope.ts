import { Type, type Static } from 'typebox';
import { RESULT_KINDS } from '../codes/results.ts';
import {
  closed,
  containerNumber,
  declarationNumber,
  referenceNumber,
  timestamp,
  unitId,
  uuid7,
} from '../result/scalars.ts';
import { MAX_ACCESS_PATHS } from './codes.ts';

/** JSON Pointers into the content; `*` for every element of an array, or an element's place. */
export const accessPaths = () =>
  Type.Array(Type.String({ maxLength: 512, pattern: '^(/([^~/]|~[01])*)*$' }), {
    minItems: 1,
    maxItems: MAX_ACCESS_PATHS,
    uniqueItems: true,
  });
/** An element's place in an array, as a segment of a path. */
const PLACE = /\/(0|[1-9][0-9]*)(?=\/|$)/;

/** Whether a path names elements of arrays by their places. */
export function namesPlaces(path: string): boolean {
  return PLACE.test(path);
}

/** Code of a purpose for which may be asked. */
export const purposeCode = () => Type.String({ pattern: '^[a-z][a-z-]{1,63}$', maxLength: 64 });
/** Kinds of results, at least one. */
export const resultKinds = () =>
  Type.Array(Type.Enum([...RESULT_KINDS]), { minItems: 1, maxItems: RESULT_KINDS.length, uniqueItems: true });
/** A result's version. */
export const resultVersion = () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

/** What a standing query may name beside issuer and kinds. */
export const consignmentTerms = {
  container: Type.Optional(containerNumber()),
  declarationNumber: Type.Optional(declarationNumber()),
  transportDocument: Type.Optional(referenceNumber(35)),
};

/** One result, all its versions or one of them. */
const OneResultSchema = Type.Object(
  { issuer: unitId(), resultId: uuid7(), version: Type.Optional(resultVersion()) },
  closed,
);
const StandingQuerySchema = Type.Object(
  { issuer: unitId(), kinds: resultKinds(), since: timestamp(), ...consignmentTerms },
  closed,
);
/** A standing query: what an issuer issues from a time on, all conditions together. */
export type StandingQuery = Static<typeof StandingQuerySchema>;

/** Which results access is asked for: one, or those of a standing query. */
export const AccessScopeSchema = Type.Union([OneResultSchema, StandingQuerySchema]);
export type AccessScope = Static<typeof AccessScopeSchema>;

/** What is granted: of which results, which paths, for what, until when. */
export const GrantSchema = Type.Object(
  { about: AccessScopeSchema, paths: accessPaths(), purpose: purposeCode(), until: timestamp() },
  closed,
);
export type Grant = Static<typeof GrantSchema>;
