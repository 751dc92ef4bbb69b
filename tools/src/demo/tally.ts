import type { Recognition, ResultView, UnitId } from '@clearance/contracts';
import { find, findRecognitions } from '../traffic/backend.ts';
import { answered, type Day } from './day.ts';
import type { Heard } from './event-log.ts';

/** The figures of the day, all from what the backends themselves were told or could ask. */
export interface Figures {
  /** Results of the twelve units, and all versions of them. */
  readonly results: number;
  readonly versions: number;
  /** Copies of versions that backends were told of. */
  readonly copies: number;
  /** Results whose newest version every entitled unit has confirmed. */
  readonly settled: number;
  /** Withheld fields (or whole results) in those copies, by entry of the negative list. */
  readonly withheldByEntry: Readonly<Record<string, number>>;
  readonly recognitions: {
    readonly total: number;
    readonly byOutcome: Readonly<Record<string, number>>;
    readonly byReason: Readonly<Record<string, number>>;
    readonly reopened: number;
  };
  /** Checks that did not have to be done again. */
  readonly inspectionsAvoided: number;
  /** The morning's batches: how many results, and how long until every unit had confirmed every one, seconds. */
  readonly backlog: { readonly results: number; readonly seconds: number };
  /** From handing a single result over to another unit's backend hearing of its copy, milliseconds; during the day's trade. */
  readonly latencyMs: { readonly count: number; readonly p50: number; readonly p99: number };
  /** Events that came more than once. */
  readonly repeatedEvents: number;
  /** Services that were killed. */
  readonly killed: number;
  readonly seconds: number;
}

/** Counts as the events come. */
export interface Tally {
  sent(issuer: UnitId, reference: string): void;
  heard(event: Heard, body: unknown): void;
  readonly copies: () => number;
  readonly withheldByEntry: () => Record<string, number>;
  readonly latencyMs: () => Figures['latencyMs'];
}

const COPY_EVENTS: ReadonlySet<string> = new Set(['result.received', 'result.amended', 'result.revoked']);

/** A tally with nothing in it. */
export function newTally(): Tally {
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  const withheld: Record<string, number> = {};
  let copies = 0;
  return {
    sent: (issuer, reference) => {
      const key = `${issuer} ${reference}`;
      // A repeated request does not begin anew.
      if (!sentAt.has(key)) sentAt.set(key, Date.now());
    },
    heard: (event, body) => {
      if (!COPY_EVENTS.has(event.type)) return;
      copies += 1;
      const view = body as ResultView;
      for (const { entry } of view.withheld) withheld[entry] = (withheld[entry] ?? 0) + 1;
      if (event.type !== 'result.received') return;
      // Of a result that is withheld as a whole not even the reference is seen: it cannot be matched, and is not measured.
      const since = sentAt.get(`${view.issuer} ${view.content.reference ?? ''}`);
      if (since !== undefined) latencies.push(event.at - since);
    },
    copies: () => copies,
    withheldByEntry: () => inOrder(withheld),
    latencyMs: () => {
      const sorted = [...latencies].sort((a, b) => a - b);
      return { count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
    },
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function inOrder(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Collects the figures at the end of the day. */
export async function collectFigures(
  day: Day,
  tally: Tally,
  { backlog, killed, since }: { backlog: Figures['backlog']; killed: number; since: number },
): Promise<Figures> {
  const own = (await Promise.all(day.units.map((unit) => ownResults(day, unit)))).flat();
  const recognitions = (await Promise.all(day.units.map((unit) => ownRecognitions(day, unit)))).flat();
  const checks = recognitions.flatMap((recognition) => recognition.checks);
  return {
    results: own.length,
    versions: own.reduce((sum, { version }) => sum + version, 0),
    copies: tally.copies(),
    settled: own.filter((result) => isSettled(day, result)).length,
    withheldByEntry: tally.withheldByEntry(),
    recognitions: {
      total: recognitions.length,
      byOutcome: count(recognitions.map(({ outcome }) => outcome)),
      byReason: count(checks.flatMap(({ reasons = [] }) => reasons.map(({ code }) => code))),
      reopened: recognitions.filter(({ state }) => state === 'reopened').length,
    },
    inspectionsAvoided: checks.filter(({ decision }) => decision === 'recognised').length,
    backlog: { results: backlog.results, seconds: backlog.seconds },
    latencyMs: tally.latencyMs(),
    repeatedEvents: day.events.repeated(),
    killed,
    seconds: Number(((performance.now() - since) / 1_000).toFixed(1)),
  };
}

function count(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return inOrder(counts);
}

/** Whether the issuer was told that the newest version of its result is settled. */
export function isSettled(day: Day, { resultId, version }: { resultId: string; version: number }): boolean {
  return day.events.about('result.settled', resultId).some((event) => event.version === version);
}

/** Every result that a unit has issued, newest versions. */
export async function ownResults(day: Day, unit: UnitId): Promise<ResultView[]> {
  return everyPage(async (cursor) => {
    const reply = await answered(day, unit, (backend) => find(backend, { issuer: unit, limit: 200, ...cursor }));
    return { items: reply.results, cursor: reply.cursor };
  });
}

/** Every recognition that a unit has asked for. */
export async function ownRecognitions(day: Day, unit: UnitId): Promise<Recognition[]> {
  return everyPage(async (cursor) => {
    const reply = await answered(day, unit, (backend) => findRecognitions(backend, { limit: 200, ...cursor }));
    return { items: reply.recognitions, cursor: reply.cursor };
  });
}

async function everyPage<T>(
  page: (cursor: { cursor?: string }) => Promise<{ items: T[]; cursor: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const reply = await page(cursor === undefined ? {} : { cursor });
    all.push(...reply.items);
    cursor = reply.cursor;
    if (cursor === undefined) return all;
  }
}
