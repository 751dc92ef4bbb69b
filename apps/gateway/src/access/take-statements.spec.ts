import { v7 as uuidv7 } from 'uuid';
import type {
  AccessNotice,
  AccessStatement,
  DecisionStatement,
  DisclosureRecord,
  RequestStatement,
  RevocationStatement,
  SignedStatement,
  StatementsTaken,
  UnitId,
} from '@clearance/contracts';
import type { Entry } from '@clearance/negative-list';
import { type KeyRing, statementDigest } from '@clearance/provenance';
import { discloseResults } from '../enforce/disclose-results.ts';
import { openRealGateway, type RealGateway } from '../enforce/real-gateway.fixture.ts';
import type { Gateway } from '../gateway.ts';
import { openGrants } from './grants.ts';
import { keepAccess } from './keep-access.ts';
import { takeStatements } from './take-statements.ts';

const OWNER: UnitId = 'ln.customs';
const ASKER: UnitId = 'hl.border';
const THIRD: UnitId = 'jl.border';
const DAY_MS = 86_400_000;
const NAME = '/consignee/name';
const CODE = '/consignee/creditCode';

const entry = {
  class: 'conditional',
  legalBasis: '《海关法》第七十二条第（五）项',
  owner: 'customs',
  match: { kinds: ['customs.scan'] },
  consumers: { only: ['*.border'] },
} satisfies Partial<Entry>;
const ENTRIES: Entry[] = [
  {
    ...entry,
    id: 'NL-1',
    title: { zh: '收货人', en: 'Consignee' },
    fields: [NAME, CODE],
    purposes: ['counter-smuggling'],
  },
  { ...entry, id: 'NL-2', title: { zh: '商品', en: 'Goods' }, class: 'withheld', fields: ['/goods/*/value'] },
];

let own: RealGateway;
beforeAll(async () => {
  own = await openRealGateway([OWNER, ASKER, THIRD], ENTRIES);
}, 60_000);
afterAll(() => own?.cleanup(), 60_000);

const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();
const offer = (gateway: Gateway, token: string) =>
  discloseResults(gateway, [{ unit: OWNER, data: new TextEncoder().encode(JSON.stringify({ results: [{ token }] })) }]);
/** A scan that names its consignee, disclosed. */
async function disclosed(gateway: Gateway = own.gateway): Promise<{ resultId: string; token: string }> {
  const resultId = uuidv7();
  const consignee = { name: '大连某水产有限公司', creditCode: '91210200MA0DLX1K33' };
  const token = own.sign(OWNER, { resultId, issuedAt: new Date().toISOString() }, { consignee });
  await offer(gateway, token);
  return { resultId, token };
}
function asking(about: RequestStatement['about'], changes: Partial<RequestStatement> = {}): RequestStatement {
  return {
    type: 'access-request',
    requestId: uuidv7(),
    reference: 'A-1',
    requester: ASKER,
    about,
    paths: [NAME, CODE],
    purpose: 'counter-smuggling',
    legalReference: '立案〔2026〕14号',
    until: inFuture(DAY_MS),
    requestedAt: new Date().toISOString(),
    ...changes,
  };
}
function granting(request: RequestStatement, changes: Partial<DecisionStatement> = {}): DecisionStatement {
  const { requestId, requester, about, paths, purpose, until } = request;
  return {
    type: 'access-decision',
    requestId,
    request: statementDigest(request),
    owner: OWNER,
    requester,
    decision: 'granted',
    by: 'owner',
    grant: { about, paths, purpose, until },
    decidedAt: new Date().toISOString(),
    ...changes,
  };
}
function revoking(decision: DecisionStatement, changes: Partial<RevocationStatement> = {}): RevocationStatement {
  const { requestId, owner, requester } = decision;
  return {
    type: 'access-revocation',
    requestId,
    decision: statementDigest(decision),
    owner,
    requester,
    reason: '案件已结',
    revokedAt: new Date().toISOString(),
    ...changes,
  };
}
type Taken = StatementsTaken['outcomes'][number];
/** What the gateway says to a statement that comes in a unit's account, signed by that unit unless told. */
async function said(
  unit: UnitId,
  statement: AccessStatement,
  { gateway = own.gateway, signer = unit }: { gateway?: Gateway; signer?: UnitId } = {},
): Promise<Taken> {
  return given(unit, own.say(signer, statement), gateway);
}
async function given(unit: UnitId, signed: SignedStatement, gateway: Gateway = own.gateway): Promise<Taken> {
  const outcome = await takeStatements(gateway, unit, { statements: [signed] });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value.outcomes[0]!;
}
const codesOf = (taken: Taken): string[] =>
  taken.taken ? [] : taken.errors.map(({ pointer, code }) => `${pointer} ${code}`);
async function asked(changes: Partial<RequestStatement> = {}): Promise<RequestStatement> {
  const { resultId } = await disclosed();
  const request = asking({ issuer: OWNER, resultId }, changes);
  expect(await said(ASKER, request)).toMatchObject({ taken: true, dueAt: expect.any(String) });
  return request;
}
async function acts(requestId: string): Promise<string[]> {
  const rows: { type: string }[] = await own.database.query(
    `select entry::json->>'type' as type from ledger where result_id is null and strpos(entry, $1) > 0 order by sequence`,
    [requestId],
  );
  return rows.map(({ type }) => type);
}
async function noticesTo(unit: UnitId, requestId: string): Promise<AccessNotice['notice'][]> {
  const rows: { notice: string }[] = await own.database.query(
    'select notice from access_notice where unit = $1 order by notice_id',
    [unit],
  );
  const notices = rows.map(({ notice }) => JSON.parse(notice) as AccessNotice);
  return notices.filter((each) => each.requestId === requestId).map(({ notice }) => notice);
}
async function shownTo(
  unit: UnitId,
  resultId: string,
): Promise<{ withheld: string[]; grants: string[] | undefined }[]> {
  const rows: { entry: string }[] = await own.database.query(
    'select entry from ledger where result_id = $1 order by sequence',
    [resultId],
  );
  return rows
    .map(({ entry: text }) => JSON.parse(text) as DisclosureRecord)
    .filter(({ consumers }) => consumers.includes(unit))
    .map(({ withheld, grants }) => ({ withheld: withheld.map(({ path }) => path), grants }));
}

describe('a request', () => {
  it('is taken once, told to the owner once, and the same again is the same', async () => {
    const { resultId } = await disclosed();
    const request = own.say(ASKER, asking({ issuer: OWNER, resultId }));
    const first = await given(ASKER, request);
    expect(first).toMatchObject({ taken: true });
    expect(await given(ASKER, request)).toEqual(first);
    expect(await noticesTo(OWNER, request.statement.requestId)).toEqual(['requested']);
    const twice = own.say(ASKER, asking({ issuer: OWNER, resultId }));
    const [one, again] = await Promise.all([given(ASKER, twice), given(ASKER, twice)]);
    expect(one).toEqual(again);
    expect(await noticesTo(OWNER, twice.statement.requestId)).toEqual(['requested']);
    const other = { ...request.statement, paths: [NAME] };
    expect(codesOf(await said(ASKER, other))).toEqual(['/requestId duplicate']);
  });

  it.each<[string, Partial<RequestStatement>, string[]]>([
    ['for a time that is past', { until: inFuture(-1_000) }, ['/until not-later']],
    ['for too long a time', { until: inFuture(400 * DAY_MS) }, ['/until exceeds']],
    ['dated tomorrow', { requestedAt: inFuture(DAY_MS) }, [' out-of-range']],
    ['for a purpose that is none', { purpose: 'curiosity' }, ['/purpose not-in-list']],
    [
      'for a purpose that the entry does not admit',
      { purpose: 'export-tax-refund' },
      ['/paths/0 purpose-not-admitted', '/paths/1 purpose-not-admitted'],
    ],
    ['for what is shared with everybody', { paths: ['/reference'] }, ['/paths/0 not-withheld']],
    ['for what cannot be asked for', { paths: ['/goods/*/value'] }, ['/paths/0 not-shared']],
    ['for what results do not have', { paths: ['/nothing'] }, ['/paths/0 bad-format']],
  ])('%s is refused', async (_, changes, codes) => {
    const { resultId } = await disclosed();
    const request = asking({ issuer: OWNER, resultId }, changes);
    expect(codesOf(await said(ASKER, request))).toEqual(codes);
    expect(await noticesTo(OWNER, request.requestId)).toEqual([]);
  });

  it.each<[string, (resultId: string) => RequestStatement['about'], string]>([
    ['about a result that nobody issued', () => ({ issuer: OWNER, resultId: uuidv7() }), '/resultId unknown-reference'],
    ['about a result of another issuer', (resultId) => ({ issuer: THIRD, resultId }), '/resultId unknown-reference'],
    ['of a unit that is none', (resultId) => ({ issuer: 'xx.customs', resultId }), '/resultId unknown-reference'],
    ['of the requester itself', (resultId) => ({ issuer: ASKER, resultId }), '/resultId not-own'],
    [
      'by a query for results of a unit that is none',
      () => ({ issuer: 'xx.customs', kinds: ['customs.scan'], since: '2026-11-21T00:00:00Z' }),
      '/results/issuer unknown-reference',
    ],
  ])('%s is refused', async (_, about, code) => {
    const { resultId } = await disclosed();
    expect(codesOf(await said(ASKER, asking(about(resultId))))).toEqual([code]);
  });

  it('that another has signed, or that was changed afterwards, is refused', async () => {
    const { resultId } = await disclosed();
    const request = asking({ issuer: OWNER, resultId });
    expect(codesOf(await said(ASKER, request, { signer: THIRD }))).toEqual([' signature-invalid']);
    // In its own account a unit does not speak for another, not even with that one's signature.
    expect(codesOf(await said(THIRD, request, { signer: ASKER }))).toEqual([' signature-invalid']);
    const signed = own.say(ASKER, request);
    const changed = { ...signed, statement: { ...request, paths: [NAME] } };
    expect(codesOf(await given(ASKER, changed))).toEqual([' signature-invalid']);
  });

  it('that is signed with a revoked key is refused, whatever date it bears', async () => {
    const { resultId } = await disclosed();
    const ring: KeyRing = new Map(
      [...own.gateway.keyRing()].map(([kid, key]) => [
        kid,
        key.owner === ASKER ? { ...key, revokedAt: Date.now() } : key,
      ]),
    );
    const gateway = { ...own.gateway, keyRing: () => ring, rereadKeys: async () => ring };
    const request = asking({ issuer: OWNER, resultId }, { requestedAt: '2026-11-01T00:00:00.000Z' });
    expect(codesOf(await said(ASKER, request, { gateway }))).toEqual([' signature-invalid']);
  });
});

describe('a decision', () => {
  it('is taken once: one row of the ledger, one word to the requester, one catch-up and one recall', async () => {
    const request = await asked();
    const decision = own.say(OWNER, granting(request));
    expect(await given(OWNER, decision)).toEqual({ taken: true });
    expect(await given(OWNER, decision)).toEqual({ taken: true });
    expect(await acts(request.requestId)).toEqual(['grant']);
    expect(await noticesTo(ASKER, request.requestId)).toEqual(['decided']);
    const reviews: object[] = await own.database.query(
      'select mode, consumers, at from review where grant_id = $1 order by at',
      [request.requestId],
    );
    expect(reviews).toMatchObject([
      { mode: 'catch-up', consumers: [ASKER] },
      { mode: 'recall', consumers: [ASKER], at: new Date(request.until) },
    ]);
    const otherwise = granting(request, { decision: 'refused', grant: undefined, reason: '不同意' } as never);
    expect(codesOf(await said(OWNER, JSON.parse(JSON.stringify(otherwise)) as DecisionStatement))).toEqual([
      '/requestId duplicate',
    ]);
  });

  it.each<[string, (request: RequestStatement) => Partial<DecisionStatement>, string[]]>([
    [
      'that answers another request',
      () => ({ request: statementDigest(asking({ issuer: OWNER, resultId: uuidv7() })) }),
      ['/requestId contradiction'],
    ],
    ['for another requester', () => ({ requester: THIRD }), ['/requestId contradiction']],
    [
      'that grants what was not asked for',
      ({ about, purpose, until }) => ({ grant: { about, paths: ['/goods'], purpose, until } }),
      ['/paths/0 unknown-reference'],
    ],
    [
      'for another purpose',
      ({ about, paths, until }) => ({ grant: { about, paths, purpose: 'biosecurity', until } }),
      ['/decision contradiction'],
    ],
    [
      'for longer',
      ({ about, paths, purpose }) => ({ grant: { about, paths, purpose, until: inFuture(2 * DAY_MS) } }),
      ['/until exceeds'],
    ],
    [
      'until a time that is past',
      ({ about, paths, purpose }) => ({ grant: { about, paths, purpose, until: inFuture(-1) } }),
      ['/until not-later'],
    ],
    [
      'about more results',
      ({ paths, purpose, until }) => ({
        grant: {
          about: { issuer: OWNER, kinds: ['customs.scan'], since: '2026-01-01T00:00:00Z' },
          paths,
          purpose,
          until,
        },
      }),
      ['/decision contradiction'],
    ],
    ['that refuses and grants', () => ({ decision: 'refused', reason: '不同意' }), ['/decision contradiction']],
    ['in part without a reason', () => ({ decision: 'granted-in-part' }), ['/reason missing']],
    ['dated tomorrow', () => ({ decidedAt: inFuture(DAY_MS) }), [' out-of-range']],
  ])('%s is refused, and the request stays open', async (_, changes, codes) => {
    const request = await asked();
    expect(codesOf(await said(OWNER, granting(request, changes(request))))).toEqual(codes);
    expect(await acts(request.requestId)).toEqual([]);
    expect(await said(OWNER, granting(request))).toEqual({ taken: true });
  });

  it('of anybody but the issuer is refused', async () => {
    const request = await asked();
    const decision = granting(request);
    expect(codesOf(await said(THIRD, decision, { signer: OWNER }))).toEqual([' signature-invalid']);
    expect(codesOf(await said(OWNER, decision, { signer: THIRD }))).toEqual([' signature-invalid']);
    expect(codesOf(await said(THIRD, { ...decision, owner: THIRD }))).toEqual(['/requestId contradiction']);
    expect(codesOf(await said(ASKER, { ...decision, owner: ASKER }))).toEqual(['/requestId contradiction']);
    expect(codesOf(await said(OWNER, { ...decision, requestId: uuidv7() }))).toEqual(['/requestId unknown-reference']);
  });
});

describe('a revocation', () => {
  it('ends what holds, once, and has it taken back', async () => {
    const request = await asked();
    const decision = granting(request);
    expect(codesOf(await said(OWNER, revoking(decision)))).toEqual(['/requestId unknown-reference']);
    await said(OWNER, decision);
    expect(codesOf(await said(OWNER, revoking(decision, { decision: statementDigest(request) })))).toEqual([
      '/requestId contradiction',
    ]);
    expect(codesOf(await said(THIRD, revoking(decision, { owner: THIRD })))).toEqual(['/requestId contradiction']);
    const revocation = own.say(OWNER, revoking(decision));
    expect(await given(OWNER, revocation)).toEqual({ taken: true });
    expect(await given(OWNER, revocation)).toEqual({ taken: true });
    expect(codesOf(await said(OWNER, revoking(decision, { reason: '又一次' })))).toEqual([
      '/requestId unknown-reference',
    ]);
    expect(await acts(request.requestId)).toEqual(['grant', 'grant-end']);
    expect(await noticesTo(ASKER, request.requestId)).toEqual(['decided', 'revoked']);
    const [{ count }]: [{ count: string }] = await own.database.query(
      `select count(*) as count from review where grant_id = $1 and mode = 'recall' and at <= now()`,
      [request.requestId],
    );
    expect(count).toBe('1');
  });
});

describe('what is shown under a grant', () => {
  const query = (): RequestStatement['about'] => ({
    issuer: OWNER,
    kinds: ['customs.scan'],
    since: new Date(Date.now() - 1_000).toISOString(),
  });
  async function grantedQuery(changes: Partial<DecisionStatement> = {}): Promise<DecisionStatement> {
    const request = asking(query());
    await said(ASKER, request);
    const decision = granting(request, changes);
    expect(await said(OWNER, decision)).toEqual({ taken: true });
    return decision;
  }

  it('is what it names, to whom it names, and the ledger names the grant', async () => {
    const decision = await grantedQuery();
    const { resultId } = await disclosed();
    expect(await shownTo(ASKER, resultId)).toEqual([{ withheld: [], grants: [decision.requestId] }]);
    expect(await shownTo(THIRD, resultId)).toEqual([{ withheld: [NAME, CODE], grants: undefined }]);
    await said(OWNER, revoking(decision));
    const later = await disclosed();
    expect(await shownTo(ASKER, later.resultId)).toEqual([{ withheld: [NAME, CODE], grants: undefined }]);
  });

  it('is nothing by a gateway that has not heard that the grant has ended: it hears of it before it decides', async () => {
    const other: Gateway = { ...own.gateway, grants: openGrants(own.database, own.gateway.keyRing, own.gateway.log) };
    const decision = await grantedQuery();
    await other.grants.reload();
    const before = await disclosed(other);
    expect(await shownTo(ASKER, before.resultId)).toEqual([{ withheld: [], grants: [decision.requestId] }]);
    await said(OWNER, revoking(decision));
    const stale = other.grants.current().standing.get(OWNER) ?? [];
    expect(stale.map(({ requestId }) => requestId)).toContain(decision.requestId);
    const after = await disclosed(other);
    expect(await shownTo(ASKER, after.resultId)).toEqual([{ withheld: [NAME, CODE], grants: undefined }]);
  });

  it('ends at its time by the clock of the database, whatever the clock of a gateway says', async () => {
    const request = asking(query(), { until: inFuture(4_000) });
    await said(ASKER, request);
    await said(OWNER, granting(request));
    const behind: Gateway = { ...own.gateway, now: () => Date.now() - DAY_MS };
    const during = await disclosed(behind);
    expect(await shownTo(ASKER, during.resultId)).toEqual([{ withheld: [], grants: [request.requestId] }]);
    for (; Date.now() <= Date.parse(request.until); await new Promise((resolve) => setTimeout(resolve, 50)));
    const after = await disclosed(behind);
    expect(await shownTo(ASKER, after.resultId)).toEqual([{ withheld: [NAME, CODE], grants: undefined }]);
  });

  it('ends when the key of the owner turns out to have been in other hands by then', async () => {
    const decision = await grantedQuery();
    const revokedAt = Date.now() - DAY_MS;
    const ring: KeyRing = new Map(
      [...own.gateway.keyRing()].map(([kid, key]) => [kid, key.owner === OWNER ? { ...key, revokedAt } : key]),
    );
    const grants = openGrants(own.database, () => ring, own.gateway.log);
    await grants.reload();
    expect(grants.current().standing.get(OWNER)).toBeUndefined();
    const keeping = keepAccess({ ...own.gateway, keyRing: () => ring, grants });
    try {
      for (const limit = Date.now() + 20_000; (await acts(decision.requestId)).length < 2;) {
        if (Date.now() > limit) throw new Error('the grant is not ended');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await keeping.stop();
    }
    expect(await noticesTo(OWNER, decision.requestId)).toEqual(['requested', 'void']);
    await own.gateway.grants.reload();
  });

  it('is given and taken back by the clock of the database, though a gateway takes the word whose clock is ahead', async () => {
    const ahead: Gateway = { ...own.gateway, now: () => Date.now() + DAY_MS / 2 };
    const request = asking(query());
    await said(ASKER, request, { gateway: ahead });
    const decision = granting(request);
    await said(OWNER, decision, { gateway: ahead });
    await said(OWNER, revoking(decision), { gateway: ahead });
    const due: { mode: string }[] = await own.database.query(
      'select mode from review where grant_id = $1 and at <= clock_timestamp() order by at',
      [request.requestId],
    );
    expect(due.map(({ mode }) => mode)).toEqual(['catch-up', 'recall']);
  });

  it('is nothing when somebody has written a grant into the database that no owner has signed', async () => {
    const decision = await grantedQuery({ decision: 'granted' });
    await said(OWNER, revoking(decision));
    const forged = { ...own.say(OWNER, decision), statement: { ...decision, requester: THIRD } };
    await own.database.query(
      `update access_request set state = 'granted', ended_at = null, decision = $2 where request_id = $1`,
      [decision.requestId, JSON.stringify(forged)],
    );
    await own.gateway.grants.reload();
    const { resultId } = await disclosed();
    expect(await shownTo(THIRD, resultId)).toEqual([{ withheld: [NAME, CODE], grants: undefined }]);
    expect(own.lines.some((line) => line.includes('a stored grant is not accepted'))).toBe(true);
    await own.database.query(`update access_request set state = 'revoked' where request_id = $1`, [decision.requestId]);
    await own.gateway.grants.reload();
  });
});
