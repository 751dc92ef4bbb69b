import type { LocalizedText } from '@clearance/contracts';

/** What can be done with a draft of the negative list. */
export const DRAFT_ACTS = ['drafted', 'edited', 'submitted', 'returned', 'withdrawn', 'approved'] as const;
export type DraftAct = (typeof DRAFT_ACTS)[number];

/** Where a draft stands: being written, before its approvers, or ended. */
export const DRAFT_STATES = ['open', 'submitted', 'approved', 'withdrawn'] as const;
export type DraftState = (typeof DRAFT_STATES)[number];

/** One step in the life of a draft: who did what, when and why. */
export interface DraftEvent {
  draftId: string;
  /** Counts from 1; two who act upon the same revision collide. */
  revision: number;
  act: DraftAct;
  /** The subject of the token that it was done with. */
  actor: string;
  /** RFC 3339. */
  at: string;
  reason: string;
  /** The whole text; of `drafted` and `edited` only. */
  document: string | null;
  /** The version of the list that it became; of `approved` only. */
  version: string | null;
}

/** A draft as its events make it. */
export interface Draft {
  draftId: string;
  /** Of the last event. */
  revision: number;
  state: DraftState;
  document: string;
  /** Everybody who wrote or submitted any of it, sorted: none of them may approve it. */
  authors: string[];
  /** RFC 3339. */
  draftedAt: string;
  changedAt: string;
  /** The version of the list that it became; null before it was approved. */
  version: string | null;
}

/** What a draft is after these events, in order of their revisions; undefined when there are none. */
export function draftOf(events: readonly DraftEvent[]): Draft | undefined {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const authors = events.filter(({ act }) => WRITES[act]).map(({ actor }) => actor);
  return {
    draftId: first.draftId,
    revision: last.revision,
    state: STATE_AFTER[last.act],
    document: events.findLast(({ document }) => document !== null)?.document ?? '',
    authors: [...new Set(authors)].sort(),
    draftedAt: first.at,
    changedAt: last.at,
    version: last.version,
  };
}

const STATE_AFTER: Record<DraftAct, DraftState> = {
  drafted: 'open',
  edited: 'open',
  submitted: 'submitted',
  returned: 'open',
  withdrawn: 'withdrawn',
  approved: 'approved',
};

/** Whether an act makes its actor one of the authors. */
const WRITES: Record<DraftAct, boolean> = {
  drafted: true,
  edited: true,
  submitted: true,
  returned: false,
  withdrawn: false,
  approved: false,
};

/** Why something may not be done with a draft. */
export type DraftRefusal = 'changed-meanwhile' | 'ended' | 'not-open' | 'not-submitted' | 'own-draft';

/** Acts that come after the first. */
export type LaterAct = Exclude<DraftAct, 'drafted'>;

/**
 * Whether something may be done with a draft.
 *
 * @param revision of the draft as whoever acts has seen it
 */
export function judgeAct(
  draft: Draft,
  { act, actor, revision }: { act: LaterAct; actor: string; revision: number },
): DraftRefusal | undefined {
  if (draft.state === 'approved' || draft.state === 'withdrawn') return 'ended';
  if (draft.revision !== revision) return 'changed-meanwhile';
  switch (act) {
    case 'edited':
    case 'submitted':
      return draft.state === 'open' ? undefined : 'not-open';
    case 'withdrawn':
      return undefined;
    case 'returned':
      return draft.state === 'submitted' ? undefined : 'not-submitted';
    case 'approved':
      if (draft.state !== 'submitted') return 'not-submitted';
      return draft.authors.includes(actor) ? 'own-draft' : undefined;
  }
}

/** What people are told. */
export const DRAFT_REFUSALS: Record<DraftRefusal, LocalizedText> = {
  'changed-meanwhile': {
    zh: '草案已被他人修改或处理，请重新读取后再办',
    en: 'The draft was changed or acted upon meanwhile; read it again first',
  },
  ended: {
    zh: '草案已批准或撤回，不能再办理',
    en: 'The draft was approved or withdrawn; nothing more can be done with it',
  },
  'not-open': {
    zh: '草案已提交审批；退回后方可修改',
    en: 'The draft is before its approvers; it must be returned first',
  },
  'not-submitted': { zh: '草案尚未提交审批', en: 'The draft has not been submitted' },
  'own-draft': {
    zh: '起草、修改或提交过草案的人不得批准：须由第二人批准',
    en: 'Nobody approves a draft that they wrote, changed or submitted: a second person must',
  },
};
