import type { LocalizedText } from '@clearance/contracts/words';
import type { Tone } from '../../parts/tone.ts';

/** What a request can be by the time that the gateway has it. */
export const STATES = ['open', 'granted', 'granted-in-part', 'refused', 'revoked', 'expired'] as const;

const STATE_NAMES: Readonly<Record<string, { tone: Tone; name: LocalizedText }>> = {
  submitted: { tone: 'plain', name: { zh: '待受理', en: 'Submitted' } },
  open: { tone: 'told', name: { zh: '待答复', en: 'Open' } },
  granted: { tone: 'good', name: { zh: '已授权', en: 'Granted' } },
  'granted-in-part': { tone: 'good', name: { zh: '部分授权', en: 'Granted in part' } },
  refused: { tone: 'bad', name: { zh: '不予授权', en: 'Refused' } },
  rejected: { tone: 'bad', name: { zh: '清单不准许', en: 'Rejected' } },
  revoked: { tone: 'plain', name: { zh: '已撤销', en: 'Revoked' } },
  expired: { tone: 'plain', name: { zh: '已到期', en: 'Expired' } },
};

/** Where a request stands, in a word. */
export function stateOf(code: string): { tone: Tone; name: LocalizedText } {
  return STATE_NAMES[code] ?? { tone: 'plain', name: { zh: code, en: code } };
}

/** How a request stands to the time for its answer. */
export type Due = 'none' | 'in-time' | 'soon' | 'overdue';

const SOON_MS = 3 * 86_400_000;

/** Whether an open request waits too long, or soon will: three days ahead, as owners are reminded. @param now ms since the epoch */
export function dueOf({ state, dueAt }: { state: string; dueAt?: string | undefined }, now: number): Due {
  if (state !== 'open' || dueAt === undefined) return 'none';
  const left = Date.parse(dueAt) - now;
  if (left <= 0) return 'overdue';
  return left <= SOON_MS ? 'soon' : 'in-time';
}

interface Followed {
  requestedAt: string;
  requester: string;
  owner: string;
  remindedAt?: string | undefined;
  escalatedAt?: string | undefined;
  decision?:
    | {
        decision: string;
        by: string;
        decidedAt: string;
        rule?: string | undefined;
        reason?: string | undefined;
        until?: string | undefined;
      }
    | undefined;
  revoked?: { at: string; reason: string } | undefined;
  state: string;
}

/** Something that happened to a request. */
export interface Happened {
  what: 'requested' | 'reminded' | 'escalated' | 'granted' | 'granted-in-part' | 'refused' | 'revoked' | 'expired';
  at: string;
  /** The unit that did it. */
  by?: string;
  reason?: string;
  rule?: string;
}

/** What happened to a request, in the order of time. */
export function timelineOf(request: Followed): Happened[] {
  const { requestedAt, requester, owner, remindedAt, escalatedAt, decision, revoked, state } = request;
  const happened: Happened[] = [{ what: 'requested', at: requestedAt, by: requester }];
  if (remindedAt !== undefined) happened.push({ what: 'reminded', at: remindedAt });
  if (escalatedAt !== undefined) happened.push({ what: 'escalated', at: escalatedAt });
  if (decision !== undefined) {
    const { decision: what, decidedAt: at, rule, reason } = decision;
    happened.push({
      what: what as Happened['what'],
      at,
      by: owner,
      ...(rule === undefined ? {} : { rule }),
      ...(reason === undefined ? {} : { reason }),
    });
  }
  if (revoked !== undefined) happened.push({ what: 'revoked', at: revoked.at, by: owner, reason: revoked.reason });
  if (state === 'expired' && decision?.until !== undefined) happened.push({ what: 'expired', at: decision.until });
  return happened.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
