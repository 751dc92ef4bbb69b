import fc from 'fast-check';
import { type Draft, DRAFT_ACTS, type DraftAct, type DraftEvent, draftOf, judgeAct, type LaterAct } from './draft.ts';

/** 起草 甲 → 提交 乙: who did what, one after the other. */
type Step = readonly [act: DraftAct, actor: string, document?: string];

const eventsOf = (steps: readonly Step[]): DraftEvent[] =>
  steps.map(([act, actor, document], index) => ({
    draftId: 'd',
    revision: index + 1,
    act,
    actor,
    at: `2026-11-21T08:00:${String(index).padStart(2, '0')}.000Z`,
    reason: act,
    document: document ?? null,
    version: act === 'approved' ? '2026.11-2' : null,
  }));
const draft = (...steps: Step[]): Draft => draftOf(eventsOf(steps))!;

describe('草案的状态 what a draft is', () => {
  it.each<[string, Step[], Partial<Draft>]>([
    ['起草', [['drafted', '甲', '一']], { state: 'open', document: '一', authors: ['甲'], revision: 1 }],
    [
      '修改：以最后的文本为准，两人都是起草人',
      [
        ['drafted', '甲', '一'],
        ['edited', '乙', '二'],
      ],
      { state: 'open', document: '二', authors: ['乙', '甲'].sort(), revision: 2 },
    ],
    [
      '提交',
      [
        ['drafted', '甲', '一'],
        ['submitted', '甲'],
      ],
      { state: 'submitted', document: '一' },
    ],
    [
      '提交人也是起草人',
      [
        ['drafted', '甲', '一'],
        ['submitted', '乙'],
      ],
      { authors: ['乙', '甲'].sort() },
    ],
    [
      '退回：可再修改，退回者不算起草人',
      [
        ['drafted', '甲', '一'],
        ['submitted', '甲'],
        ['returned', '丙'],
      ],
      { state: 'open', authors: ['甲'] },
    ],
    [
      '撤回',
      [
        ['drafted', '甲', '一'],
        ['withdrawn', '甲'],
      ],
      { state: 'withdrawn' },
    ],
    [
      '批准',
      [
        ['drafted', '甲', '一'],
        ['submitted', '甲'],
        ['approved', '丙'],
      ],
      { state: 'approved', version: '2026.11-2', authors: ['甲'] },
    ],
  ])('%s', (_what, steps, expected) => {
    expect(draft(...steps)).toMatchObject(expected);
  });

  it('没有事件就没有草案', () => {
    expect(draftOf([])).toBeUndefined();
  });
});

describe('可以做什么 what may be done', () => {
  const open: Step[] = [['drafted', '甲', '一']];
  const submitted: Step[] = [...open, ['submitted', '甲']];
  const approved: Step[] = [...submitted, ['approved', '丙']];
  const withdrawn: Step[] = [...open, ['withdrawn', '甲']];
  it.each<[string, Step[], LaterAct, string, string | undefined]>([
    ['起草后可修改', open, 'edited', '乙', undefined],
    ['起草后可提交', open, 'submitted', '甲', undefined],
    ['起草后可撤回', open, 'withdrawn', '乙', undefined],
    ['未提交不得批准', open, 'approved', '丙', 'not-submitted'],
    ['未提交不得退回', open, 'returned', '丙', 'not-submitted'],
    ['提交后不得修改', submitted, 'edited', '甲', 'not-open'],
    ['不得重复提交', submitted, 'submitted', '甲', 'not-open'],
    ['提交后可撤回', submitted, 'withdrawn', '甲', undefined],
    ['第二人可批准', submitted, 'approved', '丙', undefined],
    ['起草人不得批准', submitted, 'approved', '甲', 'own-draft'],
    ['第二人可退回', submitted, 'returned', '丙', undefined],
    ['批准后不得再办', approved, 'edited', '甲', 'ended'],
    ['不得批准两次', approved, 'approved', '丁', 'ended'],
    ['撤回后不得再办', withdrawn, 'submitted', '甲', 'ended'],
  ])('%s', (_what, steps, act, actor, expected) => {
    expect(judgeAct(draft(...steps), { act, actor, revision: steps.length })).toBe(expected);
  });

  it('看到的版本已过时：一律不办', () => {
    for (const act of ['edited', 'submitted', 'withdrawn', 'approved', 'returned'] as const) {
      expect(judgeAct(draft(...submitted), { act, actor: '丙', revision: 1 })).toBe('changed-meanwhile');
    }
  });
});

it('谁也不能批准自己写过的，批准前必有提交 whatever is allowed, no author approves and nothing unsubmitted is approved', () => {
  const people = ['甲', '乙', '丙'];
  const tries = fc.array(fc.tuple(fc.constantFrom(...DRAFT_ACTS.slice(1)), fc.constantFrom(...people)), {
    maxLength: 12,
  });
  let approvals = 0;
  fc.assert(
    fc.property(tries, (attempts) => {
      const steps: Step[] = [['drafted', '甲', '一']];
      for (const [act, actor] of attempts) {
        const now = draft(...steps);
        if (judgeAct(now, { act: act as LaterAct, actor, revision: now.revision }) !== undefined) continue;
        steps.push([act, actor, ...(act === 'edited' ? [`${steps.length}`] : [])] as unknown as Step);
      }
      const at = steps.findIndex(([act]) => act === 'approved');
      if (at === -1) return;
      approvals += 1;
      expect(at).toBe(steps.length - 1);
      expect(steps[at - 1]![0]).toBe('submitted');
      const writers = steps
        .filter(([act]) => ['drafted', 'edited', 'submitted'].includes(act))
        .map(([, actor]) => actor);
      expect(writers).not.toContain(steps[at]![1]);
    }),
    { numRuns: 2_000 },
  );
  expect(approvals).toBeGreaterThan(20);
});
