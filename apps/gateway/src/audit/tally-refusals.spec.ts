import fc from 'fast-check';
import type { RecordedCall } from './recorded-call.ts';
import { refusalTally } from './tally-refusals.ts';

const refused = (changes: Partial<RecordedCall>): RecordedCall => ({
  callId: '0195f2f0-0000-7000-8000-000000000001',
  at: 0,
  subject: null,
  roles: [],
  unit: null,
  method: 'GET',
  route: '/api/v1/lists',
  resources: {},
  status: 401,
  durationMs: 1,
  traceparent: '',
  times: 1,
  ...changes,
});

describe('counting refused calls', () => {
  const call = fc.record({
    at: fc.integer({ min: 0, max: 300_000 }),
    subject: fc.constantFrom(null, 'a', 'b', 'c'),
    status: fc.constantFrom(401, 403, 429),
    route: fc.constantFrom('/x', '/y', null),
  });

  it('loses none and tells none twice, whatever comes, and tells of each kind no more than two rows a minute', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 300 }), fc.integer({ min: 1, max: 10 }), (calls, mostKinds) => {
        const tally = refusalTally(60_000, mostKinds);
        const told: RecordedCall[] = [];
        for (const each of [...calls].sort((a, b) => a.at - b.at)) {
          told.push(...tally.take(each.at));
          told.push(...[tally.add(refused(each))].filter((first) => first !== undefined));
        }
        told.push(...tally.take(Infinity));
        expect(told.reduce((sum, { times }) => sum + times, 0)).toBe(calls.length);
        for (const status of [401, 403, 429]) {
          const of = (all: { status: number | null; times?: number }[]) =>
            all.filter((each) => each.status === status).reduce((sum, { times = 1 }) => sum + times, 0);
          expect(of(told)).toBe(of(calls));
        }
        // Six windows of a minute at most begin in five minutes; beyond the kinds, one more per status.
        expect(told.length).toBeLessThanOrEqual(2 * 6 * (mostKinds + 3));
        expect(tally.take(Infinity)).toEqual([]);
      }),
    );
  });

  it('tells of several no one’s ids', () => {
    const tally = refusalTally();
    expect(tally.add(refused({ resources: { version: '2026.11-1' } }))).toMatchObject({ times: 1 });
    tally.add(refused({ at: 5, resources: { version: '2026.11-2' } }));
    tally.add(refused({ at: 9, resources: { version: '2026.11-3' } }));
    expect(tally.take(59_999)).toEqual([]);
    expect(tally.take(60_000)).toEqual([refused({ at: 9, resources: {}, durationMs: null, times: 2 })]);
  });
});
