import fc from 'fast-check';
import { isWithin, liesIn, meet, withoutPlaces } from './path-relation.ts';

describe('路径之间 how paths stand to each other', () => {
  const documents = '/border/persons/*/documentNumber';
  it.each<[inner: string, outer: string, liesIn: boolean, meet: boolean]>([
    [documents, documents, true, true],
    [documents, '/border/persons', true, true],
    ['/border/persons', documents, false, true],
    ['/border/persons/3/documentNumber', documents, true, true],
    [documents, '/border/persons/3/documentNumber', false, true],
    ['/border/persons/3/name', documents, false, false],
    ['/border/persons/3', '/border/persons/4', false, false],
    ['/border/persons/10', '/border/persons/1', false, false],
    ['/border/personsOnBoard', '/border/persons', false, false],
    ['/consignee', '', true, true],
    ['', '/consignee', false, true],
    ['', '', true, true],
    // `*` stands for an element and for no member, and a place has no leading zero.
    ['/border/persons', '/border/*', false, false],
    ['/border/persons/01', '/border/persons/*', false, false],
    ['/a~1b/c', '/a~1b', true, true],
  ])('%s / %s', (inner, outer, lies, meets) => {
    expect([liesIn(inner, outer), meet(inner, outer), meet(outer, inner)]).toEqual([lies, meets, meets]);
  });

  it.each([
    ['/border/persons/0/name', '/border/persons/*/name'],
    ['/goods/12', '/goods/*'],
    ['/goods/*/value', '/goods/*/value'],
    ['/goods/012', '/goods/012'],
    ['', ''],
  ])('不写位置 without places: %s', (path, general) => {
    expect(withoutPlaces(path)).toBe(general);
  });

  it.each<[string, string[], boolean]>([
    ['/a/b', ['/a/b'], true],
    ['/a/b', ['/a'], true],
    ['/a/b', [''], true],
    ['/ab', ['/a'], false],
    ['/a', ['/a/b'], false],
    ['', [], false],
  ])('%s 在 %j 之内 is within', (pointer, nodes, expected) => {
    expect(isWithin(pointer, new Set(nodes))).toBe(expected);
  });
});

/*
 * The model: all nodes that there can be in contents of two members and four places, three deep. A path names those nodes
 * that it reads like; whatever is asked about paths is asked of the nodes, one by one.
 */
const SEGMENTS = ['a', 'b', '0', '1', '2', '3'];
const nodes = [1, 2, 3].reduce(
  (found, depth) => [
    ...found,
    ...found.filter((node) => node.length === depth - 1).flatMap((node) => SEGMENTS.map((name) => [...node, name])),
  ],
  [[]] as string[][],
);
const reads = (step: string, name: string): boolean => (step === '*' ? /[0-9]/.test(name) : step === name);
const named = (path: readonly string[]): string[][] =>
  nodes.filter((node) => node.length === path.length && node.every((name, at) => reads(path[at] as string, name)));
const holds = (above: readonly string[], below: readonly string[]): boolean =>
  above.every((name, at) => name === below[at]);

const pathArb = fc.array(fc.constantFrom('a', 'b', '0', '1', '*'), { maxLength: 3 });
const written = (path: readonly string[]): string => path.map((step) => `/${step}`).join('');

it('与逐节点比对一致 as the nodes themselves stand', () => {
  fc.assert(
    fc.property(pathArb, pathArb, (one, other) => {
      const [these, those] = [named(one), named(other)];
      expect(liesIn(written(one), written(other))).toBe(
        these.every((node) => those.some((above) => holds(above, node))),
      );
      expect(meet(written(one), written(other))).toBe(
        these.some((node) => those.some((another) => holds(node, another) || holds(another, node))),
      );
    }),
    { numRuns: 2_000 },
  );
});
