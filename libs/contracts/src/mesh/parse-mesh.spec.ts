import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { AGENCIES, PROVINCES, type UnitId } from '../codes/units.ts';
import { consumersOf, placesOf, unitsOf } from './mesh.ts';
import { parseMesh } from './parse-mesh.ts';
import { selects, selectorViolations, type Selector } from './selector.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../mesh.yaml'), 'utf8');
const document = (): Record<string, never> => parse(text) as Record<string, never>;
const all = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency): UnitId => `${code}.${agency}`));

function mesh() {
  const checked = parseMesh(document());
  if (!checked.ok) throw new Error(JSON.stringify(checked.violations));
  return checked.value;
}

describe('mesh.yaml', () => {
  it('is valid: four provinces with three agencies each', () => {
    expect(unitsOf(mesh()).sort()).toEqual([...all].sort());
    expect(consumersOf(mesh())).toEqual(unitsOf(mesh()));
    for (const { code, iso } of mesh().provinces) expect(PROVINCES.find((each) => each.code === code)?.iso).toBe(iso);
  });

  it('lets everyone rely on a customs x-ray while the seal is unbroken (MRA-NE-03)', () => {
    const arrangement = mesh().arrangements.find(({ id }) => id === 'MRA-NE-03');
    expect(arrangement).toMatchObject({ checks: ['x-ray'], conditions: { sealUnbroken: true } });
    for (const unit of all) {
      expect(selects(arrangement?.relying ?? [], unit)).toBe(true);
      expect(selects(arrangement?.issuers ?? [], unit)).toBe(unit.endsWith('.customs'));
    }
  });

  it('has an arrangement for every check that goods can be spared', () => {
    const checks = new Set(mesh().arrangements.flatMap((arrangement) => arrangement.checks));
    for (const check of ['documentary', 'x-ray', 'physical', 'seal', 'weighing', 'quarantine', 'laboratory']) {
      expect(checks).toContain(check);
    }
  });

  it('keeps a batch, a page and a pack within one message', () => {
    const { limits } = mesh();
    expect(limits).toMatchObject({ maxContentBytes: 262_144, maxBatch: 500, packResults: 64 });
    expect(limits.maxPayloadBytes).toBeGreaterThanOrEqual(4 * limits.maxContentBytes);
  });
});

const terms = (changes: object = {}): object => ({
  ...{ answerWithin: 'P14D', remindBefore: 'P3D', longest: 'P366D' },
  ...changes,
});

describe('a mesh that makes no sense is refused, with the place of the mistake', () => {
  const cases: readonly [title: string, pointer: string, value: unknown, expected: string][] = [
    ['a unit twice', '/units/1/id', 'ln.customs', '/units/1/id duplicate'],
    ['a unit of no province of the mesh', '/units/0/id', 'bj.customs', '/units/0/id unknown-reference'],
    ['a unit of no agency', '/units/0/id', 'ln.tax', '/units/0/id contradiction'],
    [
      'a consumer that is an agency',
      '/consumers',
      [{ id: 'jl.customs', name: { zh: '甲', en: 'a' } }],
      '/consumers/0/id contradiction',
    ],
    ['an arrangement twice', '/arrangements/1/id', 'MRA-NE-01', '/arrangements/1/id duplicate'],
    ['a selector that selects nobody', '/arrangements/0/issuers', '*.tax', '/arrangements/0/issuers unknown-reference'],
    ['a malformed selector', '/arrangements/0/relying', ['ln'], '/arrangements/0/relying/0 bad-format'],
    [
      'only and except together',
      '/arrangements/0/relying',
      { only: ['*'], except: ['*'] },
      '/arrangements/0/relying contradiction',
    ],
    ['an unknown check', '/arrangements/0/checks/0', 'smell', '/arrangements/0/checks/0 not-in-list'],
    ['a duration of months', '/arrangements/0/validFor', 'P1M', '/arrangements/0/validFor bad-format'],
    ['a duration of nothing', '/arrangements/0/validFor', 'PT0S', '/arrangements/0/validFor out-of-range'],
    [
      'a term that ends before it begins',
      '/arrangements/0/validUntil',
      '2020-01-01T00:00:00Z',
      '/arrangements/0/validUntil not-later',
    ],
    [
      'an unknown condition',
      '/arrangements/0/conditions/weather',
      'dry',
      '/arrangements/0/conditions/weather unknown-member',
    ],
    [
      'empty commodities',
      '/arrangements/0/conditions/commodities',
      {},
      '/arrangements/0/conditions/commodities too-few',
    ],
    ['a message smaller than a result', '/limits/maxPayloadBytes', 262_144, '/limits/maxPayloadBytes out-of-range'],
    ['a batch beyond the interface', '/limits/maxBatch', 501, '/limits/maxBatch out-of-range'],
    [
      'a place of no province of the mesh',
      '/places',
      [{ code: 'CNTSN', province: 'tj', name: { zh: '天津', en: 'Tianjin' } }],
      '/places/0/province unknown-reference',
    ],
    ['an unknown member', '/secret', 'x', '/secret unknown-member'],
    ['an answer within no time', '/access', terms({ answerWithin: 'PT0S' }), '/access/answerWithin out-of-range'],
    ['grants for no time', '/access', terms({ longest: 'P0D' }), '/access/longest out-of-range'],
    [
      'a reminder before the request',
      '/access',
      terms({ answerWithin: 'P2D', remindBefore: 'PT49H' }),
      '/access/remindBefore exceeds',
    ],
    ['a reminder of months', '/access', terms({ remindBefore: 'P1M' }), '/access/remindBefore bad-format'],
    ['terms without an end', '/access', { answerWithin: 'P14D', remindBefore: 'P3D' }, '/access/longest missing'],
    ['terms with an unknown member', '/access', { ...terms(), fee: 1 }, '/access/fee unknown-member'],
  ];

  it.each(cases)('%s', (_, pointer, value, expected) => {
    const input = document();
    const tokens = pointer.split('/').slice(1);
    const last = tokens.pop() ?? '';
    const parent = tokens.reduce<Record<string, unknown>>(
      (node, token) => node[token] as Record<string, unknown>,
      input,
    );
    parent[last] = value;
    const checked = parseMesh(input);
    expect(checked.ok ? [] : checked.violations.map((found) => `${found.pointer} ${found.code}`)).toContain(expected);
  });

  it('places of its own are those that an issuer may name beside the contract’s', () => {
    const places = [{ code: 'CNZZZ', province: 'ln', name: { zh: '新口岸', en: 'New crossing' } }];
    const checked = parseMesh({ ...document(), places });
    expect(checked.ok && placesOf(checked.value)).toEqual({
      CNZZZ: { province: 'ln', name: { zh: '新口岸', en: 'New crossing' } },
    });
  });

  it('requests for access have the usual terms, or those that it names', () => {
    expect(mesh().access).toEqual(terms());
    const own = terms({ answerWithin: 'P2D', remindBefore: 'P2D', longest: 'P30D' });
    const checked = parseMesh({ ...document(), access: own });
    expect(checked.ok && checked.value.access).toEqual(own);
    expect(parseMesh({ ...document(), access: terms({ remindBefore: 'PT0S' }) }).ok).toBe(true);
  });

  it('conditions may be left out, and then restrict nothing', () => {
    const input = document() as unknown as { arrangements: { conditions?: unknown }[] };
    delete input.arrangements[0]?.conditions;
    const checked = parseMesh(input);
    expect(checked.ok && checked.value.arrangements[0]?.conditions).toEqual({});
  });
});

describe('selectors', () => {
  const cases: readonly [selector: Selector, selected: readonly UnitId[]][] = [
    ['*', all],
    ['*.*', all],
    ['ln.customs', ['ln.customs']],
    ['ln.*', ['ln.customs', 'ln.inspection', 'ln.border']],
    ['*.border', ['ln.border', 'jl.border', 'hl.border', 'nm.border']],
    [
      ['ln.border', 'jl.*'],
      ['ln.border', 'jl.customs', 'jl.inspection', 'jl.border'],
    ],
    [{ only: ['nm.border'] }, ['nm.border']],
    [{ except: ['*.border', '*.inspection', 'ln.*'] }, ['jl.customs', 'hl.customs', 'nm.customs']],
    ['ln', []],
    ['l*.customs', []],
    ['', []],
  ];

  it.each(cases)('%j selects %j', (selector, selected) => {
    expect(all.filter((unit) => selects(selector, unit))).toEqual(all.filter((unit) => selected.includes(unit)));
  });

  it('except is the complement of only', () => {
    const term = fc.constantFrom('*', ...all, 'ln.*', '*.border', 'nm.*', '*.customs');
    fc.assert(
      fc.property(fc.array(term, { minLength: 1 }), fc.constantFrom(...all), (terms, unit) => {
        expect(selects({ except: terms }, unit)).toBe(!selects({ only: terms }, unit));
        expect(selects(terms, unit)).toBe(selects({ only: terms }, unit));
      }),
    );
  });

  it.each([[7], [null], [{}], [[]], [{ only: [] }], [{ some: ['*'] }], ['LN.*'], [{ only: '*' }]])(
    '%j is no selector',
    (value) => {
      expect(selectorViolations(value, '/x')).not.toEqual([]);
    },
  );
});
