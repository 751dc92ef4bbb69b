import { type EntityManager, placeholders, type SqlValue } from '@clearance/platform';
import { signedDigest } from '@clearance/provenance';
import { versionKey } from '../store/store-results.ts';
import { digestOfSigned, searchColumnsOf, type StoredResult } from '../store/stored-result.ts';

/** A version of which this unit sees something else than before. */
export interface ReplacedView {
  stored: StoredResult;
  /** `restricted` when anything that was seen is gone, whatever else has been added. */
  effect: 'restricted' | 'extended';
}

/** What is held of a version. */
interface HeldView {
  result_id: string;
  version: number;
  view_number: number;
  token: string;
  newest: boolean;
}

/**
 * Of arrivals of one version the highest view, and of equal ones the first: messages overtake each other, and what the
 * gateway decided last is what it gave the highest number.
 */
export function highestViews(arrivals: readonly StoredResult[]): StoredResult[] {
  const highest = new Map<string, StoredResult>();
  for (const arrival of arrivals) {
    const before = highest.get(versionKey(arrival));
    if (before === undefined || before.viewNumber < arrival.viewNumber) highest.set(versionKey(arrival), arrival);
  }
  return arrivals.filter((arrival) => highest.get(versionKey(arrival)) === arrival);
}

/**
 * Puts views in the place of those that are held of the same versions, of the history too, where their number is higher:
 * content, index columns and containers lose what may be seen no more, and gain what may be seen from now on. What the
 * issuer signed must be the same.
 *
 * @param arrivals none of a version twice; their results are locked
 */
export async function replaceViews(
  transaction: EntityManager,
  arrivals: readonly StoredResult[],
): Promise<ReplacedView[]> {
  const later = new Map(
    arrivals.filter(({ viewNumber }) => viewNumber > 0).map((arrival) => [versionKey(arrival), arrival]),
  );
  if (later.size === 0) return [];
  const replaced: (ReplacedView & { newest: boolean })[] = [];
  for (const held of await readHeld(transaction, [...later.values()])) {
    const stored = later.get(versionKey({ resultId: held.result_id, version: held.version }))!;
    if (stored.viewNumber <= held.view_number || stored.token === held.token) continue;
    if (digestOfSigned(stored) !== signedDigest(held.token)) continue;
    replaced.push({ stored, effect: effectOf(held.token, stored.token), newest: held.newest });
  }
  const { current = [], older = [] } = Object.groupBy(replaced, ({ newest }) => (newest ? 'current' : 'older'));
  await replaceCurrent(
    transaction,
    current.map(({ stored }) => stored),
  );
  await replaceOlder(
    transaction,
    older.map(({ stored }) => stored),
  );
  return replaced.map(({ stored, effect }) => ({ stored, effect }));
}

/** By the disclosures of two tokens of one version: base64url, divided by `~`, the signed part first. */
function effectOf(before: string, after: string): ReplacedView['effect'] {
  const kept = new Set(after.split('~'));
  return before.split('~').every((disclosure) => kept.has(disclosure)) ? 'extended' : 'restricted';
}

async function readHeld(transaction: EntityManager, versions: readonly StoredResult[]): Promise<HeldView[]> {
  const wanted = `(values ${placeholders(versions.length, 2, ['uuid', 'integer'])}) as v (result_id, version)`;
  const from = (table: string, newest: boolean): string =>
    `select r.result_id, r.version, r.view_number, r.token, ${newest} as newest
     from ${table} r join ${wanted} on r.result_id = v.result_id and r.version = v.version`;
  return transaction.query(
    `${from('result', true)} and not r.own union all ${from('result_history', false)}`,
    versions.flatMap(({ resultId, version }) => [resultId, version]),
  );
}

const VIEW_TYPES = ['uuid', 'integer', 'text', 'text', 'text', 'text', 'integer'];
const VIEW_COLUMNS = 'result_id, version, content, withheld, token, list_version, view_number';
const SET_VIEW = `content = v.content, withheld = v.withheld, token = v.token, list_version = v.list_version,
  view_number = v.view_number`;

function viewRow(result: StoredResult): SqlValue[] {
  const { resultId, version, content, withheld, token, listVersion, viewNumber } = result;
  return [resultId, version, content, withheld, token, listVersion, viewNumber];
}

/** What is searched for follows the content, and the result takes a new place in the sequence for whoever reads on. */
async function replaceCurrent(transaction: EntityManager, results: readonly StoredResult[]): Promise<void> {
  if (results.length === 0) return;
  const types = [...VIEW_TYPES, 'text', 'text', 'text', 'text'];
  const rows = results.map((result) => {
    const { reference, kind, declarationNumber, transportDocument } = searchColumnsOf(result);
    return [...viewRow(result), reference, kind, declarationNumber, transportDocument];
  });
  await transaction.query(
    `update result r set sequence = nextval('result_sequence'), ${SET_VIEW}, reference = v.reference, kind = v.kind,
       declaration_number = v.declaration_number, transport_document = v.transport_document, stored_at = now()
     from (values ${placeholders(rows.length, types.length, types)})
       as v (${VIEW_COLUMNS}, reference, kind, declaration_number, transport_document)
     where r.result_id = v.result_id and r.version = v.version`,
    rows.flat(),
  );
  const boxes = results.flatMap((result) =>
    searchColumnsOf(result).containers.map((container): [string, string] => [container, result.resultId]),
  );
  await transaction.query('delete from result_container where result_id = any($1::uuid[])', [
    results.map(({ resultId }) => resultId),
  ]);
  await transaction.query(
    'insert into result_container (container, result_id) select * from unnest($1::text[], $2::uuid[])',
    [boxes.map(([container]) => container), boxes.map(([, resultId]) => resultId)],
  );
}

async function replaceOlder(transaction: EntityManager, results: readonly StoredResult[]): Promise<void> {
  if (results.length === 0) return;
  await transaction.query(
    `update result_history r set ${SET_VIEW}
     from (values ${placeholders(results.length, VIEW_TYPES.length, VIEW_TYPES)}) as v (${VIEW_COLUMNS})
     where r.result_id = v.result_id and r.version = v.version`,
    results.flatMap(viewRow),
  );
}
