import { type Static, Type } from 'typebox';
import { PreviewReportSchema, PreviewRequestSchema } from '@clearance/contracts';
import { actor, body, closed, count, orNull, time, uuid } from '../http/answers.ts';

const PreviewProgressSchema = Type.Object(
  {
    results: count('Versions of results decided by both lists'),
    expected: count('Of about so many'),
    recognitions: count('Recognitions weighed'),
    step: Type.Enum(['results', 'recognitions'], { description: 'What it does now' }),
  },
  closed,
);
/** How far a preview is. */
export type PreviewProgress = Static<typeof PreviewProgressSchema>;

const summary = {
  previewId: uuid(),
  draftId: uuid(),
  revision: Type.Integer({ minimum: 1, description: 'Of the draft, when it was previewed' }),
  requestedBy: actor(),
  startedAt: time(),
  state: Type.Enum(['running', 'done', 'failed', 'interrupted'], {
    description: 'interrupted: the gateway that ran it is gone',
  }),
  progress: orNull(PreviewProgressSchema),
};

export const PreviewSchema = Type.Object(
  { ...summary, report: orNull(PreviewReportSchema) },
  { ...closed, title: 'Preview' },
);
/** A preview of a draft, as people see it. */
export type Preview = Static<typeof PreviewSchema>;

/** Previews without their reports. */
export const PreviewsSchema = Type.Object({ previews: Type.Array(Type.Object(summary, closed)) }, closed);

const STARTED: Static<typeof PreviewsSchema>['previews'][number] = {
  previewId: '019aa5a1-7c5b-7000-8000-0000000000e1',
  draftId: '019aa5a1-7c5b-7000-8000-0000000000d1',
  revision: 1,
  requestedBy: 'clearance-mesh#local-policy',
  startedAt: '2026-11-21T08:00:00.000Z',
  state: 'running',
  progress: null,
};
const DONE: Preview = {
  ...STARTED,
  state: 'done',
  progress: { results: 1_904, expected: 1_904, recognitions: 212, step: 'recognitions' },
  report: {
    draftId: STARTED.draftId,
    revision: 1,
    documentDigest: 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk',
    listInForce: '2026.11-1',
    from: '2026-11-14T08:00:00.000Z',
    to: '2026-11-21T08:00:00.000Z',
    asOf: '2026-11-30T16:00:00.000Z',
    results: 1_904,
    changed: { less: 640, more: 0 },
    entries: [
      {
        entry: 'NL-007',
        consumer: 'hl.inspection',
        effect: 'withheld',
        results: 640,
        fields: [{ path: '/goods/*/origin', results: 640 }],
        examples: [{ resultId: '019aa5a1-7c5b-7000-8000-000000000001', version: 1, path: '/goods/0/origin' }],
      },
    ],
    recognitions: {
      made: 212,
      lost: 31,
      gained: 0,
      costs: [
        {
          entry: 'NL-007',
          path: '/goods/*/origin',
          recognitions: 31,
          checks: [{ type: 'quarantine', count: 31 }],
          units: [{ unit: 'hl.inspection', count: 31 }],
          examples: [
            {
              recognitionId: '019aa5a1-7c5b-7000-8000-0000000000f1',
              unit: 'hl.inspection',
              checks: ['quarantine'],
            },
          ],
        },
      ],
      notReproduced: 0,
      notWeighed: 0,
    },
    unreachable: [],
    verdict: [
      {
        zh: '对 *.inspection 不予共享 /goods/*/origin，将使 212 项互认中的 31 项不能作出',
        en: 'withholding /goods/*/origin from *.inspection would have cost 31 of 212 recognitions',
      },
    ],
  },
};

/** An answer of each kind. */
export const PREVIEW_EXAMPLES: { begun: Preview; done: Preview; previews: Static<typeof PreviewsSchema> } = {
  begun: { ...STARTED, report: null },
  done: DONE,
  previews: { previews: [STARTED] },
};

/** A request for one. */
export const PREVIEW_REQUEST = body(PreviewRequestSchema, { since: '2026-11-14T00:00:00+08:00', results: 100_000 });
