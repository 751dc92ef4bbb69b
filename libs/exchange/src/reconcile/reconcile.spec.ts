import { createHash } from 'node:crypto';
import {
  type HeldVersion,
  type HoldingPlace,
  validateHoldingsPage,
  validateHoldingsSummary,
  validateOfferAgainReply,
} from '@clearance/contracts';
import { redactToken, signedDigest, verifyToken } from '@clearance/provenance';
import { settleResults } from '../settle/settle-results.ts';
import { altered } from '../signers.fixture.ts';
import type { StoredResult } from '../store/stored-result.ts';
import { listHoldings } from './list-holdings.ts';
import { offerAgain } from './offer-again.ts';
import { FOREIGN, OTHER, OWN, SELF, type UnitAtRest, unitAtRest, versionOf } from './reconcile-database.fixture.ts';
import { summariseHoldings } from './summarise-holdings.ts';

const DAY = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' };
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const own1 = versionOf(OWN, 1, 1, '2026-11-21T00:00:00.000Z');
const own1amended = versionOf(OWN, 1, 2, '2026-11-21T23:59:59.999Z');
const own2 = versionOf(OWN, 2, 1, '2026-11-21T08:00:00.000Z');
const own3 = versionOf(OWN, 3, 1, '2026-11-22T00:00:00.000Z');
// A version that overtook the one before it, and ten that were signed in one batch, so that only their ids differ.
const copy4 = versionOf(FOREIGN, 4, 1, '2026-11-21T09:00:00.000Z');
const copy4amended = versionOf(FOREIGN, 4, 2, '2026-11-21T09:30:00.000Z');
const batch = Array.from({ length: 10 }, (_, index) => versionOf(FOREIGN, 20 + index, 1, '2026-11-21T10:00:00.123Z'));
const OWN_ONES = [own1, own2, own1amended];
const COPIES = [copy4, copy4amended, ...batch];

let at: UnitAtRest;
beforeAll(async () => {
  at = await unitAtRest();
  await at.store(own1, own1amended, own2, own3, copy4amended, copy4, ...batch);
  await at.offer(own2, own3);
}, 120_000);
afterAll(() => at?.cleanup(), 60_000);

const valueOf = <T>(outcome: { ok: true; value: T } | { ok: false }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.value;
};
/** The tally by its definition. */
const tally = (versions: readonly StoredResult[]): { count: number; digest: string } => {
  const lines = versions.map(({ resultId, version, token }) => `${resultId} ${version} ${signedDigest(token)}`);
  return { count: lines.length, digest: createHash('sha256').update(lines.join('\n')).digest('base64url') };
};

describe('summariseHoldings', () => {
  it('counts the newest versions and the history of a period, by issuer, and what is still offered', async () => {
    const summary = valueOf(await summariseHoldings(at.unit, DAY));
    expect(summary).toEqual({
      held: [
        { issuer: OTHER, ...tally(COPIES) },
        { issuer: SELF, ...tally(OWN_ONES) },
      ],
      offered: tally([own2]),
    });
    expect(validateHoldingsSummary(JSON.parse(JSON.stringify(summary)))).toMatchObject({ ok: true });
  });

  it('names nobody of whom nothing is held', async () => {
    const period = { from: '2026-12-01T00:00:00Z', to: '2026-12-02T00:00:00Z' };
    expect(valueOf(await summariseHoldings(at.unit, period))).toEqual({ held: [] });
  });

  it('says the same of a copy, whatever was taken out of it', async () => {
    const verified = verifyToken(copy4.token, at.unit.keyRing());
    if (!verified.ok) throw new Error(verified.detail);
    const { token } = redactToken(verified.result, ['/reference']);
    expect(token).not.toBe(copy4.token);
    await at.database.query('update result_history set token = $1 where token = $2', [token, copy4.token]);
    const { held } = valueOf(await summariseHoldings(at.unit, DAY));
    expect(held[0]).toEqual({ issuer: OTHER, ...tally(COPIES) });
  });

  it('finds one altered character of what was signed', async () => {
    const target = batch[3]!;
    await at.database.query('update result set token = $1 where result_id = $2', [
      altered(target.token),
      target.resultId,
    ]);
    const { held } = valueOf(await summariseHoldings(at.unit, DAY));
    expect(held[0]).toMatchObject({ issuer: OTHER, count: COPIES.length });
    expect(held[0]!.digest).not.toBe(tally(COPIES).digest);
    await at.database.query('update result set token = $1 where result_id = $2', [target.token, target.resultId]);
  });

  it.each([[{}], [{ ...DAY, day: 1 }], [{ from: 'yesterday', to: DAY.to }]])('refuses %j', async (body) => {
    expect(await summariseHoldings(at.unit, body)).toMatchObject({ ok: false, problem: { code: 'invalid' } });
  });
});

async function listAll(issuer: string, limit: number): Promise<HeldVersion[]> {
  const all: HeldVersion[] = [];
  for (let after: HoldingPlace | undefined; ;) {
    const page = valueOf(
      await listHoldings(at.unit, { issuer, ...DAY, limit, ...(after === undefined ? {} : { after }) }),
    );
    expect(validateHoldingsPage(JSON.parse(JSON.stringify(page)))).toMatchObject({ ok: true });
    expect(page.versions.length).toBeLessThanOrEqual(limit);
    all.push(...page.versions);
    if (!page.more) return all;
    const { issuedAt, resultId, version } = page.versions.at(-1)!;
    after = { issuedAt, resultId, version };
  }
}

describe('listHoldings', () => {
  const listed = ({ resultId, version, issuedAt, token }: StoredResult, offered = false): HeldVersion => ({
    resultId,
    version,
    issuedAt: `${issuedAt.slice(0, -1)}000Z`,
    signedDigest: signedDigest(token),
    offered,
  });

  it.each([1, 3, 4, 1_000])('lists each version of an issuer once, in order, in pages of %i', async (limit) => {
    expect(await listAll(OTHER, limit)).toEqual(COPIES.map((version) => listed(version)));
  });

  it('tells which own versions are still offered', async () => {
    expect(await listAll(SELF, 2)).toEqual([listed(own1), listed(own2, true), listed(own1amended)]);
  });

  it('has nothing of an issuer that is none', async () => {
    expect(await listAll('xx.nobody', 10)).toEqual([]);
  });

  it.each([
    [{ ...DAY, issuer: SELF }],
    [{ ...DAY, issuer: SELF, limit: 1_001 }],
    [{ ...DAY, issuer: SELF, limit: 1, after: '' }],
  ])('refuses %j', async (body) => {
    expect(await listHoldings(at.unit, body)).toMatchObject({ ok: false, problem: { code: 'invalid' } });
  });
});

describe('offerAgain', () => {
  const outbox = (): Promise<{ result_id: string; version: number; item: string; due: boolean }[]> =>
    at.database.query(
      'select result_id, version, item, next_offer_at <= now() as due from offer_outbox order by result_id, version',
    );
  const nameOf = ({ resultId, version }: StoredResult) => ({ resultId, version });

  it('puts own versions back, of the history too, due now; refuses what is not its own or would not verify', async () => {
    await at.database.query('update result set token = $1 where result_id = $2 and version = 1', [
      altered(own3.token),
      own3.resultId,
    ]);
    const unheardOf = { resultId: versionOf(OWN, 99, 1, DAY.from).resultId, version: 1 };
    const body = { results: [nameOf(own1), nameOf(own1amended), nameOf(own2), nameOf(own3), nameOf(copy4), unheardOf] };
    const reply = valueOf(await offerAgain(at.unit, body, TRACE));
    expect(reply).toEqual({
      refused: [
        { ...nameOf(own3), reason: 'unverifiable' },
        { ...nameOf(copy4), reason: 'unknown' },
        { ...unheardOf, reason: 'unknown' },
      ],
    });
    expect(validateOfferAgainReply(JSON.parse(JSON.stringify(reply)))).toMatchObject({ ok: true });
    expect(await outbox()).toEqual([
      {
        result_id: own1.resultId,
        version: 1,
        item: JSON.stringify({ token: own1.token, traceparent: TRACE }),
        due: true,
      },
      {
        result_id: own1.resultId,
        version: 2,
        item: JSON.stringify({ token: own1amended.token, traceparent: TRACE }),
        due: true,
      },
      // Still offered: brought forward, and otherwise as it was. What was refused stays where it was.
      { result_id: own2.resultId, version: 1, item: JSON.stringify({ token: own2.token }), due: true },
      { result_id: own3.resultId, version: 1, item: JSON.stringify({ token: own3.token }), due: false },
    ]);
  });

  it('changes nothing when it is asked twice', async () => {
    const before = await outbox();
    const reply = await offerAgain(at.unit, { results: [nameOf(own1), nameOf(own2), nameOf(own2)] }, TRACE);
    expect(reply).toEqual({ ok: true, value: { refused: [] } });
    expect(await outbox()).toEqual(before);
  });

  it('tells the backend only once that a version is settled, however often it is offered', async () => {
    const message = {
      subject: 'settlements',
      data: Buffer.from(JSON.stringify({ settlements: [{ ...nameOf(own2), settledAt: '2026-11-21T09:00:00Z' }] })),
    };
    const events = (): Promise<unknown[]> =>
      at.database.query(
        `select each->>'eventId' as event_id from event_outbox, json_array_elements(events::json) each
         where each->>'subject' = $1`,
        [own2.resultId],
      );
    await settleResults(at.unit, [message]);
    expect(await events()).toEqual([{ event_id: `${own2.resultId}:1:result.settled` }]);
    await at.database.query('delete from event_outbox');
    await offerAgain(at.unit, { results: [nameOf(own2)] }, TRACE);
    expect((await outbox()).map(({ result_id }) => result_id)).toContain(own2.resultId);
    await settleResults(at.unit, [message]);
    expect((await outbox()).map(({ result_id }) => result_id)).not.toContain(own2.resultId);
    expect(await events()).toEqual([]);
  });
});
