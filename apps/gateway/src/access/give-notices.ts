import { setTimeout as delay } from 'node:timers/promises';
import { type AccessNotice, MAX_GIVEN, SUBJECTS, type UnitId, validateNoticesTaken } from '@clearance/contracts';
import { describeError } from '@clearance/platform';
import { answeringUnits } from '../accounts/answering-units.ts';
import type { Gateway } from '../gateway.ts';

/** Tells units what they are to know; each at its own pace, so that one that is away holds up no other. */
export interface NoticeGiver {
  /** Tells whoever is not being told already, and waits for nobody. */
  give(): Promise<void>;
  stop(): Promise<void>;
}

/** A unit that does not answer must not hold up a gateway that is to stop, ms. */
const STOP_MS = 1_000;

/** Opens it; what a unit has not taken is told again, with growing pauses. */
export function noticeGiver(gateway: Gateway): NoticeGiver {
  const telling = new Map<UnitId, Promise<void>>();
  const tellOne = async (unit: UnitId): Promise<void> => {
    const rows: { notice_id: string; notice: string }[] = await gateway.database.query(
      `select notice_id, notice from access_notice where unit = $1 and next_attempt_at <= now()
       order by notice_id limit ${MAX_GIVEN}`,
      [unit],
    );
    if (rows.length === 0) return;
    const notices = rows.map(({ notice }) => JSON.parse(notice) as AccessNotice);
    const units = answeringUnits(gateway, 'access');
    const reply = await units.ask(unit, SUBJECTS.giveNotices, { notices }, validateNoticesTaken);
    const given = rows.map((row) => row.notice_id);
    await gateway.database.query('delete from access_notice where notice_id = any($1::uuid[])', [reply?.taken ?? []]);
    await gateway.database.query(
      `update access_notice set attempts = attempts + 1,
         next_attempt_at = now() + least(300, power(2, attempts)) * interval '1 second'
       where notice_id = any($1::uuid[])`,
      [given],
    );
  };
  const report = (error: unknown): void =>
    gateway.log.warn({ err: describeError(error) }, 'a unit is not told about access; tried again');
  return {
    give: async () => {
      const due: { unit: UnitId }[] = await gateway.database.query(
        'select distinct unit from access_notice where next_attempt_at <= now()',
      );
      for (const { unit } of due) {
        if (telling.has(unit)) continue;
        const told = tellOne(unit).catch(report);
        telling.set(
          unit,
          told.finally(() => telling.delete(unit)),
        );
      }
    },
    stop: async () => {
      await Promise.race([Promise.all(telling.values()), delay(STOP_MS, undefined, { ref: false })]);
    },
  };
}
