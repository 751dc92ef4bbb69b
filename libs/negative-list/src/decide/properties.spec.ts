import fc from 'fast-check';
import type { UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import * as example from '../example-results.fixture.ts';
import { CONSUMERS, NOW, without } from '../example-results.fixture.ts';
import { lintNegativeList } from '../lint/lint-negative-list.ts';
import type { NegativeList } from '../language/negative-list.ts';
import { atArb, DAY, entryArb, leaves, listArb, resultArb } from '../random-lists.fixture.ts';
import { decideDisclosure } from './decide-disclosure.ts';

/** What one consumer still sees. Places in arrays are those of the whole content. */
function visible(
  list: NegativeList,
  result: { kind: string; issuer: UnitId; content: object },
  unit: UnitId,
  at: number,
) {
  const [decision] = decideDisclosure(compileNegativeList(list, CONSUMERS), result, [unit], at);
  const pointers = decision?.pointers ?? [''];
  const hidden = (leaf: string): boolean =>
    pointers.some((pointer) => leaf.startsWith(`${pointer}/`) || leaf.startsWith(`${pointer} `));
  return new Set(leaves(result.content).filter((leaf) => !hidden(leaf)));
}

describe('性质 properties', () => {
  it('取出的内容不再出现，所列均在内容之中，且只列最上级 what is withheld is there, topmost, and gone from the view', () => {
    fc.assert(
      fc.property(listArb, resultArb, atArb, (list, result, at) => {
        for (const { pointers, withheld } of decideDisclosure(
          compileNegativeList(list, CONSUMERS),
          result,
          CONSUMERS,
          at,
        )) {
          expect([...new Set(withheld.map((item) => item.path))]).toEqual(pointers);
          for (const pointer of pointers) {
            const above = pointers.filter(
              (other) => other !== pointer && (other === '' || pointer.startsWith(`${other}/`)),
            );
            expect(above).toEqual([]);
            // The pointer names a node: without it the content is another.
            expect(without(result.content, [pointer])).not.toEqual(result.content);
          }
          const shown = JSON.stringify(without(result.content, pointers)) ?? '';
          if (pointers.includes('/consignee')) expect(shown).not.toContain('某水产有限公司');
        }
      }),
    );
  });

  it('增加条目不会多看到任何内容 adding an entry never shows more', () => {
    fc.assert(
      fc.property(
        listArb,
        entryArb,
        resultArb,
        fc.constantFrom(...CONSUMERS),
        atArb,
        (list, more, result, unit, at) => {
          fc.pre(unit !== result.issuer);
          const longer = { ...list, entries: [...list.entries, { ...more, id: 'X-99' }] };
          const before = visible(list, result, unit, at);
          expect([...visible(longer, result, unit, at)].filter((leaf) => !before.has(leaf))).toEqual([]);
        },
      ),
    );
  });

  it('增加条目不会使不可申请变为可申请 adding an entry never makes what is firm obtainable', () => {
    fc.assert(
      fc.property(listArb, entryArb, resultArb, fc.constantFrom(...CONSUMERS), (list, more, result, unit) => {
        fc.pre(unit !== result.issuer);
        const longer = { ...list, entries: [...list.entries, { ...more, id: 'X-99' }] };
        const items = (of: NegativeList) =>
          decideDisclosure(compileNegativeList(of, CONSUMERS), result, [unit], NOW).flatMap(({ withheld }) => withheld);
        const firm = new Set(
          items(list)
            .filter(({ access }) => access === 'none')
            .map(({ path }) => path),
        );
        expect(items(longer).filter(({ path, access }) => firm.has(path) && access === 'on-request')).toEqual([]);
      }),
    );
  });

  it('一起决定与逐个决定相同；各单位恰好归入一组 together as one by one, each unit in one view', () => {
    fc.assert(
      fc.property(
        listArb,
        resultArb,
        fc.subarray([...CONSUMERS, 'sh.customs' as const]),
        atArb,
        (list, result, units, at) => {
          const compiled = compileNegativeList(list, CONSUMERS);
          const together = decideDisclosure(compiled, result, units, at);
          const asked = units.filter((unit) => unit !== result.issuer);
          expect(together.flatMap(({ consumers }) => consumers).sort()).toEqual([...asked].sort());
          for (const unit of asked) {
            const view = together.find(({ consumers }) => consumers.includes(unit));
            expect({ ...view, consumers: [unit] }).toEqual(decideDisclosure(compiled, result, [unit], at)[0]);
          }
          const views = together.map(({ withheld }) => JSON.stringify(withheld));
          expect(new Set(views).size).toBe(views.length);
        },
      ),
    );
  });

  it('决定只取决于清单、结果与时刻 a decision is a function of list, result and instant', () => {
    fc.assert(
      fc.property(listArb, resultArb, atArb, (list, result, at) => {
        const compiled = compileNegativeList(list, CONSUMERS);
        const first = decideDisclosure(compiled, result, CONSUMERS, at);
        decideDisclosure(
          compiled,
          { kind: 'border.crew', issuer: 'ln.border', content: example.crew() },
          CONSUMERS,
          at + DAY,
        );
        const copy = { ...result, content: JSON.parse(JSON.stringify(result.content)) as object };
        expect(decideDisclosure(compiled, copy, CONSUMERS, at)).toEqual(first);
        expect(decideDisclosure(compileNegativeList(list, CONSUMERS), result, CONSUMERS, at)).toEqual(first);
      }),
    );
  });

  it('任何内容、种类与单位都不会使其抛出 never throws, whatever it is given', () => {
    fc.assert(
      fc.property(listArb, fc.jsonValue(), fc.string(), fc.string(), (list, content, kind, issuer) => {
        const compiled = compileNegativeList(list, CONSUMERS);
        const units = ['ln.border', kind as UnitId] as const;
        const anything = { kind, issuer: issuer as UnitId, content: content as object };
        expect(decideDisclosure(compiled, anything, units, NOW)).toBeDefined();
        // A content that is no content of its kind shows no value at all.
        const noise = { kind: 'customs.examination', issuer: 'ln.customs' as const, content: { noise: content } };
        const [view] = decideDisclosure(compiled, noise, ['ln.border'], NOW);
        expect(leaves(without(noise.content, view?.pointers ?? []))).toEqual([]);
      }),
    );
  });

  it('校验不抛出，通过者必能解析 lint never throws', () => {
    fc.assert(
      fc.property(listArb, fc.string(), fc.nat(), (list, noise, place) => {
        const text = JSON.stringify({ apiVersion: 'clearance/v1', kind: 'NegativeList', ...list }, null, 1);
        const at = place % text.length;
        const findings = lintNegativeList(text.slice(0, at) + noise + text.slice(at), { units: CONSUMERS, at: NOW });
        for (const { line, column } of findings) expect(line >= 1 && column >= 1).toBe(true);
      }),
    );
  });
});
