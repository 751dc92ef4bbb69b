import { setTimeout as delay } from 'node:timers/promises';
import { SUBJECTS, type UnitId, validateOfferAgainReply } from '@clearance/contracts';
import { type DataSource, describeError, pause, placeholders } from '@clearance/platform';
import { answeringUnits } from '../accounts/answering-units.ts';
import { versionKey } from '../enforce/view.ts';
import type { Gateway } from '../gateway.ts';

/** Versions of one issuer that are asked for and not decided yet, at most: what is new must not wait behind them. */
const UNDER_WAY = 256;
/** After so long an issuer is asked once more: an offer may be lost. */
const ASK_AGAIN = `interval '1 minute'`;
/**
 * The word that a version is settled ends its offer, also one that was asked for while the word was on its way: where both
 * were about the same time, the issuer is asked once more soon.
 */
const MET_ITS_SETTLEMENT = `asked_at <= now() - interval '2 seconds' and exists (
  select from settlement s where s.result_id = review_version.result_id and s.version = review_version.version
    and s.settled_at >= asked_at - interval '10 seconds')`;
/** What is to be asked for: also, now and then, what an issuer could not offer, who may have mended what kept it from it. */
const OPEN = `decided_at is null and (refused is null or asked_at <= now() - interval '1 hour')`;
/** An issuer that has not answered is left in peace for so long, ms. */
const REST_MS = 5_000;

interface Version {
  resultId: string;
  version: number;
}

/** Asks issuers to offer again what is to be decided anew, some of each at a time, each at its own pace. */
export interface IssuerAskers {
  /**
   * Asks whoever is not being asked already, and waits for nobody.
   *
   * @returns whether anything is still to be decided
   */
  ask(): Promise<boolean>;
  /** Resolves when nobody is being asked any more. */
  stop(): Promise<void>;
}

/** Opens them; what a unit does not answer is asked again later, and holds up no other. */
export function askersOf(gateway: Gateway): IssuerAskers {
  const asking = new Map<UnitId, Promise<void>>();
  const stopping = new AbortController();
  const askOne = async (issuer: UnitId): Promise<void> => {
    const versions = await takeNext(gateway.database, issuer);
    if (versions.length === 0) return;
    const units = answeringUnits(gateway, 'review');
    const reply = await units.ask(issuer, SUBJECTS.offerAgain, { results: versions }, validateOfferAgainReply);
    if (stopping.signal.aborted) return;
    if (reply === undefined) return pause(REST_MS, stopping.signal);
    const refused = new Map(reply.refused.map((each) => [versionKey(each), each.reason]));
    await markAsked(
      gateway.database,
      versions.map((version) => ({ ...version, refused: refused.get(versionKey(version)) })),
    );
  };
  const report = (error: unknown): void =>
    gateway.log.warn({ err: describeError(error) }, 'an issuer is not asked for what is reviewed; tried again');
  return {
    ask: async () => {
      const issuers = await findIssuers(gateway);
      for (const issuer of issuers) {
        if (asking.has(issuer)) continue;
        const asked = askOne(issuer).catch(report);
        asking.set(
          issuer,
          asked.finally(() => asking.delete(issuer)),
        );
      }
      return issuers.length > 0;
    },
    stop: async () => {
      stopping.abort();
      await Promise.race([Promise.all(asking.values()), delay(STOP_MS, undefined, { ref: false })]);
    },
  };
}

/** A unit that does not answer must not hold up a gateway that is to stop, ms. */
const STOP_MS = 1_000;

/**
 * Units of which something is to be decided. How much it is would cost a walk through all of it each time, and after a list
 * that concerns a hundred thousand versions a quarter of a core.
 */
async function findIssuers({ database, consumers }: Gateway): Promise<UnitId[]> {
  const rows: { issuer: UnitId }[] = await database.query(
    `select u.issuer from unnest($1::text[]) as u (issuer)
     where exists (select from review_version v where v.issuer = u.issuer and ${OPEN})`,
    [[...consumers]],
  );
  return rows.map(({ issuer }) => issuer);
}

async function takeNext(database: DataSource, issuer: UnitId): Promise<Version[]> {
  return database.query(
    `with under_way as (
       select count(*) as count from review_version
       where issuer = $1 and decided_at is null and refused is null and asked_at > now() - ${ASK_AGAIN}
     )
     select distinct result_id as "resultId", version from (
       select result_id, version from review_version
       where issuer = $1 and ${OPEN}
         and (asked_at is null or asked_at <= now() - ${ASK_AGAIN} or ${MET_ITS_SETTLEMENT})
       order by asked_at nulls first limit greatest(0, ${UNDER_WAY} - (select count from under_way))
     ) next`,
    [issuer],
  );
}

async function markAsked(
  database: DataSource,
  versions: readonly (Version & { refused: string | undefined })[],
): Promise<void> {
  await database.query(
    `update review_version r set asked_at = now(), refused = v.refused
     from (values ${placeholders(versions.length, 3, ['uuid', 'integer', 'text'])}) as v (result_id, version, refused)
     where r.result_id = v.result_id and r.version = v.version and r.decided_at is null`,
    versions.flatMap(({ resultId, version, refused }) => [resultId, version, refused ?? null]),
  );
}
