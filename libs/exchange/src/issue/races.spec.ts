import type { Outcome, ResultContent, ResultReceipt, UnitId } from '@clearance/contracts';
import type { Verdict } from '@clearance/messaging';
import { customsExamination } from '@clearance/testing';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { settleResults } from '../settle/settle-results.ts';
import type { Unit } from '../unit.ts';
import { amendResult, revokeResult } from './change-result.ts';
import { issueResults } from './issue-results.ts';

const UNIT: UnitId = 'ln.customs';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ROUNDS = 15;

describe('changes of one result at the same moment, in two processes', () => {
  let real: RealUnit;
  let second: Unit;
  beforeAll(async () => {
    real = await openRealUnit(UNIT);
    second = await real.anotherProcess();
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());

  const content = (reference: string, document?: string): ResultContent =>
    customsExamination(reference, document === undefined ? {} : { transportDocument: document });
  async function issue(reference: string): Promise<string> {
    const [outcome] = await issueResults(real.unit, [{ content: content(reference), traceparent: TRACE }]);
    if (!outcome!.ok) throw new Error(outcome!.problem.detail);
    return outcome!.value.resultId;
  }
  const told = (outcome: Outcome<ResultReceipt>): string =>
    outcome.ok ? `v${outcome.value.version} ${outcome.value.status}` : outcome.problem.code;
  const stored = async (resultId: string): Promise<string[]> => {
    const rows: { version: number; status: string }[] = await real.database.query(
      `select version, status from result_history where result_id = $1
       union all select version, status from result where result_id = $1 order by version`,
      [resultId],
    );
    return rows.map(({ version, status }) => `v${version} ${status}`);
  };
  const offered = async (resultId: string): Promise<number[]> => {
    const rows: { version: number }[] = await real.database.query(
      'select version from offer_outbox where result_id = $1 order by version',
      [resultId],
    );
    return rows.map(({ version }) => version);
  };

  it('an amendment and a revocation: the revocation stands; the amendment came before it or is refused', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const reference = `A-${round}`;
      const resultId = await issue(reference);
      const [amended, revoked] = await Promise.all([
        amendResult(real.unit, { resultId, content: content(reference, 'COSU0000000001') }, TRACE),
        revokeResult(second, { resultId, reason: 'test' }, TRACE),
      ]);
      const outcome = [told(amended), told(revoked)].join(', ');
      expect(['v2 amended, v3 revoked', 'conflict, v2 revoked']).toContain(outcome);
      const all = outcome.startsWith('conflict')
        ? ['v1 issued', 'v2 revoked']
        : ['v1 issued', 'v2 amended', 'v3 revoked'];
      expect(await stored(resultId)).toEqual(all);
      expect(await offered(resultId)).toEqual(all.map((_, index) => index + 1));
      expect(told(await amendResult(second, { resultId, content: content(reference, 'COSU2') }, TRACE))).toBe(
        'conflict',
      );
    }
  }, 60_000);

  it('two amendments: each has a version of its own, and the later one is current', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const reference = `B-${round}`;
      const resultId = await issue(reference);
      const outcomes = await Promise.all(
        [real.unit, second].map((unit, index) =>
          amendResult(unit, { resultId, content: content(reference, `COSU000000000${index}`) }, TRACE),
        ),
      );
      expect(outcomes.map(told).sort()).toEqual(['v2 amended', 'v3 amended']);
      expect(await stored(resultId)).toEqual(['v1 issued', 'v2 amended', 'v3 amended']);
    }
  }, 60_000);

  it('the same amendment twice, and the same revocation twice: one version each', async () => {
    const resultId = await issue('C');
    const change = { resultId, content: content('C', 'COSU0000000001') };
    const amended = await Promise.all([real.unit, second, real.unit].map((unit) => amendResult(unit, change, TRACE)));
    expect(new Set(amended.map(told))).toEqual(new Set(['v2 amended']));
    const revoked = await Promise.all(
      [real.unit, second].map((unit) => revokeResult(unit, { resultId, reason: 'test' }, TRACE)),
    );
    expect(new Set(revoked.map(told))).toEqual(new Set(['v3 revoked']));
    expect(await stored(resultId)).toEqual(['v1 issued', 'v2 amended', 'v3 revoked']);
  });

  it('the same submission in both: one result', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const submission = [{ content: content(`D-${round}`), traceparent: TRACE }];
      const [[one], [two]] = await Promise.all([issueResults(real.unit, submission), issueResults(second, submission)]);
      expect(one).toEqual(two);
      expect(told(one!)).toBe('v1 issued');
    }
  }, 60_000);

  describe('settlements', () => {
    const settle = (resultId: string, ...versions: number[]): Promise<Verdict[]> => {
      const settledAt = new Date().toISOString();
      const settlements = versions.map((version) => ({ resultId, version, settledAt }));
      return settleResults(real.unit, [{ subject: 'settlements', data: Buffer.from(JSON.stringify({ settlements })) }]);
    };
    const events = async (): Promise<string[]> => {
      const rows: { event_id: string }[] = await real.database.query(
        `select each->>'eventId' as event_id from event_outbox, json_array_elements(events::json) each
         where each->>'type' = 'result.settled' order by event_id`,
      );
      return rows.map((row) => row.event_id);
    };

    it.each<[string, number[][]]>([
      ['the older one first', [[1], [2]]],
      ['the newer one first', [[2], [1]]],
      ['both at once', [[1, 2]]],
      ['each twice', [[2], [1, 2], [1]]],
    ])('of two versions, %s: only the current one is told of, once', async (_what, messages) => {
      const resultId = await issue('E');
      await amendResult(real.unit, { resultId, content: content('E', 'COSU0000000001') }, TRACE);
      for (const versions of messages) expect(await settle(resultId, ...versions)).toEqual([{ verdict: 'done' }]);
      expect(await events()).toEqual([`${resultId}:2:result.settled`]);
      expect(await offered(resultId)).toEqual([]);
    });

    it('of an old version leave the offer of the new one alone', async () => {
      const resultId = await issue('F');
      await amendResult(real.unit, { resultId, content: content('F', 'COSU0000000001') }, TRACE);
      await settle(resultId, 1);
      expect(await offered(resultId)).toEqual([2]);
      expect(await events()).toEqual([]);
    });
  });
});
