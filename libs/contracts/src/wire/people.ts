import { Type, type Static } from 'typebox';
import { AccessErrorsSchema } from '../access/access-request.ts';
import { AccessAnswerSchema, AccessEndingSchema } from '../access/bodies.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import type { Checked } from '../problem/violation.ts';
import { closed, uuid } from '../result/scalars.ts';

/** Characters of an access token, and of a proof that its key is somebody's, at most: more than any has. */
export const MAX_TOKEN = 16_384;
export const MAX_PROOF = 8_192;

const jwt = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_.-]+$', maxLength });
/**
 * Whose word it is: the access token with which they came to the gateway, for the unit to judge itself; and of a token that is
 * bound to a key, their proof (RFC 9449), which is about this word and no other.
 */
const person = { token: jwt(MAX_TOKEN), proof: Type.Optional(jwt(MAX_PROOF)) };

const DecideForPersonSchema = Type.Object({ ...person, requestId: uuid(), answer: AccessAnswerSchema }, closed);
/** `people.decide`: the owner's answer to a request, by somebody of the unit who has signed in at the gateway. */
export type DecideForPerson = Static<typeof DecideForPersonSchema>;

const RevokeForPersonSchema = Type.Object({ ...person, requestId: uuid(), ending: AccessEndingSchema }, closed);
/** `people.revoke`: the end of a grant, by the same. */
export type RevokeForPerson = Static<typeof RevokeForPersonSchema>;

/**
 * Why a unit does not act on somebody's word: it takes none from people who sign in; it does not believe that they may speak
 * for it, or that this is their word; there is no such request; another unit answers it; it has been answered; what is said of it cannot be.
 */
export const PERSON_REFUSALS = [
  'no-sign-in',
  'not-believed',
  'not-proven',
  'unknown',
  'not-owner',
  'conflict',
  'invalid',
] as const;
export type PersonRefusal = (typeof PERSON_REFUSALS)[number];

const PersonHeardSchema = Type.Union([
  Type.Object({ done: Type.Literal(true) }, closed),
  Type.Object(
    { done: Type.Literal(false), because: Type.Enum([...PERSON_REFUSALS]), errors: AccessErrorsSchema },
    closed,
  ),
]);
/** What a unit says to it; `errors` of what is `invalid`. */
export type PersonHeard = Static<typeof PersonHeardSchema>;

export const validateDecideForPerson: (input: unknown) => Checked<DecideForPerson> = validatorOf(DecideForPersonSchema);
export const validateRevokeForPerson: (input: unknown) => Checked<RevokeForPerson> = validatorOf(RevokeForPersonSchema);
export const validatePersonHeard: (input: unknown) => Checked<PersonHeard> = validatorOf(PersonHeardSchema);

/** Where over HTTP somebody says it, and so what their proof has to name. */
export function personPath(requestId: string, word: 'decision' | 'revocation'): string {
  return `/api/v1/access-requests/${requestId}/${word}`;
}
