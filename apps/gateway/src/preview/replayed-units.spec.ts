import { pino } from 'pino';
import { SUBJECTS, type UnitId } from '@clearance/contracts';
import type { Gateway } from '../gateway.ts';
import { parseContent, replayUnits } from './replayed-units.ts';

const UNIT: UnitId = 'ln.customs';
const PERIOD = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' };
const id = (number: number): string => `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`;
const issued = (number: number) => ({
  issuedAt: `2026-11-21T08:00:${String(number).padStart(2, '0')}.000000Z`,
  resultId: id(number),
  version: 1,
  content: '{}',
});
const whole = (number: number, content = '{}') => ({
  resultId: id(number),
  version: 1,
  status: 'issued',
  issuedAt: PERIOD.from,
  content,
});

/** A gateway whose unit gives these answers, one after the other, and then none: as a unit that is not ours to trust may. */
function asked(...answers: object[]): {
  units: ReturnType<typeof replayUnits>;
  questions: { subject: string; body: object }[];
} {
  const questions: { subject: string; body: object }[] = [];
  const gateway = {
    log: pino({ level: 'silent' }),
    askUnit: async (_unit: UnitId, subject: string, body: object) => {
      questions.push({ subject, body });
      const value = answers[questions.length - 1];
      return value === undefined ? { ok: false, problem: { code: 'not-ready' } } : { ok: true, value };
    },
  } as unknown as Gateway;
  return { units: replayUnits(gateway), questions };
}
async function allIssued(...answers: object[]): Promise<{ ids: string[]; unreachable: UnitId[]; questions: number }> {
  const { units, questions } = asked(...answers);
  const ids: string[] = [];
  for await (const page of units.issued(UNIT, PERIOD)) ids.push(...page.map(({ resultId }) => resultId));
  return { ids, unreachable: units.unreachable(), questions: questions.length };
}

describe('pages of a unit', () => {
  it.each<[string, object[], Awaited<ReturnType<typeof allIssued>>]>([
    [
      'follow each other to their end',
      [
        { results: [issued(1), issued(2)], more: true },
        { results: [issued(3)], more: false },
      ],
      { ids: [id(1), id(2), id(3)], unreachable: [], questions: 2 },
    ],
    ['may be none', [{ results: [], more: false }], { ids: [], unreachable: [], questions: 1 }],
    [
      'that come again leave the unit out, instead of never ending',
      [
        { results: [issued(1)], more: true },
        { results: [issued(1)], more: true },
      ],
      { ids: [id(1)], unreachable: [UNIT], questions: 2 },
    ],
    [
      'out of order leave the unit out',
      [{ results: [issued(2), issued(1)], more: false }],
      { ids: [], unreachable: [UNIT], questions: 1 },
    ],
    ['of another form leave the unit out', [{ results: 'all' }], { ids: [], unreachable: [UNIT], questions: 1 }],
    ['that never come leave the unit out', [], { ids: [], unreachable: [UNIT], questions: 1 }],
  ])('%s', async (_what, answers, expected) => {
    expect(await allIssued(...answers)).toEqual(expected);
  });
});

describe('contents of a unit', () => {
  const wanted = [1, 2].map((number) => ({ resultId: id(number), version: 1, issuer: UNIT }));
  it.each<[string, object[], string[], UnitId[]]>([
    ['come in one answer', [{ contents: [whole(1), whole(2)], more: false }], [id(1), id(2)], []],
    [
      'that do not fit are asked for again',
      [
        { contents: [whole(1)], more: true },
        { contents: [whole(2)], more: false },
      ],
      [id(1), id(2)],
      [],
    ],
    ['that are unknown are missing', [{ contents: [whole(1)], more: false }], [id(1)], []],
    ['that nobody asked for leave the unit out', [{ contents: [whole(7)], more: true }], [], [UNIT]],
    ['told twice leave the unit out', [{ contents: [whole(1), whole(1)], more: true }], [id(1)], [UNIT]],
    ['that are no JSON leave the unit out', [{ contents: [whole(1, '{"a')], more: false }], [], [UNIT]],
    ['that are no object leave the unit out', [{ contents: [whole(1, '[1]')], more: false }], [], [UNIT]],
  ])('%s', async (_what, answers, found, unreachable) => {
    const { units } = asked(...answers);
    const contents = await units.contents(wanted);
    expect([...contents.values()].map(({ resultId }) => resultId)).toEqual(found);
    expect(units.unreachable()).toEqual(unreachable);
  });

  it('are asked for once', async () => {
    const { units, questions } = asked({ contents: [whole(1), whole(2)], more: false });
    await units.contents(wanted);
    expect((await units.contents(wanted)).size).toBe(2);
    expect(questions.map(({ subject }) => subject)).toEqual([SUBJECTS.readContents]);
  });
});

it.each([
  ['{"a":1}', true],
  ['{}', true],
  ['[]', false],
  ['null', false],
  ['"x"', false],
  ['', false],
])('%s is a content: %s', (text, is) => {
  expect(parseContent(text) !== undefined).toBe(is);
});
