import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseMesh, unitsOf } from '@clearance/contracts';
import { lintNegativeList, parseNegativeList } from '@clearance/negative-list';
import { parse } from 'yaml';
import { ENOUGH, MISSPELT, NEW_ENTRY, TOO_MUCH, versionOf, withOneMoreEntry } from './new-list.ts';

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), 'utf8');

describe("the day's second list", () => {
  const now = Date.UTC(2026, 10, 21, 4);
  const first = read('negative-list.yaml');
  const second = withOneMoreEntry(first, now, ENOUGH);

  it.each([
    ['misspelt', MISSPELT, ['unknown-path']],
    ['withholding too much', TOO_MUCH, []],
    ['as it is meant', ENOUGH, []],
  ])('is judged by lint: %s', (_, withholding, errors) => {
    const mesh = parseMesh(parse(read('mesh.yaml')));
    if (!mesh.ok) throw new Error('mesh.yaml');
    const { document } = withOneMoreEntry(first, now, withholding);
    const findings = lintNegativeList(document, { units: unitsOf(mesh.value), at: now });
    expect(findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(errors);
  });

  it('has every entry of the first and one more, under a version of its own', () => {
    const lists = [first, second.document].map((text) => parseNegativeList(text));
    const [before, after] = lists.map((list) => (list.ok ? list.list : undefined));
    expect(after?.entries.map(({ id }) => id)).toEqual([...(before?.entries.map(({ id }) => id) ?? []), NEW_ENTRY]);
    expect(after?.version).toBe(second.version);
    expect(second.version).not.toBe(versionOf(first));
    expect(Date.parse(after?.effectiveFrom ?? '')).toBe(now);
  });
});
