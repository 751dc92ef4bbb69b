import type { UnitId } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import type { PageByTime, TimePlace } from '../http/page-by-time.ts';

/** Which consignments are asked for: all conditions together. */
export interface ConsignmentsQuery {
  container?: string;
  declarationNumber?: string;
  transportDocument?: string;
  resultId?: string;
  /** With a result of this unit. */
  issuer?: UnitId;
}

/** A consignment by what it is known by. */
export interface ConsignmentSummary {
  consignmentId: string;
  /** RFC 3339: of the first and of the last of its examinations. */
  firstAt: string;
  lastAt: string;
  results: number;
  /** Who has issued results about it. */
  issuers: UnitId[];
  /** Places named by them. */
  locations: string[];
  declarationNumbers: string[];
  transportDocuments: string[];
  containers: string[];
  /** Results of which not every unit has confirmed its copy. */
  unsettled: number;
}

interface ConsignmentRow {
  consignment_id: string;
  first_at: Date;
  last_at: Date;
  results: number;
  micros: string;
}

/** Consignments, that with the newest examination first. */
export async function findConsignments(
  database: DataSource,
  { container, declarationNumber, transportDocument, resultId, issuer }: ConsignmentsQuery,
  page: PageByTime,
): Promise<{ consignments: ConsignmentSummary[]; next?: TimePlace }> {
  const parameters: SqlValue[] = [];
  const parameter = (value: SqlValue): string => `$${parameters.push(value)}`;
  const conditions: string[] = ['true'];
  const among = (where: string): void => void conditions.push(`c.consignment_id in (select t.consignment_id ${where})`);
  if (container !== undefined)
    among(`from traveller_container b join traveller t using (result_id) where b.container = ${parameter(container)}`);
  if (declarationNumber !== undefined)
    among(`from traveller t where t.declaration_number = ${parameter(declarationNumber)}`);
  if (transportDocument !== undefined)
    among(`from traveller t where t.transport_document = ${parameter(transportDocument)}`);
  if (resultId !== undefined) among(`from traveller t where t.result_id = ${parameter(resultId)}::uuid`);
  if (issuer !== undefined) {
    conditions.push(`exists (select from traveller t join coordinated_version v using (result_id, version)
      where t.consignment_id = c.consignment_id and v.issuer = ${parameter(issuer)})`);
  }
  if (page.after !== undefined) {
    const micros = `${parameter(page.after.micros)}::bigint`;
    conditions.push(`(c.last_at, c.consignment_id) <
      ('epoch'::timestamptz + ${micros} * interval '1 microsecond', ${parameter(page.after.id)}::uuid)`);
  }
  const rows: ConsignmentRow[] = await database.query(
    `select c.*, (extract(epoch from c.last_at) * 1000000)::bigint as micros from consignment c
     where ${conditions.join(' and ')} order by c.last_at desc, c.consignment_id desc limit ${page.limit + 1}`,
    parameters,
  );
  const consignments = await summarise(database, rows.slice(0, page.limit));
  const last = rows[page.limit - 1];
  if (rows.length <= page.limit || last === undefined) return { consignments };
  return { consignments, next: { micros: last.micros, id: last.consignment_id } };
}

/** The consignment that a result belongs to; undefined when there is no such result. @param id of any of its results */
export async function readConsignment(database: DataSource, id: string): Promise<ConsignmentSummary | undefined> {
  const rows: ConsignmentRow[] = await database.query(
    `select c.*, '0' as micros from consignment c
     where c.consignment_id = (select t.consignment_id from traveller t where t.result_id = $1)`,
    [id],
  );
  return (await summarise(database, rows))[0];
}

async function summarise(database: DataSource, rows: readonly ConsignmentRow[]): Promise<ConsignmentSummary[]> {
  const ids = rows.map(({ consignment_id }) => consignment_id);
  const details: (Omit<ConsignmentSummary, 'firstAt' | 'lastAt' | 'results'> & { consignmentId: string })[] =
    await database.query(
      `select t.consignment_id as "consignmentId",
         array_agg(distinct v.issuer) as issuers,
         array_remove(array_agg(distinct v.location), null) as locations,
         array_remove(array_agg(distinct v.declaration_number), null) as "declarationNumbers",
         array_remove(array_agg(distinct v.transport_document), null) as "transportDocuments",
         array(select distinct b.container from traveller_container b join traveller o using (result_id)
           where o.consignment_id = t.consignment_id order by b.container) as containers,
         count(*) filter (where s.settled_at is null)::integer as unsettled
       from traveller t join coordinated_version v using (result_id, version)
         left join settlement s using (result_id, version)
       where t.consignment_id = any($1::uuid[]) group by t.consignment_id`,
      [ids],
    );
  const known = new Map(details.map((each) => [each.consignmentId, each]));
  return rows.map(({ consignment_id, first_at, last_at, results }) => ({
    ...known.get(consignment_id)!,
    firstAt: first_at.toISOString(),
    lastAt: last_at.toISOString(),
    results,
  }));
}
