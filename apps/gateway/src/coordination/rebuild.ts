import { v7 as uuidv7 } from 'uuid';
import { type DisclosureRecord, SUBJECTS, type UnitId, validateReportingAgain } from '@clearance/contracts';
import type { DataSource, EntityManager } from '@clearance/platform';
import { answeringUnits } from '../accounts/answering-units.ts';
import { versionKey } from '../enforce/view.ts';
import type { Gateway } from '../gateway.ts';
import { RECOGNITION } from '../indicators/put-down.ts';
import { replayUnits } from '../preview/replayed-units.ts';
import { type KnownVersion, rebuildVersions } from './keep-versions.ts';

/** How far a making anew is. */
export interface Rebuild {
  rebuildId: string;
  requestedBy: string;
  reason: string;
  startedAt: string;
  /** Null while it goes on. */
  finishedAt: string | null;
  /** Versions in all; null until it has begun. */
  total: number | null;
  done: number;
  /** Of these, versions that their issuers did not give: what was kept of them stays. */
  missing: number;
  unreachable: UnitId[];
  /** Versions that are yet to be joined into their consignments. */
  waiting: number;
}

/** Versions that are made anew at a time. */
const PAGE = 500;

/** Asks for everything to be made anew; 'busy' while that goes on already. */
export async function requestRebuild(
  { database, now }: Pick<Gateway, 'database' | 'now'>,
  requestedBy: string,
  reason: string,
): Promise<string | 'busy'> {
  const rebuildId = uuidv7();
  const begun: unknown[] = await database.query(
    `insert into coordination_rebuild (rebuild_id, requested_by, reason, started_at) values ($1, $2, $3, $4)
     on conflict do nothing returning rebuild_id`,
    [rebuildId, requestedBy, reason, new Date(now())],
  );
  return begun.length === 0 ? 'busy' : rebuildId;
}

/** One of them; undefined when there is none with this id. */
export async function readRebuild(database: DataSource, rebuildId: string): Promise<Rebuild | undefined> {
  const [row]: (Omit<Rebuild, 'startedAt' | 'finishedAt'> & { startedAt: Date; finishedAt: Date | null })[] =
    await database.query(
      `select rebuild_id as "rebuildId", requested_by as "requestedBy", reason, started_at as "startedAt",
         finished_at as "finishedAt", total, done, missing, unreachable,
         (select count(*)::integer from coordinated_version where not joined) as waiting
       from coordination_rebuild where rebuild_id = $1`,
      [rebuildId],
    );
  if (row === undefined) return undefined;
  return { ...row, startedAt: row.startedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null };
}

interface OpenRebuild {
  rebuild_id: string;
  total: number | null;
  after_issued_at: string;
  after_result_id: string;
  after_version: number;
}

/**
 * Goes on with making everything anew, if somebody has asked for it: what was decided from the ledger, contents from
 * their issuers, recognitions from the units. What new decisions add meanwhile is kept and joined as ever. Each step is
 * committed with its place: another gateway goes on where one ended.
 *
 * @returns whether there is more to do
 */
export async function stepRebuild(gateway: Gateway): Promise<boolean> {
  const [open]: OpenRebuild[] = await gateway.database.query(
    `select rebuild_id, total, after_issued_at::text, after_result_id, after_version from coordination_rebuild
     where finished_at is null`,
  );
  if (open === undefined) return false;
  if (open.total === null) await begin(gateway, open.rebuild_id);
  else await rebuildPage(gateway, open);
  return true;
}

/** Forgets how everything was joined, and has units report their recognitions. */
async function begin(gateway: Gateway, rebuildId: string): Promise<void> {
  const units = answeringUnits(gateway, 'rebuild');
  await Promise.all(gateway.consumers.map((unit) => units.ask(unit, SUBJECTS.reportAgain, {}, validateReportingAgain)));
  await gateway.database.transaction(async (transaction) => {
    await transaction.query('truncate traveller, traveller_container, traveller_link, consignment, indicator');
    // What is found again is joined when it is; what nobody knows any more is not joined at all.
    await transaction.query(
      `delete from coordinated_version v where not exists
         (select from settlement s where s.result_id = v.result_id and s.version = v.version)`,
    );
    await transaction.query('update coordinated_version set joined = true where not joined');
    // Versions are counted again as they are joined.
    await transaction.query(
      `insert into indicator_due (subject, version) select recognition_id, ${RECOGNITION} from coordinated_recognition`,
    );
    await transaction.query(
      `update coordination_rebuild set total = (select count(*) from settlement), unreachable = $2 where rebuild_id = $1`,
      [rebuildId, units.unreachable()],
    );
  });
}

interface SettledVersion {
  resultId: string;
  version: number;
  issuer: UnitId;
  issued_at: string;
}

async function rebuildPage(gateway: Gateway, open: OpenRebuild): Promise<void> {
  const { database } = gateway;
  const page: SettledVersion[] = await database.query(
    `select result_id as "resultId", version, issuer, issued_at::text from settlement
     where (issued_at, result_id, version) > ($1::timestamptz, $2::uuid, $3)
     order by issued_at, result_id, version limit ${PAGE}`,
    [open.after_issued_at, open.after_result_id, open.after_version],
  );
  const units = replayUnits(gateway, 'rebuild');
  const [contents, decided] = await Promise.all([units.contents(page), readDecided(database, page)]);
  const found = page.flatMap((version): KnownVersion[] => {
    const whole = contents.get(versionKey(version));
    const decision = decided.get(versionKey(version));
    if (whole === undefined || decision === undefined) return [];
    const { content, traceparent, ...claims } = whole;
    return [{ claims, content: content as KnownVersion['content'], ...decision, traceparent }];
  });
  const known = new Set(found.map(({ claims }) => versionKey(claims)));
  const missing = page.filter((version) => !known.has(versionKey(version)));
  await database.transaction(async (transaction) => {
    await rebuildVersions(transaction, found);
    await joinAsKept(transaction, missing);
    const last = page.at(-1);
    await transaction.query(
      `update coordination_rebuild set done = done + $2, missing = missing + $3,
         unreachable = array(select distinct unnest(unreachable || $4::text[]) order by 1),
         after_issued_at = coalesce($5::timestamptz, after_issued_at),
         after_result_id = coalesce($6::uuid, after_result_id), after_version = coalesce($7, after_version),
         finished_at = case when $2 < ${PAGE} then clock_timestamp() end
       where rebuild_id = $1`,
      [
        ...[open.rebuild_id, page.length, missing.length, units.unreachable()],
        ...[last?.issued_at ?? null, last?.resultId ?? null, last?.version ?? null],
      ],
    );
  });
}

/** What cannot be made anew is joined as it was kept. */
async function joinAsKept(transaction: EntityManager, versions: readonly SettledVersion[]): Promise<void> {
  await transaction.query(
    `update coordinated_version v set joined = false from unnest($1::uuid[], $2::integer[]) as m (result_id, version)
     where v.result_id = m.result_id and v.version = m.version`,
    [versions.map(({ resultId }) => resultId), versions.map(({ version }) => version)],
  );
}

/** By version: when it was decided first, and what each consumer's last view of it withholds. */
async function readDecided(
  database: DataSource,
  versions: readonly SettledVersion[],
): Promise<Map<string, Pick<KnownVersion, 'shown' | 'decidedAt'>>> {
  const rows: { entry: string }[] = await database.query(
    'select entry from ledger where result_id = any($1::uuid[]) order by sequence',
    [versions.map(({ resultId }) => resultId)],
  );
  const views = rows.map(({ entry }) => JSON.parse(entry) as DisclosureRecord);
  return new Map(
    [...Map.groupBy(views, versionKey)].map(([key, of]) => {
      const last = new Map(of.flatMap((view) => view.consumers.map((consumer) => [consumer, view] as const)));
      const shown = [...last].map(([consumer, { withheld }]) => ({ consumers: [consumer as UnitId], withheld }));
      return [key, { shown, decidedAt: of[0]!.decidedAt }];
    }),
  );
}
