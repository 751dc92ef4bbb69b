import fc from 'fast-check';
import { exampleContent, fieldsOf, RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { checkCondition } from './check-condition.ts';
import { anyCondition, anyContent, CATALOGUE, usualCondition } from './condition.fixture.ts';
import { ANYTHING, domainOf } from './domain.ts';
import { parseCondition } from './parse-condition.ts';
import { planReference } from './reference-evaluator.ts';
import { whyNever } from './satisfiable.ts';

const FACTS = { kind: 'customs.examination', issuer: 'ln.customs', province: 'ln', agency: 'customs' };

/** Conditions that contradict themselves often: a few parts, each also denied, joined. */
const contradictory = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: 2 }).chain((parts) => {
    const literal = fc
      .tuple(fc.constantFrom(...parts), fc.boolean())
      .map(([text, denied]) => (denied ? `!(${text})` : `(${text})`));
    const clause = fc.oneof(
      { weight: 3, arbitrary: literal },
      fc.tuple(literal, literal).map(([a, b]) => `(${a} || ${b})`),
      fc.tuple(literal, literal, literal).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    );
    return fc.array(clause, { minLength: 1, maxLength: 3 }).map((clauses) => clauses.join(' && '));
  });

/** Claims about one field each, so that they meet. */
const ABOUT_ONE = [
  ['content.s == "a"', 'content.s != "a"', 'content.s in ["a", "b"]', 'has(content.s)'],
  [
    'content.s == "b"',
    '"a" == content.s',
    'content.s.startsWith("b")',
    'content.s.contains("a")',
    'content.s.matches("^a")',
  ],
  [
    'content.s < "b"',
    'has(content.s)',
    'double(content.s) > 1.0',
    'double(content.s) <= 1.0',
    'content.s.endsWith("a")',
  ],
  ['content.n > 1', 'content.n < 2.5', 'content.n == 2.5', 'content.n != 2.5', '0 >= content.n', 'content.n <= -1'],
  ['int(content.n) > 1', 'int(content.n) < 2', 'int(content.n) != 1', 'content.n == 1', 'has(content.n)'],
  [
    'size(content.t) > 0',
    'content.t.size() < 1',
    'size(content.t) == 1',
    'has(content.t)',
    'content.t.all(x, x == "a")',
  ],
  ['has(content.o)', 'has(content.o.s)', 'content.o.s == "a"', 'content.o.s != "a"', 'content.o.s in ["a"]'],
  [
    'has(content.l)',
    'content.l.exists(x, x.s == "a")',
    'content.l.exists(x, x.s != "a" && x.s == "a")',
    'size(content.l) < 1',
  ],
  [
    'content.b',
    'has(content.b)',
    'content.t.exists(x, x == "b")',
    'content.l.exists_one(x, has(x.s))',
    'province == "ln"',
  ],
];
const aboutOne = fc.constantFrom(...ABOUT_ONE).chain((claims) => contradictory(fc.constantFrom(...claims)));

/** `null` is a value, but not there for `has(…)`. */
const withNull = fc.tuple(anyContent, fc.subarray(['s', 'o', 'l', 't', 'n'])).map(([content, names]) => ({
  ...content,
  ...Object.fromEntries(names.map((name) => [name, null])),
}));

const cases = fc.tuple(
  fc.oneof({ weight: 4, arbitrary: aboutOne }, contradictory(usualCondition), contradictory(anyCondition)),
  fc.array(fc.oneof({ weight: 3, arbitrary: anyContent }, withNull), { minLength: 10, maxLength: 10 }),
);

function read(when: string, check: (parsed: Extract<ReturnType<typeof parseCondition>, { ok: true }>) => boolean) {
  const parsed = parseCondition(when);
  return parsed.ok && check(parsed) ? parsed : undefined;
}

describe('不可能的条件 what can never be', () => {
  it('凡称不可能的，对任何内容都不成立；凡称恒真的，对任何内容都不为假 is never, whatever the content', () => {
    const said = { never: 0, always: 0, neither: 0 };
    fc.assert(
      fc.property(cases, ([when, contents]) => {
        const parsed = read(
          when,
          ({ parsed, root }) => checkCondition(parsed, root, 'made.up', CATALOGUE).length === 0,
        );
        if (parsed === undefined) return;
        const answer = planReference(parsed.parsed);
        const [never, always] = [true, false].map((to) => whyNever(parsed.root, to, ANYTHING) !== undefined);
        said[never ? 'never' : always ? 'always' : 'neither'] += 1;
        for (const content of contents) {
          const given = answer({ ...FACTS, content });
          if (never) expect(given).not.toBe(true);
          if (always) expect(given).not.toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
    expect(said.never).toBeGreaterThan(300);
    expect(said.always).toBeGreaterThan(20);
    expect(said.neither).toBeGreaterThan(300);
  }, 60_000);

  // Contents that no contract has, but for which a condition has an answer all the same.
  it.each<[string, unknown]>([
    ['!has(content.s) && content.s != "a"', { s: null }],
    ['!has(content.s) && content.s in ["a"] == false', { s: null }],
    ['!has(content.o.s) && !has(content.o)', { o: null }],
    ['has(content.o) && !has(content.o.s)', { o: 'text' }],
    ['content.n != 1 && content.n != 2', { n: '1' }],
    ['content.l.exists(x, x.s == "a") && content.l.exists(x, x.s == "b")', { l: [{ s: 'a' }, { s: 'b' }] }],
    ['content.l.all(x, x.s == "a" && x.s == "b")', { l: [] }],
    ['content.l.exists(x, content.l.exists(y, x.s == "a" && y.s == "b"))', { l: [{ s: 'a' }, { s: 'b' }] }],
  ])('%s 可以成立 may be so', (when, content) => {
    const parsed = read(when, ({ parsed, root }) => checkCondition(parsed, root, 'made.up', CATALOGUE).length === 0);
    expect(parsed && planReference(parsed.parsed)({ ...FACTS, content })).toBe(true);
    expect(parsed && whyNever(parsed.root, true, ANYTHING)).toBeUndefined();
  });

  const kinds: ResultKind[] = [...RESULT_KINDS];
  const claim = fc.constantFrom(
    ...[
      'content.direction == "import"',
      'content.direction == "sideways"',
      'content.direction in ["export", "transit"]',
    ],
    ...[
      'content.transportMode == "2"',
      'has(content.handling)',
      'content.handling == "military"',
      'content.handling == "odd"',
    ],
    ...[
      'has(content.direction)',
      'has(content.checks)',
      'has(content.goods)',
      'agency == "customs"',
      'kind.startsWith("border.")',
    ],
    ...['content.checks.exists(c, c.outcome == "conformant")', 'content.checks.exists(c, c.outcome == "good")'],
    ...['content.checks.exists(c, c.type == "crew" && !has(c.performedAt))', 'content.conclusion == "released"'],
    ...['content.checks.all(c, c.type in ["x-ray", "crew"])', 'size(content.checks) > 0', 'size(content.checks) < 0'],
  );

  it('按契约：对有效的结果亦然 and of valid results, where the contract says what a field can be', () => {
    const said = { never: 0, always: 0 };
    const change = fc.record({
      direction: fc.constantFrom('import', 'export', 'transit'),
      conclusion: fc.constantFrom('released', 'conditional', 'detained'),
      handling: fc.constantFrom(undefined, 'military', 'ordinary'),
      outcome: fc.constantFrom('conformant', 'inconclusive'),
    });
    fc.assert(
      fc.property(
        contradictory(claim),
        fc.constantFrom(...kinds),
        fc.array(change, { minLength: 5, maxLength: 5 }),
        (when, kind, changes) => {
          const parsed = read(
            when,
            ({ parsed, root }) => checkCondition(parsed, root, kind, fieldsOf(kind)).length === 0,
          );
          if (parsed === undefined) return;
          const answer = planReference(parsed.parsed);
          const [never, always] = [true, false].map((to) => whyNever(parsed.root, to, domainOf(kind)) !== undefined);
          if (never) said.never += 1;
          if (always) said.always += 1;
          const agency = kind.split('.')[0] ?? '';
          for (const { outcome, ...members } of changes) {
            const content = JSON.parse(JSON.stringify({ ...exampleContent(kind), ...members })) as {
              checks: { outcome: string }[];
            };
            for (const check of content.checks) check.outcome = outcome;
            const given = answer({ kind, issuer: `ln.${agency}`, province: 'ln', agency, content });
            if (never) expect(given).not.toBe(true);
            if (always) expect(given).not.toBe(false);
          }
        },
      ),
      { numRuns: 700 },
    );
    expect(Math.min(said.never, said.always)).toBeGreaterThan(100);
  }, 60_000);

  it('会爆炸的条件：不懂就不说，不作无尽推演 too many cases are not looked at', () => {
    const many = Array.from({ length: 14 }, (_, n) => `(content.s == "a${n}" || content.d == "b${n}" || content.b)`);
    const parsed = read(many.join(' && '), () => true);
    expect(parsed && whyNever(parsed.root, true, ANYTHING)).toBeUndefined();
    const never = read(`content.s == "a" && content.s == "b" && ${many.slice(0, 3).join(' && ')}`, () => true);
    expect(never && whyNever(never.root, true, ANYTHING)).toBeDefined();
  });
});
