import { consignmentsOf, JOIN_WITHIN_MS, journeysOf, type Link, type Traveller } from '@clearance/coordination';
import { type DataSource, type EntityManager, insertRows } from '@clearance/platform';
import { countVersions, RECOGNITION } from '../indicators/put-down.ts';
import { resultKey } from './take-recognitions.ts';

/** Versions that are joined in one transaction. */
const AT_ONCE = 200;
/** What a result is linked to depends on those of its container so near to it … */
const NEAR_MS = 2 * JOIN_WITHIN_MS;

/**
 * Joins versions that were decided since into their consignments: the same as if all results were joined at once
 * (`joinConsignments`), by looking only at what a new one can change. One gateway at a time does.
 *
 * @returns how many versions were joined; less than {@link AT_ONCE} when none is left
 */
export async function joinNew(database: DataSource): Promise<{ joined: number; more: boolean }> {
  return database.transaction(async (transaction) => {
    const versions = await takeVersions(transaction);
    const newest = newestOf(versions);
    const before = await readTravellers(transaction, newest.map(({ resultId }) => resultId)); // prettier-ignore
    // A version that came late, after a newer one, changes nothing; nor does one that travels as the one before it did.
    const later = newest.filter(({ resultId, version }) => version >= (before.get(resultId)?.version ?? 0));
    const changed = later.filter((result) => !travelsAs(result, before.get(result.resultId)));
    await storeTravellers(transaction, later, changed);
    if (changed.length > 0) {
      const links = await relink(transaction, [...changed, ...before.values()]);
      // What is only added joins consignments as they are; what is gone may divide them, which is looked at whole.
      const added = before.size === 0 && links.gone.length === 0;
      if (added) await addToConsignments(transaction, changed, links.found);
      else await regroup(transaction, touchedBy(changed, links));
    }
    await markJoined(transaction, versions);
    await countAnew(transaction, versions);
    return { joined: versions.length, more: versions.length === AT_ONCE };
  });
}

interface TakenVersion extends Traveller {
  version: number;
}

interface VersionRow {
  resultId: string;
  version: number;
  at: Date;
  declarationNumber: string | null;
  transportDocument: string | null;
  containers: string[];
}

/** One that is just being decided anew is left for the next time. */
async function takeVersions(transaction: EntityManager): Promise<TakenVersion[]> {
  const rows: VersionRow[] = await transaction.query(
    `select result_id as "resultId", version, coalesce(examined_at, issued_at) as at,
       declaration_number as "declarationNumber", transport_document as "transportDocument", containers
     from coordinated_version where not joined order by decided_at, result_id limit ${AT_ONCE} for update skip locked`,
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}

function newestOf(versions: readonly TakenVersion[]): TakenVersion[] {
  const newest = new Map<string, TakenVersion>();
  for (const each of versions) {
    const other = newest.get(each.resultId);
    if (other === undefined || other.version < each.version) newest.set(each.resultId, each);
  }
  return [...newest.values()];
}

/** These results as they were joined before, by id. */
async function readTravellers(
  transaction: EntityManager,
  resultIds: readonly string[],
): Promise<Map<string, TakenVersion>> {
  const rows: VersionRow[] = await transaction.query(
    `select t.result_id as "resultId", t.version, t.at, t.declaration_number as "declarationNumber",
       t.transport_document as "transportDocument",
       array(select c.container from traveller_container c where c.result_id = t.result_id) as containers
     from traveller t where t.result_id = any($1::uuid[])`,
    [resultIds],
  );
  return new Map(rows.map((row) => [row.resultId, { ...row, at: row.at.getTime() }]));
}

/** Whether a later version is about the same goods at the same time as the one before it. */
function travelsAs(result: TakenVersion, before: TakenVersion | undefined): boolean {
  if (before === undefined || before.at !== result.at) return false;
  const sorted = ({ containers }: TakenVersion): string => [...new Set(containers)].sort().join();
  return (
    before.declarationNumber === result.declarationNumber &&
    before.transportDocument === result.transportDocument &&
    sorted(before) === sorted(result)
  );
}

/** @param changed of these, those whose containers, documents or time are others than before */
async function storeTravellers(
  transaction: EntityManager,
  results: readonly TakenVersion[],
  changed: readonly TakenVersion[],
): Promise<void> {
  await insertRows(
    transaction,
    'traveller (result_id, version, at, declaration_number, transport_document, consignment_id)',
    results.map(({ resultId, version, at, declarationNumber, transportDocument }) => [
      ...[resultId, version, new Date(at), declarationNumber, transportDocument, resultId],
    ]),
    `on conflict (result_id) do update set version = excluded.version, at = excluded.at,
       declaration_number = excluded.declaration_number, transport_document = excluded.transport_document`,
  );
  await transaction.query('delete from traveller_container where result_id = any($1::uuid[])', [
    changed.map(({ resultId }) => resultId),
  ]);
  await insertRows(
    transaction,
    'traveller_container (container, result_id, at, lacking)',
    changed.flatMap((result) =>
      [...new Set(result.containers)].map((container) => [
        ...[container, result.resultId, new Date(result.at)],
        result.declarationNumber === null || result.transportDocument === null,
      ]),
    ),
  );
}

/** Links that containers no longer make, and those that they make now; some are both. */
interface Relinked {
  gone: Link[];
  found: Link[];
}

/** Makes the links of containers anew where these results, as they are and as they were, may have changed them. */
async function relink(transaction: EntityManager, results: readonly Traveller[]): Promise<Relinked> {
  const relinked: Relinked = { gone: [], found: [] };
  const byContainer = Map.groupBy(
    results.flatMap(({ containers, at }) => containers.map((container) => ({ container, at }))),
    ({ container }) => container,
  );
  for (const [container, visits] of byContainer) {
    const from = Math.min(...visits.map(({ at }) => at)) - NEAR_MS;
    const to = Math.max(...visits.map(({ at }) => at)) + NEAR_MS;
    const links = await linksOf(transaction, container, from, to);
    const rows: (Link & { time: Date })[] = await transaction.query(
      `select result_id as "resultId", links_to as "to", at as time from traveller_link where container = $1 and at between $2 and $3`,
      [container, new Date(from), new Date(to)],
    );
    const known = rows.map(({ time, ...link }) => ({ ...link, at: time.getTime() }));
    const [kept, gone] = divided(known, nameOf, new Set(links.map(nameOf)));
    const [, found] = divided(links, nameOf, new Set(kept.map(nameOf)));
    await transaction.query(
      `delete from traveller_link where container = $1 and at between $2 and $3 and result_id = any($4::uuid[])`,
      [container, new Date(from), new Date(to), gone.map(({ resultId }) => resultId)],
    );
    await insertRows(
      transaction,
      'traveller_link (container, result_id, links_to, at)',
      found.map(({ resultId, to: other, at }) => [container, resultId, other, new Date(at)]),
    );
    relinked.gone.push(...gone);
    relinked.found.push(...found);
  }
  return relinked;
}

const nameOf = ({ resultId, to, at }: Link & { at: number }): string => `${resultId} ${to} ${at}`;

/** Those whose names are among these, and the others. */
function divided<T>(items: readonly T[], name: (item: T) => string, among: ReadonlySet<string>): [T[], T[]] {
  return [items.filter((item) => among.has(name(item))), items.filter((item) => !among.has(name(item)))];
}

/** What links the results of one container make that were examined in a period. */
async function linksOf(
  transaction: EntityManager,
  container: string,
  from: number,
  to: number,
): Promise<(Link & { at: number })[]> {
  const [{ any }]: [{ any: boolean }] = await transaction.query(
    'select exists (select from traveller_container where container = $1 and at between $2 and $3 and lacking) as any',
    [container, new Date(from), new Date(to)],
  );
  if (!any) return [];
  // … and to say what those are linked to, what is near to them must be known too.
  const near = await readVisits(transaction, container, from - NEAR_MS, to + NEAR_MS);
  const timeOf = new Map(near.map(({ resultId, at }) => [resultId, at]));
  return journeysOf(near)
    .map((link) => ({ ...link, at: timeOf.get(link.resultId)! }))
    .filter(({ at }) => at >= from && at <= to);
}

async function readVisits(
  transaction: EntityManager,
  container: string,
  from: number,
  to: number,
): Promise<Traveller[]> {
  const rows: Omit<VersionRow, 'version' | 'containers'>[] = await transaction.query(
    `select t.result_id as "resultId", t.at, t.declaration_number as "declarationNumber",
       t.transport_document as "transportDocument"
     from traveller_container c join traveller t using (result_id)
     where c.container = $1 and c.at between $2 and $3`,
    [container, new Date(from), new Date(to)],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime(), containers: [container] }));
}

interface Member {
  resultId: string;
  at: Date;
  declarationNumber: string | null;
  transportDocument: string | null;
  consignmentId: string;
}

function touchedBy(changed: readonly Traveller[], { gone, found }: Relinked): Set<string> {
  const ids = [...gone, ...found].flatMap(({ resultId, to }) => [resultId, to]);
  return new Set([...changed.map(({ resultId }) => resultId), ...ids]);
}

/**
 * Adds results that are new, and links that are, to consignments as they are: these may become one, and none is divided. It
 * costs what is added, however large the consignments.
 */
async function addToConsignments(
  transaction: EntityManager,
  added: readonly Traveller[],
  links: readonly Link[],
): Promise<void> {
  const ids = [
    ...new Set([...added.map(({ resultId }) => resultId), ...links.flatMap(({ resultId, to }) => [resultId, to])]),
  ];
  // All that share a document are in one consignment already, of which any of them tells; but for those that are new.
  const rows: { resultId: string; consignmentId: string; ofDeclaration: string | null; ofTransport: string | null }[] =
    await transaction.query(
      `select t.result_id as "resultId", t.consignment_id as "consignmentId",
         (select o.consignment_id from traveller o where o.declaration_number = t.declaration_number
            and o.result_id <> all($2::uuid[]) limit 1) as "ofDeclaration",
         (select o.consignment_id from traveller o where o.transport_document = t.transport_document
            and o.result_id <> all($2::uuid[]) limit 1) as "ofTransport"
       from traveller t where t.result_id = any($1::uuid[])`,
      [ids, added.map(({ resultId }) => resultId)],
    );
  const homes = new Map(rows.map((row) => [row.resultId, row]));
  const papers = new Map(added.map((one) => [one.resultId, one]));
  // Consignments stand for all their results; what is new stands for itself.
  const nodes = new Set(rows.flatMap(({ consignmentId, ofDeclaration, ofTransport }) => [consignmentId, ofDeclaration ?? [], ofTransport ?? []].flat())); // prettier-ignore
  const joins: Link[] = [
    ...links.map(({ resultId, to }) => ({
      resultId: homes.get(resultId)!.consignmentId,
      to: homes.get(to)!.consignmentId,
    })),
    ...rows.flatMap(({ consignmentId, ofDeclaration, ofTransport }) =>
      [ofDeclaration, ofTransport].flatMap((to) => (to === null ? [] : { resultId: consignmentId, to })),
    ),
  ];
  const groups = consignmentsOf(
    [...nodes].map((id) => ({
      resultId: id,
      declarationNumber: papers.get(id)?.declarationNumber ?? null,
      transportDocument: papers.get(id)?.transportDocument ?? null,
    })),
    joins,
  );
  const moved = groups.flatMap(({ consignmentId, resultIds }) =>
    resultIds.filter((id) => id !== consignmentId).map((id) => [id, consignmentId] as const),
  );
  await transaction.query(
    `update traveller t set consignment_id = m.target
     from unnest($1::uuid[], $2::uuid[]) as m (consignment_id, target) where t.consignment_id = m.consignment_id`,
    [moved.map(([id]) => id), moved.map(([, into]) => into)],
  );
  // Each of the new ones by itself, and what is moved with it: then they are added up.
  const targets = groups.flatMap(({ consignmentId, resultIds }) => resultIds.map((id) => [id, consignmentId] as const));
  await transaction.query(
    `with parts as (
       select m.target, c.first_at, c.last_at, c.results from unnest($1::uuid[], $2::uuid[]) as m (consignment_id, target)
         join consignment c using (consignment_id)
       union all
       select m.target, n.at, n.at, 1 from unnest($1::uuid[], $2::uuid[]) as m (consignment_id, target)
         join unnest($3::uuid[], $4::timestamptz[]) as n (result_id, at) on n.result_id = m.consignment_id
     ), gone as (
       delete from consignment c using unnest($1::uuid[], $2::uuid[]) as m (consignment_id, target)
       where c.consignment_id = m.consignment_id and m.consignment_id <> m.target
     )
     insert into consignment as c (consignment_id, first_at, last_at, results)
     select target, min(first_at), max(last_at), sum(results) from parts group by target
     on conflict (consignment_id) do update
       set first_at = excluded.first_at, last_at = excluded.last_at, results = excluded.results`,
    [
      ...[targets.map(([id]) => id), targets.map(([, into]) => into)],
      ...[added.map(({ resultId }) => resultId), added.map(({ at }) => new Date(at).toISOString())],
    ],
  );
}

/** Groups the consignments of these results anew: they may be joined, or divided. */
async function regroup(transaction: EntityManager, touched: ReadonlySet<string>): Promise<void> {
  const { members, links } = await connectedWith(transaction, touched);
  const groups = consignmentsOf([...members.values()], links);
  const moved = groups.flatMap(({ consignmentId, resultIds }) =>
    resultIds.filter((id) => members.get(id)!.consignmentId !== consignmentId).map((id) => [id, consignmentId]),
  );
  await transaction.query(
    `update traveller t set consignment_id = m.consignment_id
     from unnest($1::uuid[], $2::uuid[]) as m (result_id, consignment_id) where t.result_id = m.result_id`,
    [moved.map(([id]) => id), moved.map(([, consignmentId]) => consignmentId)],
  );
  const former = [...new Set([...members.values()].map(({ consignmentId }) => consignmentId))];
  await transaction.query('delete from consignment where consignment_id = any($1::uuid[])', [former]);
  await insertRows(
    transaction,
    'consignment (consignment_id, first_at, last_at, results)',
    groups.map(({ consignmentId, resultIds }) => {
      const times = resultIds.map((id) => members.get(id)!.at.getTime());
      return [consignmentId, new Date(Math.min(...times)), new Date(Math.max(...times)), resultIds.length];
    }),
    `on conflict (consignment_id) do update set first_at = excluded.first_at, last_at = excluded.last_at,
       results = excluded.results`,
  );
}

/** The consignments of these results whole, with all that is connected with any of them now. */
async function connectedWith(
  transaction: EntityManager,
  touched: ReadonlySet<string>,
): Promise<{ members: Map<string, Member>; links: Link[] }> {
  const members = new Map<string, Member>();
  const links = new Map<string, Link>();
  for (let wanted = [...touched]; wanted.length > 0;) {
    const found: Member[] = await transaction.query(
      `select t.result_id as "resultId", t.at, t.declaration_number as "declarationNumber",
         t.transport_document as "transportDocument", t.consignment_id as "consignmentId"
       from traveller t where t.consignment_id in (select consignment_id from traveller where result_id = any($1::uuid[]))`,
      [wanted],
    );
    const fresh = found.filter(({ resultId }) => !members.has(resultId));
    for (const member of fresh) members.set(member.resultId, member);
    const ids = fresh.map(({ resultId }) => resultId);
    const linked: Link[] = await transaction.query(
      `select result_id as "resultId", links_to as "to" from traveller_link
       where result_id = any($1::uuid[]) or links_to = any($1::uuid[])`,
      [ids],
    );
    for (const link of linked) links.set(`${link.resultId} ${link.to}`, link);
    const sharing: { resultId: string }[] = await transaction.query(
      `select result_id as "resultId" from traveller where declaration_number = any($1)
       union select result_id from traveller where transport_document = any($2)`,
      [
        fresh.flatMap(({ declarationNumber }) => declarationNumber ?? []),
        fresh.flatMap(({ transportDocument }) => transportDocument ?? []),
      ],
    );
    const near = [...linked.flatMap(({ resultId, to }) => [resultId, to]), ...sharing.map(({ resultId }) => resultId)];
    wanted = [...new Set(near)].filter((id) => !members.has(id));
  }
  return { members, links: [...links.values()] };
}

/** What is joined is counted, and so are recognitions that looked at it: by it they know how their goods travelled. */
async function countAnew(transaction: EntityManager, versions: readonly TakenVersion[]): Promise<void> {
  if (versions.length === 0) return;
  await countVersions(transaction, versions);
  await transaction.query(
    `insert into indicator_due (subject, version)
     select recognition_id, ${RECOGNITION} from coordinated_recognition where keys && $1::text[]`,
    [[...new Set(versions.map(({ resultId }) => resultKey(resultId)))]],
  );
}

async function markJoined(transaction: EntityManager, versions: readonly TakenVersion[]): Promise<void> {
  await transaction.query(
    `update coordinated_version v set joined = true
     from unnest($1::uuid[], $2::integer[]) as j (result_id, version)
     where v.result_id = j.result_id and v.version = j.version`,
    [versions.map(({ resultId }) => resultId), versions.map(({ version }) => version)],
  );
}
