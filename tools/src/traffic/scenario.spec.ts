import fc from 'fast-check';
import { RESULT_KINDS, validateContent, validateIssuer, validateRecognitionRequest } from '@clearance/contracts';
import type { ResultContent, ResultKind, Violation } from '@clearance/contracts';
import { trade } from './scenario.ts';
import type { Step, SubmitStep } from './steps.ts';

const NOON = Date.UTC(2026, 10, 21, 4);
const PACE = 500;

function take(count: number, seed: string | number, startAt = NOON): Step[] {
  const steps: Step[] = [];
  for (const step of trade(seed, startAt, { pace: PACE })) {
    if (steps.push(step) >= count) break;
  }
  return steps;
}

function violations(step: Step): Violation[] {
  switch (step.action) {
    case 'submit':
    case 'amend': {
      const checked = validateContent(step.content);
      return checked.ok ? validateIssuer(step.content, step.unit) : checked.violations;
    }
    case 'recognise': {
      const checked = validateRecognitionRequest(step.request);
      return checked.ok ? [] : checked.violations;
    }
    case 'revoke':
      return [];
    default:
      return step satisfies never;
  }
}

/** Every text in a value that says when something was done, by the names of the members that do. */
function timesDone(value: unknown, name = ''): number[] {
  if (typeof value === 'string') {
    return /(performedAt|capturedAt|readAt|startedAt|endedAt|releasedAt|issuedAt|reportedAt|takenAt)$/.test(name)
      ? [Date.parse(value)]
      : [];
  }
  if (Array.isArray(value)) return value.flatMap((one) => timesDone(one, name));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, one]) => timesDone(one, key));
  return [];
}

const seeds = fc.record({
  seed: fc.integer(),
  startAt: fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2031, 0, 1) }),
});

describe('trade', () => {
  it('gives the same bytes for the same seed and start', () => {
    expect(JSON.stringify(take(400, 7))).toBe(JSON.stringify(take(400, 7)));
  });

  it('shares no reference and no container between seeds, nor between starts of one seed', () => {
    const marks = (steps: Step[]) =>
      new Set(
        steps.flatMap((step) =>
          step.action === 'submit'
            ? [step.content.reference, ...(step.content.containers ?? []).map((box) => box.number)]
            : [],
        ),
      );
    const [a, b, c] = [marks(take(300, 1)), marks(take(300, 2)), marks(take(300, 1, NOON + 60_000))];
    expect([...a].filter((mark) => b.has(mark) || c.has(mark))).toEqual([]);
  });

  it('is valid by the contract, content by content, whatever the seed', () => {
    fc.assert(
      fc.property(seeds, ({ seed, startAt }) => {
        for (const step of take(250, seed, startAt)) {
          const found = violations(step);
          if (found.length > 0) throw new Error(`${step.key} ${step.action} by ${step.unit}: ${JSON.stringify(found)}`);
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('asks for nothing before its time: keys are of earlier steps, done times are past, references are new', () => {
    fc.assert(
      fc.property(seeds, ({ seed, startAt }) => {
        const submitted = new Map<string, string>();
        const references = new Set<string>();
        const over = new Set<string>();
        take(300, seed, startAt).forEach((step, i) => {
          expect(over.has(step.story)).toBe(false);
          if (step.ends) over.add(step.story);
          for (const key of step.after) expect(submitted.get(key)).toBe(step.story);
          const now = startAt + i * PACE;
          if (step.action === 'submit') submitted.set(step.key, step.story);
          if (step.action === 'submit' || step.action === 'recognise') {
            const { reference } = step.action === 'submit' ? step.content : step.request;
            expect(references.has(reference)).toBe(false);
            references.add(reference);
          } else expect(step.after).toContain(step.key);
          if (step.action === 'submit')
            for (const done of timesDone(step.content)) expect(done).toBeLessThanOrEqual(now);
        });
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});

describe('the trade of a long day', () => {
  const steps = take(12_000, 'a long day');
  const submits = steps.filter((step): step is SubmitStep => step.action === 'submit');
  const contents = submits.map((step) => step.content);
  const share = (count: number): number => count / submits.length;
  const some = (what: (content: ResultContent) => boolean): number => contents.filter(what).length;

  it('has every kind, each with its agency’s own part', () => {
    const kinds = new Map<ResultKind, number>();
    for (const content of contents) {
      kinds.set(content.kind, (kinds.get(content.kind) ?? 0) + 1);
      expect([content.customs, content.inspection, content.border].filter((part) => part !== undefined)).toHaveLength(
        1,
      );
    }
    expect([...kinds.keys()].sort()).toEqual([...RESULT_KINDS].sort());
    for (const [, count] of kinds) expect(share(count)).toBeGreaterThan(0.01);
  });

  it('has all twelve units at work', () => {
    const units = new Set(submits.map((step) => step.unit));
    const expected = ['ln', 'jl', 'hl', 'nm'].flatMap((province) =>
      ['customs', 'inspection', 'border'].map((agency) => `${province}.${agency}`),
    );
    // Border inspection of every province works at a crossing, a port or an airport.
    expect([...units].sort()).toEqual(expected.sort());
  });

  it.each([
    ['amended', () => steps.filter((step) => step.action === 'amend').length, 0.03, 0.05],
    ['revoked', () => steps.filter((step) => step.action === 'revoke').length, 0.005, 0.018],
    ['not conformant', () => some((c) => c.checks.some((check) => check.outcome === 'non-conformant')), 0.01, 0.08],
    ['detained or refused', () => some((c) => c.conclusion === 'detained' || c.conclusion === 'refused'), 0.003, 0.05],
    ['under a control instruction', () => some((c) => c.customs?.controlInstruction !== undefined), 0.08, 0.35],
    ['special consignments', () => some((c) => c.handling !== undefined), 0.005, 0.05],
    [
      'crews with documents',
      () => some((c) => (c.border?.persons ?? []).some((p) => p.documentNumber.length > 5)),
      0.02,
      0.15,
    ],
    ['with a declared value', () => some((c) => (c.goods ?? []).some((line) => line.value !== undefined)), 0.5, 0.98],
    [
      'with an investigation',
      () => some((c) => (c.customs?.findings ?? []).some((f) => f.caseNumber !== undefined)),
      0.0005,
      0.02,
    ],
    ['with pests', () => some((c) => (c.inspection?.pests ?? []).length > 0), 0.005, 0.06],
    [
      'opened and sealed again',
      () => some((c) => (c.containers ?? []).some((box) => (box.seals ?? []).length > 1)),
      0.03,
      0.25,
    ],
  ] as const)('has its share of results %s', (_, count, low, high) => {
    expect(share(count())).toBeGreaterThan(low);
    expect(share(count())).toBeLessThan(high);
  });

  it('concludes nothing that its checks speak against', () => {
    for (const content of contents) {
      if (content.conclusion === 'released')
        expect(content.checks.map((check) => check.outcome)).not.toContain('non-conformant');
      const suspect = (content.customs?.scans ?? []).some((scan) => scan.reading.conclusion === 'suspect');
      if (suspect) expect(content.conclusion).toBe('examination-required');
      const failed = (content.inspection?.analyses ?? []).some((analysis) => analysis.verdict === 'non-compliant');
      if (failed) expect(content.conclusion).toBe('refused');
      if (content.kind === 'inspection.quarantine' && content.conclusion === 'released') {
        expect(content.inspection?.certificateNumber).toBeDefined();
      }
    }
  });

  it('trades in the region’s currencies and units, by all four modes of transport', () => {
    const lines = contents.flatMap((content) => content.goods ?? []);
    expect([...new Set(lines.map((line) => line.value?.currency))]).toEqual(
      expect.arrayContaining(['USD', 'CNY', 'RUB', 'MNT', 'JPY', 'KRW']),
    );
    expect([...new Set(lines.map((line) => line.quantity?.unit))]).toEqual(
      expect.arrayContaining(['KGM', 'TNE', 'MTQ', 'H87']),
    );
    expect([...new Set(contents.map((content) => content.transportMode))].sort()).toEqual(['2', '3', '4', '5']);
    expect(lines.every((line) => /\p{Script=Han}/u.test(line.description))).toBe(true);
  });

  it('sees containers again in another province, their seals mostly as they were left', () => {
    const provinces = new Map<string, Set<string>>();
    const seals = new Map<string, string>();
    const found = { asLeft: 0, otherwise: 0 };
    for (const step of steps) {
      if (step.action === 'submit') {
        for (const box of step.content.containers ?? []) {
          provinces.set(box.number, (provinces.get(box.number) ?? new Set()).add(step.unit.slice(0, 2)));
          seals.set(box.number, (box.seals ?? []).at(-1)?.number ?? '');
        }
      }
      if (step.action === 'recognise') {
        for (const seal of step.request.sealsObserved ?? []) {
          const asLeft = seal.condition === 'intact' && seals.get(seal.container) === seal.number;
          found[asLeft ? 'asLeft' : 'otherwise']++;
        }
      }
    }
    expect([...provinces.values()].filter((seen) => seen.size > 1).length).toBeGreaterThan(300);
    expect(found.otherwise / (found.asLeft + found.otherwise)).toBeGreaterThan(0.02);
    expect(found.otherwise / (found.asLeft + found.otherwise)).toBeLessThan(0.12);
  });

  it('has units ask for recognition of what others did, mostly in another province', () => {
    const issuers = new Map(submits.map((step) => [step.key, step.unit]));
    const asked = steps.filter((step) => step.action === 'recognise');
    expect(asked.length / steps.length).toBeGreaterThan(0.05);
    const elsewhere = (step: Step): boolean =>
      step.after.every((key) => issuers.get(key)?.slice(0, 2) !== step.unit.slice(0, 2));
    for (const step of asked) {
      expect(step.after.length).toBeGreaterThan(0);
      for (const key of step.after) expect(issuers.get(key)).not.toBe(step.unit);
    }
    expect(asked.filter(elsewhere).length / asked.length).toBeGreaterThan(0.75);
  });
});
