import fc from 'fast-check';
import { indexByNeeds } from '../compile/entry-index.ts';
import { checkCondition } from './check-condition.ts';
import { compileCondition } from './compile-condition.ts';
import { anyCondition, anyContent, CATALOGUE, usualCondition } from './condition.fixture.ts';
import { neededValues } from './needed-values.ts';
import { parseCondition } from './parse-condition.ts';
import { planReference } from './reference-evaluator.ts';
import { planCondition } from './run-condition.ts';

const FACTS = { kind: 'customs.examination', issuer: 'ln.customs', province: 'ln', agency: 'customs' };

/** The two ways of running a condition, and whether the index would try it; undefined if a list may not have it. */
function waysOf(when: string) {
  const parsed = parseCondition(when);
  if (!parsed.ok || checkCondition(parsed.parsed, parsed.root, 'made.up', CATALOGUE).length > 0) return undefined;
  const reference = planReference(parsed.parsed);
  const compiled = compileCondition(parsed.root);
  const candidatesIn = indexByNeeds([{ index: 0, needs: neededValues(parsed.root) }]);
  return {
    compiled: compiled && ((content: unknown) => compiled({ ...FACTS, content })),
    reference: (content: unknown) => reference({ ...FACTS, content }),
    mayHit: (content: unknown) => candidatesIn(content).length > 0,
  };
}

const cases = fc.tuple(fc.oneof(anyCondition, usualCondition), fc.array(anyContent, { minLength: 4, maxLength: 4 }));

describe('a compiled condition answers as the CEL library does', () => {
  it('whatever the condition and the content', () => {
    fc.assert(
      fc.property(cases, ([when, contents]) => {
        const ways = waysOf(when);
        fc.pre(ways !== undefined);
        expect(ways.compiled).toBeDefined();
        for (const content of contents) expect(ways.compiled?.(content)).toBe(ways.reference(content));
      }),
      { numRuns: 1500 },
    );
  }, 120_000);

  it('with true, false and undecidable each in good part of what is tried, so that the comparison says something', () => {
    const counts = { true: 0, false: 0, undefined: 0, refused: 0 };
    for (const [when, contents] of fc.sample(cases, 400)) {
      const ways = waysOf(when);
      if (ways === undefined) counts.refused += 1;
      else for (const content of contents) counts[`${ways.reference(content)}`] += 1;
    }
    expect(counts.refused).toBeLessThan(40);
    expect(Math.min(counts.true, counts.false, counts.undefined)).toBeGreaterThan(50);
  });

  const item = { s: 'a', n: 1, t: ['a'] };
  it.each<[string, unknown, boolean | undefined]>([
    // What is false on one side settles `&&`, whatever the other is; true settles `||`.
    ['content.s == "a" && content.b', { b: false }, false],
    ['content.b && content.s == "a"', { b: true }, undefined],
    ['content.s == "a" || content.b', { b: true }, true],
    ['content.b || content.s == "a"', { b: 'yes', s: 'a' }, true],
    ['content.b || content.s == "a"', { b: 'yes', s: 'b' }, undefined],
    ['content.l.exists(x, x.s == "a")', { l: [{}, item] }, true],
    ['content.l.exists(x, x.s == "b")', { l: [{}, item] }, undefined],
    ['content.l.all(x, x.s == "b")', { l: [{}, item] }, false],
    ['content.l.all(x, x.s == "a")', { l: [{}, item] }, undefined],
    ['content.l.exists_one(x, x.s == "a")', { l: [{}, item] }, undefined],
    ['content.l.exists(x, x.s == "a")', { l: [] }, false],
    // `null` is a value, but not there for `has(…)`.
    ['has(content.s)', { s: null }, false],
    ['content.s == "a"', { s: null }, false],
    ['has(content.o.s)', { o: 'text' }, false],
    ['has(content.o.s)', {}, undefined],
    ['content.o.s == "a"', { o: ['a'] }, undefined],
    // Names that objects inherit are members only where the content has them.
    ['has(content.constructor)', {}, false],
    ['has(content.o.toString)', { o: {} }, false],
    ['content.__proto__.s == "a"', JSON.parse('{"__proto__":{"s":"a"}}'), true],
    ['content.__proto__.s == "a"', { s: 'a' }, undefined],
    // A map in the place of a list is looped over by its keys.
    ['content.t.exists(x, x == "s")', { t: { s: 1 } }, true],
    ['"s" in content.t', { t: { s: 1 } }, true],
    ['"s" in content.t', { t: { s: null } }, false],
    ['content.l.exists(x, x.s == "a")', { l: { a: item } }, undefined],
    ['size(content.t) == 1', { t: { s: 1 } }, true],
    // Numbers: those of a content are doubles, and equal an int of the same value.
    ['content.n == 1', { n: 1 }, true],
    ['content.n in [1, 2]', { n: 2 }, true],
    ['content.n < 2', { n: '1' }, undefined],
    ['content.n / 0.0 > 1.0', { n: 1 }, true],
    ['int(content.n) / 0 == 1', { n: 1 }, undefined],
    ['int(content.n) == 1', { n: 1.9 }, true],
    ['int(content.n) > 0', { n: 1e19 }, undefined],
    ['9223372036854775807 + int(content.n) > 0', { n: 1 }, undefined],
    ['-(int(content.n)) % 3 == -1', { n: 7 }, true],
    // Texts that are read as numbers: double(…) takes decimals only, int(…) what the library takes.
    ['double(content.s) > 1.0', { s: '0x10' }, undefined],
    ['double(content.s) > 1.0', { s: '' }, undefined],
    ['int(content.s) == 16', { s: '0x10' }, true],
    ['int(content.s) == 0', { s: '' }, true],
    ['int(content.s) == 0', { s: '1.5' }, undefined],
    ['string(content.n) == "1"', { n: 1 }, true],
    ['string(content.s) == "true"', { s: true }, true],
    // A text is as long as it has code points, and is ordered by UTF-16 units.
    ['size(content.s) == 2', { s: '冻😀' }, true],
    ['content.s < "\uffff"', { s: '😀' }, true],
    ['content.s.matches("^(a|b)$")', { s: 'b' }, true],
    ['content.s.matches("^a")', { s: ['a'] }, undefined],
    ['content.t[1] == "b"', { t: ['a', 'b'] }, true],
    ['content.t[2] == "b"', { t: ['a', 'b'] }, undefined],
    ['content.t[-1] == "b"', { t: ['a', 'b'] }, undefined],
    ['content.t[0] == "b"', { t: 'b' }, undefined],
    ['content.t + ["c"] == ["a", "c"]', { t: ['a'] }, true],
    ['content.l.map(x, x.n > 0.5, x.s) == ["a"]', { l: [{ n: 0 }, item] }, true],
    ['content.l.map(x, x.s).size() == 2', { l: [{ n: 0 }, item] }, undefined],
    ['content.l.filter(x, has(x.s)).size() == 1', { l: [{ n: 0 }, item] }, true],
    ['(content.b ? content.s : content.d) == "a"', { b: 1, s: 'a', d: 'a' }, undefined],
    ['content.l.exists(x, x.t.exists(x, x == "a"))', { l: [item] }, true],
    ['content.s == content.d', { s: { a: [1] }, d: { a: [1] } }, true],
  ])('%s of %j: %s', (when, content, answer) => {
    const ways = waysOf(when);
    expect(ways?.reference(content)).toBe(answer);
    expect(ways?.compiled?.(content)).toBe(answer);
    if (answer !== false) expect(ways?.mayHit(content)).toBe(true);
  });

  it('or is left to it as a whole: times', () => {
    const ways = waysOf('timestamp(content.s) < timestamp("2026-11-22T00:00:00Z")');
    expect(ways).toBeDefined();
    expect(ways?.compiled).toBeUndefined();
  });

  it.each([undefined, null, 'text', 7, []])('and is left to it for a content that is none: %s', (content) => {
    for (const when of ['has(content.s)', 'content.s == "a"', 'province == "ln"', 'content.s == "a" || true']) {
      const parsed = parseCondition(when);
      if (!parsed.ok) throw new Error(when);
      const facts = { ...FACTS, content };
      expect(planCondition(parsed.parsed)(facts)).toBe(planReference(parsed.parsed)(facts));
    }
  });
});

describe('the index leaves a condition out', () => {
  it('only where it is plainly false', () => {
    fc.assert(
      fc.property(cases, ([when, contents]) => {
        const ways = waysOf(when);
        fc.pre(ways !== undefined);
        for (const content of contents) if (!ways.mayHit(content)) expect(ways.reference(content)).toBe(false);
      }),
      { numRuns: 1500 },
    );
  }, 120_000);

  it('in most of the cases in which a usual one is false', () => {
    let [out, no] = [0, 0];
    for (const [when, content] of fc.sample(fc.tuple(usualCondition, anyContent), 1000)) {
      const ways = waysOf(when);
      if (ways?.reference(content) !== false) continue;
      no += 1;
      if (!ways.mayHit(content)) out += 1;
    }
    expect(no).toBeGreaterThan(100);
    expect(out / no).toBeGreaterThan(0.6);
  });

  const guarded = 'has(content.o) && has(content.o.s) && content.o.s == "a"';
  const search = 'has(content.l) && content.l.exists(x, has(x.s) && x.s in ["a", "b"])';
  it.each<[string, unknown, boolean]>([
    [guarded, {}, false],
    [guarded, { o: {} }, false],
    [guarded, { o: null }, false],
    [guarded, { o: { s: 'b' } }, false],
    [guarded, { o: { s: 'a' } }, true],
    ['content.o.s == "a"', {}, true],
    ['content.o.s == "a"', { o: { s: 'b' } }, false],
    ['has(content.o.s) && content.o.s == "a"', {}, true],
    [search, {}, false],
    [search, { l: [] }, false],
    [search, { l: [{ s: 'c' }, {}] }, false],
    [search, { l: [{ s: 'c' }, { s: 'b' }] }, true],
    [search, { l: { s: 'c' } }, true],
    ['content.l.exists(x, x.s == "a")', { l: [{ s: 'c' }, {}] }, true],
    ['content.l.exists(x, content.s == "a")', { s: 'b' }, true],
    ['content.s == "a" || content.d == "b"', { s: 'b', d: 'a' }, false],
    ['content.s == "a" || content.d == "b"', { s: 'b', d: 'b' }, true],
    ['content.s == "a" || content.b', { s: 'b', b: false }, true],
    ['content.s == "a" && content.b', { s: 'b', b: 'yes' }, false],
    ['"a" in content.t', { t: ['b'] }, false],
    ['"a" in content.t', { t: { a: 1 } }, true],
    ['content.s != "a"', { s: 'a' }, true],
  ])('%s of %j: tried %s', (when, content, tried) => {
    expect(waysOf(when)?.mayHit(content)).toBe(tried);
  });
});
