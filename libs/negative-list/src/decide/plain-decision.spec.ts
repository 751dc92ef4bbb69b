import fc from 'fast-check';
import { fieldsOf, parseUnitId, RESULT_KINDS, selects } from '@clearance/contracts';
import type { ResultKind, UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { compilePattern } from '../compile/pattern.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import { planReference } from '../condition/reference-evaluator.ts';
import * as example from '../example-results.fixture.ts';
import { CONSUMERS, NOW, UNITS } from '../example-results.fixture.ts';
import { fieldTree } from '../language/catalogue.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { kindMatches } from '../language/selectors.ts';
import { intervalOf } from '../language/validity.ts';
import { decideDisclosure } from './decide-disclosure.ts';
import { findNodes, findUnknown } from './find-nodes.ts';

const DAY = 86_400_000;

interface Result {
  kind: ResultKind;
  issuer: UnitId;
  content: Record<string, unknown>;
}

/** What one unit is told, decided in the plainest way: every entry in turn, by the CEL library, without an index. */
function decidePlainly(list: NegativeList, result: Result, unit: UnitId, at: number): string[] {
  const tree = fieldTree(result.kind);
  const named = new Map<string, Entry[]>();
  for (const entry of list.entries) {
    const { match, consumers, fields = [''], when } = entry;
    const { from, until } = intervalOf(entry);
    if (at < from || at >= until || !match.kinds.some((pattern) => kindMatches(pattern, result.kind))) continue;
    if (match.issuers !== undefined && !selects(match.issuers, result.issuer)) continue;
    if (consumers !== undefined && !selects(consumers, unit)) continue;
    if (when !== undefined && refuses(when, result)) continue;
    const patterns = fields.map((path) => compilePattern(path, tree)).filter((pattern) => pattern !== undefined);
    for (const pointer of new Set(patterns.flatMap((pattern) => findNodes(pattern, result.content)))) {
      named.set(pointer, [...(named.get(pointer) ?? []), entry]);
    }
  }
  const unknown = findUnknown(tree, result.content);
  const out = [...named.keys(), ...unknown];
  const topmost = (pointer: string): boolean =>
    !out.some((other) => other !== pointer && (other === '' || pointer.startsWith(`${other}/`)));
  const told: string[] = [];
  for (const [pointer, entries] of named) {
    if (!topmost(pointer)) continue;
    const strange = unknown.includes(pointer);
    const firm = entries.filter((entry) => entry.class === 'withheld');
    const access = strange || firm.length > 0 ? 'none' : 'on-request';
    const rest = entries.filter((entry) => entry.class !== 'withheld');
    told.push(...[...firm, ...rest].map((entry) => `${pointer} ${entry.id} ${access}`));
    if (strange) told.push(`${pointer} FC-unknown-field none`);
  }
  const strangers = unknown.filter((pointer) => !named.has(pointer) && topmost(pointer));
  return [...told, ...strangers.map((pointer) => `${pointer} FC-unknown-field none`)];
}

function refuses(when: string, { kind, issuer, content }: Result): boolean {
  const parsed = parseCondition(when);
  if (!parsed.ok) return false;
  const { province, role } = parseUnitId(issuer);
  return planReference(parsed.parsed)({ content, kind, issuer, province, agency: role }) === false;
}

const contents = [
  example.examination(),
  example.examination({ findings: [{ code: 'smuggling-suspected' }, {}] }, { handling: 'dual-use', surprise: [1] }),
  example.scan(),
  example.laboratory(),
  example.crew(),
];
const texts = ['import', 'CNDLC', 'dual-use', '0303630000999', 'RU', 'smuggling-suspected', 'CSQU3054383', 'GB', '某'];
const oddities: unknown[] = [null, 'RU', 7, [], {}, [{ origin: 'RU', commodityCode: null }], ['RU'], { RU: 1 }];

/** An example with some of its members taken away or put in the place of something else. */
const contentArb = fc
  .tuple(
    fc.constantFrom(...contents),
    fc.array(fc.record({ steps: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }), odd: fc.nat(oddities.length) }), {
      maxLength: 3,
    }),
  )
  .map(([content, changes]) => {
    const changed = structuredClone(content);
    for (const { steps, odd } of changes) spoil(changed, steps, odd);
    return changed;
  });

function spoil(object: Record<string, unknown>, [step = 0, ...steps]: readonly number[], odd: number): void {
  const names = Object.keys(object).filter((name) => name !== 'kind');
  const name = names[step % Math.max(1, names.length)];
  if (name === undefined) return;
  const member = object[name];
  if (steps.length > 0 && typeof member === 'object' && member !== null) {
    spoil(member as Record<string, unknown>, steps, odd);
  } else if (odd < oddities.length) {
    // A copy: it may be spoilt in turn, and must not come to lie in itself.
    object[name] = structuredClone(oddities[odd]);
  } else if (Array.isArray(object)) {
    object.splice(Number(name), 1);
  } else {
    delete object[name];
  }
}

const text = fc.constantFrom(...texts.map((written) => JSON.stringify(written)));
const CARGO: ResultKind[] = ['customs.examination', 'customs.scan', 'inspection.laboratory'];
const SEARCHES: readonly [list: string, member: string][] = [
  ['content.goods', 'commodityCode'],
  ['content.goods', 'origin'],
  ['content.containers', 'number'],
];

/** A condition that may be asked of results of these kinds. */
const clause = fc.oneof(
  text.map((is) => `content.direction == ${is}`),
  text.map((is) => `has(content.handling) && content.handling in [${is}, "military"]`),
  text.map((is) => `content.handling == ${is}`),
  text.map((is) => `has(content.location) && content.location != ${is}`),
  fc.constantFrom('province == "ln"', 'province == "hl"', 'has(content.goods)'),
  fc
    .tuple(fc.constantFrom(...SEARCHES), text, fc.nat(2))
    .map(([[list, member], is, form]) =>
      form === 0
        ? `has(${list}) && ${list}.exists(x, has(x.${member}) && x.${member} == ${is})`
        : form === 1
          ? `${list}.exists(x, x.${member} in [${is}, "JP"])`
          : `${list}.all(x, x.${member}.startsWith(${is}))`,
    ),
);
const whenArb = fc.oneof(
  { weight: 3, arbitrary: clause },
  fc.tuple(clause, clause).map(([a, b]) => `(${a}) && (${b})`),
  fc.tuple(clause, clause).map(([a, b]) => `(${a}) || (${b})`),
);

const term = fc.constantFrom('*', 'ln.*', '*.border', '*.customs', 'hl.inspection', 'ln.tax', 'sh.*');
const selector = fc.oneof(
  fc.array(term, { minLength: 1, maxLength: 2 }).map((only) => ({ only })),
  fc.array(term, { minLength: 1, maxLength: 2 }).map((except) => ({ except })),
);
const day = fc.integer({ min: -3, max: 3 }).map((days) => new Date(NOW + days * DAY).toISOString().slice(0, 10));

const entryArb: fc.Arbitrary<Entry> = fc.constantFrom(...CARGO, 'border.crew' as const).chain((kind) =>
  fc
    .record(
      {
        class: fc.constantFrom('conditional' as const, 'withheld' as const),
        match: fc.record(
          { kinds: fc.constant<string[]>([kind]), issuers: selector },
          { requiredKeys: ['kinds'], noNullPrototype: true },
        ),
        fields: fc.array(fc.constantFrom(...fieldsOf(kind).keys()), { minLength: 1, maxLength: 4 }),
        consumers: selector,
        when: CARGO.includes(kind) ? whenArb : text.map((is) => `content.direction == ${is}`),
        validFrom: day,
        validUntil: day,
      },
      { requiredKeys: ['class', 'match'], noNullPrototype: true },
    )
    .map((parts): Entry => ({
      id: '',
      title: { zh: '条', en: 'x' },
      legalBasis: '《法》',
      owner: 'customs',
      ...parts,
    })),
);
const listArb = fc.array(entryArb, { maxLength: 60 }).map((entries): NegativeList => ({
  version: '1',
  effectiveFrom: '2026-11-01',
  entries: entries.map((entry, index) => ({ ...entry, id: `X-${index}` })),
}));
const resultArb = fc
  .tuple(contentArb, fc.constantFrom(...UNITS, 'sh.customs' as const))
  .map(([content, issuer]): Result => ({ kind: content.kind as ResultKind, issuer, content }));

it('决定与逐条判断相同 a decision is that of trying every entry in turn with the CEL library', () => {
  let told = 0;
  fc.assert(
    fc.property(listArb, resultArb, fc.integer({ min: -2, max: 2 }), (list, result, days) => {
      expect(RESULT_KINDS).toContain(result.kind);
      const at = NOW + days * DAY;
      const decisions = decideDisclosure(compileNegativeList(list, CONSUMERS), result, CONSUMERS, at);
      for (const unit of CONSUMERS) {
        if (unit === result.issuer) continue;
        const view = decisions.find(({ consumers }) => consumers.includes(unit));
        const items = view?.withheld.map(({ path, entry, access }) => `${path} ${entry} ${access}`);
        expect(items).toEqual(decidePlainly(list, result, unit, at));
        told += items?.length ?? 0;
      }
    }),
    { numRuns: 300 },
  );
  expect(told).toBeGreaterThan(1000);
}, 120_000);
