import {
  type AccessRequest,
  type Outcome,
  problem,
  type RevocationStatement,
  validateRevokeAccess,
  requestView,
} from '@clearance/contracts';
import { signStatement, statementDigest } from '@clearance/provenance';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { notOwner } from './decide-access.ts';
import { keepStatement } from './give-statements.ts';
import { giveWord } from './give-word.ts';
import { keepSpeaker } from './keep-speaker.ts';
import { lockRequest, type StoredRequest, storeRequest } from './stored-request.ts';

/**
 * Ends what this unit granted, before its time: the gateway takes back what was shown. Once ended it stays so.
 *
 * @param person who says it, where somebody has signed in to do so
 */
export async function revokeAccess(unit: Unit, body: unknown, person?: string): Promise<Outcome<AccessRequest>> {
  const checked = validateRevokeAccess(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const { requestId, reason } = checked.value;
  const revoked = await inTransaction(unit.database, async (transaction): Promise<Outcome<StoredRequest>> => {
    const stored = await lockRequest(transaction, requestId);
    if (stored === undefined) return { ok: false, problem: problem('unknown') };
    if (stored.own) return notOwner(stored);
    if (stored.revocation !== undefined) return { ok: true, value: stored };
    const { state } = requestView(stored, unit.now());
    if (stored.decision === undefined || (state !== 'granted' && state !== 'granted-in-part')) {
      return notGranted(requestId, state);
    }
    const { owner, requester } = stored.decision.statement;
    const statement: RevocationStatement = {
      type: 'access-revocation',
      requestId,
      decision: statementDigest(stored.decision.statement),
      owner,
      requester,
      reason,
      revokedAt: new Date(unit.now()).toISOString(),
    };
    const revocation = signStatement(statement, unit.signingKey());
    const after: StoredRequest = { ...stored, state: 'revoked', revocation };
    await storeRequest(transaction, after);
    await keepStatement(transaction, revocation);
    await keepSpeaker(transaction, revocation, person);
    return { ok: true, value: after };
  });
  if (!revoked.ok) return revoked;
  return giveWord(unit, revoked.value, revoked.value.revocation!);
}

function notGranted(requestId: string, state: string): Outcome<never> {
  const detail = {
    zh: `申请 ${requestId} 当前并无有效授权（${state}）`,
    en: `Nothing is granted under request ${requestId} now: it is ${state}`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}
