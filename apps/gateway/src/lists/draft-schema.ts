import { type Static, Type } from 'typebox';
import { actor, closed, cursor, ordinal, orNull, time, uuid } from '../http/answers.ts';
import { DRAFT_ACTS, DRAFT_STATES } from './draft.ts';
import { FINDING_EXAMPLE, FindingSchema } from './finding-schema.ts';

const document = () => Type.String({ description: 'The whole text, YAML or JSON' });

const summary = {
  draftId: uuid(),
  revision: Type.Integer({ minimum: 1, description: 'Of the last event; the ETag' }),
  state: Type.Enum([...DRAFT_STATES]),
  authors: Type.Array(actor(), {
    description: 'Everybody who wrote or submitted any of it, sorted: none of them may approve it',
  }),
  draftedAt: time(),
  changedAt: time(),
  version: orNull(Type.String({ description: 'The version of the list that it became; null before it was approved' })),
};

export const DraftSchema = Type.Object(
  {
    ...summary,
    document: document(),
    findings: Type.Array(FindingSchema, { description: 'What lint says of it now' }),
  },
  { ...closed, title: 'Draft' },
);
/** A draft with what lint says of it now. */
export type DraftAnswer = Static<typeof DraftSchema>;

export const DraftsSchema = Type.Object(
  { drafts: Type.Array(Type.Object(summary, closed), { description: 'Without their texts' }), cursor: cursor() },
  closed,
);

export const DraftHistorySchema = Type.Object(
  {
    events: Type.Array(
      Type.Object(
        {
          draftId: uuid(),
          revision: ordinal(),
          act: Type.Enum([...DRAFT_ACTS]),
          actor: actor(),
          at: time(),
          reason: Type.String(),
          document: orNull(document()),
          version: orNull(Type.String()),
        },
        closed,
      ),
      { description: 'In order, with the texts that were written' },
    ),
  },
  closed,
);

export const ApprovedListSchema = Type.Object(
  {
    version: Type.String(),
    effectiveFrom: time(),
    state: Type.Enum(['in-force', 'scheduled']),
    warnings: Type.Array(FindingSchema, { description: 'What lint says of it' }),
  },
  closed,
);

const DOCUMENT = 'apiVersion: clearance/v1\nkind: NegativeList\nversion: "2026.12-1"\n…\n';
const SUMMARY: Static<typeof DraftsSchema>['drafts'][number] = {
  draftId: '019aa5a1-7c5b-7000-8000-0000000000d1',
  revision: 1,
  state: 'open',
  authors: ['clearance-mesh#local-policy'],
  draftedAt: '2026-11-21T08:00:00.000Z',
  changedAt: '2026-11-21T08:00:00.000Z',
  version: null,
};

/** An answer of each kind. */
export const DRAFT_EXAMPLES: {
  draft: DraftAnswer;
  drafts: Static<typeof DraftsSchema>;
  history: Static<typeof DraftHistorySchema>;
  approved: Static<typeof ApprovedListSchema>;
} = {
  draft: { ...SUMMARY, document: DOCUMENT, findings: [FINDING_EXAMPLE] },
  drafts: { drafts: [SUMMARY], cursor: 'MTc2MzcxMTIwMDAwMDAwMCAwMTlhYTVhMQ' },
  history: {
    events: [
      {
        draftId: SUMMARY.draftId,
        revision: 1,
        act: 'drafted',
        actor: 'clearance-mesh#local-policy',
        at: '2026-11-21T08:00:00.000Z',
        reason: '船员出生日期改为有条件共享',
        document: DOCUMENT,
        version: null,
      },
    ],
  },
  approved: {
    version: '2026.12-1',
    effectiveFrom: '2026-11-30T16:00:00.000Z',
    state: 'scheduled',
    warnings: [FINDING_EXAMPLE],
  },
};
