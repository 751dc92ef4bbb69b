import fc from 'fast-check';
import type { Catalogue } from './types.ts';

/** A kind of result made up for conditions: every type of field, lists in lists, and names that objects inherit. */
export const CATALOGUE: Catalogue = new Map([
  ['', 'object'],
  ['/s', 'string'],
  ['/d', 'string'],
  ['/n', 'number'],
  ['/b', 'boolean'],
  ['/constructor', 'string'],
  ['/__proto__', 'object'],
  ['/__proto__/s', 'string'],
  ['/o', 'object'],
  ['/o/s', 'string'],
  ['/o/toString', 'string'],
  ['/o/p', 'object'],
  ['/o/p/s', 'string'],
  ['/t', 'array'],
  ['/t/*', 'string'],
  ['/l', 'array'],
  ['/l/*', 'object'],
  ['/l/*/s', 'string'],
  ['/l/*/n', 'number'],
  ['/l/*/o', 'object'],
  ['/l/*/o/s', 'string'],
  ['/l/*/t', 'array'],
  ['/l/*/t/*', 'string'],
  ['/l/*/m', 'array'],
  ['/l/*/m/*', 'object'],
  ['/l/*/m/*/s', 'string'],
]);

type Text = fc.Arbitrary<string>;

/** What is in scope: expressions that stand for objects of the catalogue, by its paths, and texts. */
interface Scope {
  objects: readonly [expression: string, path: string][];
  texts: readonly string[];
  loops: number;
}

const OUTSIDE: Scope = { objects: [['content', '']], texts: ['kind', 'province'], loops: 0 };
const LITERALS = ['"a"', '"b"', '""', '"1"', '"2.5"', '"s"', '"冻😀"', '"ln"'];

/** Conditions that may be checked and parsed, of at most so many operators inside one another. */
export const anyCondition: Text = bool(OUTSIDE, 3);

/** Conditions as lists are written: guards, equalities and searches in lists, joined by `&&` and `||`. */
export const usualCondition: Text = fc.oneof(
  usual(OUTSIDE),
  fc.array(usual(OUTSIDE), { minLength: 2, maxLength: 4 }).map((parts) => parts.join(' && ')),
  fc
    .array(usual(OUTSIDE), { minLength: 2, maxLength: 3 })
    .map((parts) => parts.map((part) => `(${part})`).join(' || ')),
);

function membersOf(scope: Scope, type: string): string[] {
  return scope.objects.flatMap(([expression, path]) =>
    [...CATALOGUE]
      .filter(([field, of]) => of === type && field.startsWith(`${path}/`) && !field.slice(path.length).includes('*'))
      .map(([field]) => expression + field.slice(path.length).replaceAll('/', '.')),
  );
}

function pick(options: readonly string[]): Text {
  return fc.constantFrom(...options);
}

function text(scope: Scope, depth: number): Text {
  const leaves = [pick([...LITERALS, ...scope.texts]), pick([...membersOf(scope, 'string'), ...scope.texts])];
  if (depth === 0) return fc.oneof(...leaves);
  const of = text(scope, depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...leaves) },
    fc.tuple(of, of).map(([a, b]) => `(${a} + ${b})`),
    fc.tuple(bool(scope, depth - 1), of, of).map(([c, a, b]) => `(${c} ? ${a} : ${b})`),
    number(scope, depth - 1).map((a) => `string(${a})`),
    fc.constant('content.t[0]'),
    fc.constant('content["o"]["s"]'),
    list(scope, depth - 1).map((of) => `${of}[1]`),
  );
}

function number(scope: Scope, depth: number): Text {
  const members = membersOf(scope, 'number');
  const leaves = [
    pick(['1', '0', '-1', '2', '9223372036854775807', '1.0', '2.5', '0.0']),
    ...(members.length > 0 ? [pick(members)] : []),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const of = number(scope, depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...leaves) },
    fc.tuple(of, pick(['+', '-', '*', '/', '%']), of).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    of.map((a) => `-(${a})`),
    fc.oneof(of, text(scope, depth - 1)).map((a) => `double(${a})`),
    fc.oneof(of, text(scope, depth - 1)).map((a) => `int(${a})`),
    fc.oneof(text(scope, depth - 1), list(scope, depth - 1)).map((a) => `size(${a})`),
    fc.oneof(text(scope, depth - 1), list(scope, depth - 1)).map((a) => `${a}.size()`),
  );
}

/** Lists of texts. */
function list(scope: Scope, depth: number): Text {
  const written = fc.array(text(scope, 0), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
  const leaves = [pick(['content.t']), written];
  if (depth === 0) return fc.oneof(...leaves);
  const of = list(scope, depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...leaves) },
    fc.tuple(of, of).map(([a, b]) => `(${a} + ${b})`),
    ...(scope.loops < 2
      ? [
          over(scope, depth, 'filter', 'content.t', ''),
          over(scope, depth, 'map', 'content.l', '/l/*', (within) => text(within, depth - 1)),
          fc
            .tuple(bool(enter(scope, 'z', '/l/*'), depth - 1), text(enter(scope, 'z', '/l/*'), depth - 1))
            .map(([test, item]) => `content.l.map(z, ${test}, ${item})`),
        ]
      : []),
  );
}

function enter(scope: Scope, name: string, path: string): Scope {
  return path === ''
    ? { ...scope, texts: [...scope.texts, name], loops: scope.loops + 1 }
    : { ...scope, objects: [...scope.objects, [name, path]], loops: scope.loops + 1 };
}

/** A loop over a list of objects at a path of the catalogue, or of texts (''). */
function over(
  scope: Scope,
  depth: number,
  macro: string,
  range: string,
  path: string,
  part: (within: Scope) => Text = (within) => bool(within, depth - 1),
): Text {
  // A name that is bound already is bound anew: what it named before is out of reach.
  const name = scope.loops === 0 ? 'x' : 'y';
  return part(enter(scope, name, path)).map((inner) => `${range}.${macro}(${name}, ${inner})`);
}

function bool(scope: Scope, depth: number): Text {
  const members = membersOf(scope, 'boolean');
  const present = [...membersOf(scope, 'string'), ...membersOf(scope, 'array'), ...membersOf(scope, 'object')];
  const leaves = [
    pick(present.map((path) => `has(${path})`)),
    pick([...members, 'true', 'false', 'content.b']),
    fc.tuple(text(scope, 0), pick(['==', '!=', '<', '>=']), text(scope, 0)).map((parts) => parts.join(' ')),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const of = bool(scope, depth - 1);
  const loops = scope.objects.flatMap(([expression, path]): [string, string][] =>
    path === ''
      ? [['content.l', '/l/*'], ['content.t', '']] // prettier-ignore
      : path === '/l/*'
        ? [[`${expression}.t`, ''], [`${expression}.m`, '/l/*/m/*']] // prettier-ignore
        : [],
  );
  const comparison = pick(['==', '!=', '<', '<=', '>', '>=']);
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...leaves) },
    fc.tuple(of, pick(['&&', '||']), of).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    of.map((a) => `!(${a})`),
    fc.tuple(of, of, of).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(text(scope, depth - 1), comparison, text(scope, depth - 1)).map((parts) => parts.join(' ')),
    fc.tuple(number(scope, depth - 1), comparison, number(scope, depth - 1)).map((parts) => parts.join(' ')),
    fc.tuple(list(scope, depth - 1), pick(['==', '!=']), list(scope, depth - 1)).map((parts) => parts.join(' ')),
    fc.tuple(text(scope, depth - 1), list(scope, depth - 1)).map((parts) => parts.join(' in ')),
    fc
      .tuple(text(scope, 0), pick(['contains', 'startsWith', 'endsWith']), text(scope, 0))
      .map(([a, method, b]) => `${a}.${method}(${b})`),
    fc.tuple(text(scope, 0), pick(['"^a"', '"[0-9]+"'])).map(([a, pattern]) => `${a}.matches(${pattern})`),
    ...(scope.loops < 2
      ? loops.flatMap(([range, path]) =>
          ['exists', 'all', 'exists_one'].map((macro) => over(scope, depth, macro, range, path)),
        )
      : []),
  );
}

function usual(scope: Scope): Text {
  const paths = membersOf(scope, 'string').filter((path) => !path.includes('constructor'));
  const guarded = (path: string, test: string): string => {
    const steps = path.split('.');
    return [...steps.slice(1).map((_, at) => `has(${steps.slice(0, at + 2).join('.')})`), test].join(' && ');
  };
  const equal = fc
    .tuple(pick(paths), pick(LITERALS), pick(LITERALS), fc.nat(3))
    .map(([path, a, b, form]) => [`${path} == ${a}`, `${a} == ${path}`, `${path} in [${a}, ${b}]`, guarded(path, `${path} == ${a}`)][form]!); // prettier-ignore
  const within = (path: string): Text => usual(enter({ ...scope, objects: [] }, scope.loops === 0 ? 'x' : 'y', path));
  const lists: [string, string, string][] = [['content', 'l', '/l/*'], ['x', 'm', '/l/*/m/*']]; // prettier-ignore
  const [owner, name, path] = lists[scope.loops] ?? [];
  const search =
    owner === undefined || name === undefined || path === undefined
      ? []
      : [
          fc.tuple(within(path), fc.boolean(), pick(['exists', 'exists_one'])).map(([test, guard, macro]) => {
            const range = `${owner}.${name}`;
            const loop = `${range}.${macro}(${scope.loops === 0 ? 'x' : 'y'}, ${test})`;
            return guard ? `has(${range}) && ${loop}` : loop;
          }),
          fc
            .tuple(pick(LITERALS), fc.boolean())
            .map(([a, guard]) => (guard ? `has(${owner}.t) && ${a} in ${owner}.t` : `${a} in ${owner}.t`)),
        ];
  return fc.oneof(equal, ...search);
}

const someText = fc.constantFrom('a', 'b', '', '1', '2.5', 's', '冻😀', '0x10', ' 7 ');
const odd: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  ...[null, 'a', 1, true, [], {}, { s: 'a' }, ['a'], [{ s: 'a' }], { a: 1, s: null }],
);
const mostly = (usually: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 7, arbitrary: usually }, { weight: 1, arbitrary: odd });
const someOf = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc
    .record(Object.fromEntries(Object.entries(model).map(([name, value]) => [name, mostly(value)])), {
      requiredKeys: [],
      noNullPrototype: true,
    })
    .chain((members) =>
      // As JSON.parse makes it: a member of the object itself.
      fc.constantFrom('', '"__proto__":{"s":"a"}', '"__proto__":"b"').map((more) => {
        const written = JSON.stringify(members);
        const joined = more === '' || written === '{}' ? written : `${written.slice(0, -1)},${more}}`;
        return JSON.parse(joined) as object;
      }),
    );

const texts = fc.array(someText, { maxLength: 3 });
const someObject = someOf({ s: someText, toString: someText, p: someOf({ s: someText }) });

/** Contents of that kind: whole, with members missing, null, of another type, or with names that objects inherit. */
export const anyContent: fc.Arbitrary<object> = someOf({
  s: someText,
  d: someText,
  n: fc.constantFrom(0, 1, 2, 2.5, -1, 1e19),
  b: fc.boolean(),
  constructor: someText,
  o: someObject,
  t: texts,
  l: fc.array(
    mostly(
      someOf({
        s: someText,
        n: fc.constantFrom(0, 1, 2.5),
        o: someObject,
        t: texts,
        m: fc.array(mostly(someOf({ s: someText })), { maxLength: 3 }),
      }),
    ),
    { maxLength: 3 },
  ),
});
