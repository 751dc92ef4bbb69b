import { parse } from 'yaml';
import { parseMesh, parseUnitId, unitsOf } from '@clearance/contracts';
import { meshOfUnits, MOST_UNITS } from './mesh-of-units.ts';

it.each([3, 4, 8, 12, 24, MOST_UNITS])(
  'makes a valid mesh of %i units, ln.customs and all agencies among them',
  async (count) => {
    const checked = parseMesh(parse(await meshOfUnits(count)));
    const units = checked.ok ? unitsOf(checked.value) : checked.violations;
    expect(units).toHaveLength(count);
    expect(units[0]).toBe('ln.customs');
    expect(
      new Set(unitsOf((checked as Extract<typeof checked, { ok: true }>).value).map((id) => parseUnitId(id).agency))
        .size,
    ).toBe(3);
  },
);

it.each([2, MOST_UNITS + 1])('knows no mesh of %i units', async (count) => {
  await expect(meshOfUnits(count)).rejects.toThrow(RangeError);
});
