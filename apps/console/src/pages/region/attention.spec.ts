import { type Known, type KnownUnit, type Matter, whatNeedsAttention } from './attention.ts';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const ago = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
const MINUTE = 60;
const DAY = 86_400;

const well = (unit: string, more: Partial<KnownUnit> = {}): KnownUnit => ({
  unit,
  issues: true,
  connected: true,
  unconfirmed: { versions: 0, since: null },
  unsettled: { versions: 0, since: null },
  deadLetters: 0,
  keys: [{ keyId: `${unit}#1`, state: 'valid', revokedAt: null }],
  ...more,
});
const conflict = (id: string, at = ago(0)) => ({
  consignmentId: id,
  at,
  check: 'x-ray',
  container: null,
  conformant: [],
  nonConformant: [],
});
const review = (state: string, at: string, waiting = 0) =>
  ({ reviewId: 'r', mode: 'recall', state, at, waiting, refused: 0 }) as const;
const kinds = (known: Known): Matter['kind'][] => whatNeedsAttention(known, NOW).map(({ kind }) => kind);

describe('what needs attention', () => {
  it.each<[string, Known, Matter['kind'][]]>([
    ['nothing is known', {}, []],
    ['all is well', { units: [well('ln.customs')], conflicts: [], overdue: [], reviews: [] }, []],
    ['a unit is not there', { units: [well('a', { connected: false })] }, ['not-connected']],
    ['who issues has no key', { units: [well('a', { keys: [] })] }, ['no-valid-key']],
    ['who issues nothing has no key', { units: [well('a', { issues: false, keys: [] })] }, []],
    ['copies wait for five minutes', { units: [well('a', { unconfirmed: { versions: 3, since: ago(5 * MINUTE) } })] }, []],
    ['copies wait for longer', { units: [well('a', { unconfirmed: { versions: 3, since: ago(5 * MINUTE + 1) } })] }, ['unconfirmed']],
    ['results are not settled for ten minutes', { units: [well('a', { unsettled: { versions: 3, since: ago(10 * MINUTE) } })] }, []],
    ['results are not settled for longer', { units: [well('a', { unsettled: { versions: 3, since: ago(11 * MINUTE) } })] }, ['unsettled']],
    ['a message could not be used', { units: [well('a', { deadLetters: 1 })] }, ['dead-letters']],
    ['a recall has just begun', { reviews: [review('under-way', ago(MINUTE), 12)] }, []],
    ['a recall waits', { reviews: [review('under-way', ago(11 * MINUTE), 12)] }, ['recall-waiting']],
    ['a recall is done', { reviews: [review('confirmed', ago(DAY))] }, []],
    ['a recall is planned', { reviews: [review('scheduled', ago(-DAY))] }, []],
    ['a recall was refused somewhere', { reviews: [review('incomplete', ago(DAY))] }, ['recall-incomplete']],
    ['a request is overdue', { overdue: [{ requestId: 'q', owner: 'a', requester: 'b', dueAt: ago(DAY) }] }, ['overdue']],
  ])('when %s', (_what, known, expected) => {
    expect(kinds(known)).toEqual(expected);
  }); // prettier-ignore

  it.each([
    [6, ['key-revoked']],
    [8, []],
  ])('counts a key that was revoked %i days ago: %j', (days, expected) => {
    const valid = { keyId: 'a#2', state: 'valid', revokedAt: null } as const;
    const revoked = { keyId: 'a#1', state: 'revoked', revokedAt: ago(days * DAY) } as const;
    expect(kinds({ units: [well('a', { keys: [revoked, valid] })] })).toEqual(expected);
  });

  it('tells three conflicts and how many more there are', () => {
    expect(kinds({ conflicts: ['1', '2', '3'].map((id) => conflict(id)) })).toEqual([
      'conflict',
      'conflict',
      'conflict',
    ]);
    const many = whatNeedsAttention({ conflicts: ['1', '2', '3', '4', '5'].map((id) => conflict(id)) }, NOW);
    expect(many.at(-1)).toEqual({ kind: 'more-conflicts', count: 2 });
    expect(many).toHaveLength(4);
  });

  it('ranks the gravest first, and of one kind the oldest', () => {
    const matters = whatNeedsAttention(
      {
        overdue: [{ requestId: 'q', owner: 'a', requester: 'b', dueAt: ago(DAY) }],
        conflicts: [conflict('new', ago(MINUTE)), conflict('old', ago(DAY))],
        units: [
          well('a', { unconfirmed: { versions: 1, since: ago(10 * MINUTE) }, deadLetters: 2 }),
          well('b', { unconfirmed: { versions: 1, since: ago(20 * MINUTE) } }),
          well('c', { connected: false }),
        ],
        reviews: [review('incomplete', ago(DAY))],
      },
      NOW,
    );
    expect(matters.map((matter) => [matter.kind, 'unit' in matter ? matter.unit : undefined])).toEqual([
      ['not-connected', 'c'],
      ['recall-incomplete', undefined],
      ['unconfirmed', 'b'],
      ['unconfirmed', 'a'],
      ['dead-letters', 'a'],
      ['conflict', undefined],
      ['conflict', undefined],
      ['overdue', undefined],
    ]);
    expect(matters.flatMap((matter) => (matter.kind === 'conflict' ? [matter.conflict.consignmentId] : []))).toEqual([
      'old',
      'new',
    ]);
  });
});
