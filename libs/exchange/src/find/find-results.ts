import {
  type FindResultsReply,
  type FindResultsRequest,
  type Outcome,
  problem,
  validateFindResults,
  violation,
} from '@clearance/contracts';
import type { SqlValue } from '@clearance/platform';
import { fromRow, STORED_COLUMNS, type StoredRow } from '../store/read-results.ts';
import { toView } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { cutPage } from './cut-page.ts';

const DEFAULT_PAGE = 50;

/**
 * Finds own results and copies, newest versions only, in the order in which they reached this unit. A page holds what was
 * asked for, or as much of it as one message carries.
 */
export async function findResults(unit: Unit, body: unknown): Promise<Outcome<FindResultsReply>> {
  const checked = validateFindResults(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const request = checked.value;
  const after = request.cursor === undefined ? '0' : decodeCursor(request.cursor);
  if (after === undefined) {
    return {
      ok: false,
      problem: problem('invalid', { errors: [violation('/cursor', 'bad-format', { expected: 'cursor' })] }),
    };
  }
  const page = Math.min(request.limit ?? DEFAULT_PAGE, unit.mesh.limits.maxPage);
  const { conditions, parameters } = conditionsOf(request);
  const rows: (StoredRow & { sequence: string })[] = await unit.database.query(
    // Up to the first row that no longer fits: what a page cannot carry is not read.
    `select ${STORED_COLUMNS}, r.sequence from (
       select r.*, octet_length(r.content) + octet_length(r.withheld) + octet_length(r.token) as bytes,
         sum(octet_length(r.content) + octet_length(r.withheld) + octet_length(r.token)) over (order by r.sequence) as upto
       from result r where r.sequence > $1 ${conditions.map((condition) => `and ${condition}`).join(' ')}
       order by r.sequence limit ${page + 1}
     ) r where r.upto - r.bytes <= ${unit.mesh.limits.maxPayloadBytes} order by r.sequence`,
    [after, ...parameters],
  );
  const results = cutPage(
    rows.slice(0, page).map((row) => toView(fromRow(row), unit.keyRing())),
    unit.mesh.limits.maxPayloadBytes,
  );
  const last = rows[results.length - 1];
  return {
    ok: true,
    value: rows.length > results.length && last ? { results, cursor: encodeCursor(last.sequence) } : { results },
  };
}

function conditionsOf(request: FindResultsRequest): { conditions: string[]; parameters: SqlValue[] } {
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  const add = (value: SqlValue | undefined, condition: (parameter: string) => string): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length + 1}`));
  };
  add(request.resultId, (p) => `r.result_id = ${p}`);
  // Each half has an index of its own, which a condition that does not say whose result it is could not use.
  add(request.reference, (p) => `((r.own and r.reference = ${p}) or (not r.own and r.reference = ${p}))`);
  add(request.declarationNumber, (p) => `r.declaration_number = ${p}`);
  add(request.transportDocument, (p) => `r.transport_document = ${p}`);
  add(request.issuer, (p) => `r.issuer = ${p}`);
  add(request.since, (p) => `r.stored_at >= ${p} and r.sequence > ${placeBefore(p)}`);
  add(request.container, (p) => `r.result_id in (select result_id from result_container where container = ${p})`);
  return { conditions, parameters };
}

/**
 * A place in the sequence that lies before everything stored since a time, so that the way there is not walked row by row.
 * A row takes its place after its transaction has begun, which is its time: what took its place before the time has a smaller
 * one. A transaction that began ten minutes before has ended by then, as has any difference between two clocks.
 */
function placeBefore(since: string): string {
  return `coalesce((select sequence from result where stored_at < ${since}::timestamptz - interval '10 minutes'
    order by stored_at desc limit 1), 0)`;
}
