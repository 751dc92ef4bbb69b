import { type Outcome, problem, type UnitId } from '@clearance/contracts';
import type { Gateway } from '../gateway.ts';
import { databaseClock } from '../database-clock.ts';
import { keepNotices } from './keep-notices.ts';

/** Reminds the owner of a request that waits for an answer, now. */
export async function remindOwner(gateway: Gateway, requestId: string): Promise<Outcome<undefined>> {
  return gateway.database.transaction(async (transaction): Promise<Outcome<undefined>> => {
    const [row]: { state: string; owner: UnitId }[] = await transaction.query(
      'select state, owner from access_request where request_id = $1 for update',
      [requestId],
    );
    if (row === undefined) return { ok: false, problem: problem('unknown') };
    if (row.state !== 'open') return { ok: false, problem: problem('conflict', { detail: ANSWERED }) };
    const now = await databaseClock(transaction);
    await transaction.query('update access_request set reminded_at = $2 where request_id = $1', [
      requestId,
      new Date(now),
    ]);
    await keepNotices(transaction, requestId, now, [{ unit: row.owner, told: { notice: 'reminded' } }]);
    return { ok: true, value: undefined };
  });
}

const ANSWERED = { zh: '该申请已有答复', en: 'The request has been answered.' };
