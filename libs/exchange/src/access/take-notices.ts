import {
  type AccessNotice,
  type EventType,
  type NoticesTaken,
  type Outcome,
  problem,
  type RequestStatement,
  type ResultKind,
  type SignedStatement,
  validateGiveNotices,
} from '@clearance/contracts';
import { answerByRule } from '@clearance/negative-list';
import type { EntityManager } from '@clearance/platform';
import { isRevoked, signStatement, statedAt, statementDigest, verifyStatement } from '@clearance/provenance';
import { type EventBatch, keepEvents } from '../announce/pending-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { accessEvent } from './access-event.ts';
import { readAccessRules } from './access-rules.ts';
import { decisionStatement } from './decide-access.ts';
import { keepStatement } from './give-statements.ts';
import { lockRequest, type StoredRequest, storeRequest } from './stored-request.ts';

/**
 * Takes what the gateway tells about requests for access: what others have signed is verified here too, stored, and told to the
 * backend once. A request to this unit that one of its rules answers is answered at once. What cannot be taken now is not among
 * what is taken, and is told again.
 */
export async function takeNotices(unit: Unit, body: unknown): Promise<Outcome<NoticesTaken>> {
  const checked = validateGiveNotices(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const taken: string[] = [];
  for (const notice of checked.value.notices) if (await takeNotice(unit, notice)) taken.push(notice.noticeId);
  return { ok: true, value: { taken } };
}

/** What a notice comes to. */
interface Noted {
  stored: StoredRequest;
  event: Extract<EventType, `access.${string}`>;
  /** What a rule has answered. */
  said?: SignedStatement;
}

async function takeNotice(unit: Unit, notice: AccessNotice): Promise<boolean> {
  if ('signed' in notice && !(await isSigned(unit, notice.signed))) {
    unit.log.warn({ unit: unit.id, request: notice.requestId, notice: notice.notice }, 'its signature does not stand');
    return false;
  }
  const outcome = await inTransaction(unit.database, async (transaction) => {
    const before = await lockRequest(transaction, notice.requestId);
    const noted = await note(unit, transaction, before, notice);
    if (noted === 'known' || noted === 'strange') return { taken: noted === 'known', events: [] as EventBatch[] };
    await storeRequest(transaction, noted.stored);
    if (noted.said !== undefined) await keepStatement(transaction, noted.said);
    const event = accessEvent(noted.event, noted.stored, `${notice.requestId}:${notice.noticeId}`, unit.now());
    return { taken: true, events: await keepEvents(transaction, [event], unit.now()), said: noted.said };
  });
  unit.events.push(outcome.events);
  if (outcome.said !== undefined) unit.statements.push([outcome.said]);
  if (!outcome.taken) {
    unit.log.warn({ unit: unit.id, request: notice.requestId, notice: notice.notice }, 'it is about no request here');
  }
  return outcome.taken;
}

async function isSigned(unit: Unit, signed: SignedStatement): Promise<boolean> {
  const at = statedAt(signed.statement);
  let verified = verifyStatement(signed, unit.keyRing(), at);
  if (!verified.ok && verified.code === 'unknown-key') verified = verifyStatement(signed, await unit.rereadKeys(), at);
  return verified.ok && !isRevoked(unit.keyRing(), verified.keyId);
}

/** What a notice changes: 'known' when nothing, since it was taken before; 'strange' when it belongs to nothing here. */
async function note(
  unit: Unit,
  transaction: EntityManager,
  stored: StoredRequest | undefined,
  notice: AccessNotice,
): Promise<Noted | 'known' | 'strange'> {
  if (notice.notice === 'requested') {
    if (stored !== undefined) return 'known';
    if (notice.signed.statement.about.issuer !== unit.id) return 'strange';
    const asked: StoredRequest = { own: false, state: 'open', request: notice.signed, dueAt: new Date(notice.dueAt) };
    return answerAtOnce(unit, transaction, asked);
  }
  if (stored === undefined) return 'strange';
  const granted = stored.state === 'granted' || stored.state === 'granted-in-part';
  switch (notice.notice) {
    case 'decided': {
      if (stored.decision !== undefined) return 'known';
      const { statement } = notice.signed;
      const asked = stored.request.statement;
      if (!stored.own || statement.owner !== asked.about.issuer || statement.requester !== unit.id) return 'strange';
      if (statement.request !== statementDigest(asked)) return 'strange';
      return { stored: { ...stored, state: statement.decision, decision: notice.signed }, event: 'access.decided' };
    }
    case 'revoked': {
      if (stored.revocation !== undefined) return 'known';
      const { statement } = notice.signed;
      const decided = stored.decision?.statement;
      if (decided === undefined || statement.owner !== decided.owner) return 'strange';
      if (statement.decision !== statementDigest(decided)) return 'strange';
      return { stored: { ...stored, state: 'revoked', revocation: notice.signed }, event: 'access.ended' };
    }
    case 'void':
      return granted ? { stored: { ...stored, state: 'revoked' }, event: 'access.ended' } : 'known';
    case 'expired':
      return granted ? { stored: { ...stored, state: 'expired' }, event: 'access.ended' } : 'known';
    case 'reminded':
      if (stored.remindedAt !== undefined && stored.remindedAt >= new Date(notice.at)) return 'known';
      return { stored: { ...stored, remindedAt: new Date(notice.at) }, event: 'access.reminded' };
    case 'escalated':
      if (stored.escalatedAt !== undefined) return 'known';
      return { stored: { ...stored, escalatedAt: new Date(notice.at) }, event: 'access.escalated' };
    default:
      return notice satisfies never;
  }
}

/** Answers a request by the unit's rules, if one does. */
async function answerAtOnce(unit: Unit, transaction: EntityManager, asked: StoredRequest): Promise<Noted> {
  const { statement } = asked.request;
  const now = unit.now();
  const kinds = await kindsOf(transaction, statement);
  const answer = answerByRule(await readAccessRules(transaction), statement, kinds, now);
  if (answer === undefined) return { stored: asked, event: 'access.requested' };
  const { rule, reason } = answer;
  const granted = answer.answer === 'grant' ? { paths: statement.paths, until: answer.until } : undefined;
  const decided = decisionStatement(statement, granted, { by: 'rule', rule, reason }, now);
  const said = signStatement(decided, unit.signingKey());
  return { stored: { ...asked, state: decided.decision, decision: said }, event: 'access.requested', said };
}

/** Which kinds of own results are asked for. */
async function kindsOf(transaction: EntityManager, { about }: RequestStatement): Promise<ResultKind[]> {
  if (!('resultId' in about)) return about.kinds;
  const rows: { kind: ResultKind }[] = await transaction.query(
    'select kind from result where result_id = $1 and own and kind is not null',
    [about.resultId],
  );
  return rows.map(({ kind }) => kind);
}
