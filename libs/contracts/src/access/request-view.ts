import type { AccessErrors, AccessRequest } from './access-request.ts';
import type { AccessState } from './codes.ts';
import type { DecisionStatement, RequestStatement, RevocationStatement, SignedStatement } from './statements.ts';

/** A request for access as somebody has followed it: a unit, or the gateway. */
export interface FollowedRequest {
  /** As the last word says; what was granted is over at its time all the same. */
  state: AccessState;
  request: SignedStatement<RequestStatement>;
  decision?: SignedStatement<DecisionStatement>;
  revocation?: SignedStatement<RevocationStatement>;
  dueAt?: Date;
  remindedAt?: Date;
  escalatedAt?: Date;
  errors?: AccessErrors;
}

/** A request as everybody sees it whom it concerns, at a time, ms since the epoch. */
export function requestView(followed: FollowedRequest, now: number): AccessRequest {
  const { state, request, decision, revocation, dueAt, remindedAt, escalatedAt, errors } = followed;
  const { type: _type, ...asked } = request.statement;
  const grant = decision?.statement.grant;
  const over = (state === 'granted' || state === 'granted-in-part') && Date.parse(grant?.until ?? '') <= now;
  return {
    ...asked,
    owner: asked.about.issuer,
    state: over ? 'expired' : state,
    ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
    ...(remindedAt === undefined ? {} : { remindedAt: remindedAt.toISOString() }),
    ...(escalatedAt === undefined ? {} : { escalatedAt: escalatedAt.toISOString() }),
    ...(decision === undefined ? {} : { decision: decisionView(decision.statement) }),
    ...(revocation === undefined
      ? {}
      : { revoked: { reason: revocation.statement.reason, at: revocation.statement.revokedAt } }),
    ...(errors === undefined ? {} : { errors }),
  };
}

function decisionView(statement: DecisionStatement): NonNullable<AccessRequest['decision']> {
  const { decision, by, rule, reason, grant, decidedAt } = statement;
  return {
    decision,
    by,
    ...(rule === undefined ? {} : { rule }),
    ...(reason === undefined ? {} : { reason }),
    ...(grant === undefined ? {} : { paths: grant.paths, until: grant.until }),
    decidedAt,
  };
}
