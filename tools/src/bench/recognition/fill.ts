import type { UnitId } from '@clearance/contracts';
import type { BenchContext } from '../figure.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { ASKED, BOXES, boxNumber, type ExaminedConsignment } from './consignments.ts';

/** Results of one consignment in the past; where its model has fewer, the last one is there again. */
const PER_CONSIGNMENT = 4;
/** Every so many rows some follow whose token is as long as a real one: there a search may begin a page. */
export const PAGES_EVERY = 20_000;
const PAGES_ROWS = 600;
const ROWS_PER_STATEMENT = 100_000;
const DAY_MS = 86_400_000;
const DAYS = 730;
/** The past ends so long ago that nothing of it can be relied on any more: the longest arrangement lasts 30 days. */
const ENDED_DAYS_AGO = 40;

/** A database that grows by what might have happened in the two years before. */
export interface Past {
  /** Adds rows until there are so many in all, the truly received ones included. */
  growTo(results: number): Promise<void>;
  /** Of those added, consignments spread over the whole time, as a request names them. */
  sample(count: number): Promise<{ declarationNumber: string; containers: string[] }[]>;
  /** Milliseconds since the epoch at which a page of results with real tokens begins, spread over the whole time. */
  pageTimes(): number[];
}

/**
 * Prepares the asked unit's database to be filled with the past: the same results as were truly received about these
 * consignments, again and again with other documents, boxes and days. As the database grows time goes on, and boxes come
 * back.
 *
 * The contents are whole, since searches and decisions read them. The tokens of most are four bytes: no decision and no
 * search by an identifier reads one (`isTrusted` asks key, issuer and time of issue; `content` is what was disclosed,
 * beside it), tokens of a real length lie out of line, and a million of them would only take up the disk. Rows that a
 * page may hold have a token of full length, of the result that they are modelled on.
 *
 * @param total rows in all at the end: the time passes in proportion
 * @param of whose database it is, the asked unit's unless told; those of several units have the same past, each as it sees
 *   it, when it ends at the same moment
 */
export async function preparePast(
  { query }: Pick<MeshExchange, 'query'>,
  models: readonly ExaminedConsignment[],
  total: number,
  { say, signal }: Pick<BenchContext, 'say' | 'signal'>,
  { unit, now }: { unit: UnitId; now: number } = { unit: ASKED, now: Date.now() },
): Promise<Past> {
  const run = <R>(sql: string, parameters: unknown[] = []): Promise<R[]> => query<R>(unit, sql, parameters);
  await run('create table bench_box (index integer primary key, number text not null)');
  await run(
    'insert into bench_box select ordinality - 1, number from unnest($1::text[]) with ordinality as b (number)',
    [Array.from({ length: BOXES }, (_, index) => boxNumber(index))],
  );
  const days = await keepModels(run, models);
  const received = (await run<{ result_id: string }>('select result_id from result')).map((row) => row.result_id);
  const start = now - (ENDED_DAYS_AGO + DAYS) * DAY_MS;
  const stepMs = (DAYS * DAY_MS) / total;
  const timeOf = (row: number): number => start + row * stepMs;
  let filled = 0;
  return {
    growTo: async (results) => {
      const indexes = results - filled > ROWS_PER_STATEMENT ? await dropIndexes(run) : [];
      while (filled + received.length < results) {
        signal.throwIfAborted();
        const until = Math.min(results - received.length, filled + ROWS_PER_STATEMENT);
        await run(insertResults(days), [filled, until - 1, models.length, new Date(start), stepMs]);
        await run(INSERT_CONTAINERS, [filled, until - 1, models.length, new Date(start), stepMs]);
        filled = until;
        say(`  ${filled + received.length} results in the database of ${unit}`);
      }
      for (const index of indexes) await run(index);
      // What was truly received came last, as it does; a later version takes a new place in the same way.
      await run(`update result set sequence = nextval('result_sequence') where result_id = any($1::uuid[])`, [
        received,
      ]);
      await run('vacuum (analyze) result');
      await run('vacuum (analyze) result_container');
    },
    sample: async (count) => {
      const consignments = Math.floor(filled / PER_CONSIGNMENT);
      const references = Array.from(
        { length: count },
        (_, index) => `PAST-${Math.floor(((index + 0.5) * consignments) / count) * PER_CONSIGNMENT}`,
      );
      const rows = await run<{ content: string }>(
        'select content from result where reference = any($1) order by result_id',
        [references],
      );
      return rows.map(({ content }) => {
        const { declarationNumber, containers } = JSON.parse(content) as {
          declarationNumber: string;
          containers: { number: string }[];
        };
        return { declarationNumber, containers: containers.map(({ number }) => number) };
      });
    },
    pageTimes: () =>
      Array.from({ length: Math.ceil((filled - PAGES_ROWS) / PAGES_EVERY) }, (_, index) =>
        Math.ceil(timeOf(index * PAGES_EVERY)),
      ),
  };
}

/** What the n-th row of the past is modelled on; `c.n` numbers the consignments. */
const ROWS = `generate_series($1::bigint, $2::bigint) as s (n)
  cross join lateral (select s.n / ${PER_CONSIGNMENT} as n, s.n % ${PER_CONSIGNMENT} as slot) c
  join bench_model m on m.consignment = c.n % $3::bigint and m.slot = c.slot
  cross join lateral (select $4::timestamptz + s.n * $5::double precision * interval '1 millisecond' as at) t
  cross join lateral (select
    (lpad(to_hex((extract(epoch from t.at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(s.n), 15, '0'))::uuid as id
  ) i`;

const box = (position: number): string =>
  `(select number from bench_box where index = (hashint8(c.n * 4 + ${position}) & 2147483647) % ${BOXES})`;

const MOST_BOXES = 3;

/** @param days how many days from the day of the first check the models' times lie, in the order of their placeholders */
function insertResults(days: readonly number[]): string {
  return `
    insert into result (result_id, version, status, issuer, own, reference, kind, declaration_number, transport_document,
      issued_at, content, withheld, token, key_id, digest, first_digest, list_version, settled_at, stored_at)
    select i.id, 1, 'issued', m.issuer, m.own, d.reference, m.kind, d.declaration, d.document, t.at,
      format(m.content, d.declaration, d.document, d.reference,
        ${Array.from({ length: MOST_BOXES }, (_, position) => box(position)).join(', ')},
        ${days.map((day) => `to_char(t.at + interval '${day} days', 'YYYY-MM-DD')`).join(', ')}),
      m.withheld, case when s.n % ${PAGES_EVERY} < ${PAGES_ROWS} then m.token else 'none' end, m.key_id,
      m.digest, m.digest, m.list_version, case when m.own then t.at end, t.at
    from ${ROWS} cross join lateral (select
      'PAST-' || s.n as reference, 'PAST' || lpad(c.n::text, 10, '0') as document,
      '1902' || to_char(t.at, 'YYYY') || '1' || lpad(c.n::text, 9, '0') as declaration
    ) d order by s.n`;
}

const INSERT_CONTAINERS = `
  insert into result_container (container, result_id)
  select distinct b.number, i.id from ${ROWS}
  cross join lateral generate_series(0, m.boxes - 1) k
  join bench_box b on b.index = (hashint8(c.n * 4 + k) & 2147483647) % ${BOXES}`;

/**
 * Takes away the indexes of both tables but for the key of the results: to build them again over all rows takes a fraction of
 * the time that it takes to keep them.
 *
 * @returns the statements that make the same ones again
 */
async function dropIndexes(run: <R>(sql: string) => Promise<R[]>): Promise<string[]> {
  const found = await run<{ drop: string; create: string }>(`
    select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
        else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname) end as drop,
      case when c.oid is null then pg_get_indexdef(i.indexrelid)
        else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) end
        as create
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
    where i.indrelid = any(array['result', 'result_container']::regclass[]) and i.indexrelid <> 'result_pkey'::regclass`);
  for (const { drop } of found) await run(drop);
  return found.map(({ create }) => `set maintenance_work_mem = '256MB'; ${create}`);
}

interface ReceivedRow {
  result_id: string;
  issuer: string;
  own: boolean;
  kind: string;
  reference: string;
  content: string;
  withheld: string;
  token: string;
  key_id: string;
  digest: string | null;
  list_version: string | null;
}

/**
 * Keeps, of each consignment, the rows as they were received, with places in their contents for what is another's each time.
 *
 * @returns the days for which there are places
 */
async function keepModels(
  run: <R>(sql: string, parameters?: unknown[]) => Promise<R[]>,
  models: readonly ExaminedConsignment[],
): Promise<number[]> {
  await run(`create table bench_model (consignment bigint, slot bigint, boxes integer, issuer text, own boolean, kind text,
    content text, withheld text, token text, key_id text, digest text, list_version text, primary key (consignment, slot))`);
  await run('alter table bench_model alter column token set storage external');
  const days: number[] = [];
  for (const [index, { consignment, results }] of models.entries()) {
    const rows = await run<ReceivedRow>(
      `select result_id, issuer, own, kind, reference, content, withheld, token, key_id, digest, list_version from result
       where declaration_number = $1 order by reference`,
      [consignment.declarationNumber],
    );
    if (rows.length !== results.length) throw new Error(`${rows.length} of ${results.length} results were received`);
    for (let slot = 0; slot < PER_CONSIGNMENT; slot += 1) {
      const row = rows[Math.min(slot, rows.length - 1)]!;
      await run('insert into bench_model values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
        index, slot, consignment.boxes.length, row.issuer, row.own, row.kind,
        withPlaces(row, consignment, days), row.withheld, row.token, row.key_id, row.digest, row.list_version,
      ]); // prettier-ignore
    }
  }
  await run('analyze bench_model');
  return days;
}

/** The content as a format of PostgreSQL: documents, reference, boxes and days are to be filled in. */
function withPlaces(
  { content, reference }: ReceivedRow,
  { declarationNumber, transportDocument, boxes }: ExaminedConsignment['consignment'],
  days: number[],
): string {
  const places: [text: string, place: number][] = [
    [reference, 3],
    [declarationNumber, 1],
    [transportDocument, 2],
    ...boxes.map(({ number }, index): [string, number] => [number, 4 + index]),
  ];
  let format = content.replaceAll('%', '%%');
  for (const [text, place] of places) format = format.replaceAll(text, `%${place}$s`);
  const first = Math.min(...datesIn(content).map((date) => Date.parse(date)));
  for (const date of new Set(datesIn(content))) {
    const day = Math.round((Date.parse(date) - first) / DAY_MS);
    if (!days.includes(day)) days.push(day);
    format = format.replaceAll(`${date}T`, `%${4 + MOST_BOXES + days.indexOf(day)}$sT`);
  }
  return format;
}

function datesIn(content: string): string[] {
  return [...content.matchAll(/\b(\d{4}-\d\d-\d\d)T/g)].map(([, date]) => date!);
}
