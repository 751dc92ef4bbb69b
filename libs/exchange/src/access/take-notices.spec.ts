import { v7 as uuidv7 } from 'uuid';
import type {
  AccessNotice,
  AccessRequest,
  AccessRule,
  DecisionStatement,
  RequestStatement,
  RevocationStatement,
  SignedStatement,
  UnitId,
} from '@clearance/contracts';
import { signStatement, statementDigest } from '@clearance/provenance';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner } from '../signers.fixture.ts';
import { putAccessRule } from './access-rules.ts';
import { decideAccess } from './decide-access.ts';
import { findAccess } from './find-access.ts';
import { requestAccess } from './request-access.ts';
import { takeNotices } from './take-notices.ts';

const OWN: UnitId = 'ln.customs';
const OTHER = newSigner('hl.customs');
const FORGER = newSigner('jl.customs');
const NAME = '/consignee/name';
const AT = '2026-11-21T04:00:00.000Z';

let own: RealUnit;
beforeAll(async () => {
  own = await openRealUnit(OWN, [OTHER, FORGER]);
}, 60_000);
afterAll(() => own?.cleanup(), 60_000);
beforeEach(async () => {
  await own.database.query('truncate access_request, access_statement, access_rule cascade');
  own.told.length = 0;
});

const query: RequestStatement['about'] = { issuer: OWN, kinds: ['customs.scan'], since: AT };
/** A request of another unit to this one. */
function askedBy(other = OTHER, changes: Partial<RequestStatement> = {}): SignedStatement<RequestStatement> {
  const statement: RequestStatement = {
    type: 'access-request',
    requestId: uuidv7(),
    reference: 'A-1',
    requester: OTHER.owner,
    about: query,
    paths: [NAME],
    purpose: 'counter-smuggling',
    legalReference: '立案〔2026〕14号',
    until: '2036-12-20T00:00:00Z',
    requestedAt: AT,
    ...changes,
  };
  return signStatement(statement, other.key);
}
const requested = (signed: SignedStatement<RequestStatement>): AccessNotice => ({
  notice: 'requested',
  noticeId: uuidv7(),
  requestId: signed.statement.requestId,
  at: AT,
  signed,
  dueAt: AT,
});
async function give(...notices: AccessNotice[]): Promise<boolean[]> {
  const outcome = await takeNotices(own.unit, { notices });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return notices.map(({ noticeId }) => outcome.value.taken.includes(noticeId));
}
const told = (): [string, string][] =>
  own.told.map(({ type, body }) => [type, (JSON.parse(body as string) as AccessRequest).state]);
async function known(requestId: string): Promise<AccessRequest | undefined> {
  const outcome = await findAccess(own.unit, { requestId });
  return outcome.ok ? outcome.value.requests[0] : undefined;
}

describe('a request to this unit', () => {
  it('is stored and told to the backend, once, however often it is told', async () => {
    const signed = askedBy();
    expect(await give(requested(signed), requested(signed))).toEqual([true, true]);
    expect(await give(requested(signed))).toEqual([true]);
    expect(told()).toEqual([['access.requested', 'open']]);
    expect(await known(signed.statement.requestId)).toMatchObject({ state: 'open', requester: OTHER.owner, dueAt: AT });
  });

  it.each<[string, () => SignedStatement<RequestStatement>]>([
    ['another than the requester has signed', () => askedBy(FORGER)],
    [
      'was changed after it was signed',
      () => ({ ...askedBy(), statement: { ...askedBy().statement, paths: ['/goods'] } }),
    ],
    ['is signed by nobody whom this unit knows', () => askedBy(newSigner('hl.customs', 'hl.customs/unknown'))],
    [
      'is for another owner',
      () => askedBy(OTHER, { about: { issuer: 'nm.customs', kinds: ['customs.scan'], since: AT } }),
    ],
  ])('that %s is not taken, whoever says so', async (_, make) => {
    const signed = make();
    expect(await give(requested(signed))).toEqual([false]);
    expect(await known(signed.statement.requestId)).toBeUndefined();
    expect(told()).toEqual([]);
  });

  it('is answered at once by a rule, and only by one that says all of it', async () => {
    const rule: AccessRule = {
      rule: 'scans',
      answer: 'grant',
      requesters: ['hl.*'],
      kinds: ['customs.scan'],
      paths: ['/consignee'],
      purposes: ['counter-smuggling'],
      standing: true,
      reason: '常设授权',
    };
    expect(await putAccessRule(own.unit, rule)).toMatchObject({ ok: true });
    const [within, beyond] = [askedBy(), askedBy(OTHER, { paths: [NAME, '/goods/*/value'] })];
    expect(await give(requested(within), requested(beyond))).toEqual([true, true]);
    expect(told()).toEqual([
      ['access.requested', 'granted'],
      ['access.requested', 'open'],
    ]);
    const statements: { signed: string }[] = await own.database.query('select signed from access_statement');
    expect(statements.map(({ signed }) => (JSON.parse(signed) as SignedStatement).statement)).toMatchObject([
      {
        type: 'access-decision',
        requestId: within.statement.requestId,
        decision: 'granted',
        by: 'rule',
        rule: 'scans',
      },
    ]);
  });

  it.each<[string, Partial<AccessRule>, string]>([
    ['results of another agency', { kinds: ['border.crew'] }, '/kinds/0 wrong-agency'],
    ['what results do not have', { paths: ['/nothing'] }, '/paths/0 bad-format'],
    ['a purpose that is none', { purposes: ['curiosity'] }, '/purposes/0 not-in-list'],
  ])('a rule about %s is refused', async (_, changes, code) => {
    const rule = {
      ...{ rule: 'r', answer: 'grant', requesters: ['*'], kinds: ['customs.scan'], paths: [NAME] },
      ...{ purposes: ['counter-smuggling'], standing: false, reason: '常设' },
      ...changes,
    };
    const refused = await putAccessRule(own.unit, rule);
    expect(!refused.ok && refused.problem.errors.map((each) => `${each.pointer} ${each.code}`)).toContain(code);
    expect(await own.database.query('select * from access_rule')).toEqual([]);
  });
});

describe('an answer while the gateway is away', () => {
  it('is on its way: the same again changes nothing, another is a conflict', async () => {
    const signed = askedBy();
    await give(requested(signed));
    const { requestId } = signed.statement;
    const answer = { requestId, decision: 'grant' };
    expect(await decideAccess(own.unit, answer)).toMatchObject({ ok: true, value: { state: 'granted' } });
    expect(await decideAccess(own.unit, answer)).toMatchObject({ ok: true, value: { state: 'granted' } });
    const otherwise = { requestId, decision: 'refuse', reason: '不同意' };
    expect(await decideAccess(own.unit, otherwise)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    expect(await own.database.query('select type from access_statement')).toEqual([{ type: 'access-decision' }]);
  });

  it('of two at the same moment one stands', async () => {
    const signed = askedBy();
    await give(requested(signed));
    const { requestId } = signed.statement;
    const outcomes = await Promise.all([
      decideAccess(own.unit, { requestId, decision: 'grant' }),
      decideAccess(own.unit, { requestId, decision: 'refuse', reason: '不同意' }),
    ]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await own.database.query('select type from access_statement')).toHaveLength(1);
  });
});

describe('what became of a request of this unit', () => {
  /** A request of this unit to the other one, on its way. */
  async function ownRequest(): Promise<RequestStatement> {
    const body = {
      reference: `B-${uuidv7()}`,
      results: { issuer: OTHER.owner, kinds: ['customs.scan'] },
      paths: [NAME],
      purpose: 'counter-smuggling',
      legalReference: '立案〔2026〕15号',
      until: '2036-12-20T00:00:00Z',
    };
    const asked = await requestAccess(own.unit, body);
    if (!asked.ok) throw new Error(JSON.stringify(asked.problem));
    expect(asked.value.state).toBe('submitted');
    const [row]: { request: string }[] = await own.database.query(
      'select request from access_request where request_id = $1',
      [asked.value.requestId],
    );
    return (JSON.parse(row!.request) as SignedStatement<RequestStatement>).statement;
  }
  const granting = (request: RequestStatement, changes: Partial<DecisionStatement> = {}): DecisionStatement => ({
    type: 'access-decision',
    requestId: request.requestId,
    request: statementDigest(request),
    owner: OTHER.owner,
    requester: OWN,
    decision: 'granted',
    by: 'owner',
    grant: { about: request.about, paths: request.paths, purpose: request.purpose, until: request.until },
    decidedAt: AT,
    ...changes,
  });
  const decided = (statement: DecisionStatement, signer = OTHER): AccessNotice => ({
    notice: 'decided',
    noticeId: uuidv7(),
    requestId: statement.requestId,
    at: AT,
    signed: signStatement(statement, signer.key),
  });

  it('is told once: the decision, then its end', async () => {
    const request = await ownRequest();
    const decision = granting(request);
    expect(await give(decided(decision), decided(decision))).toEqual([true, true]);
    const revocation: RevocationStatement = {
      type: 'access-revocation',
      requestId: request.requestId,
      decision: statementDigest(decision),
      owner: OTHER.owner,
      requester: OWN,
      reason: '案件已结',
      revokedAt: AT,
    };
    const about = { requestId: request.requestId, at: AT };
    const signed = signStatement(revocation, OTHER.key);
    expect(await give({ notice: 'revoked', noticeId: uuidv7(), ...about, signed })).toEqual([true]);
    // It is over already: that its time is over, too, is nothing new.
    expect(await give({ notice: 'expired', noticeId: uuidv7(), ...about })).toEqual([true]);
    expect(told()).toEqual([
      ['access.decided', 'granted'],
      ['access.ended', 'revoked'],
    ]);
  });

  it.each<[string, (request: RequestStatement) => AccessNotice]>([
    ['another than the owner has signed', (request) => decided(granting(request), FORGER)],
    [
      'answers another request',
      (request) => decided(granting(request, { request: statementDigest(askedBy().statement) })),
    ],
    ['is of a unit that was not asked', (request) => decided(granting(request, { owner: FORGER.owner }), FORGER)],
    ['is about a request that is none', (request) => decided(granting({ ...request, requestId: uuidv7() }))],
  ])('that %s is not taken, whoever says so', async (_, make) => {
    const request = await ownRequest();
    expect(await give(make(request))).toEqual([false]);
    expect(await known(request.requestId)).toMatchObject({ state: 'submitted' });
    expect(told()).toEqual([]);
  });
});
