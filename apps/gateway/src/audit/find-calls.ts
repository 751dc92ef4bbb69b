import type { UnitId } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import type { Role } from '@clearance/platform/tokens';
import type { AuditedCall } from './calls-schema.ts';

/** Which calls are asked about. */
export interface CallsQuery {
  subject?: string;
  route?: string;
  /** Ms since the epoch: from then on. */
  from?: number;
  /** Ms since the epoch: before then. */
  to?: number;
}

/** A page of the calls, in the order in which they were written down, the newest first; `next` is there for more. */
export async function findCalls(
  database: DataSource,
  { subject, route, from, to }: CallsQuery,
  page: { limit: number; before: string | undefined },
): Promise<{ calls: AuditedCall[]; next?: string }> {
  const parameters: SqlValue[] = [];
  const parameter = (value: SqlValue): string => `$${parameters.push(value)}`;
  // Of a write the row with its answer, if there is one.
  const conditions = [
    `(c.status is not null or not exists
       (select 1 from api_call a where a.call_id = c.call_id and (a.status is null) = false))`,
  ];
  if (subject !== undefined) conditions.push(`c.subject = ${parameter(subject)}`);
  if (route !== undefined) conditions.push(`c.route = ${parameter(route)}`);
  if (from !== undefined) conditions.push(`c.at >= ${parameter(new Date(from))}`);
  if (to !== undefined) conditions.push(`c.at < ${parameter(new Date(to))}`);
  if (page.before !== undefined) conditions.push(`c.sequence < ${parameter(page.before)}::bigint`);
  const rows: {
    sequence: string;
    call_id: string;
    at: Date;
    subject: string | null;
    roles: Role[];
    unit: UnitId | null;
    method: string;
    route: string | null;
    resources: string;
    status: number | null;
    duration_ms: number | null;
    traceparent: string;
    times: number;
  }[] = await database.query(
    `select c.* from api_call c where ${conditions.join(' and ')} order by c.sequence desc limit ${page.limit + 1}`,
    parameters,
  );
  const calls = rows.slice(0, page.limit).map((row) => ({
    callId: row.call_id,
    at: row.at.toISOString(),
    subject: row.subject,
    roles: row.roles,
    unit: row.unit,
    method: row.method,
    route: row.route,
    resources: JSON.parse(row.resources) as Record<string, string>,
    status: row.status,
    durationMs: row.duration_ms,
    traceparent: row.traceparent,
    times: row.times,
  }));
  const last = rows[page.limit - 1];
  return rows.length <= page.limit || last === undefined ? { calls } : { calls, next: last.sequence };
}
