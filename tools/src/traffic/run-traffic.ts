import type { Problem, ResultReceipt, ResultView, UnitId } from '@clearance/contracts';
import { events } from './backend.ts';
import type { Backend } from './backend.ts';
import { noTraffic } from './counters.ts';
import type { TrafficCounters } from './counters.ts';
import { newDispatch } from './dispatch.ts';
import { trade } from './scenario.ts';
import type { Step } from './steps.ts';

export interface TrafficOptions {
  /** The backends by unit. A unit without one takes no part. */
  readonly backends: ReadonlyMap<UnitId, Backend>;
  readonly seed: string | number;
  /** Begin of the scenario, milliseconds since 1970; its results were performed before it. */
  readonly startAt: number;
  /** Steps per minute; 120 unless told. */
  readonly perMinute?: number;
  /** Ends the traffic: no new step, the open requests awaited. */
  readonly signal: AbortSignal;
  /** Counters to count in, to be read while it runs. */
  readonly counters?: TrafficCounters;
  /** Told of every request that was refused for good. */
  readonly onRefusal?: (step: Step, problem: Problem) => void;
  /** Told of every version of a result that a unit has accepted. */
  readonly onAccepted?: (step: Step, receipt: ResultReceipt) => void;
  /** The steps to take; the endless trade of the seed unless given. */
  readonly steps?: Iterable<Step>;
  /** How long a recognition waits for copies before it is asked all the same, in milliseconds; 60 s unless told. */
  readonly patience?: number;
}

/** Steps that may be open at once; when so many wait, no new one is taken up. */
const MAX_OPEN = 400;
/** The shortest time between two looks at the clock, in milliseconds: more steps than one in it are taken together. */
const TICK = 20;

/**
 * Drives the units' backends with the scenario, at a steady rate, until the signal is aborted or the steps are exhausted.
 * Requests that a unit is not ready for are repeated after a pause that grows; recognitions wait for their copies' events.
 *
 * @returns the counters
 * @throws the first fault that is no answer of a unit (credentials refused, connection closed by someone else)
 */
export async function runTraffic(options: TrafficOptions): Promise<TrafficCounters> {
  const { backends, counters = noTraffic(), perMinute = 120, patience = 60_000 } = options;
  const pace = 60_000 / perMinute;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const bell = newBell();
  let fault: { error: unknown } | undefined;
  const failed = (error: unknown): void => {
    if (!signal.aborted) fault ??= { error };
    stopping.abort();
  };
  signal.addEventListener('abort', bell.ring, { once: true });

  const { onRefusal, onAccepted } = options;
  const dispatch = newDispatch({
    backends,
    counters,
    patience,
    changed: bell.ring,
    failed,
    ...(onRefusal === undefined ? {} : { onRefusal }),
    ...(onAccepted === undefined ? {} : { onAccepted }),
  });
  const listening = await listen(backends, signal, (unit, type, body) => {
    counters.events[type] = (counters.events[type] ?? 0) + 1;
    if (!type.startsWith('result.')) return;
    dispatch.arrived(unit, (body as ResultView).resultId);
    bell.ring();
  });
  for (const listener of listening) listener.catch(failed);

  const steps = (options.steps ?? trade(options.seed, options.startAt, { pace }))[Symbol.iterator]();
  let exhausted = false;
  let due = Date.now();
  while (!signal.aborted) {
    const now = Date.now();
    // What could not be begun in time is not made up for: the rate stays gentle after a stall.
    if (now - due > 1_000) due = now;
    for (; !exhausted && due <= now && dispatch.load() < MAX_OPEN; due += pace) {
      const next = steps.next();
      if (next.done === true) exhausted = true;
      else dispatch.add(next.value, now);
    }
    const lookAgain = dispatch.begin(now);
    if (exhausted && dispatch.load() === 0) break;
    const nextStep = exhausted || dispatch.load() >= MAX_OPEN ? Number.POSITIVE_INFINITY : Math.max(due, now + TICK);
    await bell.rung(Math.min(lookAgain, nextStep));
  }
  await dispatch.settled();
  stopping.abort();
  await Promise.allSettled(listening);
  if (fault !== undefined) throw fault.error;
  return counters;
}

/** Lets a loop sleep until something happens or a time comes. A ring while nobody sleeps is remembered. */
function newBell(): { ring: () => void; rung: (latest: number) => Promise<void> } {
  let remembered = false;
  let wake: (() => void) | undefined;
  return {
    ring: () => {
      if (wake === undefined) remembered = true;
      else wake();
    },
    rung: (latest) =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        wake = () => {
          clearTimeout(timer);
          remembered = false;
          wake = undefined;
          resolve();
        };
        if (remembered) wake();
        else if (latest !== Number.POSITIVE_INFINITY) timer = setTimeout(wake, Math.max(0, latest - Date.now()));
      }),
  };
}

/** Listens to all backends' events. The consumers exist when this resolves; the promises in it settle when listening ends. */
async function listen(
  backends: ReadonlyMap<UnitId, Backend>,
  signal: AbortSignal,
  take: (unit: UnitId, type: string, body: unknown) => void,
): Promise<Promise<void>[]> {
  const opened = await Promise.all(
    [...backends].map(async ([unit, backend]) => ({ unit, stream: await events(backend, { signal }) })),
  );
  return opened.map(async ({ unit, stream }) => {
    for await (const event of stream) take(unit, event.type, event.body);
  });
}
