import type {
  AccessErrors,
  AccessState,
  DecisionStatement,
  FollowedRequest,
  RevocationStatement,
  SignedStatement,
} from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';

/** A request for access as a unit keeps it, whether it asks or is asked. */
export interface StoredRequest extends FollowedRequest {
  /** Whether this unit asks. */
  own: boolean;
}

interface RequestRow {
  own: boolean;
  state: AccessState;
  request: string;
  decision: string | null;
  revocation: string | null;
  due_at: Date | null;
  reminded_at: Date | null;
  escalated_at: Date | null;
  errors: string | null;
}

/** The columns of a {@link StoredRequest}. */
export const REQUEST_COLUMNS = 'own, state, request, decision, revocation, due_at, reminded_at, escalated_at, errors';

/** The state at a time, in SQL: what is granted is over by itself. */
export function stateAt(now: string): string {
  return `case when state in ('granted', 'granted-in-part') and granted_until <= ${now} then 'expired' else state end`;
}

/** A request from its row. */
export function fromRequestRow(row: unknown): StoredRequest {
  const { own, state, request, decision, revocation, due_at, reminded_at, escalated_at, errors } = row as RequestRow;
  return {
    own,
    state,
    request: JSON.parse(request) as StoredRequest['request'],
    ...(decision === null ? {} : { decision: JSON.parse(decision) as SignedStatement<DecisionStatement> }),
    ...(revocation === null ? {} : { revocation: JSON.parse(revocation) as SignedStatement<RevocationStatement> }),
    ...(due_at === null ? {} : { dueAt: due_at }),
    ...(reminded_at === null ? {} : { remindedAt: reminded_at }),
    ...(escalated_at === null ? {} : { escalatedAt: escalated_at }),
    ...(errors === null ? {} : { errors: JSON.parse(errors) as AccessErrors }),
  };
}

/** Reads a request and holds it until the transaction's end. */
export async function lockRequest(transaction: EntityManager, requestId: string): Promise<StoredRequest | undefined> {
  const rows: RequestRow[] = await transaction.query(
    `select ${REQUEST_COLUMNS} from access_request where request_id = $1 for update`,
    [requestId],
  );
  return rows[0] && fromRequestRow(rows[0]);
}

/** Puts down what is known of a request by now, in the place of what was. */
export async function storeRequest(
  transaction: EntityManager,
  stored: StoredRequest,
  bodyDigest: string | null = null,
): Promise<void> {
  const { own, state, request, decision, revocation, dueAt, remindedAt, escalatedAt, errors } = stored;
  const { requestId, reference, requester, about, requestedAt } = request.statement;
  const text = (value: object | undefined): string | null => (value === undefined ? null : JSON.stringify(value));
  await transaction.query(
    `insert into access_request (request_id, own, requester, owner, reference, body_digest, requested_at, state, granted_until,
       request, decision, revocation, due_at, reminded_at, escalated_at, errors)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (request_id) do update set state = excluded.state, granted_until = excluded.granted_until,
       decision = excluded.decision, revocation = excluded.revocation, due_at = excluded.due_at,
       reminded_at = excluded.reminded_at, escalated_at = excluded.escalated_at, errors = excluded.errors`,
    [
      ...[requestId, own, requester, about.issuer, reference, bodyDigest, requestedAt, state],
      ...[decision?.statement.grant?.until ?? null, text(request), text(decision), text(revocation)],
      ...[dueAt ?? null, remindedAt ?? null, escalatedAt ?? null, text(errors)],
    ],
  );
}
