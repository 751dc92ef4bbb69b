import { v7 as uuidv7 } from 'uuid';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { receiveCopies } from '../receive/receive-copies.ts';
import { newSigner, tokenOf } from '../signers.fixture.ts';
import type { PendingEvent } from './pending-event.ts';
import { takeDueEvents } from './take-due-events.ts';

const LN = newSigner('ln.customs');

describe('events that were left behind', () => {
  let real: RealUnit;
  beforeAll(async () => {
    real = await openRealUnit('hl.customs', [LN]);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());

  const receive = async (token: string, withheld: object[] = []): Promise<void> => {
    const data = new TextEncoder().encode(JSON.stringify({ listVersion: '1', copies: [{ token, withheld }] }));
    expect(await receiveCopies(real.unit, [{ subject: 'copies.ln.customs', data }])).toEqual([{ verdict: 'done' }]);
  };
  const takeDue = async (): Promise<PendingEvent[]> =>
    (await takeDueEvents(real.unit, 10)).flatMap(({ events }) => events);
  const letGraceEnd = (): Promise<unknown> =>
    real.database.query(`update event_outbox set next_attempt_at = now() - interval '1 second'`);
  const content = (remark: string) => ({ reference: 'R-1', kind: 'customs.scan', remarks: { zh: remark } });

  it('are told as they would have been told from memory, also of a version that is not the newest any more', async () => {
    const resultId = uuidv7();
    const withheld = [{ path: '/goods', entry: 'NL-001', legalBasis: '《数据安全法》第二十一条', access: 'none' }];
    await receive(tokenOf(LN, { resultId, version: 1, status: 'issued' }, content('一')), withheld);
    await receive(tokenOf(LN, { resultId, version: 2, status: 'amended' }, content('二')));
    expect(real.told).toHaveLength(2);
    expect(await takeDueEvents(real.unit, 10)).toEqual([]);

    await letGraceEnd();
    const due = await takeDue();
    const inOrder = (events: readonly PendingEvent[]): object[] =>
      events
        .map((event) => ({ ...event, body: Buffer.from(event.body as string).toString() }))
        .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
    expect(inOrder(due)).toEqual(inOrder(real.told));
  });

  it('are taken some megabytes at a time, the oldest first', async () => {
    const large = 'x'.repeat(1024 ** 2);
    for (let index = 0; index < 6; index += 1) {
      await receive(tokenOf(LN, { resultId: uuidv7(), version: 1, status: 'issued' }, content(large)));
    }
    await letGraceEnd();
    const first = await takeDue();
    const second = await takeDue();
    expect(first.length).toBeGreaterThan(1);
    expect(first.length).toBeLessThan(6);
    expect(new Set([...first, ...second].map(({ eventId }) => eventId)).size).toBe(6);
  });

  it('whose version is not stored are named in the log, are not lost, and hold up no others', async () => {
    const resultId = uuidv7();
    await receive(tokenOf(LN, { resultId, version: 1, status: 'issued' }, content('不在')));
    await receive(tokenOf(LN, { resultId: uuidv7(), version: 1, status: 'issued' }, content('在')));
    const [gone]: { result_id: string }[] = await real.database
      .query(`update result set version = 9 where result_id = $1 returning result_id`, [resultId])
      .then(([rows]: [{ result_id: string }[]]) => rows);
    expect(gone).toEqual({ result_id: resultId });
    await letGraceEnd();
    const due = await takeDue();
    expect(due.map(({ subject }) => subject)).not.toContain(resultId);
    expect(due).toHaveLength(1);
    expect(real.lines.filter((line) => line.includes(`${resultId}:1:result.received`))).toHaveLength(1);

    await real.database.query('update result set version = 1 where result_id = $1', [resultId]);
    await letGraceEnd();
    const again = await takeDue();
    expect(again.map(({ subject }) => subject)).toContain(resultId);
  });
});
