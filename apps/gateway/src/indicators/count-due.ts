import type { ReportedRecognition, ResultStatus, UnitId } from '@clearance/contracts';
import {
  addUp,
  firstResultOf,
  negative,
  type Tally,
  tallyOfRecognition,
  tallyOfVersion,
} from '@clearance/coordination';
import { type DataSource, type EntityManager, insertRows } from '@clearance/platform';
import { dayOf } from '../shanghai-day.ts';
import { RECOGNITION } from './put-down.ts';

/** Versions and recognitions that are counted in one transaction. */
const AT_ONCE = 500;

/** What a number is counted under. Ports, modes and directions that are not shown to everybody are ''. */
interface Place {
  /** Asia/Shanghai. */
  day: string;
  port: string;
  unit: string;
  mode: string;
  direction: string;
}

/** A version or a recognition, as it is to be counted. */
interface Part extends Place {
  subject: string;
  version: number;
  availableAt: Date | null;
  tally: Tally;
}

/**
 * Counts what is due: adds to the indicators by what each version or recognition differs from what it was counted as. What it
 * is counted as is committed with the sums, so that these are those of the parts whatever ends in between. One gateway at a
 * time does.
 */
export async function countDue(database: DataSource): Promise<{ counted: number; more: boolean }> {
  return database.transaction(async (transaction) => {
    const due = await takeDue(transaction);
    if (due.length === 0) return { counted: 0, more: false };
    const [{ epoch }]: [{ epoch: number }] = await transaction.query(EPOCH);
    const counted = await readParts(transaction, due, epoch);
    const parts = [...(await versionsToCount(transaction, due)), ...(await recognitionsToCount(transaction, due))];
    const changes = parts.flatMap((part) => {
      const before = counted.get(keyOf(part));
      return [...(before === undefined ? [] : [{ ...before, tally: negative(before.tally) }]), part];
    });
    await addToSums(transaction, changes);
    await keepParts(transaction, parts, epoch);
    return { counted: parts.length, more: due.length === AT_ONCE };
  });
}

/** Grows with each making anew that has begun. */
const EPOCH = 'select count(*)::integer as epoch from coordination_rebuild where total is not null';

interface Due {
  subject: string;
  version: number;
  available_at: Date | null;
}

const keyOf = ({ subject, version }: { subject: string; version: number }): string => `${subject} ${version}`;

/** Statements after this one see whatever was committed with what it takes. */
async function takeDue(transaction: EntityManager): Promise<Due[]> {
  return transaction.query(
    `with taken as (
       delete from indicator_due where id in (select id from indicator_due order by id limit ${AT_ONCE})
       returning subject, version, available_at
     )
     select subject, version, min(available_at) as available_at from taken group by subject, version`,
  );
}

/** What of this was counted before, in this making of the indicators. */
async function readParts(
  transaction: EntityManager,
  due: readonly Due[],
  epoch: number,
): Promise<Map<string, Place & { tally: Tally }>> {
  const rows: (Place & { subject: string; version: number; tally: string })[] = await transaction.query(
    `select p.subject, p.version, p.day::text, p.port, p.unit, p.mode, p.direction, p.tally
     from indicator_part p join unnest($1::uuid[], $2::integer[]) as d (subject, version) using (subject, version)
     where p.epoch = $3`,
    [due.map(({ subject }) => subject), due.map(({ version }) => version), epoch],
  );
  return new Map(rows.map((row) => [keyOf(row), { ...row, tally: JSON.parse(row.tally) as Tally }]));
}

interface VersionRow {
  subject: string;
  version: number;
  unit: UnitId;
  status: ResultStatus;
  port: string;
  direction: string;
  mode: string;
  examined_at: Date | null;
  issued_at: Date;
  withheld: string;
  available_at: Date | null;
}

async function versionsToCount(transaction: EntityManager, due: readonly Due[]): Promise<Part[]> {
  const versions = due.filter(({ version }) => version !== RECOGNITION);
  if (versions.length === 0) return [];
  const rows: VersionRow[] = await transaction.query(
    `select v.result_id as subject, v.version, v.issuer as unit, v.status, coalesce(v.location, '') as port,
       coalesce(v.direction, '') as direction, coalesce(v.transport_mode, '') as mode, v.examined_at, v.issued_at, v.withheld,
       coalesce(p.available_at, d.available_at, s.settled_at) as available_at
     from unnest($1::uuid[], $2::integer[], $3::timestamptz[]) as d (result_id, version, available_at)
     join coordinated_version v using (result_id, version)
     left join settlement s using (result_id, version)
     left join indicator_part p on p.subject = v.result_id and p.version = v.version`,
    [
      ...[versions.map(({ subject }) => subject), versions.map(({ version }) => version)],
      versions.map(({ available_at: at }) => at?.toISOString() ?? null),
    ],
  );
  return rows.map((row) => ({
    ...{ subject: row.subject, version: row.version, availableAt: row.available_at },
    ...{ port: row.port, unit: row.unit, mode: row.mode, direction: row.direction },
    day: dayOf(row.issued_at.getTime()),
    tally: tallyOfVersion({
      status: row.status,
      examinedAt: row.examined_at?.getTime() ?? null,
      availableAt: row.available_at?.getTime() ?? null,
      withheld: JSON.parse(row.withheld) as Record<string, number>,
    }),
  }));
}

async function recognitionsToCount(transaction: EntityManager, due: readonly Due[]): Promise<Part[]> {
  const ids = due.filter(({ version }) => version === RECOGNITION).map(({ subject }) => subject);
  if (ids.length === 0) return [];
  const rows: { subject: string; unit: UnitId; decided_at: Date; report: string }[] = await transaction.query(
    `select recognition_id as subject, unit, decided_at, report from coordinated_recognition
     where recognition_id = any($1::uuid[])`,
    [ids],
  );
  const told = rows.map((row) => ({ ...row, report: JSON.parse(row.report) as ReportedRecognition }));
  const about = await readConveyance(
    transaction,
    told.flatMap(({ report }) => firstResultOf(report) ?? []),
  );
  return told.map(({ subject, unit, decided_at: decidedAt, report }) => {
    const { mode = '', direction = '' } = about.get(firstResultOf(report) ?? '') ?? {};
    return {
      ...{ subject, version: RECOGNITION, availableAt: null, unit, mode, direction, port: report.location },
      day: dayOf(decidedAt.getTime()),
      tally: tallyOfRecognition(report),
    };
  });
}

/** How goods travelled, by the newest version of a result about them. */
async function readConveyance(
  transaction: EntityManager,
  resultIds: readonly string[],
): Promise<Map<string, { mode: string; direction: string }>> {
  const rows: { resultId: string; mode: string | null; direction: string | null }[] = await transaction.query(
    `select distinct on (result_id) result_id as "resultId", transport_mode as mode, direction
     from coordinated_version where result_id = any($1::uuid[]) order by result_id, version desc`,
    [resultIds],
  );
  return new Map(
    rows.map(({ resultId, mode, direction }) => [resultId, { mode: mode ?? '', direction: direction ?? '' }]),
  );
}

async function addToSums(
  transaction: EntityManager,
  changes: readonly (Omit<Part, 'subject' | 'version' | 'availableAt'> & Place)[],
): Promise<void> {
  const places = Map.groupBy(changes, ({ day, port, unit, mode, direction }) =>
    JSON.stringify([day, port, unit, mode, direction]),
  );
  const rows = [...places].flatMap(([place, of]) =>
    Object.entries(addUp(of.map(({ tally }) => tally)))
      .filter(([, number]) => number !== 0)
      .map(([figure, number]) => [...(JSON.parse(place) as string[]), figure, number]),
  );
  await insertRows(
    transaction,
    'indicator as i (day, port, unit, mode, direction, figure, n)',
    rows,
    'on conflict (day, port, unit, mode, direction, figure) do update set n = i.n + excluded.n',
  );
}

async function keepParts(transaction: EntityManager, parts: readonly Part[], epoch: number): Promise<void> {
  await insertRows(
    transaction,
    'indicator_part as p (subject, version, available_at, epoch, day, port, unit, mode, direction, tally)',
    parts.map(({ subject, version, availableAt, day, port, unit, mode, direction, tally }) => [
      ...[subject, version, availableAt, epoch, day, port, unit, mode, direction, JSON.stringify(tally)],
    ]),
    `on conflict (subject, version) do update set available_at = excluded.available_at, epoch = excluded.epoch,
       day = excluded.day, port = excluded.port, unit = excluded.unit, mode = excluded.mode,
       direction = excluded.direction, tally = excluded.tally`,
  );
}
