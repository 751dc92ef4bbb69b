import fc from 'fast-check';
import { RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind, UnitId } from '@clearance/contracts';
import * as example from '../example-results.fixture.ts';
import { NOW, UNITS } from '../example-results.fixture.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';

const DAY = 86_400_000;
/** Few kinds, paths and units, so that entries meet. */
const KINDS: ResultKind[] = ['customs.examination', 'customs.scan', 'border.crew'];
const PATHS = [
  ...['', '/goods', '/goods/*', '/goods/*/value', '/goods/*/value/amount', '/consignee', '/consignee/name'],
  ...['/customs', '/customs/riskLevel', '/customs/findings', '/customs/scans/*/anomalies', '/checks/*/remarks'],
  ...['/border/persons', '/border/persons/*/documentNumber', '/border/persons/*/birthDate', '/nowhere'],
];
const CONDITIONS = [
  'content.direction == "import"',
  'content.direction=="import"',
  'content.direction != "import"',
  'content.direction == "import" && province == "ln"',
  'content.direction == "import" || province == "ln"',
  'province == "ln"',
  'has(content.handling) && content.handling == "dual-use"',
  'content.handling == "dual-use"',
  'content.customs.riskLevel == "low"',
  'nonsense ==',
];

const term = fc.constantFrom('*', 'ln.*', '*.border', '*.customs', 'hl.inspection', 'ln.tax', 'ln.border', 'sh.*');
const terms = fc.uniqueArray(term, { minLength: 1, maxLength: 3 });
const selector = fc.oneof(
  terms.map((only) => ({ only })),
  terms.map((except) => ({ except })),
);
const day = fc.integer({ min: -3, max: 3 }).map((days) => new Date(NOW + days * DAY).toISOString().slice(0, 10));

/** The members of an entry, by themselves: an entry is changed by putting others in their places. */
const members = {
  class: fc.constantFrom('conditional' as const, 'withheld' as const),
  match: fc.record(
    {
      kinds: fc.oneof(
        fc.uniqueArray(fc.constantFrom<string>(...KINDS), { minLength: 1, maxLength: 3 }),
        fc.constantFrom<string[]>(['customs.*'], ['*'], ['border.*', 'customs.scan']),
      ),
      issuers: selector,
    },
    { requiredKeys: ['kinds'], noNullPrototype: true },
  ),
  fields: fc.uniqueArray(fc.constantFrom(...PATHS), { minLength: 1, maxLength: 3 }),
  consumers: selector,
  when: fc.constantFrom(...CONDITIONS),
  purposes: fc.uniqueArray(fc.constantFrom('counter-smuggling', 'joint-inspection', 'audit-supervision'), {
    minLength: 1,
  }),
  legalBasis: fc.constantFrom('《法》第一条', '《法》第二条'),
  owner: fc.constantFrom('customs' as const, 'border' as const),
  title: fc.constantFrom({ zh: '条', en: 'x' }, { zh: '目', en: 'y' }),
  validFrom: day,
  validUntil: day,
};

const required = ['class', 'match', 'legalBasis', 'owner', 'title'] as const;

export const anyEntry: fc.Arbitrary<Entry> = fc
  .record(members, { requiredKeys: [...required], noNullPrototype: true })
  .map((parts): Entry => ({ id: '', ...parts }));

export const anyList: fc.Arbitrary<NegativeList> = fc.array(anyEntry, { maxLength: 4 }).map(numbered);

function numbered(entries: readonly Entry[]): NegativeList {
  const named = entries.map((entry, index) => ({ ...entry, id: `X-${index}` }));
  return { version: '1', effectiveFrom: '2026-11-01', entries: named };
}

type Change = (entry: Entry) => Entry | undefined;

/** A member put in the place of another, taken away, or the whole entry taken away. */
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  ...Object.entries(members).map(([name, value]) =>
    (value as fc.Arbitrary<unknown>).map((member): Change => (entry) => ({ ...entry, [name]: member })),
  ),
  fc.constantFrom('fields', 'consumers', 'when', 'purposes', 'validFrom', 'validUntil').map(
    (name): Change =>
      (entry) =>
        Object.fromEntries(Object.entries(entry).filter(([key]) => key !== name)) as unknown as Entry,
  ),
  fc.constant<Change>(() => undefined),
);

/** Two lists of which one was made from the other by a few changes, in either order. */
export const listAndChanged: fc.Arbitrary<[NegativeList, NegativeList]> = fc
  .tuple(
    fc.array(anyEntry, { minLength: 1, maxLength: 3 }).map(numbered),
    fc.array(fc.tuple(fc.nat(2), anyChange), { minLength: 1, maxLength: 2 }),
    fc.boolean(),
  )
  .map(([list, changes, turned]) => {
    const entries = changes.reduce<Entry[]>((left, [at, change]) => {
      const index = at % Math.max(1, left.length);
      return left.flatMap((entry, place) => (place === index ? (change(entry) ?? []) : entry));
    }, list.entries);
    const changed = { ...list, version: '2', entries };
    return turned ? [changed, list] : [list, changed];
  });

const contents = [
  example.examination(),
  example.examination({ findings: [{ code: 'smuggling-suspected' }], riskLevel: 'high' }, { handling: 'dual-use' }),
  example.examination({}, { direction: 'export', consignee: undefined }),
  example.scan(),
  example.crew(),
  example.crew('export'),
];

export interface AnyResult {
  kind: ResultKind;
  issuer: UnitId;
  content: Record<string, unknown>;
}

/** A result as a unit may issue it. */
export const anyResult: fc.Arbitrary<AnyResult> = fc.constantFrom(...contents).chain((content) => {
  const kind = RESULT_KINDS.find((known) => known === content.kind) ?? 'customs.examination';
  const issuers = UNITS.filter((unit) => unit.endsWith(`.${kind.split('.')[0] ?? ''}`));
  return fc.record({ kind: fc.constant(kind), issuer: fc.constantFrom(...issuers), content: fc.constant(content) });
});

/** Instants around those at which entries begin and end, and at which every list is in force. */
export const INSTANTS = Array.from({ length: 17 }, (_, halves) => NOW + ((halves - 8) * DAY) / 2);
export const anyInstant = fc.constantFrom(...INSTANTS);
