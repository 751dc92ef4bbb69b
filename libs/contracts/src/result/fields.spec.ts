import { Ajv2020 } from 'ajv/dist/2020.js';
import { RESULT_KINDS } from '../codes/results.ts';
import { exampleContent } from '../examples/examples.ts';
import { formats } from '../problem/formats.ts';
import { fieldsOf, schemaOf } from './fields.ts';

/** Paths of everything in a value, elements of arrays as `*`. */
function paths(node: unknown, path = ''): string[] {
  if (Array.isArray(node)) return [path, ...node.flatMap((element) => paths(element, `${path}/*`))];
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([name, member]) => paths(member, `${path}/${name}`))];
}

describe('fields of a kind', () => {
  it.each([
    ['customs.examination', '', 'object'],
    ['customs.examination', '/goods', 'array'],
    ['customs.examination', '/goods/*', 'object'],
    ['customs.examination', '/goods/*/commodityCode', 'string'],
    ['customs.examination', '/goods/*/item', 'integer'],
    ['customs.examination', '/goods/*/value/amount', 'string'],
    ['customs.examination', '/checks/*/covers/items/*', 'integer'],
    ['customs.examination', '/customs/riskLevel', 'string'],
    ['customs.examination', '/customs/controlInstruction', 'string'],
    ['customs.examination', '/customs/findings', 'array'],
    ['customs.examination', '/handling', 'string'],
    ['customs.scan', '/customs/scans/*/anomalies/*/region/x', 'integer'],
    ['inspection.laboratory', '/inspection/analyses/*/method', 'string'],
    ['border.crew', '/border/persons/*/documentNumber', 'string'],
    ['border.crew', '/border/persons/*/birthDate', 'string'],
    ['border.crew', '/border/persons/*/biometrics/reference', 'string'],
    ['border.crew', '/border/persons/*/healthDeclaration/symptoms/*', 'string'],
    ['border.conveyance', '/border/suspicious', 'boolean'],
  ] as const)('%s has %s, of type %s', (kind, path, type) => {
    expect(fieldsOf(kind).get(path)).toBe(type);
  });

  it.each([
    ['customs.examination', '/border'],
    ['customs.examination', '/customs/scans'],
    ['border.crew', '/customs/riskLevel'],
    ['inspection.quarantine', '/goods/0'],
    ['inspection.quarantine', '/goods/*/price'],
  ] as const)('%s has no %s', (kind, path) => {
    expect(fieldsOf(kind).has(path)).toBe(false);
  });

  it.each(RESULT_KINDS)('%s: every field of the example is in the catalogue', (kind) => {
    for (const path of paths(exampleContent(kind))) expect(fieldsOf(kind).has(path)).toBe(true);
  });

  it('a member has one type in all kinds, so that one path means one thing', () => {
    const types = new Map<string, string>();
    for (const kind of RESULT_KINDS) {
      for (const [path, type] of fieldsOf(kind)) {
        expect(`${path} ${types.get(path) ?? type}`).toBe(`${path} ${type}`);
        types.set(path, type);
      }
    }
  });
});

describe('JSON Schema of a kind', () => {
  it.each(RESULT_KINDS)('%s stands alone, closed and bounded at every node', (kind) => {
    const visit = (node: Record<string, unknown>, path: string): void => {
      if (node['type'] === 'object') expect(`${path} ${String(node['additionalProperties'])}`).toBe(`${path} false`);
      if (node['type'] === 'array') expect(`${path} ${typeof node['maxItems']}`).toBe(`${path} number`);
      if (node['type'] === 'string') {
        expect([path, 'maxLength' in node || 'const' in node || /\$$/.test(String(node['pattern']))]).toEqual([
          path,
          true,
        ]);
      }
      for (const [name, member] of Object.entries(
        (node['properties'] ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        visit(member, `${path}/${name}`);
      }
      if (node['items'] !== undefined) visit(node['items'] as Record<string, unknown>, `${path}/*`);
    };
    visit(schemaOf(kind), '');
  });

  it.each(RESULT_KINDS)('%s: a validator that knows no format of ours agrees on the example', (kind) => {
    const unknowing = new Ajv2020({
      strict: true,
      formats: Object.fromEntries(Object.keys(formats).map((name) => [name, true])),
    });
    expect(unknowing.compile(schemaOf(kind))(exampleContent(kind))).toBe(true);
  });
});
