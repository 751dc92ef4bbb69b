import { RECOGNITION_REASONS, validateContent, validateRecognitionRequest, type Coverage } from '@clearance/contracts';
import { A, B, C, DALIAN, NOW, OPEN, SEALED } from './builders.fixture.ts';
import { decideRecognition } from './decide-recognition.ts';
import type { DecidedCheck, RelianceOnResult } from './reliance.ts';
import { scenarios, type Scenario } from './scenarios.fixture.ts';

const letters: Record<string, string> = { [A]: 'A', [B]: 'B', [C]: 'C' };

function decide({ request, known, arrangements = [SEALED, OPEN] }: Scenario) {
  return decideRecognition(request, known, arrangements, { unit: DALIAN, now: NOW });
}

function tellCoverage(coverage: Coverage | undefined): string {
  return [
    ...(coverage?.containers ?? []).map((container) => letters[container]),
    ...(coverage?.items ?? []).map((item) => `#${item}`),
    ...(coverage?.quantities ?? []).map(({ item, value, unit }) => `${value} ${unit} of #${item}`),
  ].join(' ');
}

function tellReliance({ by = [], evidence = [], arrangement, validUntil, covers }: DecidedCheck): string {
  const name = (relied: RelianceOnResult) => [relied.resultId, relied.arrangement].filter(Boolean).join('/');
  return [
    by.map(name).join(' '),
    ...(evidence.length > 0 ? ['with', ...evidence.map(name)] : []),
    ...(arrangement === undefined ? [] : ['under', arrangement]),
    ...(validUntil === undefined ? [] : ['until', validUntil]),
  ]
    .join(' ')
    .concat(`: ${tellCoverage(covers)}`);
}

/** A decision in the words of the table. */
function tell(check: DecidedCheck): string {
  if (check.decision === 'recognised') return `recognised by ${tellReliance(check)}`;
  const reasons = check.reasons.map(({ code, resultId }) => (resultId === undefined ? code : `${code}(${resultId})`));
  const required = `required: ${reasons.join(' ')}`;
  if (check.by === undefined) return required;
  return `${required}; relies on ${tellReliance(check)}; remaining ${tellCoverage(check.remaining)}`;
}

describe('recognition, case by case 监管互认', () => {
  it.each(scenarios.map((scenario) => [`${scenario.zh} — ${scenario.en}`, scenario] as const))('%s', (_, scenario) => {
    const decision = decide(scenario);
    expect({ outcome: decision.outcome, decisions: decision.checks.map(tell) }).toEqual({
      outcome: scenario.outcome,
      decisions: scenario.decisions,
    });
  });

  it('shows every reason code at least once, and no other', () => {
    const shown = scenarios.flatMap((scenario) =>
      decide(scenario).checks.flatMap((check) => (check.reasons ?? []).map(({ code }) => code)),
    );
    expect([...new Set(shown)].sort()).toEqual([...RECOGNITION_REASONS].sort());
  });

  it('explains every reason in Chinese and English', () => {
    for (const scenario of scenarios) {
      for (const { message } of decide(scenario).checks.flatMap((check) => check.reasons ?? [])) {
        expect(message.zh).toMatch(/\p{Script=Han}/u);
        expect(message.en).toMatch(/^[ -~–…]+$/);
      }
    }
  });

  it('uses requests and results that the contract accepts', () => {
    const accepted = { ok: true, value: expect.anything() };
    for (const { en, request, known } of scenarios) {
      expect({ en, ...validateRecognitionRequest(request) }).toEqual({ en, ...accepted });
      for (const { resultId, content, withheld } of known) {
        // What a list or a revocation has emptied was valid when it was issued.
        if (withheld.length > 0 || Object.keys(content).length === 0) continue;
        const issued = validateContent(JSON.parse(JSON.stringify(content)));
        expect({ en, resultId, ...issued }).toEqual({ en, resultId, ...accepted });
      }
    }
  });
});
