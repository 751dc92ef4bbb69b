import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind, UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { covers } from '../compile/plan-fields.ts';
import { decideDisclosure } from '../decide/decide-disclosure.ts';
import type { DisclosureDecision } from '../decide/decide-disclosure.ts';
import { anyInstant, anyList, anyResult } from '../diff/lists.fixture.ts';
import type { AnyResult } from '../diff/lists.fixture.ts';
import { CONSUMERS, NOW } from '../example-results.fixture.ts';
import type { Entry } from '../language/negative-list.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import { patternOf } from '../preview/compare-decisions.ts';
import { catalogueFields } from './catalogue-fields.ts';
import { sharingOf } from './sharing-classes.ts';
import type { FieldSharing, ResourceSharing } from './sharing-classes.ts';

function entry(id: string, changes: Partial<Entry> = {}): Entry {
  return {
    id,
    title: { zh: id, en: id },
    class: 'withheld',
    legalBasis: `《法》${id}`,
    owner: 'customs',
    match: { kinds: ['customs.examination'] },
    ...changes,
  };
}

const listOf = (...entries: Entry[]) =>
  compileNegativeList({ version: '1', effectiveFrom: '2026-11-01', entries }, CONSUMERS);
const EXAMINED = { kind: 'customs.examination', issuer: 'ln.customs' } as const;
const fieldOf = ({ fields }: ResourceSharing, path: string) => fields.find((field) => field.path === path)!;

/** `withheld A`, `depends (B)`: how a field is shared with one unit, entries with a condition in brackets. */
function told({ class: found, entries, dependent }: FieldSharing): string {
  return [found, ...entries, ...dependent.map((id) => `(${id})`)].join(' ');
}

describe('一个字段的共享类别 the class of /consignee/name for ln.border', () => {
  const name = { fields: ['/consignee/name'] };
  const conditional = { class: 'conditional' } as const;
  const imports = { when: 'content.direction == "import"' };
  const others = { when: 'content.direction != "import"' };
  it.each<[string, Entry[], string]>([
    ['没有条目：无条件共享', [], 'unconditional'],
    ['有条件共享', [entry('A', { ...name, ...conditional })], 'conditional A'],
    ['不予共享', [entry('A', name)], 'withheld A'],
    ['上级字段被取出', [entry('A', { fields: ['/consignee'] })], 'withheld A'],
    ['整份结果被取出', [entry('A')], 'withheld A'],
    ['只取出别的字段', [entry('A', { fields: ['/consignee/creditCode', '/consignor'] })], 'unconditional'],
    ['多条：不予共享在前，并列出全部', [entry('A', { ...name, ...conditional }), entry('B', name)], 'withheld B A'],
    ['带条件的条目：视内容而定', [entry('A', { ...name, ...imports })], 'depends (A)'],
    [
      '总是有条件，另有带条件的同类条目：仍为有条件',
      [entry('A', { ...name, ...conditional }), entry('B', { ...name, ...conditional, ...imports })],
      'conditional A (B)',
    ],
    [
      '总是有条件，符合条件时不予共享：视内容而定',
      [entry('A', { ...name, ...conditional }), entry('B', { ...name, ...imports })],
      'depends A (B)',
    ],
    [
      '总是不予共享：条件无关紧要',
      [entry('A', name), entry('B', { ...name, ...conditional, ...imports })],
      'withheld A (B)',
    ],
    [
      '条件互补：总有一条成立，仍为有条件',
      [entry('A', { ...name, ...conditional, ...imports }), entry('B', { ...name, ...conditional, ...others })],
      'conditional (A) (B)',
    ],
    [
      '条件互补而类别不同：视内容而定',
      [entry('A', { ...name, ...imports }), entry('B', { ...name, ...conditional, ...others })],
      'depends (A) (B)',
    ],
    ['整份结果视条件取出：是例外，不改字段类别', [entry('A', imports)], 'unconditional'],
    ['整份结果总被取出：条件互补', [entry('A', imports), entry('B', others)], 'withheld (A) (B)'],
    ['条件不成句：一律取出', [entry('A', { ...name, when: 'nonsense ==' })], 'withheld A'],
    ['本种结果没有的路径、点名此种：取出整份', [entry('A', { fields: ['/nowhere'] })], 'withheld A'],
    ['尚未生效', [entry('A', { ...name, validFrom: '2026-12-01' })], 'unconditional'],
    ['已经失效', [entry('A', { ...name, validUntil: '2026-11-20' })], 'unconditional'],
    ['当日仍有效', [entry('A', { ...name, validUntil: '2026-11-21' })], 'withheld A'],
    ['不涉及该接收单位', [entry('A', { ...name, consumers: { except: ['*.border'] } })], 'unconditional'],
    ['不涉及该签发单位', [entry('A', { ...name, match: { kinds: ['*'], issuers: ['hl.*'] } })], 'unconditional'],
    ['不涉及该种结果', [entry('A', { ...name, match: { kinds: ['customs.scan'] } })], 'unconditional'],
  ])('%s', (_what, entries, expected) => {
    const { sharing } = fieldOf(sharingOf(listOf(...entries), EXAMINED, ['ln.border'], NOW), '/consignee/name');
    expect(sharing.map(told)).toEqual([expected]);
    expect(sharing.flatMap(({ consumers }) => consumers)).toEqual(['ln.border']);
  });

  it('例外：符合条件的整份结果，各涉及哪些单位 exceptions, and whom they concern', () => {
    const whole = entry('A', imports);
    const asked: UnitId[] = ['ln.border', 'hl.customs'];
    const exceptionsTo = (...entries: Entry[]) => sharingOf(listOf(...entries), EXAMINED, asked, NOW).exceptions;
    expect(exceptionsTo(entry('B', { ...name, ...imports }), entry('C'))).toEqual([]);
    expect(exceptionsTo(entry('B', { ...name }), whole)).toEqual([{ entry: 'A', class: 'withheld', consumers: asked }]);
    expect(exceptionsTo({ ...whole, consumers: { except: ['*.border'] } })).toEqual([
      { entry: 'A', class: 'withheld', consumers: ['hl.customs'] },
    ]);
  });

  it('最严一类：有条件共享，不因内容而不可申请 the strictest of what depends on the content', () => {
    const one = entry('A', { ...name, ...conditional, ...imports });
    const strictestOf = (...entries: Entry[]) =>
      fieldOf(sharingOf(listOf(...entries), EXAMINED, ['ln.border'], NOW), '/consignee/name').sharing[0]?.strictest;
    expect(strictestOf(one)).toBe('conditional');
    expect(strictestOf(one, entry('B', { ...name, ...imports }))).toBe('withheld');
  });

  it('没有清单、清单未到生效时刻、单位不在清单之列：不予共享，并说明缘由 what cannot be decided is withheld', () => {
    const of = (...asked: [Parameters<typeof sharingOf>[0], UnitId, number]) =>
      new Set(sharingOf(asked[0], EXAMINED, [asked[1]], asked[2]).fields.flatMap(({ sharing }) => sharing.map(told)));
    expect(of(undefined, 'ln.border', NOW)).toEqual(new Set(['withheld FC-no-active-list']));
    expect(of(listOf(), 'ln.border', Date.parse('2026-10-31T15:59:59Z'))).toEqual(
      new Set(['withheld FC-no-active-list']),
    );
    expect(of(listOf(), 'ln.border', NaN)).toEqual(new Set(['withheld FC-no-active-list']));
    expect(of(listOf(), 'sh.customs', NOW)).toEqual(new Set(['withheld FC-unknown-consumer']));
  });
});

describe('默认清单 the default list', () => {
  const parsed = parseNegativeList(readFileSync(new URL('../../../../negative-list.yaml', import.meta.url), 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const list = compileNegativeList(parsed.list, CONSUMERS);

  it.each<[ResultKind, UnitId, string, UnitId, string]>([
    ['border.crew', 'ln.border', '/border/persons/*/name', 'hl.customs', 'unconditional'],
    ['border.crew', 'ln.border', '/border/persons/*/birthDate', 'hl.border', 'unconditional'],
    ['border.crew', 'ln.border', '/border/persons/*/birthDate', 'hl.customs', 'conditional (NL-001) (NL-002)'],
    ['border.crew', 'ln.border', '/border/persons/*/permit/number', 'hl.customs', 'conditional NL-003'],
    ['border.crew', 'ln.border', '/border/persons/*/biometrics/face', 'hl.inspection', 'withheld NL-004'],
    ['customs.examination', 'ln.customs', '/consignee/name', 'hl.border', 'depends (NL-043)'],
    ['customs.examination', 'ln.customs', '/consignee/name', 'hl.customs', 'unconditional'],
  ])('%s of %s, %s → %s: %s', (kind, issuer, path, consumer, expected) => {
    const { sharing } = fieldOf(sharingOf(list, { kind, issuer }, CONSUMERS, NOW), path);
    expect(sharing.filter(({ consumers }) => consumers.includes(consumer)).map(told)).toEqual([expected]);
  });

  it('军品、核材料、外交邮袋整份不予共享，与字段无关 whole results are withheld by what they are of', () => {
    const { exceptions } = sharingOf(list, EXAMINED, ['hl.border', 'hl.inspection'], NOW);
    expect(exceptions.map(({ entry: id, consumers }) => [id, ...consumers].join(' '))).toEqual([
      ...['NL-040 hl.border hl.inspection', 'NL-041 hl.border hl.inspection', 'NL-042 hl.inspection'],
    ]);
  });
});

describe('信息项 the fields of a kind', () => {
  it('是取值之处，与对象、数组无关；必填者必在 are places of values, each once', () => {
    for (const kind of RESULT_KINDS) {
      const fields = catalogueFields(kind);
      expect(fields.length).toBeGreaterThan(30);
      expect(new Set(fields.map(({ path }) => path)).size).toBe(fields.length);
      expect(fields.filter(({ type }) => (type as string) === 'object' || (type as string) === 'array')).toEqual([]);
    }
    const examined = catalogueFields('customs.examination');
    expect(examined).toContainEqual({ path: '/goods/*/commodityCode', type: 'string', required: true });
    expect(examined).toContainEqual({ path: '/goods/*/origin', type: 'string', required: false });
    expect(examined).toContainEqual({ path: '/checks/*/covers/items/*', type: 'integer', required: true });
  });
});

/** Every value of a content, by its pointer. */
function valuesIn(value: unknown, at = ''): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, member]) => valuesIn(member, `${at}/${name}`));
}

const takenOut = ({ pointers }: DisclosureDecision, at: string): string | undefined =>
  pointers.find((pointer) => covers(pointer, at));

describe('性质 properties', () => {
  const resourceOf = ({ kind, issuer }: AnyResult) => ({ kind, issuer });

  it('与逐份决定一致：无条件者从不取出，有条件与不予共享者总被取出，所列条目即取出它的条目 agrees with every decision', () => {
    const seen = new Map<string, number>();
    const asked: UnitId[] = ['ln.border', 'hl.inspection', 'jl.customs', 'ln.tax'];
    const unconditioned = ({ when: _when, ...rest }: Entry): Entry => rest;
    fc.assert(
      fc.property(anyList, fc.boolean(), anyResult, anyInstant, (any, plain, result, at) => {
        const list = plain ? { ...any, entries: any.entries.map(unconditioned) } : any;
        const compiled = compileNegativeList(list, CONSUMERS);
        const { exceptions, fields } = sharingOf(compiled, resourceOf(result), asked, at);
        const sharingBy = new Map(fields.map((field) => [field.path, field.sharing]));
        const faults: string[] = [];
        for (const decision of decideDisclosure(compiled, result, asked, at)) {
          const values = valuesIn(result.content).map((place) => [place, takenOut(decision, place)] as const);
          for (const consumer of decision.consumers) {
            const excepted = exceptions
              .filter(({ consumers }) => consumers.includes(consumer))
              .map(({ entry: id }) => id);
            for (const [place, pointer] of values) {
              const items = decision.withheld.filter(({ path }) => path === pointer);
              const sharing = sharingBy.get(patternOf(place))!.find(({ consumers }) => consumers.includes(consumer))!;
              const { class: found, strictest, entries, dependent } = sharing;
              const out = pointer === undefined ? 'shown' : 'out';
              const isException = pointer === '' && items.some(({ entry: id }) => excepted.includes(id));
              const what = isException ? 'exception' : `${found} ${out}`;
              seen.set(what, (seen.get(what) ?? 0) + 1);
              if (isException) continue;
              const told = `${consumer} ${place}: ${what}`;
              if (found !== 'depends' && (found === 'unconditional') !== (out === 'shown')) faults.push(told);
              // What takes it out is named, and no entry twice.
              const named = [...entries, ...dependent];
              if (new Set(named).size !== named.length) faults.push(`${told}, named twice`);
              if (!items.every(({ entry: id }) => named.includes(id))) faults.push(`${told}, not named`);
              // What cannot be asked for is never called conditional.
              if (strictest !== 'withheld' && items.some(({ access }) => access === 'none'))
                faults.push(`${told}, firm`);
            }
          }
        }
        expect(faults).toEqual([]);
      }),
      { numRuns: 300 },
    );
    // Each of them has come about.
    expect([...seen.keys()].sort()).toEqual([
      ...['conditional out', 'depends out', 'depends shown', 'exception', 'unconditional shown', 'withheld out'],
    ]);
  });

  it('每个单位恰在一类之中；一起问与逐个问相同 each unit in one class, together as one by one', () => {
    fc.assert(
      fc.property(
        anyList,
        anyResult,
        fc.subarray<UnitId>(['ln.customs', 'ln.border', 'hl.border', 'hl.inspection', 'ln.tax', 'sh.customs']),
        anyInstant,
        (list, result, units, at) => {
          // prettier-ignore
          const compiled = compileNegativeList(list, CONSUMERS);
          const asked = units.filter((unit) => unit !== result.issuer);
          const together = sharingOf(compiled, resourceOf(result), units, at);
          const alone = asked.map((unit) => sharingOf(compiled, resourceOf(result), [unit], at));
          together.fields.forEach(({ path, sharing }, place) => {
            expect(sharing.flatMap(({ consumers }) => consumers).sort()).toEqual([...asked].sort());
            expect(new Set(sharing.map(told)).size).toBe(sharing.length);
            for (const [index, unit] of asked.entries()) {
              const group = sharing.find(({ consumers }) => consumers.includes(unit))!;
              expect([path, { ...group, consumers: [unit] }]).toEqual([path, alone[index]!.fields[place]!.sharing[0]]);
            }
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('增加条目只会更严 an entry more never makes a class looser', () => {
    const ranks = { unconditional: 0, conditional: 1, withheld: 2 } as const;
    fc.assert(
      fc.property(anyList, anyList, anyResult, anyInstant, (list, more, result, at) => {
        const renamed = more.entries.map((one) => ({ ...one, id: `Y-${one.id}` }));
        const longer = { ...list, entries: [...list.entries, ...renamed] };
        const strictness = (of: typeof list) =>
          sharingOf(compileNegativeList(of, CONSUMERS), resourceOf(result), ['hl.inspection'], at).fields.flatMap(
            ({ sharing }) => sharing.map(({ strictest }) => ranks[strictest]),
          );
        const after = strictness(longer);
        expect(strictness(list).filter((before, place) => after[place]! < before)).toEqual([]);
      }),
    );
  });
});
