import {
  type DisclosureRecord,
  type Recognition,
  type RecognitionRequest,
  type ResultContent,
  type ResultStatus,
  type UnitId,
  unitsOf,
} from '@clearance/contracts';
import { ask } from './gateway-http.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

/** Figures of one day, port, unit, mode and direction, in the words of the API; what is 0 or empty is left out. */
export interface Counted {
  place: string;
  figures: Record<string, number | null>;
}

/** A group of figures as `GET /api/v1/indicators` answers it. */
export interface IndicatorGroup {
  day?: string;
  port?: string | null;
  unit?: string;
  mode?: string | null;
  direction?: string | null;
  results: number;
  amendments: number;
  revocations: number;
  available: number;
  delay: { measured: number; p50: number | null; p90: number | null; p99: number | null };
  withheld: { entry: string; copies: number }[];
  recognitions: Record<string, number>;
  checks: {
    recognised: number;
    required: number;
    recognisedShare: number | null;
    avoided: number;
    repeated: number;
    byType: { type: string; recognised: number; required: number; avoided: number; repeated: number }[];
  };
  hoursSaved: number;
  reasons: { code: string; checks: number }[];
  reliesOn: { issuer: string; checks: number }[];
  targets: { code: string; seconds: number; measured: number; within: number; share: number | null }[];
  conflicts: number;
}
export interface IndicatorsAnswer {
  waiting: number;
  hoursPerCheck: Record<string, number>;
  total: IndicatorGroup;
  groups: IndicatorGroup[];
}

/** What the gateway says, once it has counted everything that there is: each place apart. */
export async function countedIndicators(mesh: TestLocalMesh): Promise<Counted[]> {
  const answer = await allCounted(mesh, 'by=day,port,unit,mode,direction');
  return sorted(
    answer.groups.map((group) => ({
      place: placeOf(group.day!, group.port ?? null, group.unit!, group.mode ?? null, group.direction ?? null),
      figures: flat(group),
    })),
  );
}

/** An answer for which nothing waits any more: joined, reported, counted. */
export function allCounted(mesh: TestLocalMesh, query: string): Promise<IndicatorsAnswer> {
  return eventually(async () => {
    for (const unit of unitsOf(mesh.mesh)) {
      const [open] = await mesh.query<{ n: number }>(
        unit,
        'select (select count(*) from offer_outbox)::integer + (select count(*) from recognition_report)::integer as n',
      );
      if (open!.n > 0) return undefined;
    }
    const [row] = await mesh.query<{ n: number }>(
      'gateway',
      `select count(*)::integer as n from settlement s left join coordinated_version v using (result_id, version)
       where not coalesce(v.joined, false)`,
    );
    if (row!.n > 0) return undefined;
    const { body, status } = await ask<IndicatorsAnswer>(mesh, `/api/v1/indicators?${query}`, { role: 'coordinator' });
    return status === 200 && body.waiting === 0 ? body : undefined;
  }, 'everything counted');
}

function flat(group: IndicatorGroup): Record<string, number | null> {
  const figures: Record<string, number | null> = {
    ...{ results: group.results, amendments: group.amendments, revocations: group.revocations },
    ...{ available: group.available, measured: group.delay.measured },
    ...{ p50: group.delay.p50, p90: group.delay.p90, p99: group.delay.p99, conflicts: group.conflicts },
    hoursSaved: group.hoursSaved,
    ...Object.fromEntries(group.withheld.map(({ entry, copies }) => [`withheld ${entry}`, copies])),
    ...Object.fromEntries(Object.entries(group.recognitions).map(([name, n]) => [`recognitions ${name}`, n])),
    ...Object.fromEntries(group.reasons.map(({ code, checks }) => [`reason ${code}`, checks])),
    ...Object.fromEntries(group.reliesOn.map(({ issuer, checks }) => [`on ${issuer}`, checks])),
  };
  for (const { type, ...numbers } of group.checks.byType) {
    for (const [name, n] of Object.entries(numbers)) figures[`${name} ${type}`] = n;
  }
  for (const { code, measured, within } of group.targets) {
    figures[`${code} measured`] = measured;
    figures[`${code} within`] = within;
  }
  return Object.fromEntries(Object.entries(figures).filter(([, n]) => n !== 0 && n !== null));
}

const placeOf = (day: string, port: string | null, unit: string, mode: string | null, direction: string | null) =>
  [day, port, unit, mode, direction].join(' ');

function sorted(counted: Counted[]): Counted[] {
  return counted
    .filter(({ figures }) => Object.keys(figures).length > 0)
    .sort((one, other) => (one.place < other.place ? -1 : 1));
}

/** One cell, while it is counted. */
interface Cell {
  numbers: Map<string, number>;
  /** Seconds from the last examination until every unit had it. */
  delays: number[];
  direction: string | null;
  mode: string | null;
}

interface IssuedRow {
  result_id: string;
  version: number;
  status: ResultStatus;
  day: string;
  content: string;
}

/**
 * Counts the indicators anew from what units issued and decided (their own databases), and from what the gateway's ledger and
 * settlements say: none of it is kept for coordinators.
 *
 * @param hours by check, as the answer names them
 * @param conflicts how many each place has, which the test knows that played them
 */
export async function recountIndicators(
  mesh: TestLocalMesh,
  hours: Readonly<Record<string, number>>,
  conflicts: Readonly<Record<string, number>> = {},
): Promise<Counted[]> {
  const cells = new Map<string, Cell>();
  const cellOf = (day: string, port: string | null, unit: string, mode: string | null, direction: string | null) => {
    const place = placeOf(day, port, unit, mode, direction);
    let cell = cells.get(place);
    if (cell === undefined) cells.set(place, (cell = { numbers: new Map(), delays: [], mode, direction }));
    return cell;
  };
  const views = await shownLast(mesh);
  const settled = new Map(
    (
      await mesh.query<{ key: string; at: Date | null }>(
        'gateway',
        `select result_id || ' ' || version as key, settled_at as at from settlement`,
      )
    ).map(({ key, at }) => [key, at]),
  );
  const travelled = new Map<string, { version: number; mode: string | null; direction: string | null }>();
  for (const issuer of unitsOf(mesh.mesh)) {
    const columns = `result_id, version, status, to_char(issued_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, content`;
    const versions = await mesh.query<IssuedRow>(
      issuer,
      `select ${columns} from result where issuer = $1 union all select ${columns} from result_history where issuer = $1`,
      [issuer],
    );
    for (const row of versions) {
      const key = `${row.result_id} ${row.version}`;
      const content = JSON.parse(row.content) as ResultContent;
      const withheld = views.get(key) ?? [];
      const hidden = new Set(withheld.flatMap(({ paths }) => paths));
      const shown = <T>(pointer: string, value: T): T | null => (hidden.has('') || hidden.has(pointer) ? null : value);
      const mode = shown('/transportMode', content.transportMode);
      const direction = shown('/direction', content.direction);
      if ((travelled.get(row.result_id)?.version ?? 0) < row.version) {
        travelled.set(row.result_id, { version: row.version, mode, direction });
      }
      const cell = cellOf(row.day, shown('/location', content.location), issuer, mode, direction);
      add(cell, { issued: 'results', amended: 'amendments', revoked: 'revocations' }[row.status]);
      for (const { entries } of withheld) for (const entry of entries) add(cell, `withheld ${entry}`);
      const at = settled.get(key) ?? null;
      if (at === null) continue;
      add(cell, 'available');
      const examined = Math.max(...content.checks.map(({ performedAt }) => Date.parse(performedAt)));
      if (row.status === 'issued' && !hidden.has('') && examined <= at.getTime()) {
        cell.delays.push((at.getTime() - examined) / 1_000);
      }
    }
  }
  for (const unit of unitsOf(mesh.mesh)) {
    const rows = await mesh.query<{ day: string; request: string; body: string }>(
      unit,
      `select to_char(decided_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, request, body from recognition`,
    );
    for (const { day, request, body } of rows) {
      countRecognition(cellOf, travelled, unit, day, JSON.parse(request) as RecognitionRequest, JSON.parse(body) as Recognition); // prettier-ignore
    }
  }
  return sorted([...cells].map(([place, cell]) => ({ place, figures: figuresOf(cell, hours, conflicts[place] ?? 0) })));
}

function add({ numbers }: Cell, name: string): void {
  numbers.set(name, (numbers.get(name) ?? 0) + 1);
}

function countRecognition(
  cellOf: (day: string, port: string, unit: string, mode: string | null, direction: string | null) => Cell,
  travelled: ReadonlyMap<string, { mode: string | null; direction: string | null }>,
  unit: UnitId,
  day: string,
  { location }: RecognitionRequest,
  { outcome, state, checks }: Recognition,
): void {
  const relied = checks.flatMap(({ by = [] }) => by);
  const looked = checks.flatMap(({ reasons = [] }) => reasons.flatMap(({ resultId }) => resultId ?? []));
  const { mode, direction } = travelled.get(relied[0]?.resultId ?? looked[0] ?? '') ?? { mode: null, direction: null };
  const cell = cellOf(day, location, unit, mode, direction);
  add(cell, 'recognitions decided');
  add(cell, `recognitions ${outcome}`);
  if (state === 'reopened') add(cell, 'recognitions reopened');
  for (const check of checks) {
    add(cell, `${check.decision} ${check.type}`);
    if (check.decision === 'recognised') {
      if (state === 'in-force') add(cell, `avoided ${check.type}`);
      for (const issuer of new Set(check.by.map((each) => each.issuer))) add(cell, `on ${issuer}`);
    } else {
      if (check.reasons.some(({ resultId }) => resultId !== undefined)) add(cell, `repeated ${check.type}`);
      for (const code of new Set(check.reasons.map((each) => each.code))) add(cell, `reason ${code}`);
    }
  }
}

const TARGETS_S = { sea: 24 * 3_600, air: 12 * 3_600, import: 40 * 3_600, export: 3_600 };

function figuresOf(cell: Cell, hours: Readonly<Record<string, number>>, conflicts: number): Counted['figures'] {
  const { numbers, delays, mode, direction } = cell;
  const growing = delays.toSorted((one, other) => one - other);
  const hoursSaved = [...numbers].reduce(
    (sum, [name, n]) => sum + (name.startsWith('avoided ') ? n * hours[name.slice('avoided '.length)]! : 0),
    0,
  );
  const spoken = {
    sea: mode === '2',
    air: mode === '5',
    import: direction === 'import',
    export: direction === 'export',
  };
  const targets = Object.entries(TARGETS_S).flatMap(([code, seconds]) =>
    spoken[code as keyof typeof spoken]
      ? [
          [`${code} measured`, delays.length] as const,
          [`${code} within`, delays.filter((delay) => delay <= seconds).length] as const,
        ]
      : [],
  );
  const figures: Counted['figures'] = {
    ...Object.fromEntries(numbers),
    ...{ measured: delays.length, conflicts, hoursSaved: Math.round(hoursSaved * 100) / 100 },
    ...{ p50: quantile(growing, 0.5), p90: quantile(growing, 0.9), p99: quantile(growing, 0.99) },
    ...Object.fromEntries(targets),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, n]) => n !== 0 && n !== null));
}

/** Bounds as docs/indicators.md names them, seconds. */
const BOUNDS = [
  ...[1, 2, 3, 5, 8, 13, 20, 30, 40, 60, 120, 180, 300, 600, 900, 1_200, 1_800, 2_700],
  ...[1, 1.5, 2, 3, 4, 6, 8, 12, 18, 24, 30, 40, 48, 72, 96, 120, 168, 240, 336, 504, 720].map(
    (hours) => hours * 3_600,
  ),
];

/** The nearest rank, rounded up to a bound. */
function quantile(growing: readonly number[], share: number): number | null {
  if (growing.length === 0) return null;
  const exact = growing[Math.max(1, Math.ceil(share * growing.length)) - 1]!;
  return BOUNDS.find((bound) => exact <= bound) ?? null;
}

/** By version and consumer: which entries take something from what it is shown now, and which places. */
async function shownLast(mesh: TestLocalMesh): Promise<Map<string, { entries: Set<string>; paths: string[] }[]>> {
  const rows = await mesh.query<{ entry: string }>(
    'gateway',
    'select entry from ledger where result_id is not null order by sequence',
  );
  const last = new Map<string, Map<string, { entries: Set<string>; paths: string[] }>>();
  for (const { entry } of rows) {
    const { resultId, version, consumers, withheld } = JSON.parse(entry) as DisclosureRecord;
    const key = `${resultId} ${version}`;
    if (!last.has(key)) last.set(key, new Map());
    const view = { entries: new Set(withheld.map((each) => each.entry)), paths: withheld.map(({ path }) => path) };
    for (const consumer of consumers) last.get(key)!.set(consumer, view);
  }
  return new Map([...last].map(([key, views]) => [key, [...views.values()]]));
}
