import { v7 as uuidv7 } from 'uuid';
import { type Outcome, problem } from '@clearance/contracts';
import { type Finding, lintNegativeList } from '@clearance/negative-list';
import type { EntityManager } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import {
  type Draft,
  DRAFT_REFUSALS,
  type DraftEvent,
  draftOf,
  type DraftRefusal,
  judgeAct,
  type LaterAct,
} from './draft.ts';
import { addDraftEvent, readDraftEvents } from './keep-drafts.ts';

/** A list that lint refuses: what is wrong, and where in the file. */
export interface RefusedByLint {
  ok: false;
  findings: Finding[];
}

/** A draft after something was done with it, and what lint says of its text. */
export interface ActedOnDraft {
  draft: Draft;
  findings: Finding[];
}

/** What somebody does with a draft. */
export interface Action {
  act: LaterAct;
  /** The subject of their token. */
  actor: string;
  /** Of the draft as they have seen it. */
  revision: number;
  reason: string;
  /** The whole new text; of `edited` only. */
  document?: string;
}

/** Begins a draft. Its text may be unfinished: lint says what is wrong with it, and only submitting it is refused. */
export async function beginDraft(
  gateway: Gateway,
  { actor, reason, document }: { actor: string; reason: string; document: string },
): Promise<ActedOnDraft> {
  const at = new Date(gateway.now()).toISOString();
  const event: DraftEvent = {
    draftId: uuidv7(),
    revision: 1,
    act: 'drafted',
    actor,
    at,
    reason,
    document,
    version: null,
  };
  await addDraftEvent(gateway.database, event);
  return { draft: draftOf([event])!, findings: lintDraft(gateway, document) };
}

/**
 * Edits, submits, returns or withdraws a draft. Only what lint accepts can be submitted.
 *
 * @returns what became of it; a problem when there is no such draft, or when it may not be done; the findings when lint refuses
 */
export async function actOnDraft(
  gateway: Gateway,
  draftId: string,
  action: Action & { act: Exclude<LaterAct, 'approved'> },
): Promise<Outcome<ActedOnDraft> | RefusedByLint> {
  return gateway.database.transaction(async (transaction): Promise<Outcome<ActedOnDraft> | RefusedByLint> => {
    const judged = await judgeDraft(transaction, draftId, action);
    if (!judged.ok) return judged;
    const { events, draft: before } = judged.value;
    const findings = lintDraft(gateway, action.document ?? before.document);
    if (action.act === 'submitted' && isRefused(findings)) return { ok: false, findings };
    const done = await addStep(transaction, events, action, { at: gateway.now(), version: null });
    return done.ok ? { ok: true, value: { draft: done.value, findings } } : done;
  });
}

/** Reads a draft and judges whether something may be done with it. */
export async function judgeDraft(
  transaction: EntityManager,
  draftId: string,
  action: Action,
): Promise<Outcome<{ events: DraftEvent[]; draft: Draft }>> {
  const events = await readDraftEvents(transaction, draftId);
  const draft = draftOf(events);
  if (draft === undefined) return { ok: false, problem: problem('unknown') };
  const refusal = judgeAct(draft, action);
  return refusal === undefined ? { ok: true, value: { events, draft } } : refuse(refusal);
}

/** Writes down what was done; whoever did something with the same revision first has won. */
export async function addStep(
  transaction: EntityManager,
  events: readonly DraftEvent[],
  { act, actor, reason, document }: Action,
  { at, version }: { at: number; version: string | null },
): Promise<Outcome<Draft>> {
  const last = events.at(-1)!;
  const step: DraftEvent = {
    draftId: last.draftId,
    revision: last.revision + 1,
    act,
    actor,
    at: new Date(at).toISOString(),
    reason,
    document: document ?? null,
    version,
  };
  if (!(await addDraftEvent(transaction, step))) return refuse('changed-meanwhile');
  return { ok: true, value: draftOf([...events, step])! };
}

/** What lint says of a text now. */
export function lintDraft(gateway: Gateway, document: string): Finding[] {
  const { consumers: units, recognitionNeeds: recognition } = gateway;
  return lintNegativeList(document, { units, recognition, at: gateway.now() });
}

/** Whether a text with these findings can be no list. */
export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

function refuse(refusal: DraftRefusal): Outcome<never> {
  const code = refusal === 'own-draft' ? 'forbidden' : 'conflict';
  return { ok: false, problem: problem(code, { detail: DRAFT_REFUSALS[refusal] }) };
}
