import type { Step, Timeline } from './timeline.ts';
import { unitsSeeing, visibilityOf } from './visibility.ts';

const RESULT = '019aa5a1-7c5b-7000-8000-000000000001';
const result = (version: number): Timeline['results'][number] => ({
  ...{ resultId: RESULT, version, issuer: 'ln.border', kind: 'border.crew', location: 'CNDLC', conclusion: 'released' },
  ...{ status: version === 1 ? 'issued' : 'amended', issuedAt: '2026-11-21T03:00:00Z' },
  ...{ settledAt: null, traceId: null },
});
const step = (name: Step['step'], unit: string, version: number, more: Partial<Step> = {}): Step => ({
  ...{ step: name, at: '2026-11-21T03:00:01Z', unit, resultId: RESULT, version, ...more },
});
const decided = (version: number, consumers: string[], withheldFrom: string[], listVersion = '2026.11-1'): Step =>
  step('decided', 'ln.border', version, { consumers, withheldFrom, listVersion });

describe('what each unit may see', () => {
  it('is by the newest version of a result, and by its last decision', () => {
    const [row] = visibilityOf({
      results: [result(1), result(2)],
      steps: [
        decided(1, ['hl.border'], []),
        decided(2, ['hl.border', 'hl.customs', 'jl.customs'], ['hl.customs', 'jl.customs']),
        step('received', 'hl.border', 2),
        step('received', 'hl.customs', 2),
        decided(2, ['jl.customs'], [], '2026.12-1'),
      ],
    });
    expect(row?.result.version).toBe(2);
    expect(row?.listVersion).toBe('2026.12-1');
    expect(Object.fromEntries(row!.sights)).toEqual({
      'hl.border': { sight: 'whole', confirmed: true },
      'hl.customs': { sight: 'in-part', confirmed: true },
      'jl.customs': { sight: 'whole', confirmed: false },
      'ln.border': { sight: 'issuer', confirmed: true },
    });
  });

  it('has nothing of a result that is not decided yet, but for its issuer', () => {
    const [row] = visibilityOf({ results: [result(1)], steps: [] });
    expect([...row!.sights.keys()]).toEqual(['ln.border']);
  });

  it('names the region’s units in their order, and then whoever else was given something', () => {
    const units = unitsSeeing({ steps: [decided(1, ['ln.tax', 'hl.border'], [])] });
    expect([units.length, units[0], units.at(-1)]).toEqual([13, 'ln.customs', 'ln.tax']);
  });
});
