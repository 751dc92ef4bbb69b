import type { Withheld } from '@clearance/contracts';
import fc from 'fast-check';
import { everShown, isFieldPath, judgeField, patternOf } from './judge-field.ts';
import { isJsonObject, type JsonValue } from './json.ts';

const item = (path: string, entry = 'NL-001'): Withheld => ({ path, entry, legalBasis: '第一条', access: 'none' });
const judged = (path: string, withheld: string[]): string => {
  const { verdict, withheld: found } = judgeField(
    path,
    withheld.map((each) => item(each)),
  );
  return [
    verdict,
    ...found.map(({ relation, path: at, place }) => `${relation} ${at || "''"} at ${place || "''"}`),
  ].join('; ');
};

describe('what a view showed of a field', () => {
  it.each([
    // asked for, withheld, what follows
    ['/goods/0/value', [], 'shown'],
    ['/goods/0/value', ['/goods/0/value'], 'withheld; at /goods/0/value at /goods/0/value'],
    ['/goods/0/value', ['/goods/1/value'], 'shown'],
    ['/goods/0/value', ['/goods/0/valueNote'], 'shown'],
    ['/goods/1', ['/goods/10'], 'shown'],
    ['/goods/0/value', ['/goods/0'], 'withheld; above /goods/0 at /goods/0/value'],
    ['/goods/0/value', ['/goods'], 'withheld; above /goods at /goods/0/value'],
    ['/goods/0/value', [''], "withheld; above '' at /goods/0/value"],
    ['/goods/0', ['/goods/0/value'], 'in-part; below /goods/0/value at /goods/0'],
    ['/goods', ['/goods/3/value', '/seals'], 'in-part; below /goods/3/value at /goods'],
    ['', ['/goods/3/value'], "in-part; below /goods/3/value at ''"],
    ['', [''], "withheld; at '' at ''"],
    ['', [], 'shown'],
    // With `*`: an index tells of its own element, and nobody knows from the ledger how many there are.
    ['/goods/*/value', ['/goods/3/value'], 'in-part; at /goods/3/value at /goods/3/value'],
    ['/goods/*/value', ['/goods/3'], 'in-part; above /goods/3 at /goods/3/value'],
    ['/goods/*/value', ['/goods/3/value/unit'], 'in-part; below /goods/3/value/unit at /goods/3/value'],
    ['/goods/*/value', ['/goods'], 'withheld; above /goods at /goods/*/value'],
    ['/goods/*/value', ['/goods/3/origin'], 'shown'],
    ['/goods/*', ['/goods/3'], 'in-part; at /goods/3 at /goods/3'],
    ['/*/3', ['/goods'], 'in-part; above /goods at /goods/3'],
    // Escaped segments are themselves, and nothing else.
    ['/a~1b', ['/a~1b'], 'withheld; at /a~1b at /a~1b'],
    ['/a', ['/a~1b'], 'shown'],
    ['/a/b', ['/a~1b'], 'shown'],
    ['/m~0n', ['/m~0n/x'], 'in-part; below /m~0n/x at /m~0n'],
    ['/m~01', ['/m~1'], 'shown'],
  ])('%s with %j withheld: %s', (path, withheld, expected) => {
    expect(judged(path, withheld)).toBe(expected);
  });

  it('names every entry under which it was withheld', () => {
    const both = [item('/goods/0', 'NL-001'), item('/goods/0/value', 'NL-002'), item('/seals', 'NL-003')];
    const { withheld } = judgeField('/goods/0/value', both);
    expect(withheld.map(({ entry, legalBasis, access }) => [entry, legalBasis, access])).toEqual([
      ['NL-001', '第一条', 'none'],
      ['NL-002', '第一条', 'none'],
    ]);
  });

  it.each([
    [['withheld', 'shown', 'withheld'], 'shown'],
    [['withheld', 'in-part'], 'in-part'],
    [['withheld'], 'withheld'],
  ] as const)('of several views %j the most counts: %s', (verdicts, expected) => {
    expect(everShown(verdicts)).toBe(expected);
  });

  it.each([
    ['', true],
    ['/', true],
    ['/goods/*/value', true],
    ['/a~0b/~1', true],
    ['goods', false],
    ['/a~2', false],
    ['/a~', false],
  ])('%j is a path: %s', (path, expected) => {
    expect(isFieldPath(path)).toBe(expected);
  });

  it.each([
    ['/goods/3/value', '/goods/*/value'],
    ['/persons/10', '/persons/*'],
    ['/0/0', '/*/*'],
    ['', ''],
    ['/line01/1a', '/line01/1a'],
  ])('%j has the pattern %j', (pointer, expected) => {
    expect(patternOf(pointer)).toBe(expected);
  });
});

/** What stands at a pointer; undefined where nothing does. */
function at(value: JsonValue | undefined, segments: readonly string[]): JsonValue | undefined {
  return segments.reduce<JsonValue | undefined>((node, segment) => {
    if (Array.isArray(node)) return node[Number(segment)];
    return isJsonObject(node) && Object.hasOwn(node, segment) ? node[segment] : undefined;
  }, value);
}

/** A content without what is withheld, in its own places: an element that is gone leaves its place, unlike in a token. */
function without(value: JsonValue, pointers: ReadonlySet<string>, here = ''): JsonValue | undefined {
  if (pointers.has(here)) return undefined;
  if (Array.isArray(value))
    return value.map((each, index) => without(each, pointers, `${here}/${index}`)) as JsonValue[];
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).map(([name, each]) => [
    name,
    without(each!, pointers, `${here}/${escaped(name)}`),
  ]);
  return Object.fromEntries(kept.filter(([, each]) => each !== undefined)) as JsonValue;
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function pointersIn(value: JsonValue, here: string[] = []): string[][] {
  const below: [string, JsonValue][] = Array.isArray(value)
    ? value.map((each, index): [string, JsonValue] => [String(index), each])
    : isJsonObject(value)
      ? Object.entries(value).map(([name, each]): [string, JsonValue] => [name, each!])
      : [];
  return [here, ...below.flatMap(([name, each]) => pointersIn(each, [...here, name]))];
}
const written = (segments: readonly string[]): string => segments.map((segment) => `/${escaped(segment)}`).join('');

const names = fc.constantFrom('a', 'b', 'a/b', 'm~n', '~1', '0', '');
const { content } = fc.letrec<{ content: JsonValue; leaf: JsonValue }>((tie) => ({
  leaf: fc.constantFrom<JsonValue>(1, 'x', true),
  content: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('content'), { maxLength: 3 }),
    fc.dictionary(names, tie('content'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<JsonValue>,
  ),
}));
/** A content, some of its pointers as withheld, and one as asked for, some of its segments replaced by `*`. */
const cases = content.chain((value) => {
  const pointers = pointersIn(value);
  return fc.record({
    value: fc.constant(value),
    withheld: fc.subarray(pointers.map(written)),
    asked: fc.constantFrom(...pointers),
    any: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  });
});

describe('the judgement is what leaving out the pointers really shows', () => {
  it('of one field', () => {
    fc.assert(
      fc.property(cases, ({ value, withheld, asked }) => {
        const rest = without(value, new Set(withheld));
        const [whole, left] = [at(value, asked), rest === undefined ? undefined : at(rest, asked)];
        const same = JSON.stringify(left) === JSON.stringify(whole);
        const expected = left === undefined ? 'withheld' : same ? 'shown' : 'in-part';
        expect(
          judgeField(
            written(asked),
            withheld.map((each) => item(each)),
          ).verdict,
        ).toBe(expected);
      }),
    );
  });

  it('of many: the places that are named are those that are missing, whole or in part', () => {
    fc.assert(
      fc.property(cases, ({ value, withheld, asked, any }) => {
        const pattern = asked.map((segment, index) => (any[index] ? '*' : escaped(segment)));
        const matching = pointersIn(value).filter(
          (pointer) =>
            pointer.length === pattern.length &&
            pattern.every((segment, index) => segment === '*' || segment === escaped(pointer[index]!)),
        );
        const rest = without(value, new Set(withheld));
        const touched = matching.filter(
          (pointer) => rest === undefined || JSON.stringify(at(rest, pointer)) !== JSON.stringify(at(value, pointer)),
        );
        const path = pattern.map((segment) => `/${segment}`).join('');
        const { verdict, withheld: found } = judgeField(
          path,
          withheld.map((each) => item(each)),
        );
        const covers = (place: string, pointer: string[]): boolean =>
          place
            .split('/')
            .slice(1)
            .every((segment, index) => segment === '*' || segment === escaped(pointer[index]!));
        const named = matching.filter((pointer) => found.some(({ place }) => covers(place, pointer)));
        expect(named.map(written)).toEqual(touched.map(written));
        if (verdict === 'shown') expect(touched).toEqual([]);
        if (verdict === 'withheld') {
          expect(matching.filter((pointer) => rest !== undefined && at(rest, pointer) !== undefined)).toEqual([]);
        }
      }),
    );
  });
});
