import { type EntityManager, insertRows, placeholders, type SqlValue } from '@clearance/platform';
import { planArrivals } from './plan-arrivals.ts';
import { searchColumnsOf, type StoredResult } from './stored-result.ts';

/** Two processes stored the same new result at the same moment; the transaction is to be run again. */
export class ConcurrentArrivalError extends Error {
  readonly code = '40001';
}

/** What storing changed. */
export interface StoreOutcome {
  /** Versions that are now the newest of their result: what backends are told of. */
  current: StoredResult[];
  /** Of these, the ones that replaced an older version: what recognitions may have relied on. */
  superseding: StoredResult[];
  /** Of every arrival, the token that is stored: for a repeated one, that of the first time. Keyed `id:version`. */
  tokens: ReadonlyMap<string, string>;
}

const HEAD_COLUMNS = `result_id, version, status, issuer, own, reference, kind, declaration_number,
  transport_document, issued_at, content, withheld, token, key_id, digest, first_digest, list_version, view_number, traceparent`;
const HEAD_TYPES = [
  'uuid', 'integer', 'text', 'text', 'boolean', 'text', 'text', 'text',
  'text', 'timestamptz', 'text', 'text', 'text', 'text', 'text', 'text', 'text', 'integer', 'text',
]; // prettier-ignore

/**
 * Stores versions of results, own ones and copies alike, in one transaction that the caller holds: a few multi-row
 * statements, however many results. The highest version becomes the current one, all others go to the history.
 *
 * @param traceOf by which trace each came to be known here
 * @throws ConcurrentArrivalError when another process was faster with one of them.
 */
export async function storeResults(
  transaction: EntityManager,
  arrivals: readonly StoredResult[],
  traceOf: (result: StoredResult) => string | null = () => null,
): Promise<StoreOutcome> {
  const newest = await lockNewest(transaction, arrivals);
  const plan = planArrivals(arrivals, newest);
  const columns = new Map([...plan.insert, ...plan.supersede].map((result) => [result, searchColumnsOf(result)]));
  const headRow = (result: StoredResult): SqlValue[] => {
    const search = columns.get(result)!;
    return [
      result.resultId, result.version, result.status, result.issuer, result.own, search.reference, search.kind,
      search.declarationNumber, search.transportDocument, result.issuedAt, result.content, result.withheld,
      result.token, result.keyId, result.digest, result.firstDigest, result.listVersion,
      result.viewNumber, traceOf(result),
    ]; // prettier-ignore
  };

  const inserted = await insertRows(
    transaction,
    `result (${HEAD_COLUMNS})`,
    plan.insert.map(headRow),
    'on conflict do nothing returning result_id',
  );
  if (inserted.length !== plan.insert.length)
    throw new ConcurrentArrivalError('a result was stored at the same moment');
  if (plan.supersede.length > 0) await supersede(transaction, plan.supersede, headRow);
  await keepHistory(transaction, plan.history, traceOf);
  await insertRows(
    transaction,
    'result_container (container, result_id)',
    [...columns].flatMap(([result, search]) => search.containers.map((container) => [container, result.resultId])),
    'on conflict do nothing',
  );
  const tokens = new Map([...plan.insert, ...plan.supersede].map((one) => [versionKey(one), one.token]));
  // An older version may be in the history already, as another view than the one that has arrived.
  for (const [key, token] of await readTokens(transaction, [...plan.repeated, ...plan.history])) tokens.set(key, token);
  return { current: [...plan.insert, ...plan.supersede], superseding: plan.supersede, tokens };
}

/** `id:version`, as a key of maps. */
export function versionKey({ resultId, version }: { resultId: string; version: number }): string {
  return `${resultId}:${version}`;
}

/** The tokens under which versions were stored that have arrived again. */
async function readTokens(transaction: EntityManager, repeated: readonly StoredResult[]): Promise<[string, string][]> {
  if (repeated.length === 0) return [];
  const rows: { result_id: string; version: number; token: string }[] = await transaction.query(
    `select result_id, version, token from result where result_id = any($1::uuid[])
     union all select result_id, version, token from result_history where result_id = any($1::uuid[])`,
    [repeated.map(({ resultId }) => resultId)],
  );
  return rows.map((row) => [versionKey({ resultId: row.result_id, version: row.version }), row.token]);
}

/** Locks the stored newest versions, so that a recognition being decided on them is finished or waits. */
async function lockNewest(transaction: EntityManager, arrivals: readonly StoredResult[]): Promise<Map<string, number>> {
  const ids = [...new Set(arrivals.map((arrival) => arrival.resultId))].sort();
  if (ids.length === 0) return new Map();
  const rows: { result_id: string; version: number }[] = await transaction.query(
    'select result_id, version from result where result_id = any($1::uuid[]) order by result_id for update',
    [ids],
  );
  return new Map(rows.map((row) => [row.result_id, row.version]));
}

async function supersede(
  transaction: EntityManager,
  results: readonly StoredResult[],
  headRow: (result: StoredResult) => SqlValue[],
): Promise<void> {
  const ids = results.map((result) => result.resultId);
  await transaction.query(
    `insert into result_history (result_id, version, status, issuer, issued_at, content, withheld, token, key_id, list_version, view_number, stored_at, traceparent)
     select result_id, version, status, issuer, issued_at, content, withheld, token, key_id, list_version, view_number, stored_at, traceparent
     from result where result_id = any($1::uuid[]) on conflict do nothing`,
    [ids],
  );
  // A later version is found again by whoever reads on from a cursor: it takes a new place in the sequence.
  await transaction.query(
    `update result set sequence = nextval('result_sequence'), version = v.version, status = v.status,
       reference = v.reference, kind = v.kind, declaration_number = v.declaration_number,
       transport_document = v.transport_document, issued_at = v.issued_at, content = v.content, withheld = v.withheld,
       token = v.token, key_id = v.key_id, digest = v.digest, list_version = v.list_version,
       view_number = v.view_number, traceparent = v.traceparent, settled_at = null, stored_at = now()
     from (values ${placeholders(results.length, HEAD_TYPES.length, HEAD_TYPES)}) as v (${HEAD_COLUMNS})
     where result.result_id = v.result_id`,
    results.flatMap(headRow),
  );
  await transaction.query('delete from result_container where result_id = any($1::uuid[])', [ids]);
}

async function keepHistory(
  transaction: EntityManager,
  results: readonly StoredResult[],
  traceOf: (result: StoredResult) => string | null,
): Promise<void> {
  await insertRows(
    transaction,
    `result_history (result_id, version, status, issuer, issued_at, content, withheld, token, key_id, list_version, view_number, stored_at, traceparent)`,
    results.map((result) => [
      result.resultId, result.version, result.status, result.issuer, result.issuedAt, result.content, result.withheld,
      result.token, result.keyId, result.listVersion, result.viewNumber, new Date(result.issuedAt), traceOf(result),
    ]), // prettier-ignore
    'on conflict do nothing',
  );
}
