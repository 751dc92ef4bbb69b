import { barsOf, follow, type FlowEvent, flowed, inAll, NO_FLOW, NOTHING, pauseAfter } from './flows.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const event = (seconds: number, results: Record<string, number>, day = '2026-11-21'): FlowEvent => ({
  at: new Date(START + seconds * 1_000).toISOString(),
  day,
  waiting: 0,
  units: Object.entries(results).map(([unit, n]) => ({ unit, ...NOTHING, results: n })),
});
const after = (...events: FlowEvent[]) => events.reduce(follow, NO_FLOW);

describe('what flowed', () => {
  it('before the first event is nothing, however much the day has had', () => {
    expect(flowed(after(event(0, { a: 500 })), 60_000)).toEqual(NOTHING);
  });

  it.each<[string, FlowEvent[], number]>([
    ['what came since', [event(0, { a: 5 }), event(2, { a: 8 })], 3],
    ['of several units and events', [event(0, { a: 5, b: 1 }), event(2, { a: 6, b: 3 }), event(4, { a: 7, b: 3 })], 4],
    ['of a unit that was not there before', [event(0, {}), event(2, { a: 8 })], 8],
    ['of a new day, which begins at nothing', [event(0, { a: 500 }), event(2, { a: 4 }, '2026-11-22')], 4],
    ['nothing where a number shrank', [event(0, { a: 500 }), event(2, { a: 4 }), event(4, { a: 6 })], 2],
    ['nothing of what is longer ago', [event(0, { a: 1 }), event(2, { a: 9 }), event(100, { a: 10 })], 1],
  ])('is %s', (_what, events, results) => {
    expect(flowed(after(...events), 60_000).results).toBe(results);
  });

  it('of one unit is its own', () => {
    const flow = after(event(0, { a: 1, b: 1 }), event(2, { a: 3, b: 9 }));
    expect(['a', 'b', 'c'].map((unit) => flowed(flow, 60_000, unit).results)).toEqual([2, 8, 0]);
  });

  it('stands in the bar of its time; the last bar ends with the latest event', () => {
    const bars = barsOf(after(event(0, { a: 0 }), event(5, { a: 2 }), event(12, { a: 3 }), event(14, { a: 7 })), 'a', 'results'); // prettier-ignore
    expect(bars).toHaveLength(30);
    expect(bars.slice(-2)).toEqual([0, 7]);
    const later = barsOf(after(event(0, { a: 0 }), event(5, { a: 2 }), event(25, { a: 3 })), 'a', 'results');
    expect(later.slice(-3)).toEqual([2, 0, 1]);
  });

  it('is forgotten after five minutes', () => {
    const flow = after(event(0, { a: 0 }), event(1, { a: 2 }), event(302, { a: 2 }));
    expect(flow.steps).toEqual([]);
    expect(barsOf(flow, 'a', 'results').every((bar) => bar === 0)).toBe(true);
  });

  it('of a day is the sum of its units', () => {
    expect(inAll(event(0, { a: 5, b: 7 }))).toEqual({ ...NOTHING, results: 12 });
  });
});

it.each([
  [0, 250],
  [1, 1_000],
  [4, 8_000],
  [6, 30_000],
  [40, 30_000],
])('after %i failures the stream is asked for again in %i ms', (failures, pause) => {
  expect(pauseAfter(failures)).toBe(pause);
});
