import type { ResultContent, UnitId } from '@clearance/contracts';
import { submitBatch } from '../traffic/backend.ts';
import type { TrafficCounters } from '../traffic/counters.ts';
import { runTraffic } from '../traffic/run-traffic.ts';
import { trade } from '../traffic/scenario.ts';
import type { Step } from '../traffic/steps.ts';
import { answered, type Day } from './day.ts';
import { isSettled } from './tally.ts';

/** Results that the units have waiting in the morning, and steps of the trade that goes on beside the stories. */
const BACKLOG_RESULTS = 160;
const TRADE_STEPS = 160;
const STEPS_PER_MINUTE = 1_200;
const BATCH = 40;
const HOUR_MS = 3_600_000;

/** What the morning's batches came to. */
export interface Backlog {
  readonly results: number;
  readonly refused: number;
  /** From the first request until the last of them was settled. */
  readonly seconds: number;
}

/**
 * The night's backlog: every unit hands over what it has in `results.submit-batch`, all at the same moment. Resolves when all of it has
 * arrived everywhere.
 *
 * @throws Patience when something has not
 */
export async function handOverBacklog(day: Day): Promise<Backlog> {
  const since = performance.now();
  const byUnit = Map.groupBy(backlog(), ({ unit }) => unit);
  const batches = await Promise.all(
    [...byUnit].flatMap(([unit, ofUnit]) =>
      slices(ofUnit, BATCH).map((batch) =>
        answered(day, unit, (backend) =>
          submitBatch(
            backend,
            batch.map(({ content }) => content),
          ),
        ),
      ),
    ),
  );
  const outcomes = batches.flat();
  const receipts = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
  const open = () => receipts.filter((receipt) => !isSettled(day, receipt)).length;
  await day.events.until(
    'the settlement of the backlog',
    () => (open() === 0 ? true : undefined),
    () => `${open()} open`,
  );
  const seconds = Number(((performance.now() - since) / 1_000).toFixed(1));
  return { results: receipts.length, refused: outcomes.length - receipts.length, seconds };
}

/** Plays a stretch of the trade through all backends: results, amendments, revocations, recognitions. */
export function playTrade(day: Day): Promise<TrafficCounters> {
  const pace = 60_000 / STEPS_PER_MINUTE;
  return runTraffic({
    backends: day.backends,
    seed: 'demo-trade',
    startAt: Date.now(),
    perMinute: STEPS_PER_MINUTE,
    signal: day.signal,
    patience: day.patience,
    steps: noticed(day, stretch(trade('demo-trade', Date.now() - HOUR_MS, { pace }))),
  });
}

function backlog(): { unit: UnitId; content: ResultContent }[] {
  const found: { unit: UnitId; content: ResultContent }[] = [];
  for (const step of trade('demo-backlog', Date.now() - HOUR_MS)) {
    if (step.action === 'submit') found.push({ unit: step.unit, content: step.content });
    if (found.length === BACKLOG_RESULTS) break;
  }
  return found;
}

/** The first steps, without the end of stories that are then still under way. */
function* stretch(steps: Iterable<Step>): Generator<Step, void> {
  let left = TRADE_STEPS;
  for (const step of steps) {
    yield step;
    left -= 1;
    if (left === 0) return;
  }
}

/** Notes when each result is handed over: a step is taken up when it is begun. */
function* noticed(day: Day, steps: Iterable<Step>): Generator<Step, void> {
  for (const step of steps) {
    if (step.action === 'submit') day.sent(step.unit, step.content.reference);
    yield step;
  }
}

function slices<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
