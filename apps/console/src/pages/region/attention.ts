import type { LocalizedText } from '@clearance/contracts/words';

/** What is known of the region, as far as the reader's role is told; what is undefined could not be asked. */
export interface Known {
  units?: readonly KnownUnit[];
  conflicts?: readonly KnownConflict[];
  overdue?: readonly { requestId: string; owner: string; requester: string; dueAt?: string }[];
  reviews?: readonly { reviewId: string; mode: 'recall' | 'catch-up'; state: string; at: string; waiting: number; refused: number }[]; // prettier-ignore
}

/** A unit, as `/api/v1/units` tells it. */
export interface KnownUnit {
  unit: string;
  issues: boolean;
  connected: boolean;
  unconfirmed: { versions: number; since: string | null };
  unsettled: { versions: number; since: string | null };
  deadLetters: number;
  keys: readonly { keyId: string; state: 'valid' | 'rotated-out' | 'revoked'; revokedAt: string | null }[];
}

/** Units that contradict each other, as `/api/v1/conflicts` tells it. */
export interface KnownConflict {
  consignmentId: string;
  at: string;
  check: string;
  container: string | null;
  conformant: readonly { issuer: string }[];
  nonConformant: readonly { issuer: string }[];
}

/** One thing that somebody should look at. What it is called is the page's affair. */
export type Matter =
  | { kind: 'not-connected'; unit: string }
  | { kind: 'no-valid-key'; unit: string }
  | { kind: 'recall-incomplete'; reviewId: string; mode: 'recall' | 'catch-up'; refused: number; since: string }
  | { kind: 'unconfirmed'; unit: string; versions: number; since: string }
  | { kind: 'dead-letters'; unit: string; messages: number }
  | { kind: 'recall-waiting'; reviewId: string; mode: 'recall' | 'catch-up'; waiting: number; since: string }
  | { kind: 'unsettled'; unit: string; versions: number; since: string }
  | { kind: 'conflict'; conflict: KnownConflict; since: string }
  | { kind: 'more-conflicts'; count: number }
  | { kind: 'overdue'; requestId: string; owner: string; requester: string; since: string }
  | { kind: 'key-revoked'; unit: string; keyId: string; since: string };
export type MatterKind = Matter['kind'];

/** How grave a thing is, and which page helps. The order is that of the ranking. */
export const KINDS: Readonly<Record<MatterKind, { tone: 'bad' | 'attention'; to: string; helps: LocalizedText }>> = {
  'not-connected': { tone: 'bad', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  'no-valid-key': { tone: 'bad', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  'recall-incomplete': { tone: 'bad', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  unconfirmed: { tone: 'attention', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  'dead-letters': { tone: 'attention', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  'recall-waiting': { tone: 'attention', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  unsettled: { tone: 'attention', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
  conflict: { tone: 'attention', to: '/consignments', helps: { zh: '该票货物', en: 'The consignment' } },
  'more-conflicts': { tone: 'attention', to: '/indicators#conflicts', helps: { zh: '结论相左', en: 'Conflicts' } },
  overdue: { tone: 'attention', to: '/access-requests', helps: { zh: '有条件共享', en: 'Access requests' } },
  'key-revoked': { tone: 'attention', to: '/mesh', helps: { zh: '网格运行', en: 'Mesh' } },
};

const RANKING = Object.keys(KINDS) as MatterKind[];

/** Copies are confirmed within seconds where all is well, ms. */
export const UNCONFIRMED_AFTER_MS = 5 * 60_000;
/** A result is settled when the last receipt is there: the copies' time, and the way back, ms. */
export const UNSETTLED_AFTER_MS = 10 * 60_000;
/** A recall asks every unit that ever had a copy, ms. */
export const RECALL_AFTER_MS = 10 * 60_000;
/** For so long a revoked key is news, ms. */
export const REVOKED_FOR_MS = 7 * 86_400_000;
/** Conflicts that are told one by one. */
const CONFLICTS_TOLD = 3;

/** What needs attention at a time, the gravest first; of one kind, what has been so for the longest. @param now ms */
export function whatNeedsAttention(known: Known, now: number): Matter[] {
  const old = (at: string | null, after: number): at is string => at !== null && now - Date.parse(at) > after;
  const matters: Matter[] = [];
  for (const each of known.units ?? []) {
    const { unit, unconfirmed, unsettled, deadLetters, keys } = each;
    if (!each.connected) matters.push({ kind: 'not-connected', unit });
    if (each.issues && keys.every(({ state }) => state !== 'valid')) matters.push({ kind: 'no-valid-key', unit });
    if (unconfirmed.versions > 0 && old(unconfirmed.since, UNCONFIRMED_AFTER_MS))
      matters.push({ kind: 'unconfirmed', unit, versions: unconfirmed.versions, since: unconfirmed.since });
    if (unsettled.versions > 0 && old(unsettled.since, UNSETTLED_AFTER_MS))
      matters.push({ kind: 'unsettled', unit, versions: unsettled.versions, since: unsettled.since });
    if (deadLetters > 0) matters.push({ kind: 'dead-letters', unit, messages: deadLetters });
    for (const { keyId, state, revokedAt } of keys)
      if (state === 'revoked' && revokedAt !== null && !old(revokedAt, REVOKED_FOR_MS))
        matters.push({ kind: 'key-revoked', unit, keyId, since: revokedAt });
  }
  for (const { reviewId, mode, state, at, waiting, refused } of known.reviews ?? []) {
    if (state === 'incomplete') matters.push({ kind: 'recall-incomplete', reviewId, mode, refused, since: at });
    else if (state === 'under-way' && waiting > 0 && old(at, RECALL_AFTER_MS))
      matters.push({ kind: 'recall-waiting', reviewId, mode, waiting, since: at });
  }
  const conflicts = known.conflicts ?? [];
  for (const conflict of conflicts.slice(0, CONFLICTS_TOLD))
    matters.push({ kind: 'conflict', conflict, since: conflict.at });
  if (conflicts.length > CONFLICTS_TOLD)
    matters.push({ kind: 'more-conflicts', count: conflicts.length - CONFLICTS_TOLD });
  for (const { requestId, owner, requester, dueAt } of known.overdue ?? [])
    matters.push({ kind: 'overdue', requestId, owner, requester, since: dueAt ?? '' });
  return matters.sort((one, other) => rank(one) - rank(other) || (since(one) < since(other) ? -1 : 1));
}

const rank = ({ kind }: Matter): number => RANKING.indexOf(kind);
const since = (matter: Matter): string => ('since' in matter ? matter.since : '');
