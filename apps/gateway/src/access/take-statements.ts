import {
  type AccessErrors,
  type DecisionStatement,
  durationMilliseconds,
  type GiveStatements,
  type GrantEndRecord,
  type GrantRecord,
  type Outcome,
  problem,
  type RequestStatement,
  type RevocationStatement,
  type SignedStatement,
  type StatementsTaken,
  type UnitId,
  validateGiveStatements,
  violation,
  type Violation,
} from '@clearance/contracts';
import { liesIn } from '@clearance/negative-list';
import type { EntityManager } from '@clearance/platform';
import { canonicalJson, isRevoked, statedAt, statementDigest, verifyStatement } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import { openGrantReviews, openGrantRecall } from '../reviews/open-reviews.ts';
import { databaseClock } from '../database-clock.ts';
import { AHEAD_MS, judgeRequest } from './judge-request.ts';
import { keepNotices } from './keep-notices.ts';

type Taken = StatementsTaken['outcomes'][number];
const TAKEN: Taken = { taken: true };
const rejected = (...errors: AccessErrors): Taken => ({ taken: false, errors });

/**
 * Takes what a unit says about access: its requests, and as an owner its decisions and revocations. Each is verified, judged
 * and written down for itself, with the word to whom it concerns; what was taken before is taken again.
 *
 * @throws NotReadyError when a request comes while no list is in force
 */
export async function takeStatements(gateway: Gateway, unit: UnitId, body: unknown): Promise<Outcome<StatementsTaken>> {
  const checked = validateGiveStatements(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const outcomes: Taken[] = [];
  for (const signed of checked.value.statements) outcomes.push(await takeStatement(gateway, unit, signed));
  return { ok: true, value: { outcomes } };
}

type Given = GiveStatements['statements'][number];

async function takeStatement(gateway: Gateway, unit: UnitId, given: Given): Promise<Taken> {
  if (!(await isSigned(gateway, given))) return rejected(violation('', 'signature-invalid'));
  const { statement, signature } = given;
  switch (statement.type) {
    case 'access-request':
      if (statement.requester !== unit) return rejected(violation('', 'signature-invalid'));
      return takeRequest(gateway, { statement, signature });
    case 'access-decision':
      if (statement.owner !== unit) return rejected(violation('', 'signature-invalid'));
      return takeDecision(gateway, { statement, signature });
    case 'access-revocation':
      if (statement.owner !== unit) return rejected(violation('', 'signature-invalid'));
      return takeRevocation(gateway, { statement, signature });
    default:
      return statement satisfies never;
  }
}

/** A key that has been revoked signs nothing that comes now, whatever date stands in it. */
async function isSigned(gateway: Gateway, signed: Given): Promise<boolean> {
  let verified = verifyStatement(signed, gateway.keyRing(), statedAt(signed.statement));
  if (!verified.ok && verified.code === 'unknown-key')
    verified = verifyStatement(signed, await gateway.rereadKeys(), statedAt(signed.statement));
  return verified.ok && !isRevoked(gateway.keyRing(), verified.keyId);
}

interface RequestRow {
  state: string;
  request: string;
  decision: string | null;
  revocation: string | null;
  due_at: Date;
}

/** What is known of a request; whoever else has something to say of it, or the same, waits until this is done. */
async function lockRequest(transaction: EntityManager, requestId: string): Promise<RequestRow | undefined> {
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`access ${requestId}`]);
  const [row]: RequestRow[] = await transaction.query(
    'select state, request, decision, revocation, due_at from access_request where request_id = $1 for update',
    [requestId],
  );
  return row;
}

const same = (stored: string | null, signed: SignedStatement): boolean =>
  stored !== null &&
  statementDigest((JSON.parse(stored) as SignedStatement).statement) === statementDigest(signed.statement);

async function takeRequest(gateway: Gateway, signed: SignedStatement<RequestStatement>): Promise<Taken> {
  const { statement } = signed;
  return gateway.database.transaction(async (transaction) => {
    const before = await lockRequest(transaction, statement.requestId);
    if (before !== undefined) {
      if (!same(before.request, signed)) return rejected(violation('/requestId', 'duplicate'));
      return { taken: true, dueAt: before.due_at.toISOString() };
    }
    const now = await databaseClock(transaction);
    const errors = await judgeRequest(gateway, transaction, statement, now);
    if (errors.length > 0) return rejected(...errors);
    const { answerWithin, remindBefore } = gateway.mesh.access;
    const dueAt = now + durationMilliseconds(answerWithin)!;
    const remindAt = dueAt - durationMilliseconds(remindBefore)!;
    const { requestId, requester, about, purpose, requestedAt } = statement;
    await transaction.query(
      `insert into access_request
         (request_id, requester, owner, state, purpose, requested_at, received_at, due_at, remind_at, request)
       values ($1, $2, $3, 'open', $4, $5, $6, $7, $8, $9)`,
      [
        ...[requestId, requester, about.issuer, purpose, requestedAt],
        ...[new Date(now), new Date(dueAt), new Date(remindAt), JSON.stringify(signed)],
      ],
    );
    const told = { notice: 'requested', signed, dueAt: new Date(dueAt).toISOString() } as const;
    await keepNotices(transaction, requestId, now, [{ unit: about.issuer as UnitId, told }]);
    return { taken: true, dueAt: new Date(dueAt).toISOString() };
  });
}

async function takeDecision(gateway: Gateway, signed: SignedStatement<DecisionStatement>): Promise<Taken> {
  const { statement } = signed;
  const { requestId, owner, requester, grant } = statement;
  const outcome = await gateway.database.transaction(async (transaction): Promise<Taken> => {
    const row = await lockRequest(transaction, requestId);
    if (row === undefined) return rejected(violation('/requestId', 'unknown-reference', { expected: REQUESTS }));
    if (same(row.decision, signed)) return TAKEN;
    if (row.state !== 'open') return rejected(violation('/requestId', 'duplicate'));
    const request = (JSON.parse(row.request) as SignedStatement<RequestStatement>).statement;
    const now = await databaseClock(transaction);
    const errors = judgeDecision(request, statement, now);
    if (errors.length > 0) return rejected(...errors);
    await transaction.query(
      `update access_request set state = $2, decision = $3, decided_at = $4, granted_until = $5 where request_id = $1`,
      [requestId, statement.decision, JSON.stringify(signed), new Date(now), grant?.until ?? null],
    );
    await keepNotices(transaction, requestId, now, [
      { unit: requester as UnitId, told: { notice: 'decided', signed } },
    ]);
    if (grant === undefined) return TAKEN;
    await openGrantReviews(transaction, { requestId, requester: requester as UnitId, grant, at: now });
    const record: GrantRecord = {
      type: 'grant',
      requestId,
      owner,
      requester,
      grant,
      decision: statementDigest(statement),
      signature: signed.signature,
      receivedAt: new Date(now).toISOString(),
    };
    await appendLedger(transaction, [record]);
    return TAKEN;
  });
  await gateway.grants.reload();
  return outcome;
}

const REQUESTS = { zh: '待答复的申请', en: 'requests that are open' };

/** What is wrong with a decision: it must answer that request, and grant nothing that was not asked for. */
function judgeDecision(request: RequestStatement, statement: DecisionStatement, now: number): Violation[] {
  const { decision, grant, owner, requester, reason } = statement;
  if (
    statement.request !== statementDigest(request) ||
    owner !== request.about.issuer ||
    requester !== request.requester
  ) {
    return [violation('/requestId', 'contradiction', { expected: '/requestId' })];
  }
  const errors: Violation[] = [];
  if ((decision === 'refused') !== (grant === undefined)) {
    errors.push(violation('/decision', 'contradiction', { expected: '/paths' }));
  }
  if (decision !== 'granted' && reason === undefined) errors.push(violation('/reason', 'missing'));
  if (Date.parse(statement.decidedAt) > now + AHEAD_MS) {
    errors.push(violation('', 'out-of-range', { expected: '≤ now' }));
  }
  if (grant === undefined) return errors;
  if (canonicalJson(grant.about) !== canonicalJson(request.about) || grant.purpose !== request.purpose) {
    errors.push(violation('/decision', 'contradiction', { expected: '/requestId' }));
  }
  grant.paths.forEach((path, index) => {
    if (!request.paths.some((asked) => liesIn(path, asked))) {
      errors.push(violation(`/paths/${index}`, 'unknown-reference', { expected: ASKED }));
    }
  });
  if (Date.parse(grant.until) > Date.parse(request.until)) {
    errors.push(violation('/until', 'exceeds', { expected: request.until }));
  }
  if (Date.parse(grant.until) <= now) errors.push(violation('/until', 'not-later', { expected: 'now' }));
  return errors;
}

const ASKED = { zh: '所申请的路径', en: 'paths that are asked for' };

async function takeRevocation(gateway: Gateway, signed: SignedStatement<RevocationStatement>): Promise<Taken> {
  const { statement } = signed;
  const { requestId, requester } = statement;
  const outcome = await gateway.database.transaction(async (transaction): Promise<Taken> => {
    const row = await lockRequest(transaction, requestId);
    if (row === undefined || row.decision === null)
      return rejected(violation('/requestId', 'unknown-reference', { expected: GRANTS }));
    if (same(row.revocation, signed)) return TAKEN;
    const decided = (JSON.parse(row.decision) as SignedStatement<DecisionStatement>).statement;
    if (statement.decision !== statementDigest(decided) || statement.owner !== decided.owner) {
      return rejected(violation('/requestId', 'contradiction', { expected: '/requestId' }));
    }
    // What is over by itself, or taken back already, is no longer there to be ended.
    if (row.state !== 'granted' && row.state !== 'granted-in-part') {
      return rejected(violation('/requestId', 'unknown-reference', { expected: GRANTS }));
    }
    const now = await databaseClock(transaction);
    await transaction.query(
      `update access_request set state = 'revoked', revocation = $2, ended_at = $3 where request_id = $1`,
      [requestId, JSON.stringify(signed), new Date(now)],
    );
    await keepNotices(transaction, requestId, now, [
      { unit: requester as UnitId, told: { notice: 'revoked', signed } },
    ]);
    await endGrant(transaction, decided, now, {
      reason: 'revoked',
      revocation: statementDigest(statement),
      signature: signed.signature,
    });
    return TAKEN;
  });
  await gateway.grants.reload();
  return outcome;
}

const GRANTS = { zh: '有效的授权', en: 'grants that hold' };

/** Writes down the end of a grant before its time, and has taken back what was shown under it. */
export async function endGrant(
  transaction: EntityManager,
  { requestId, requester, grant }: DecisionStatement,
  now: number,
  why: Pick<GrantEndRecord, 'reason' | 'revocation' | 'signature'>,
): Promise<void> {
  await openGrantRecall(transaction, { requestId, requester: requester as UnitId, grant: grant!, at: now });
  const receivedAt = new Date(now).toISOString();
  await appendLedger(transaction, [{ type: 'grant-end', requestId, ...why, receivedAt }]);
}
