import { v7 as uuidv7 } from 'uuid';
import {
  MAX_TOKEN_CHARACTERS,
  type Outcome,
  type ResultContent,
  type ResultReceipt,
  type UnitId,
  validateCopiesMessage,
  validateOfferMessage,
} from '@clearance/contracts';
import { customsExamination } from '@clearance/testing';
import { eventually, openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { amendResult, revokeResult } from './change-result.ts';
import { issueResults } from './issue-results.ts';

const UNIT: UnitId = 'ln.customs';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const ROOM = 20;

let real: RealUnit;
beforeAll(async () => {
  real = await openRealUnit(UNIT, [], { maxWaiting: ROOM });
}, 120_000);
afterAll(() => real?.cleanup(), 60_000);
beforeEach(() => real.empty());

/** Like results of a consignment: `code` tells the outcomes apart. */
const codes = (outcomes: readonly Outcome<unknown>[]): string[] =>
  outcomes.map((outcome) => (outcome.ok ? 'accepted' : outcome.problem.code));
const issue = (...contents: object[]): Promise<Outcome<ResultReceipt>[]> =>
  issueResults(
    real.unit,
    contents.map((content) => ({ content, traceparent: TRACE })),
  );
const numbered = (count: number, prefix = 'P'): ResultContent[] =>
  Array.from({ length: count }, (_, index) => customsExamination(`${prefix}-${index}`));
const count = async (table: string): Promise<number> => {
  const [row] = await real.database.query<[{ count: string }]>(`select count(*) from ${table}`);
  return Number(row.count);
};
const gatewayTakes = (): Promise<unknown> => real.database.query('update offer_outbox set attempts = 1');
/** Waits until there is room: it is counted every two seconds. */
const roomAgain = (): Promise<void> =>
  eventually('there is room', () => {
    const taken = real.unit.room.take(ROOM);
    taken.done(0);
    return taken.granted === ROOM;
  });

describe('a unit that is given results faster than it can offer them', () => {
  beforeEach(async () => {
    await roomAgain();
  });

  it('takes exactly as many as there is room for, however they come, and says slow-down to the rest', async () => {
    const outcomes = await Promise.all([...numbered(30).map((content) => issue(content)), issue(...numbered(10, 'B'))]);
    const told = codes(outcomes.flat());
    expect(told.filter((code) => code === 'accepted')).toHaveLength(ROOM);
    expect(told.filter((code) => code === 'slow-down')).toHaveLength(20);
    expect(await count('result')).toBe(ROOM);
    expect(await count('offer_outbox')).toBe(ROOM);
    const refused = outcomes.flat().find((outcome) => !outcome.ok);
    expect(refused).toMatchObject({ problem: { status: 429, retryAfter: 5, errors: [] } });
  });

  it('takes part of a batch, in its order', async () => {
    expect(codes(await issue(...numbered(25)))).toEqual([
      ...Array<string>(ROOM).fill('accepted'),
      ...Array<string>(5).fill('slow-down'),
    ]);
  });

  it('answers what it has accepted before, also a changed content, as ever', async () => {
    const first = await issue(...numbered(ROOM));
    expect(codes(await issue(customsExamination('P-new')))).toEqual(['slow-down']);
    expect(await issue(...numbered(ROOM))).toEqual(first);
    const other = { ...customsExamination('P-3'), transportDocument: 'COSU0000000001' };
    expect(codes(await issue(other, { reference: 'bad' }))).toEqual(['conflict', 'invalid']);
  });

  it('amends and revokes nothing without room, and keeps nothing of what it refuses', async () => {
    const [first] = await issue(...numbered(ROOM));
    if (!first!.ok) throw new Error('not accepted');
    const { resultId } = first!.value;
    const changed = { ...customsExamination('P-0'), transportDocument: 'COSU0000000001' };
    const outcomes = [
      await amendResult(real.unit, { resultId, content: changed }, TRACE),
      await revokeResult(real.unit, { resultId, reason: 'test' }, TRACE),
      // What says nothing new needs no room.
      await amendResult(real.unit, { resultId, content: customsExamination('P-0') }, TRACE),
      await amendResult(real.unit, { resultId: uuidv7(), content: changed }, TRACE),
    ];
    expect(codes(outcomes)).toEqual(['slow-down', 'slow-down', 'accepted', 'unknown']);
    expect(await count('result_history')).toBe(0);
    await gatewayTakes();
    await roomAgain();
    expect(codes([await amendResult(real.unit, { resultId, content: changed }, TRACE)])).toEqual(['accepted']);
    expect(codes([await revokeResult(real.unit, { resultId, reason: 'test' }, TRACE)])).toEqual(['accepted']);
    expect(await count('result_history')).toBe(2);
  });

  it('accepts again when what it holds was offered, though a unit that is away keeps it from being settled', async () => {
    expect(codes(await issue(...numbered(ROOM)))).not.toContain('slow-down');
    expect(codes(await issue(customsExamination('P-more')))).toEqual(['slow-down']);
    await gatewayTakes();
    await roomAgain();
    expect(codes(await issue(...numbered(ROOM, 'Q')))).not.toContain('slow-down');
    expect(await count('offer_outbox')).toBe(2 * ROOM);
  });

  it('gives the room back that a failed transaction had taken', async () => {
    const { now } = real.unit;
    const broken = {
      ...real.unit,
      now: () => {
        throw new Error('no clock');
      },
    };
    expect(now()).toBeGreaterThan(0);
    for (let time = 0; time < 3; time += 1) {
      const failed = issueResults(broken, [{ content: customsExamination('P-1'), traceparent: TRACE }]);
      await expect(failed).rejects.toThrow('no clock');
    }
    expect(codes(await issue(...numbered(ROOM)))).not.toContain('slow-down');
  });
});

/** A content of so many goods, each named by so many checks: every one of these fields is signed for itself. */
function manyFields(reference: string, goods: number, checks: number): ResultContent {
  const {
    goods: [one] = [],
    checks: [check],
    ...rest
  } = customsExamination(reference);
  const items = Array.from({ length: goods }, (_, index) => index + 1);
  const { customs: _customs, ...common } = rest as ResultContent & { customs?: unknown };
  return {
    ...common,
    goods: items.map((item) => ({ ...one, item, description: '鱼' })),
    checks: Array.from({ length: checks }, () => ({ ...check, covers: { items } })),
  } as ResultContent;
}

describe('a result of very many fields', () => {
  beforeEach(() => roomAgain());
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

  it('that is accepted reaches everybody: its token fits into a message, as an offer and as a copy', async () => {
    // The largest of this kind that is accepted, found by halving.
    let [fits, exceeds] = [1, 50];
    while (exceeds - fits > 1) {
      const middle = Math.floor((fits + exceeds) / 2);
      const content = manyFields(`M-${middle}`, 700, middle);
      if (bytes(content) <= real.unit.mesh.limits.maxContentBytes && codes(await issue(content))[0] === 'accepted')
        fits = middle;
      else exceeds = middle;
    }
    const tokens: { token: string }[] = await real.database.query('select token from result');
    const longest = tokens.map(({ token }) => token).reduce((a, b) => (a.length > b.length ? a : b));
    expect(longest.length).toBeGreaterThan(2.8 * 1024 ** 2);
    expect(longest.length).toBeLessThanOrEqual(MAX_TOKEN_CHARACTERS);
    const offer = { results: [{ token: longest, traceparent: TRACE }] };
    const copies = { listVersion: '2026.11-1', copies: [{ token: longest, withheld: [], traceparent: TRACE }] };
    expect(validateOfferMessage(offer).ok).toBe(true);
    expect(validateCopiesMessage(copies).ok).toBe(true);
    expect(bytes(copies)).toBeLessThan(real.unit.mesh.limits.maxPayloadBytes);
    // And it can be taken back.
    const [row] = await real.database.query<[{ result_id: string }]>('select result_id from result where token = $1', [
      longest,
    ]);
    await gatewayTakes();
    await roomAgain();
    const reason = '误'.repeat(500);
    expect(codes([await revokeResult(real.unit, { resultId: row.result_id, reason }, TRACE)])).toEqual(['accepted']);
  }, 60_000);

  it.each([
    ['whose token would be too long', 999, 20],
    ['that has more fields than a token', 700, 42],
  ])('%s is refused as too large, and stops nobody', async (_what, goods, checks) => {
    const content = manyFields('M-large', goods, checks);
    expect(bytes(content)).toBeLessThanOrEqual(real.unit.mesh.limits.maxContentBytes);
    const outcomes = await issue(customsExamination('M-1'), content, customsExamination('M-2'));
    expect(codes(outcomes)).toEqual(['accepted', 'too-large', 'accepted']);
    expect(outcomes[1]).toMatchObject({ problem: { detail: expect.stringContaining('divide it') } });
    const [first] = outcomes;
    if (!first!.ok) throw new Error('not accepted');
    const amended = { ...content, reference: 'M-1' };
    const { resultId } = first!.value;
    expect(codes([await amendResult(real.unit, { resultId, content: amended }, TRACE)])).toEqual(['too-large']);
    expect(await count('offer_outbox')).toBe(2);
  });

  it('cannot be larger by an amendment than by a submission', async () => {
    const [first] = await issue(customsExamination('M-1'));
    if (!first!.ok) throw new Error('not accepted');
    const large = { ...customsExamination('M-1'), remarks: 'x'.repeat(real.unit.mesh.limits.maxContentBytes) };
    const { resultId } = first!.value;
    const outcome = await amendResult(real.unit, { resultId, content: large as ResultContent }, TRACE);
    expect(codes([outcome])).toEqual(['too-large']);
  });
});
