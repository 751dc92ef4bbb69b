import { resultsTotal, runPrepared, type SqlValue } from '@clearance/platform';
import {
  BATCH_BYTES,
  EVENT_GRACE_MS,
  type EventBatch,
  type PendingEvent,
  recordOf,
} from '../announce/pending-event.ts';
import { searchColumnsOf, type StoredResult } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';

/** A copy, with the event that tells of it. */
export interface FreshCopy {
  stored: StoredResult;
  event: PendingEvent;
}

/** What became of copies that were thought to be of results not known yet. */
export interface FreshlyStored<C> {
  events: EventBatch[];
  /** Of these something is stored already, or was at the same moment: they are to be compared with it. */
  known: C[];
}

/** Copies in one statement: few numbers, so that a connection plans few statements. */
const AT_ONCE = [64, 32, 16, 8, 4, 2, 1];
/** Stored by another process at the same moment: the statement was undone. */
const COLLIDED = new Set(['23505', '40001', '40P01']);

/**
 * Stores copies of results of which nothing is known here, which nearly all are: result, containers and event in one
 * statement, where comparing and locking takes a transaction of eight. Of each group either all are stored or, if
 * anything of any of their results is, none.
 *
 * @param copies of different results
 */
export async function storeFresh<C extends FreshCopy>(unit: Unit, copies: readonly C[]): Promise<FreshlyStored<C>> {
  const outcome: FreshlyStored<C> = { events: [], known: [] };
  for (const group of groupsOf(copies)) {
    const batchId = await storeGroup(unit, group);
    if (batchId === undefined) outcome.known.push(...group);
    else outcome.events.push({ batchId, events: group.map(({ event }) => event), left: [] });
  }
  resultsTotal.inc({ unit: unit.id, event: 'received' }, copies.length - outcome.known.length);
  return outcome;
}

function groupsOf<C extends FreshCopy>(copies: readonly C[]): C[][] {
  const groups: C[][] = [];
  for (let start = 0; start < copies.length;) {
    let fits = 0;
    for (let bytes = 0; fits < AT_ONCE[0]! && start + fits < copies.length; fits += 1) {
      bytes += copies[start + fits]!.event.body.length;
      if (bytes > BATCH_BYTES && fits > 0) break;
    }
    const size = AT_ONCE.find((each) => each <= fits)!;
    groups.push(copies.slice(start, start + size));
    start += size;
  }
  return groups;
}

/** @returns the id of the events' batch; undefined when nothing was stored */
async function storeGroup(unit: Unit, group: readonly FreshCopy[]): Promise<string | undefined> {
  const boxes = group.flatMap(({ stored }) =>
    searchColumnsOf(stored).containers.map((container): [string, string] => [container, stored.resultId]),
  );
  const values: SqlValue[] = [
    ...group.flatMap(rowOf),
    boxes.map(([container]) => container),
    boxes.map(([, resultId]) => resultId),
    JSON.stringify(group.map(({ event }) => recordOf(event))),
    new Date(unit.now() + EVENT_GRACE_MS),
  ];
  try {
    const [row] = await runPrepared<{ stored: number; batchId: string }>(
      unit.database,
      statementFor(group.length),
      values,
    );
    return row!.stored === group.length ? row!.batchId : undefined;
  } catch (error) {
    if (COLLIDED.has(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}

const COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['result_id', 'uuid'],
  ['version', 'integer'],
  ['status', 'text'],
  ['issuer', 'text'],
  ['reference', 'text'],
  ['kind', 'text'],
  ['declaration_number', 'text'],
  ['transport_document', 'text'],
  ['issued_at', 'timestamptz'],
  ['content', 'text'],
  ['withheld', 'text'],
  ['token', 'text'],
  ['key_id', 'text'],
  ['list_version', 'text'],
  ['view_number', 'integer'],
  ['traceparent', 'text'],
];

function rowOf({ stored, event }: FreshCopy): SqlValue[] {
  const { reference, kind, declarationNumber, transportDocument } = searchColumnsOf(stored);
  return [
    stored.resultId, stored.version, stored.status, stored.issuer, reference, kind, declarationNumber,
    transportDocument, stored.issuedAt, stored.content, stored.withheld, stored.token, stored.keyId, stored.listVersion,
    stored.viewNumber, event.traceparent,
  ]; // prettier-ignore
}

const statements = new Map<number, string>();

/** Nothing is inserted anywhere unless nothing is known: what is counted at the end says which it was. */
function statementFor(copies: number): string {
  const before = statements.get(copies);
  if (before !== undefined) return before;
  const width = COLUMNS.length;
  const names = COLUMNS.map(([name]) => name).join(', ');
  const rows = Array.from({ length: copies }, (_, row) => {
    const cells = COLUMNS.map(([, type], column) => `$${row * width + column + 1}::${type}`);
    return `(${cells.join(', ')})`;
  });
  const ids = rows.map((_, row) => `$${row * width + 1}::uuid`);
  const next = (offset: number): string => `$${copies * width + offset}`;
  const statement = `
    with known as materialized (select from result where result_id = any (array[${ids.join(', ')}])),
    stored as (
      insert into result (${names}, own)
      select v.*, false from (values ${rows.join(', ')}) as v where not exists (select from known) returning 1
    ), boxes as (
      insert into result_container (container, result_id)
      select * from unnest(${next(1)}::text[], ${next(2)}::uuid[]) where not exists (select from known)
    ), told as (
      insert into event_outbox (events, next_attempt_at)
      select ${next(3)}, ${next(4)}::timestamptz where not exists (select from known) returning batch_id
    )
    select (select count(*) from stored)::integer as stored, (select batch_id from told) as "batchId"`;
  statements.set(copies, statement);
  return statement;
}
