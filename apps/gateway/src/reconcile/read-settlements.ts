import type { DisclosureRecord, HoldingPlace, Tally, UnitId } from '@clearance/contracts';
import { type DataSource, placeholders, tallyOf } from '@clearance/platform';
import type { DisclosedVersion } from './compare-holdings.ts';
import type { Page } from './reach.ts';

/** Versions that were issued from `from` on and before `to`, RFC 3339. */
export interface Period {
  from: string;
  to: string;
}

/** What the gateway has disclosed of one issuer's versions of a period. */
export interface DisclosedSummary {
  all: Tally;
  /** Those that are not settled. */
  open: Tally | undefined;
  /** By receiver: those that were given to it. */
  given: Map<UnitId, Tally>;
}

type TallyRow = { issuer: string } & Tally;

/** Counts and digests of what the gateway has disclosed, by issuer. */
export async function summariseSettlements(
  database: DataSource,
  { from, to }: Period,
): Promise<Map<string, DisclosedSummary>> {
  const inPeriod = 'issued_at >= $1 and issued_at < $2';
  const all: (TallyRow & { open_count: number; open_digest: string | null; entitled: UnitId[][] })[] =
    await database.query(
      `select issuer, ${tallyOf()}, ${tallyOf({ prefix: 'open_', condition: 'settled_at is null' })},
         json_agg(distinct entitled) as entitled
       from settlement where ${inPeriod} group by issuer`,
      [from, to],
    );
  // Who is entitled changes with the mesh alone: nearly always all of an issuer's versions go to the same units.
  const mixed = all.flatMap(({ issuer, entitled }) => (entitled.length > 1 ? [issuer] : []));
  const given: (TallyRow & { consumer: UnitId })[] =
    mixed.length === 0
      ? []
      : await database.query(
          `select issuer, consumer, ${tallyOf()} from settlement cross join lateral unnest(entitled) consumer
           where ${inPeriod} and issuer = any($3) group by issuer, consumer`,
          [from, to, mixed],
        );
  const byIssuer = Map.groupBy(given, ({ issuer }) => issuer);
  return new Map(
    all.map(({ issuer, count, digest, open_count, open_digest, entitled }) => {
      const rows = byIssuer.get(issuer) ?? entitled[0]!.map((consumer) => ({ consumer, count, digest }));
      return [
        issuer,
        {
          all: { count, digest },
          open: open_digest === null ? undefined : { count: open_count, digest: open_digest },
          given: new Map(rows.map((row) => [row.consumer, { count: row.count, digest: row.digest }])),
        },
      ];
    }),
  );
}

interface SettlementRow extends HoldingPlace {
  signedDigest: string;
  entitled: UnitId[];
  waiting: UnitId[];
  settledAt: Date | null;
}

const COLUMNS = `to_char(s.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "issuedAt",
  s.result_id as "resultId", s.version, s.signed_digest as "signedDigest", s.entitled, s.waiting, s.settled_at as "settledAt"`;
const ORDER = 's.issued_at, s.result_id, s.version';
/** Before every place. */
const BEGINNING = { resultId: '00000000-0000-0000-0000-000000000000', version: -2_147_483_648 };

/** What the gateway has disclosed of one issuer's versions of a period, a page in the order of places. */
export async function listSettlements(
  database: DataSource,
  request: Period & { issuer: string; after: HoldingPlace | undefined; limit: number },
): Promise<Page<DisclosedVersion>> {
  const { issuedAt, resultId, version } = request.after ?? { issuedAt: request.from, ...BEGINNING };
  const rows: SettlementRow[] = await database.query(
    `select ${COLUMNS} from settlement s
     where s.issuer = $1 and s.issued_at >= $3 and s.issued_at < $2 and (${ORDER}) > ($3, $4::uuid, $5::integer)
     order by ${ORDER} limit $6`,
    [request.issuer, request.to, issuedAt, resultId, version, request.limit + 1],
  );
  return { versions: rows.slice(0, request.limit).map(fromRow), more: rows.length > request.limit };
}

/** What the gateway knows now of these versions. */
export async function findSettlements(
  database: DataSource,
  versions: readonly { resultId: string; version: number }[],
): Promise<DisclosedVersion[]> {
  if (versions.length === 0) return [];
  const rows: SettlementRow[] = await database.query(
    `select ${COLUMNS} from settlement s
     join (values ${placeholders(versions.length, 2, ['uuid', 'integer'])}) as v (result_id, version)
       on s.result_id = v.result_id and s.version = v.version`,
    versions.flatMap(({ resultId, version }) => [resultId, version]),
  );
  return rows.map(fromRow);
}

/** To whom the ledger says that versions of these results were given. */
export async function readRecorded(
  database: DataSource,
  resultIds: readonly string[],
): Promise<{ resultId: string; version: number; consumers: readonly string[] }[]> {
  if (resultIds.length === 0) return [];
  const rows: { entry: string }[] = await database.query('select entry from ledger where result_id = any($1::uuid[])', [
    resultIds,
  ]);
  return rows.map(({ entry }) => {
    const { resultId, version, consumers } = JSON.parse(entry) as DisclosureRecord;
    return { resultId, version, consumers };
  });
}

function fromRow(row: SettlementRow): DisclosedVersion {
  const { issuedAt, resultId, version, signedDigest, entitled, waiting, settledAt } = row;
  const confirmed = entitled.filter((unit) => !waiting.includes(unit));
  return { issuedAt, resultId, version, signedDigest, waiting, confirmed, settledAt: settledAt?.getTime() };
}
