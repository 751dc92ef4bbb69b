import fc from 'fast-check';
import { fieldsOf, RESULT_KINDS, type ResultKind } from '@clearance/contracts';
import * as example from './example-results.fixture.ts';
import { NOW, UNITS } from './example-results.fixture.ts';
import type { Entry, NegativeList } from './language/negative-list.ts';

export const DAY = 86_400_000;
/** Contents of most kinds, one of them with members that no kind has. */
export const contents = [
  ...[example.examination(), example.scan(), example.release(), example.quarantine(), example.laboratory()],
  ...[example.crew(), example.passengers(), example.conveyance()],
  example.examination({ findings: [{ code: 'smuggling-suspected' }] }, { handling: 'dual-use', surprise: { a: [1] } }),
];

/** One of them, with an issuer of its agency. */
export const resultArb = fc.constantFrom(...contents).chain((content) => {
  const kind = String(content.kind) as ResultKind;
  const issuers = UNITS.filter((unit) => unit.endsWith(`.${kind.split('.')[0]}`));
  return fc.record({ kind: fc.constant(kind), issuer: fc.constantFrom(...issuers), content: fc.constant(content) });
});

const term = fc.constantFrom('*', 'ln.*', '*.border', '*.customs', 'hl.inspection', 'ln.tax');
const terms = fc.array(term, { minLength: 1, maxLength: 3 });
const selector = fc.oneof(
  terms.map((only) => ({ only })),
  terms.map((except) => ({ except })),
);
const when = fc.constantFrom(
  ...[
    'content.direction == "import"',
    'content.direction == "export"',
    'content.handling == "dual-use"',
    'province == "ln"',
  ],
  ...['has(content.goods) && content.goods.exists(g, g.origin == "RU")', 'nonsense ==', '1 + 1'],
);
const day = fc.integer({ min: -400, max: 400 }).map((days) => new Date(NOW + days * DAY).toISOString().slice(0, 10));
const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });

/** Few, so that grants and entries meet. */
export const PURPOSES_ASKED = ['counter-smuggling', 'joint-inspection', 'audit-supervision'] as const;
const purposes = fc.subarray([...PURPOSES_ASKED]);

/** An entry about results of a kind, and maybe of others. */
export const entryAbout = (kind: ResultKind): fc.Arbitrary<Entry> =>
  fc
    .record({
      class: fc.constantFrom('conditional' as const, 'withheld' as const),
      match: fc.record({ kinds: fc.constantFrom([kind], ['*'], [`${kind.split('.')[0]}.*`]), issuers: selector }),
      fields: optional(fc.array(fc.constantFrom(...fieldsOf(kind).keys()), { minLength: 1, maxLength: 4 })),
      consumers: optional(selector),
      when: optional(when),
      purposes: optional(purposes),
      validFrom: optional(day),
      validUntil: optional(day),
    })
    .map((parts) => {
      const present = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
      const common = { id: 'X-0', title: { zh: '条', en: 'x' }, legalBasis: '《法》第一条', owner: 'customs' };
      return { ...common, ...present } as Entry;
    });
export const entryArb: fc.Arbitrary<Entry> = fc.constantFrom(...RESULT_KINDS).chain(entryAbout);

/** A list of entries, each with an id of its own. */
export const listOf = (entries: readonly Entry[]): NegativeList => ({
  version: '1',
  effectiveFrom: '2026-11-01',
  entries: entries.map((entry, index) => ({ ...entry, id: `X-${index}` })),
});
export const listArb: fc.Arbitrary<NegativeList> = fc.array(entryArb, { maxLength: 12 }).map(listOf);
export const atArb = fc.integer({ min: NOW - 30 * DAY, max: NOW + 400 * DAY });

/** Every leaf that a content shows, as `pointer value`. */
export function leaves(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [`${at} ${String(value)}`];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, `${at}/${name}`));
}
