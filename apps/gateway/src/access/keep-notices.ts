import { v7 as uuidv7 } from 'uuid';
import type { AccessNotice, UnitId } from '@clearance/contracts';
import { type EntityManager, insertRows } from '@clearance/platform';

type Told<N> = N extends AccessNotice ? Omit<N, 'noticeId' | 'requestId' | 'at'> : never;

/** What a unit is to be told about a request. */
export interface ToBeTold {
  unit: UnitId;
  told: Told<AccessNotice>;
}

/** Writes down what units are to be told, in the transaction that it tells of. */
export async function keepNotices(
  transaction: EntityManager,
  requestId: string,
  now: number,
  all: readonly ToBeTold[],
): Promise<void> {
  const rows = all.map(({ unit, told }) => {
    const noticeId = uuidv7();
    const notice = { ...told, noticeId, requestId, at: new Date(now).toISOString() } as AccessNotice;
    return [noticeId, unit, JSON.stringify(notice)];
  });
  await insertRows(transaction, 'access_notice (notice_id, unit, notice)', rows);
}
