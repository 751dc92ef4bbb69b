import { Type, type Static } from 'typebox';
import { violation, type Checked, type Violation } from '../problem/violation.ts';
import { validatorOf } from '../problem/schema-validator.ts';
import { closed, referenceNumber, text, timestamp, unitId, uuid } from '../result/scalars.ts';
import { ACCESS_STATES } from './codes.ts';
import { accessPaths, consignmentTerms, namesPlaces, purposeCode, resultKinds, resultVersion } from './scope.ts';

export const RequestAccessSchema = Type.Object(
  {
    /** The requester's own; the same with the same body is the same request. */
    reference: referenceNumber(64),
    /** One result, of which the requester holds a copy; instead of `results`. */
    resultId: Type.Optional(uuid()),
    /** Only this version. Where `paths` name places of elements it is the one that the requester holds, if none is given. */
    version: Type.Optional(resultVersion()),
    /** A standing query, instead of `resultId`: without `since` what is issued from now on. */
    results: Type.Optional(
      Type.Object(
        { issuer: unitId(), kinds: resultKinds(), since: Type.Optional(timestamp()), ...consignmentTerms },
        closed,
      ),
    ),
    paths: accessPaths(),
    /** Code of a purpose that the entry of the list admits. */
    purpose: purposeCode(),
    /** Law and article, or the case, on which the request rests. */
    legalReference: text(500),
    until: timestamp(),
  },
  closed,
);
/** Body of `access.request`: asks for what the list makes conditional. */
export type RequestAccess = Static<typeof RequestAccessSchema>;

const answerMembers = {
  decision: Type.Enum(['grant', 'refuse']),
  /** Of a grant: these of the paths that are asked for; all when absent. */
  paths: Type.Optional(accessPaths()),
  /** Of a grant: not later than is asked for; until then when absent. */
  until: Type.Optional(timestamp()),
  /** Needed for a refusal, and for less than is asked for. */
  reason: Type.Optional(text(1_000)),
};

export const DecideAccessSchema = Type.Object({ requestId: uuid(), ...answerMembers }, closed);
/** Body of `access.decide`: the owner's answer. */
export type DecideAccess = Static<typeof DecideAccessSchema>;

export const RevokeAccessSchema = Type.Object({ requestId: uuid(), reason: text(1_000) }, closed);
/** Body of `access.revoke`: the owner ends what it granted. */
export type RevokeAccess = Static<typeof RevokeAccessSchema>;

export const AccessAnswerSchema = Type.Object(answerMembers, closed);
/** The same answer to a request that is named beside it: `POST /api/v1/access-requests/{requestId}/decision`. */
export type AccessAnswer = Static<typeof AccessAnswerSchema>;

export const AccessEndingSchema = Type.Object({ reason: text(1_000) }, closed);
/** `POST /api/v1/access-requests/{requestId}/revocation`. */
export type AccessEnding = Static<typeof AccessEndingSchema>;

export const FindAccessSchema = Type.Object(
  {
    requestId: Type.Optional(uuid()),
    reference: Type.Optional(referenceNumber(64)),
    state: Type.Optional(Type.Enum([...ACCESS_STATES])),
    /** Whether this unit asks or is asked; either when absent. */
    as: Type.Optional(Type.Enum(['requester', 'owner'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9_-]+$' })),
  },
  closed,
);
/** Body of `access.find`: what is named must all match. */
export type FindAccess = Static<typeof FindAccessSchema>;

const requestShape = validatorOf<RequestAccess>(RequestAccessSchema);
const decideShape = validatorOf<DecideAccess>(DecideAccessSchema);
const answerShape = validatorOf<AccessAnswer>(AccessAnswerSchema);

/** Checks `access.request`: its form, and that it asks for one result or by one query, which names no places. */
export function validateRequestAccess(input: unknown): Checked<RequestAccess> {
  const shape = requestShape(input);
  if (!shape.ok) return shape;
  const { resultId, version, results, paths } = shape.value;
  const violations: Violation[] = [];
  if (resultId === undefined && results === undefined) violations.push(violation('/resultId', 'missing'));
  if (resultId !== undefined && results !== undefined) {
    violations.push(violation('/results', 'contradiction', { expected: '/resultId' }));
  }
  if (version !== undefined && resultId === undefined && results !== undefined) {
    violations.push(violation('/version', 'contradiction', { expected: '/results' }));
  }
  // In another result, or another version, another person's papers may stand in that place.
  paths.forEach((path, index) => {
    if (results !== undefined && namesPlaces(path)) {
      violations.push(violation(`/paths/${index}`, 'bad-format', { expected: '*' }));
    }
  });
  return violations.length > 0 ? { ok: false, violations } : shape;
}

/** Checks `access.decide`: a refusal has its reason and grants nothing. */
export function validateDecideAccess(input: unknown): Checked<DecideAccess> {
  return checkRefusal(decideShape(input));
}

/** Checks an answer to a request that is named beside it. */
export function validateAccessAnswer(input: unknown): Checked<AccessAnswer> {
  return checkRefusal(answerShape(input));
}

function checkRefusal<T extends AccessAnswer>(shape: Checked<T>): Checked<T> {
  if (!shape.ok || shape.value.decision === 'grant') return shape;
  const violations: Violation[] = [];
  if (shape.value.reason === undefined) violations.push(violation('/reason', 'missing'));
  for (const name of ['paths', 'until'] as const) {
    if (shape.value[name] !== undefined) {
      violations.push(violation(`/${name}`, 'contradiction', { expected: '/decision' }));
    }
  }
  return violations.length > 0 ? { ok: false, violations } : shape;
}

/** Checks the end of a grant that is named beside it. */
export const validateAccessEnding: (input: unknown) => Checked<AccessEnding> = validatorOf(AccessEndingSchema);
/** Checks `access.revoke`. */
export const validateRevokeAccess: (input: unknown) => Checked<RevokeAccess> = validatorOf(RevokeAccessSchema);
/** Checks `access.find`. An empty object asks for everything, page by page. */
export const validateFindAccess: (input: unknown) => Checked<FindAccess> = validatorOf(FindAccessSchema);
