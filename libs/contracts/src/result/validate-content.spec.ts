import fc from 'fast-check';
import { RESULT_KINDS } from '../codes/results.ts';
import { exampleContent } from '../examples/examples.ts';
import { changed, found } from './change-example.fixture.ts';
import { validateContent } from './validate-content.ts';

describe('the examples of all nine kinds', () => {
  it.each(RESULT_KINDS)('%s is valid', (kind) => {
    expect(found(exampleContent(kind))).toEqual([]);
  });

  it.each(RESULT_KINDS)('%s is refused with the part of another agency', (kind) => {
    for (const part of ['customs', 'inspection', 'border'].filter((each) => !kind.startsWith(each))) {
      expect(found(changed(kind, [[`/${part}`, {}]]))).toEqual([`/${part} unknown-member`]);
    }
  });

  it.each(RESULT_KINDS)('%s is refused with an unknown member at any depth', (kind) => {
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      if (!Array.isArray(node))
        expect(found(changed(kind, [[`${path}/extra`, 1]]))).toContain(`${path}/extra unknown-member`);
      for (const [key, value] of Object.entries(node)) visit(value, `${path}/${key}`);
    };
    visit(exampleContent(kind), '');
  });
});

describe('the kind decides what the errors are about', () => {
  it('an unknown kind is said, with what is wrong apart from it', () => {
    expect(
      found(
        changed('customs.examination', [
          ['/kind', 'customs.audit'],
          ['/conclusion', 'ok'],
        ]),
      ),
    ).toEqual(['/conclusion not-in-list', '/kind unknown-kind']);
  });

  it.each([
    [{}, '/kind missing'],
    [{ kind: 7 }, '/kind unknown-kind'],
    [{ kind: 'toString' }, '/kind unknown-kind'],
    [{ kind: '__proto__' }, '/kind unknown-kind'],
  ])('%j', (input, expected) => {
    expect(found(input)).toContain(expected);
  });

  it.each([[null], [undefined], [7], ['text'], [[]], [true]])('%j is no content', (input) => {
    expect(found(input)).toEqual([' wrong-type']);
  });
});

describe('hostile input', () => {
  it('a member named __proto__ is unknown, and pollutes nothing', () => {
    const input: unknown = JSON.parse(
      JSON.stringify(exampleContent('customs.examination')).replace('{', '{"__proto__": {"polluted": true},'),
    );
    expect(found(input)).toEqual(['/__proto__ unknown-member']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('deep nesting is refused without being followed', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    expect(found(changed('customs.examination', [['/goods', deep]])).some((line) => line.endsWith('too-deep'))).toBe(
      true,
    );
  });

  it('a cycle is refused', () => {
    const cyclic = exampleContent('customs.examination') as unknown as Record<string, unknown>;
    cyclic['consignor'] = cyclic;
    expect(validateContent(cyclic).ok).toBe(false);
  });

  it('a hole in a list is refused like any other value that is not one', () => {
    const holed = exampleContent('customs.examination') as unknown as { containers: { seals: unknown[] }[] };
    holed.containers[0]!.seals = new Array(2);
    expect(found(holed)).toEqual(expect.arrayContaining(['/containers/0/seals/0 wrong-type']));
  });

  it('never throws and never changes its input, on arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...RESULT_KINDS), (value, kind) => {
        const before = JSON.stringify(value);
        expect(validateContent(value).ok).toBe(false);
        expect(JSON.stringify(value)).toBe(before);
        const merged = typeof value === 'object' && value !== null ? { ...value, kind } : { kind, goods: value };
        expect(validateContent(merged).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws on an example with anything anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RESULT_KINDS), fc.nat(), fc.anything(), (kind, choice, value) => {
        const pointers: string[] = [];
        const visit = (node: unknown, path: string): void => {
          if (path !== '') pointers.push(path);
          if (typeof node === 'object' && node !== null) {
            for (const [key, member] of Object.entries(node)) visit(member, `${path}/${key}`);
          }
        };
        visit(exampleContent(kind), '');
        const pointer = pointers[choice % pointers.length] ?? '/kind';
        const checked = validateContent(changed(kind, [[pointer, value]]));
        if (!checked.ok) for (const { pointer: at } of checked.violations) expect(typeof at).toBe('string');
      }),
      { numRuns: 1000 },
    );
  });
});
