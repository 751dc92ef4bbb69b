import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { exampleContent, type ResultKind, type UnitId } from '@clearance/contracts';
import { issueToken, type KeyRing, type ResultClaims, type VerificationKey } from '@clearance/provenance';
import { discloseResults } from '../enforce/disclose-results.ts';
import { openRealGateway, type RealGateway } from '../enforce/real-gateway.fixture.ts';
import type { Gateway } from '../gateway.ts';
import { collectReceipts } from '../settle/collect-receipts.ts';
import { type CatalogueQuery, type Measured, readMeasured } from './read-measured.ts';
import { type DayCount, tallyVersions } from './tally-versions.ts';

const LN: UnitId = 'ln.customs';
const JL: UnitId = 'jl.customs';
const HL: UnitId = 'hl.inspection';
const KIND: ResultKind = 'customs.examination';
const PERIOD = { from: '2026-11-01', to: '2026-12-01' };
const ISSUED = '2026-11-21T03:30:00.000Z';

let real: RealGateway;
beforeAll(async () => {
  real = await openRealGateway([LN, JL, HL]);
}, 120_000);
afterAll(() => real?.cleanup(), 60_000);
beforeEach(() => real.database.query('truncate catalogue_count, catalogue_layout, settlement'));

type Signed = Pick<ResultClaims, 'resultId'> & Partial<ResultClaims>;
const signed = (claims: Signed, content: object = exampleContent(KIND)): string =>
  real.sign(LN, { issuedAt: ISSUED, ...claims }, content);
const some = (number: number): string[] => Array.from({ length: number }, () => signed({ resultId: uuidv7() }));
const offer = (tokens: readonly string[], gateway: Gateway = real.gateway) =>
  discloseResults(gateway, [{ unit: LN, data: Buffer.from(JSON.stringify({ results: tokens.map((token) => ({ token })) })) }]); // prettier-ignore
async function measured(query: Partial<CatalogueQuery> = {}): Promise<Measured> {
  const found = await readMeasured(real.database, { ...PERIOD, ...query });
  if (!found.ok) throw new Error(found.problem.detail);
  return found.value;
}
const totals = async (): Promise<string[]> =>
  (await measured()).resources.map((one) =>
    [one.issuer, one.kind, one.results, one.amendments, one.revocations].join(' '),
  );
const rows = (): Promise<(Omit<DayCount, 'delay_seconds'> & { delay_seconds: string })[]> =>
  real.database.query(
    `select to_char(day, 'YYYY-MM-DD') as day, issuer, kind, layout, results, amendments, revocations, ahead, delay_seconds,
       delays, present from catalogue_count order by day, issuer, kind`,
  );

describe('a version is counted once', () => {
  it('however often it is offered, in one batch or in many, before and after the gateway started anew', async () => {
    const tokens = some(5);
    await offer([...tokens, ...tokens]);
    for (let time = 0; time < 3; time += 1) await offer(tokens);
    await real.forget();
    await offer(tokens);
    expect(await totals()).toEqual(['ln.customs customs.examination 5 0 0']);
  });

  it('also when it was settled, and its settlement is told again', async () => {
    const resultId = uuidv7();
    const token = signed({ resultId });
    await offer([token]);
    const receipts = [{ resultId, version: 1, tokenDigest: 'A'.repeat(43) }];
    for (const unit of [JL, HL]) {
      await collectReceipts(real.gateway, [{ unit, data: Buffer.from(JSON.stringify({ receipts })), at: Date.now() }]);
    }
    expect((await measured()).uses.map(({ consumer, given, confirmed }) => [consumer, given, confirmed])).toEqual([
      [HL, 1, 1],
      [JL, 1, 1],
    ]);
    await offer([token]);
    expect(await totals()).toEqual(['ln.customs customs.examination 1 0 0']);
  });

  it('also by two gateways that take it at the same moment: one of them finds it taken', async () => {
    const tokens = some(40);
    // Those that another has stored between look and write are given back, and come again.
    const results = await Promise.allSettled([offer(tokens), offer(tokens), offer(tokens.toReversed())]);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    await offer(tokens);
    expect(await totals()).toEqual(['ln.customs customs.examination 40 0 0']);
  });

  it('and not at all when what it is stored with does not come to pass', async () => {
    const tokens = some(3);
    const rereadLists = (): Promise<void> => Promise.reject(new Error('away'));
    const outdated = { ...real.gateway.listInForce(0)!, version: 'another' };
    await expect(offer(tokens, { ...real.gateway, listInForce: () => outdated, rereadLists })).rejects.toThrow('away');
    expect(await rows()).toEqual([]);
    await offer(tokens);
    expect(await totals()).toEqual(['ln.customs customs.examination 3 0 0']);
  });

  it('also when its issuer signs it anew because a key was revoked', async () => {
    const keyOf = (kid: string) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const verification: VerificationKey = { kid, owner: LN, suite: 'EdDSA', publicKey, notBefore: 0 };
      return { key: { kid, suite: 'EdDSA' as const, privateKey }, verification };
    };
    const [old, anew] = [keyOf('ln.customs/old'), keyOf('ln.customs/new')];
    let ring: KeyRing = new Map([old, anew].map(({ verification }) => [verification.kid, verification]));
    const gateway = { ...real.gateway, keyRing: () => ring, rereadKeys: async () => ring };
    const resultId = uuidv7();
    const claims = { issuer: LN, resultId, version: 1, status: 'issued' as const, issuedAt: ISSUED };
    const content = exampleContent(KIND) as never;
    await offer([issueToken(claims, content, old.key, randomBytes)], gateway);
    ring = new Map([
      [old.key.kid, { ...old.verification, revokedAt: Date.parse(ISSUED) }],
      [anew.key.kid, anew.verification],
    ]);
    await offer([issueToken(claims, content, anew.key, randomBytes)], gateway);
    const [settled] = await real.database.query<[{ key_id: string }]>('select key_id from settlement');
    expect(settled.key_id).toBe('ln.customs/new');
    expect(await totals()).toEqual(['ln.customs customs.examination 1 0 0']);
  });

  it('and what is refused is not counted', async () => {
    const resultId = uuidv7();
    await offer([signed({ resultId })]);
    await offer([signed({ resultId }, { ...exampleContent(KIND), reference: 'ANOTHER' }), 'no.token~', some(1)[0]!]);
    expect(await totals()).toEqual(['ln.customs customs.examination 2 0 0']);
  });
});

describe('what is counted', () => {
  /** Versions of several kinds, days and states, as they are offered over some batches. */
  const versions = () => {
    const [one, other] = [uuidv7(), uuidv7()];
    const late = '2026-11-21T16:10:00.000Z';
    const content = exampleContent(KIND);
    const all: { claims: Signed; content: object }[] = [
      { claims: { resultId: one }, content },
      { claims: { resultId: other }, content: { ...content, consignee: undefined, goods: [] } },
      { claims: { resultId: uuidv7(), issuedAt: late }, content: exampleContent('customs.scan') },
      { claims: { resultId: uuidv7(), issuedAt: late }, content },
      { claims: { resultId: one, version: 2, status: 'amended', issuedAt: late }, content },
      {
        claims: { resultId: other, version: 2, status: 'revoked', issuedAt: late },
        content: { ...content, revocation: { reason: '重复' } },
      },
      { claims: { resultId: uuidv7() }, content: { kind: 'customs.raid' } },
      { claims: { resultId: uuidv7() }, content: { ...content, checks: [{ performedAt: '9999-12-31T23:59:59Z' }] } },
      { claims: { resultId: uuidv7(), issuedAt: '9999-12-31T23:59:59.000Z' }, content },
    ];
    // As they are signed: members that are not there are not.
    return all.map((version) => JSON.parse(JSON.stringify(version)) as (typeof all)[number]);
  };

  it('is the same in few batches and in many, and what a count of the contents gives', async () => {
    const all = versions();
    const expected = tallyVersions(
      all.map(({ claims, content }) => ({
        claims: { issuer: LN, status: 'issued' as const, issuedAt: ISSUED, ...claims },
        content: content as Record<string, unknown>,
      })),
    ).map((count) => ({ ...count, delay_seconds: String(count.delay_seconds) }));
    const tokens = all.map(({ claims, content }) => signed(claims, content));
    await offer(tokens.slice(0, 4));
    for (const token of tokens.slice(4)) await offer([token]);
    expect(await rows()).toEqual(expected);
    await real.database.query('truncate catalogue_count, settlement');
    await offer(tokens);
    expect(await rows()).toEqual(expected);
  });

  it('is read by period, unit and kind, and agrees with the settlements', async () => {
    await offer(versions().map(({ claims, content }) => signed(claims, content)));
    const count = async (query: Partial<CatalogueQuery>): Promise<Record<string, number[]>> =>
      Object.fromEntries(
        (await measured(query)).resources.map((one) => [one.kind, [one.results, one.amendments, one.revocations]]),
      );
    expect(await count({})).toEqual({ [KIND]: [4, 1, 1], 'customs.scan': [1, 0, 0] });
    expect(await count({ to: '2026-11-22' })).toEqual({ [KIND]: [3, 0, 0] });
    expect(await count({ from: '2026-11-22' })).toEqual({ [KIND]: [1, 1, 1], 'customs.scan': [1, 0, 0] });
    expect(await count({ kind: 'customs.scan' })).toEqual({ 'customs.scan': [1, 0, 0] });
    expect(await count({ issuer: JL })).toEqual({});
    for (const query of [{}, { to: '2026-11-22' }, { from: '2026-11-22' }, { from: '2026-11-21', consumer: JL }]) {
      const { resources, uses } = await measured(query);
      for (const { kind, results, amendments, revocations } of resources) {
        const given = uses.filter((use) => use.kind === kind);
        expect(given.map((use) => use.consumer)).toEqual('consumer' in query ? [JL] : [HL, JL]);
        expect(new Set(given.map((use) => use.given))).toEqual(new Set([results + amendments + revocations]));
        expect(new Set(given.map((use) => use.confirmed))).toEqual(new Set([0]));
      }
    }
  });

  it('is put together by path when the fields of a kind have changed in between', async () => {
    await offer(some(2));
    // As if counted before the contract had some field, and with another order of the rest.
    await real.database.query(
      `insert into catalogue_layout values ('former', '${KIND}', '{/goods/*/origin,/reference,/gone}')`,
    );
    await real.database.query(
      `insert into catalogue_count select day, issuer, kind, 'former', 7, 1, 0, 0, 60, delays, '{3,7,2}' from catalogue_count`,
    );
    const [resource, ...more] = (await measured()).resources;
    expect(more).toEqual([]);
    expect([resource!.results, resource!.amendments]).toEqual([9, 1]);
    expect(resource!.delays.reduce((sum, count) => sum + count)).toBe(4);
    expect(['/reference', '/goods/*/origin', '/gone', '/kind'].map((path) => resource!.present.get(path))).toEqual([
      ...[9, 5, 2, 2],
    ]);
  });
});
