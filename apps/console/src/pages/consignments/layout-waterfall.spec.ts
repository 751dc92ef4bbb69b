import { HEADING_HEIGHT, layoutWaterfall, LINE_HEIGHT, type Line } from './layout-waterfall.ts';
import { journeysOf, type Step, type Timeline } from './timeline.ts';

const RESULT = '019aa5a1-7c5b-7000-8000-000000000001';
const OTHER = '019aa5a1-7c5b-7000-8000-000000000002';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const at = (seconds: number): string => new Date(Date.parse('2026-11-21T03:00:00Z') + seconds * 1_000).toISOString();

const result = (resultId: string, issuer: string, issued: number, version = 1): Timeline['results'][number] => ({
  ...{ resultId, version, issuer, kind: 'customs.scan', location: 'CNDLC', conclusion: 'released', traceId: TRACE },
  ...{ status: version === 1 ? 'issued' : 'amended', issuedAt: at(issued), settledAt: null },
});
const step = (name: Step['step'], seconds: number, unit: string, more: Partial<Step> = {}): Step => ({
  ...{ step: name, at: at(seconds), unit, resultId: RESULT, version: 1, ...more },
});

const TOLD: Pick<Timeline, 'results' | 'steps'> = {
  results: [result(OTHER, 'jl.customs', 4_000), result(RESULT, 'ln.customs', 0)],
  steps: [
    step('examined', -3_600, 'ln.customs'),
    step('submitted', 0, 'ln.customs'),
    step('offered', 0.05, 'ln.customs'),
    step('decided', 0.07, 'ln.customs', { listVersion: '2026.11-1', consumers: ['hl.customs', 'jl.customs'] }),
    step('received', 0.1, 'hl.customs'),
    step('received', 0.15, 'jl.customs'),
    step('settled', 0.15, 'ln.customs'),
    step('submitted', 4_000, 'jl.customs', { resultId: OTHER }),
    step('recognised', 2_000, 'hl.customs', { recognitionId: 'r-1', outcome: 'partial' }),
    step('reopened', 5_000, 'hl.customs', { recognitionId: 'r-1' }),
  ],
};
const drawn = layoutWaterfall(journeysOf(TOLD), 900);
const lineOf = (unit: string): Line => drawn.lanes.find((lane) => lane.unit === unit)!.lines[0]!;

describe('the drawing of what happened', () => {
  it('has a lane for each unit, in the order in which they came', () => {
    expect(drawn.lanes.map(({ unit, y }) => [unit, y])).toEqual([
      ['ln.customs', 0],
      ['hl.customs', HEADING_HEIGHT + LINE_HEIGHT],
      ['jl.customs', 2 * (HEADING_HEIGHT + LINE_HEIGHT)],
    ]);
    expect(drawn.height).toBe(3 * (HEADING_HEIGHT + LINE_HEIGHT));
  });

  it('says how long a unit had to do with it', () => {
    expect(drawn.lanes.map(({ seconds }) => seconds)).toEqual([3_600.15, 3_000, 0]);
  });

  it('draws what a version waited for, phase after phase', () => {
    const line = lineOf('ln.customs');
    if (line.kind !== 'version') throw new Error(line.kind);
    expect(line.bars.map(({ phase, seconds }) => [phase, Math.round(seconds * 1_000)])).toEqual([
      ['offering', 50],
      ['deciding', 20],
      ['delivering', 80],
    ]);
    for (const [index, { x1 }] of line.bars.slice(1).entries()) expect(x1).toBe(line.bars[index]!.x2);
    expect(line.examined).toBe(0);
    expect(line.receipts.map(({ unit }) => unit)).toEqual(['hl.customs', 'jl.customs']);
    expect(line.settled).toBe(line.bars.at(-1)!.x2);
  });

  it('draws nothing of what has not happened yet', () => {
    const line = lineOf('jl.customs');
    if (line.kind !== 'version') throw new Error(line.kind);
    expect([line.bars, line.examined, line.settled]).toEqual([[], undefined, undefined]);
  });

  it('draws no phase that seems to end before it began: clocks of two machines differ', () => {
    const { journeys } = journeysOf(TOLD);
    const early = journeys.map((journey) => ({ ...journey, decided: journey.submitted - 20 }));
    const [lane] = layoutWaterfall({ journeys: early, recognitions: [] }, 900).lanes;
    const [line] = lane!.lines;
    if (line?.kind !== 'version') throw new Error('no version');
    expect(line.bars.map(({ phase }) => phase)).toEqual(['offering', 'delivering']);
  });

  it('marks where a recognition was decided, and where it was reopened', () => {
    const line = lineOf('hl.customs');
    if (line.kind !== 'recognition') throw new Error(line.kind);
    expect(line.reopened).toBeGreaterThan(line.at);
    expect(line.mark.step.outcome).toBe('partial');
  });
});
