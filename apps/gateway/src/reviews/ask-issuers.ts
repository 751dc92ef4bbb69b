import { SUBJECTS, type UnitId, validateOfferAgainReply } from '@clearance/contracts';
import { type DataSource, placeholders } from '@clearance/platform';
import { answeringUnits } from '../accounts/answering-units.ts';
import { versionKey } from '../enforce/view.ts';
import type { Gateway } from '../gateway.ts';

/** Versions of one issuer that are asked for and not decided yet, at most: what is new must not wait behind them. */
const UNDER_WAY = 256;
/** After so long an issuer is asked once more: an offer may be lost. */
const ASK_AGAIN = `interval '1 minute'`;

interface Version {
  resultId: string;
  version: number;
}

/**
 * Asks issuers to offer again what is to be decided anew, some of each at a time. One that does not answer is asked again
 * the next time.
 *
 * @returns how many versions are still to be decided
 */
export async function askIssuers(gateway: Gateway): Promise<number> {
  const open = await countOpen(gateway.database);
  if (open.size === 0) return 0;
  const units = answeringUnits(gateway, 'review');
  await Promise.all(
    [...open.keys()].map(async (issuer) => {
      const versions = await takeNext(gateway.database, issuer);
      if (versions.length === 0) return;
      const reply = await units.ask(issuer, SUBJECTS.offerAgain, { results: versions }, validateOfferAgainReply);
      if (reply === undefined) return;
      const refused = new Map(reply.refused.map((each) => [versionKey(each), each.reason]));
      await markAsked(
        gateway.database,
        versions.map((version) => ({ ...version, refused: refused.get(versionKey(version)) })),
      );
    }),
  );
  return [...open.values()].reduce((sum, each) => sum + each, 0);
}

async function countOpen(database: DataSource): Promise<Map<UnitId, number>> {
  const rows: { issuer: UnitId; open: string }[] = await database.query(
    'select issuer, count(*) as open from review_version where decided_at is null and refused is null group by issuer',
  );
  return new Map(rows.map(({ issuer, open }) => [issuer, Number(open)]));
}

async function takeNext(database: DataSource, issuer: UnitId): Promise<Version[]> {
  return database.query(
    `with under_way as (
       select count(*) as count from review_version
       where issuer = $1 and decided_at is null and refused is null and asked_at > now() - ${ASK_AGAIN}
     )
     select distinct result_id as "resultId", version from (
       select result_id, version from review_version
       where issuer = $1 and decided_at is null and refused is null and (asked_at is null or asked_at <= now() - ${ASK_AGAIN})
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
