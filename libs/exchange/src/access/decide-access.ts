import {
  type AccessRequest,
  type DecideAccess,
  type DecisionStatement,
  type Outcome,
  problem,
  type RequestStatement,
  validateDecideAccess,
  violation,
  type Violation,
  requestView,
} from '@clearance/contracts';
import { liesIn } from '@clearance/negative-list';
import { signStatement, statementDigest } from '@clearance/provenance';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { keepStatement } from './give-statements.ts';
import { giveWord } from './give-word.ts';
import { keepSpeaker } from './keep-speaker.ts';
import { lockRequest, type StoredRequest, storeRequest } from './stored-request.ts';

/**
 * The owner's answer to a request: what is asked for, less of it or for less long with a reason, or nothing with a reason. It
 * is signed, kept and given to the gateway; while that is away it is on its way. The same answer again changes nothing.
 *
 * @param person who says it, where somebody has signed in to do so
 */
export async function decideAccess(unit: Unit, body: unknown, person?: string): Promise<Outcome<AccessRequest>> {
  const checked = validateDecideAccess(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const answer = checked.value;
  const decided = await inTransaction(unit.database, async (transaction): Promise<Outcome<StoredRequest>> => {
    const stored = await lockRequest(transaction, answer.requestId);
    if (stored === undefined) return { ok: false, problem: problem('unknown') };
    if (stored.own) return notOwner(stored);
    const { statement } = stored.request;
    const errors = judgeAnswer(statement, answer, unit.now());
    if (errors.length > 0) return { ok: false, problem: problem('invalid', { errors }) };
    const next = decisionOf(statement, answer, unit.now());
    if (stored.decision !== undefined || stored.state !== 'open') return repeated(stored, next);
    const decision = signStatement(next, unit.signingKey());
    const { errors: _errors, ...open } = stored;
    const after: StoredRequest = { ...open, state: next.decision, decision };
    await storeRequest(transaction, after);
    await keepStatement(transaction, decision);
    await keepSpeaker(transaction, decision, person);
    return { ok: true, value: after };
  });
  if (!decided.ok) return decided;
  return giveWord(unit, decided.value, decided.value.decision!);
}

/** What is wrong with an answer: it grants what was not asked for, or less of it without a reason. */
function judgeAnswer(request: RequestStatement, answer: DecideAccess, now: number): Violation[] {
  if (answer.decision === 'refuse') return [];
  const { paths = request.paths, until = request.until } = answer;
  const errors = paths.flatMap((path, index) =>
    request.paths.some((asked) => liesIn(path, asked))
      ? []
      : [violation(`/paths/${index}`, 'unknown-reference', { expected: ASKED })],
  );
  if (Date.parse(until) > Date.parse(request.until)) {
    errors.push(violation('/until', 'exceeds', { expected: request.until }));
  }
  if (Date.parse(until) <= now) errors.push(violation('/until', 'not-later', { expected: 'now' }));
  if (isPart(request, paths, until) && answer.reason === undefined) errors.push(violation('/reason', 'missing'));
  return errors;
}

const ASKED = { zh: '所申请的路径', en: 'paths that are asked for' };

function isPart(request: RequestStatement, paths: readonly string[], until: string): boolean {
  return (
    !request.paths.every((asked) => paths.some((path) => liesIn(asked, path))) ||
    Date.parse(until) < Date.parse(request.until)
  );
}

function decisionOf(request: RequestStatement, answer: DecideAccess, now: number): DecisionStatement {
  const said = { by: 'owner' as const, ...(answer.reason === undefined ? {} : { reason: answer.reason }) };
  if (answer.decision === 'refuse') return decisionStatement(request, undefined, said, now);
  const { paths = request.paths, until = request.until } = answer;
  return decisionStatement(request, { paths, until }, said, now);
}

/** The owner's words: what is granted of a request, or nothing, and who says so. */
export function decisionStatement(
  request: RequestStatement,
  granted: { paths: string[]; until: string } | undefined,
  said: Pick<DecisionStatement, 'by' | 'rule' | 'reason'>,
  now: number,
): DecisionStatement {
  const { requestId, requester, about, purpose } = request;
  const part = granted !== undefined && isPart(request, granted.paths, granted.until);
  return {
    type: 'access-decision',
    requestId,
    request: statementDigest(request),
    owner: about.issuer,
    requester,
    decision: granted === undefined ? 'refused' : part ? 'granted-in-part' : 'granted',
    ...said,
    ...(granted === undefined ? {} : { grant: { about, purpose, ...granted } }),
    decidedAt: new Date(now).toISOString(),
  };
}

/** What was decided is not decided otherwise; the same again is what it was. */
function repeated(stored: StoredRequest, next: DecisionStatement): Outcome<StoredRequest> {
  if (stored.decision !== undefined) {
    const timeless = { ...next, decidedAt: stored.decision.statement.decidedAt };
    if (statementDigest(timeless) === statementDigest(stored.decision.statement)) return { ok: true, value: stored };
  }
  const { state } = requestView(stored, Date.parse(next.decidedAt));
  const detail = {
    zh: `申请 ${next.requestId} 已处理（${state}），不能再作不同的答复`,
    en: `Request ${next.requestId} is ${state}; it cannot be answered otherwise any more`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}

/** The requester has no say in it. */
export function notOwner({ request }: StoredRequest): Outcome<never> {
  const { requestId, about } = request.statement;
  const detail = {
    zh: `申请 ${requestId} 由 ${about.issuer} 答复`,
    en: `Request ${requestId} is answered by ${about.issuer}`,
  };
  return { ok: false, problem: problem('forbidden', { detail }) };
}
