import {
  type HeldVersion,
  type HoldingPlace,
  type HoldingsSummary,
  MAX_HOLDINGS,
  type ReconciliationReport,
  type Tally,
  type UnitId,
} from '@clearance/contracts';
import type { Gateway } from '../gateway.ts';
import { reconciledTotal } from '../metrics.ts';
import { type AskedUnits, askUnits } from './ask-units.ts';
import { compareHoldings, doubtful, type Holdings, keyOf, type LaterLook } from './compare-holdings.ts';
import { reachOf, within } from './reach.ts';
import {
  type DisclosedSummary,
  findSettlements,
  listSettlements,
  type Period,
  readRecorded,
  summariseSettlements,
} from './read-settlements.ts';
import { repair } from './repair.ts';
import { createFindings, type Findings } from './report.ts';
import { RECONCILIATION_LOCK, runAlone } from './run-alone.ts';

/** What one run looks at. */
export interface Reconciliation {
  /** UTC days `2026-11-21`, both inclusive. */
  from: string;
  to: string;
  repair: boolean;
  /** What was issued or settled less long ago is left to the ordinary way, ms. */
  olderThanMs: number;
  /** Ends the run early. */
  signal?: AbortSignal;
}

const DAY_MS = 86_400_000;
/** A day is summarised in parts, so that one statement stays short however much a day brings. */
const PART_MS = 6 * 3_600_000;
/** Set going in one run at most, lest the repairs of a long loss crowd out today's results; the next run goes on. */
const MAX_REPAIRS = 20_000;

/**
 * Compares, per issuer, receiver and day, what was issued, disclosed and received, and repairs what differs. Nobody reads
 * another's database: each unit is asked in its own account. Counts and digests first; versions are listed only where
 * those differ. A unit that does not answer is named and stops nobody.
 *
 * @returns 'busy' when another run is under way, here or in another gateway.
 * @throws the database's error when it is away.
 */
export function reconcile(gateway: Gateway, reconciliation: Reconciliation): Promise<ReconciliationReport | 'busy'> {
  return runAlone(gateway.database, RECONCILIATION_LOCK, async () => {
    const { from, to, signal } = reconciliation;
    const run: Run = {
      gateway,
      units: askUnits(gateway),
      findings: createFindings(),
      before: gateway.now() - reconciliation.olderThanMs,
      repairsLeft: reconciliation.repair ? MAX_REPAIRS : 0,
    };
    for (const part of partsOf(from, to, run.before)) {
      signal?.throwIfAborted();
      await comparePart(run, part);
    }
    const report = run.findings.report({ from, to }, run.units.unreachable());
    tell(gateway, report);
    return report;
  });
}

interface Run {
  gateway: Gateway;
  units: AskedUnits;
  findings: Findings;
  /** Milliseconds since the epoch: what is younger is not compared. */
  before: number;
  repairsLeft: number;
}

/** A part of a day. */
interface Part extends Period {
  day: string;
  first: boolean;
}

function* partsOf(from: string, to: string, before: number): Generator<Part> {
  for (let day = Date.parse(from); day <= Date.parse(to); day += DAY_MS) {
    for (let start = day; start < Math.min(day + DAY_MS, before); start += PART_MS) {
      const end = Math.min(start + PART_MS, before);
      const [name, begin] = [day, start].map((instant) => new Date(instant).toISOString());
      yield { day: name!.slice(0, 10), first: start === day, from: begin!, to: new Date(end).toISOString() };
    }
  }
}

async function comparePart(run: Run, part: Part): Promise<void> {
  const { gateway, units, findings } = run;
  // The gateway is read before the units: what it knows to be confirmed must then be there.
  const disclosed = await summariseSettlements(gateway.database, part);
  const held = new Map<UnitId, HoldingsSummary>();
  await Promise.all(
    gateway.consumers.map(async (unit) => {
      const summary = await units.summarise(unit, part);
      if (summary !== undefined) held.set(unit, summary);
    }),
  );
  const issuers = new Set([
    ...disclosed.keys(),
    ...[...held.values()].flatMap((each) => each.held.map(({ issuer }) => issuer)),
  ]);
  for (const issuer of issuers) {
    const differing = [...held.keys()].filter((unit) => unit !== issuer && differs(unit, issuer, disclosed, held));
    const own = held.get(issuer as UnitId);
    const same = own === undefined || sameAtIssuer(own, issuer, disclosed.get(issuer));
    if (differing.length > 0 || !same) await compareIssuer(run, part, issuer, differing);
  }
  const versions = [...disclosed.values()].reduce((sum, { all }) => sum + all.count, 0);
  // A day's pairs are counted once, however many parts it has.
  findings.compared(part.first ? held.size * (held.size - 1) : 0, versions);
}

function differs(
  unit: UnitId,
  issuer: string,
  disclosed: ReadonlyMap<string, DisclosedSummary>,
  held: ReadonlyMap<UnitId, HoldingsSummary>,
): boolean {
  const own = held.get(unit)?.held.find((each) => each.issuer === issuer);
  return !sameTally(own, disclosed.get(issuer)?.given.get(unit));
}

function sameAtIssuer(own: HoldingsSummary, issuer: string, disclosed: DisclosedSummary | undefined): boolean {
  const issued = own.held.find((each) => each.issuer === issuer);
  return sameTally(issued, disclosed?.all) && sameTally(own.offered, disclosed?.open);
}

function sameTally(a: Tally | undefined, b: Tally | undefined): boolean {
  return a?.count === b?.count && a?.digest === b?.digest;
}

/** Lists and compares one issuer's versions, with those receivers whose digest differs; a bounded piece at a time. */
async function compareIssuer(run: Run, part: Part, issuer: string, differing: readonly UnitId[]): Promise<void> {
  const { gateway, units } = run;
  // A name that is none of the mesh's has nobody to ask: only a forged row can bear it, or one of a unit that has left.
  const isUnit = gateway.consumers.includes(issuer as UnitId);
  let after: HoldingPlace | undefined;
  do {
    const request = { from: part.from, to: part.to, issuer, after };
    // In this order; see compareHoldings.
    const disclosed = await listSettlements(gateway.database, { ...request, limit: MAX_HOLDINGS });
    const issued = isUnit ? await units.list(issuer as UnitId, request) : undefined;
    const pages = await Promise.all(differing.map(async (unit) => ({ unit, page: await units.list(unit, request) })));
    const received = pages.flatMap(({ unit, page }) => (page === undefined ? [] : [{ unit, page }]));
    const reach = reachOf([disclosed, ...(issued === undefined ? [] : [issued]), ...received.map(({ page }) => page)]);
    await compareVersions(run, part.day, {
      issuer,
      issued: issued === undefined ? undefined : within(issued, reach),
      disclosed: within(disclosed, reach),
      received: new Map(received.map(({ unit, page }): [UnitId, HeldVersion[]] => [unit, within(page, reach)])),
    });
    after = reach;
  } while (after !== undefined);
}

async function compareVersions(run: Run, day: string, holdings: Holdings): Promise<void> {
  const { gateway, units, findings, before } = run;
  const look = await lookAgain(gateway, holdings);
  const { differences, onTheirWay } = compareHoldings(holdings, look, before);
  const mending = differences.filter((difference) => difference.repair !== 'none').slice(0, run.repairsLeft);
  run.repairsLeft -= mending.length;
  const issuer = holdings.issuer as UnitId;
  const repaired = mending.length === 0 ? [] : await repair(gateway, units, issuer, mending, holdings.disclosed);
  findings.add({ issuer, day, differences, repaired, onTheirWay });
}

/** A second look at the gateway's own tables, after the units have been read. */
async function lookAgain(gateway: Gateway, holdings: Holdings): Promise<LaterLook> {
  const doubts = doubtful(holdings);
  const moving = new Set<string>();
  const recorded = new Map<string, Set<string>>();
  const stateOf = (known: Holdings['disclosed']): Map<string, string> =>
    new Map(known.map((version) => [keyOf(version), JSON.stringify([version.waiting, version.settledAt])]));
  const earlier = stateOf(holdings.disclosed);
  for (let start = 0; start < doubts.length; start += MAX_HOLDINGS) {
    const some = doubts.slice(start, start + MAX_HOLDINGS);
    const now = stateOf(await findSettlements(gateway.database, some));
    for (const key of some.map(keyOf)) if (now.get(key) !== earlier.get(key)) moving.add(key);
    const entries = await readRecorded(gateway.database, [...new Set(some.map(({ resultId }) => resultId))]);
    for (const entry of entries) {
      const consumers = recorded.get(keyOf(entry)) ?? new Set();
      for (const consumer of entry.consumers) consumers.add(consumer);
      recorded.set(keyOf(entry), consumers);
    }
  }
  return { moving, recorded };
}

function tell(gateway: Gateway, report: ReconciliationReport): void {
  for (const { code, alarm, issuer, receiver, day, count, repaired, examples } of report.differences) {
    reconciledTotal.inc({ code }, count);
    const found = { code, issuer, receiver, day, count, repaired, examples: examples.slice(0, 3) };
    if (alarm) gateway.log.error(found, 'reconciliation: to be looked at');
    else gateway.log.warn(found, 'reconciliation found a difference');
  }
  const { from, to, pairs, versions, repaired, onTheirWay, unreachable } = report;
  gateway.log.info({ from, to, pairs, versions, repaired, onTheirWay, unreachable }, 'reconciled');
}
