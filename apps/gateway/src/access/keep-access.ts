import type { DecisionStatement, SignedStatement, UnitId } from '@clearance/contracts';
import { describeError, type EntityManager, pause } from '@clearance/platform';
import { type KeyRing, statedAt, type VerificationKey, verifyStatement } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { accessRequests } from '../metrics.ts';
import { ACCESS_LOCK, runAlone } from '../reconcile/run-alone.ts';
import { databaseClock } from '../database-clock.ts';
import { noticeGiver } from './give-notices.ts';
import { keepNotices } from './keep-notices.ts';
import { endGrant } from './take-statements.ts';

/** How late something may be told, ms. */
const LOOK_MS = 500;

/**
 * Follows requests for access: reminds owners, tells the coordinators of what was not answered in time, ends what is over, and
 * tells units of all of it. One gateway at a time does; all that it knows is in the database.
 */
export function keepAccess(gateway: Gateway): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const giver = noticeGiver(gateway);
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (await isAnythingDue(gateway)) {
          await runAlone(gateway.database, ACCESS_LOCK, async () => {
            await gateway.database.transaction(async (transaction) => {
              await remind(transaction);
              await escalate(gateway, transaction);
              await expire(transaction);
            });
            await endVoidGrants(gateway);
            await giver.give();
          });
        }
      } catch (error) {
        gateway.log.warn({ err: describeError(error) }, 'requests for access are not followed; tried again');
      }
      await pause(LOOK_MS, stopping.signal);
    }
  };
  const running = keep();
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await giver.stop();
    },
  };
}

/** Mostly nothing is, and to know that costs a small part of looking after it. */
async function isAnythingDue({ database, keyRing }: Gateway): Promise<boolean> {
  const [row]: [{ due: boolean; open: string; overdue: string }] = await database.query(ANYTHING_DUE);
  accessRequests.set({ state: 'open' }, Number(row.open));
  accessRequests.set({ state: 'overdue' }, Number(row.overdue));
  return row.due || revokedKeys(keyRing()).length > 0;
}

const ANYTHING_DUE = `
  select exists (select from access_notice where next_attempt_at <= now())
    or exists (select from access_request where state = 'open' and remind_at <= clock_timestamp() and escalated_at is null
                 and (reminded_at is null or due_at <= clock_timestamp()))
    or exists (select from access_request where state in ('granted', 'granted-in-part') and ended_at is null
                 and granted_until <= clock_timestamp()) as due,
    (select count(*) from access_request where state = 'open') as open,
    (select count(*) from access_request where state = 'open' and due_at <= clock_timestamp()) as overdue`;

function revokedKeys(ring: KeyRing): VerificationKey[] {
  return [...ring.values()].filter(({ revokedAt }) => revokedAt !== undefined);
}

interface Followed {
  request_id: string;
  requester: UnitId;
  owner: UnitId;
  now: Date;
}

/** Notes on requests whose time has come, by the database's clock, what they are now; and gives them. */
async function note(transaction: EntityManager, set: string, where: string): Promise<Followed[]> {
  const [rows]: [Followed[], number] = await transaction.query(
    `update access_request set ${set} where ${where} returning request_id, requester, owner, clock_timestamp() as now`,
  );
  return rows;
}

async function remind(transaction: EntityManager): Promise<void> {
  const due = await note(
    transaction,
    'reminded_at = clock_timestamp()',
    `state = 'open' and remind_at <= clock_timestamp() and reminded_at is null and due_at > clock_timestamp()`,
  );
  for (const { request_id: id, owner, now } of due) {
    await keepNotices(transaction, id, now.getTime(), [{ unit: owner, told: { notice: 'reminded' } }]);
  }
}

async function escalate(gateway: Gateway, transaction: EntityManager): Promise<void> {
  const overdue = await note(
    transaction,
    'escalated_at = clock_timestamp()',
    `state = 'open' and due_at <= clock_timestamp() and escalated_at is null`,
  );
  for (const { request_id: id, owner, requester, now } of overdue) {
    gateway.log.warn({ request: id, owner, requester }, 'a request for access was not answered in time');
    await keepNotices(transaction, id, now.getTime(), [
      { unit: owner, told: { notice: 'escalated' } },
      { unit: requester, told: { notice: 'escalated' } },
    ]);
  }
}

async function expire(transaction: EntityManager): Promise<void> {
  const over = await note(
    transaction,
    `state = 'expired', ended_at = granted_until`,
    `state in ('granted', 'granted-in-part') and ended_at is null and granted_until <= clock_timestamp()`,
  );
  for (const { request_id: id, owner, requester, now } of over) {
    await keepNotices(transaction, id, now.getTime(), [
      { unit: requester, told: { notice: 'expired' } },
      { unit: owner, told: { notice: 'expired' } },
    ]);
  }
}

/** Ends grants that were signed with a key that somebody else may have had by then. */
async function endVoidGrants(gateway: Gateway): Promise<void> {
  const revoked = revokedKeys(gateway.keyRing());
  if (revoked.length === 0) return;
  const rows: { request_id: string; decision: string; decided_at: Date }[] = await gateway.database.query(
    `select request_id, decision, decided_at from access_request
     where state in ('granted', 'granted-in-part') and ended_at is null and owner = any($1) and decided_at >= $2`,
    [revoked.map(({ owner }) => owner), new Date(Math.min(...revoked.map(({ revokedAt }) => revokedAt!)))],
  );
  let ended = false;
  for (const { request_id: requestId, decision, decided_at: receivedAt } of rows) {
    const signed = JSON.parse(decision) as SignedStatement<DecisionStatement>;
    const verified = verifyStatement(signed, gateway.keyRing(), statedAt(signed.statement));
    const key = verified.ok ? gateway.keyRing().get(verified.keyId) : undefined;
    if (key !== undefined && receivedAt.getTime() < (key.revokedAt ?? Infinity)) continue;
    await gateway.database.transaction(async (transaction) => {
      const now = await databaseClock(transaction);
      const [taken]: [unknown[], number] = await transaction.query(
        `update access_request set state = 'revoked', ended_at = $2
         where request_id = $1 and ended_at is null returning request_id`,
        [requestId, new Date(now)],
      );
      if (taken.length === 0) return;
      const { requester, owner } = signed.statement;
      await keepNotices(transaction, requestId, now, [
        { unit: requester as UnitId, told: { notice: 'void' } },
        { unit: owner as UnitId, told: { notice: 'void' } },
      ]);
      await endGrant(transaction, signed.statement, now, { reason: 'key-revoked' });
    });
    ended = true;
  }
  if (ended) await gateway.grants.reload();
}
