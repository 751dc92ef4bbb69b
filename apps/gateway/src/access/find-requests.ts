import type {
  AccessDetails,
  AccessRequest,
  AccessState,
  DecisionStatement,
  FollowedRequest,
  RequestStatement,
  RevocationStatement,
  SignedStatement,
  UnitId,
} from '@clearance/contracts';
import { requestView } from '@clearance/contracts';
import type { DataSource, SqlValue } from '@clearance/platform';
import type { PageByTime, TimePlace } from '../http/page-by-time.ts';

/** Which requests are asked for: all conditions together. */
export interface RequestsQuery {
  state?: AccessState;
  requester?: UnitId;
  owner?: UnitId;
  /** Open, and the time for an answer is over. */
  overdue?: boolean;
  /** Asked by this unit, or of it. */
  concerning?: UnitId;
}

interface RequestRow {
  state: AccessState;
  request: string;
  decision: string | null;
  revocation: string | null;
  due_at: Date;
  reminded_at: Date | null;
  escalated_at: Date | null;
  micros: string;
  request_id: string;
}

const COLUMNS = `request_id, state, request, decision, revocation, due_at, reminded_at, escalated_at,
  (extract(epoch from received_at) * 1000000)::bigint as micros`;
/** What is granted is over at its time, whether that was noted already or not. */
const STATE = `case when state in ('granted', 'granted-in-part') and granted_until <= clock_timestamp() then 'expired' else state end`;

/** Requests for access, the newest first. */
export async function findRequests(
  database: DataSource,
  { state, requester, owner, overdue, concerning }: RequestsQuery,
  page: PageByTime,
  now: number,
): Promise<{ requests: AccessRequest[]; next?: TimePlace }> {
  const parameters: SqlValue[] = [];
  const parameter = (value: SqlValue): string => `$${parameters.push(value)}`;
  const conditions: string[] = ['true'];
  if (state !== undefined) conditions.push(`${STATE} = ${parameter(state)}`);
  if (requester !== undefined) conditions.push(`requester = ${parameter(requester)}`);
  if (owner !== undefined) conditions.push(`owner = ${parameter(owner)}`);
  if (overdue === true) conditions.push(`state = 'open' and due_at <= clock_timestamp()`);
  if (concerning !== undefined) conditions.push(`${parameter(concerning)} in (requester, owner)`);
  if (page.after !== undefined) {
    const micros = `${parameter(page.after.micros)}::bigint`;
    conditions.push(`(received_at, request_id) <
      ('epoch'::timestamptz + ${micros} * interval '1 microsecond', ${parameter(page.after.id)}::uuid)`);
  }
  const rows: RequestRow[] = await database.query(
    `select ${COLUMNS} from access_request where ${conditions.join(' and ')}
     order by received_at desc, request_id desc limit ${page.limit + 1}`,
    parameters,
  );
  const requests = rows.slice(0, page.limit).map((row) => requestView(followed(row), now));
  const last = rows[page.limit - 1];
  if (rows.length <= page.limit || last === undefined) return { requests };
  return { requests, next: { micros: last.micros, id: last.request_id } };
}

/** One request, with what was signed; undefined when there is none. */
export async function readRequest(
  database: DataSource,
  requestId: string,
  now: number,
): Promise<AccessDetails | undefined> {
  const [row]: RequestRow[] = await database.query(`select ${COLUMNS} from access_request where request_id = $1`, [
    requestId,
  ]);
  if (row === undefined) return undefined;
  const { request, decision, revocation, ...rest } = followed(row);
  return {
    ...requestView({ request, ...rest, ...(decision && { decision }), ...(revocation && { revocation }) }, now),
    said: { request, ...(decision && { decision }), ...(revocation && { revocation }) },
  };
}

function followed(row: RequestRow): FollowedRequest {
  const { state, request, decision, revocation, due_at, reminded_at, escalated_at } = row;
  return {
    state,
    request: JSON.parse(request) as SignedStatement<RequestStatement>,
    dueAt: due_at,
    ...(decision === null ? {} : { decision: JSON.parse(decision) as SignedStatement<DecisionStatement> }),
    ...(revocation === null ? {} : { revocation: JSON.parse(revocation) as SignedStatement<RevocationStatement> }),
    ...(reminded_at === null ? {} : { remindedAt: reminded_at }),
    ...(escalated_at === null ? {} : { escalatedAt: escalated_at }),
  };
}
