import type { PageByTime, TimePlace } from '../http/page-by-time.ts';
import type { EntityManager } from '@clearance/platform';
import { type Draft, type DraftEvent, draftOf } from './draft.ts';

interface EventRow extends Omit<DraftEvent, 'at'> {
  at: Date;
}

const EVENT_COLUMNS = 'draft_id as "draftId", revision, act, actor, at, reason, document, version';

/** Everything that was done with a draft, in order; none when there is no such draft. */
export async function readDraftEvents(on: Pick<EntityManager, 'query'>, draftId: string): Promise<DraftEvent[]> {
  const rows: EventRow[] = await on.query(
    `select ${EVENT_COLUMNS} from list_event where draft_id = $1 order by revision`,
    [draftId],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** The draft as it is now. */
export async function readDraft(on: Pick<EntityManager, 'query'>, draftId: string): Promise<Draft | undefined> {
  return draftOf(await readDraftEvents(on, draftId));
}

/** A page of drafts, those that were changed last first; texts are left out. */
export async function listDrafts(
  on: Pick<EntityManager, 'query'>,
  { limit, after }: PageByTime,
): Promise<{ drafts: Omit<Draft, 'document'>[]; next: TimePlace | undefined }> {
  const rows: (EventRow & { micros: string })[] = await on.query(
    `with latest as (
       select draft_id, max(at) as changed from list_event group by draft_id
     ), page as (
       select draft_id, changed, (extract(epoch from changed) * 1000000)::bigint::text as micros from latest
       where $1::text is null
         or (changed, draft_id) < (to_timestamp(0) + $1::bigint * interval '1 microsecond', $2::uuid)
       order by changed desc, draft_id desc limit $3
     )
     select e.draft_id as "draftId", e.revision, e.act, e.actor, e.at, e.reason, null as document, e.version, p.micros
     from page p join list_event e using (draft_id) order by p.changed desc, p.draft_id desc, e.revision`,
    [after?.micros ?? null, after?.id ?? null, limit + 1],
  );
  const groups = [...Map.groupBy(rows, ({ draftId }) => draftId).values()];
  const drafts = groups.slice(0, limit).map((events) => {
    const { document: _none, ...draft } = draftOf(events.map((row) => ({ ...row, at: row.at.toISOString() })))!;
    return draft;
  });
  const last = groups.length > limit ? groups[limit - 1]![0]! : undefined;
  return { drafts, next: last && { micros: last.micros, id: last.draftId } };
}

/**
 * Adds to what was done with a draft.
 *
 * @returns false when somebody else did something with the same revision at the same moment
 */
export async function addDraftEvent(on: Pick<EntityManager, 'query'>, event: DraftEvent): Promise<boolean> {
  const { draftId, revision, act, actor, at, reason, document, version } = event;
  const added: unknown[] = await on.query(
    `insert into list_event (draft_id, revision, act, actor, at, reason, document, version)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1`,
    [draftId, revision, act, actor, at, reason, document, version],
  );
  return added.length > 0;
}
