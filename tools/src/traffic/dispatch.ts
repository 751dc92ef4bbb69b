import type { Outcome, Problem, Recognition, ResultReceipt, UnitId } from '@clearance/contracts';
import { amend, requestRecognition, revoke, submit, submitBatch } from './backend.ts';
import type { Backend } from './backend.ts';
import type { TrafficCounters } from './counters.ts';
import { forgetStory, noProgress, noteArrival, noteResult, readiness } from './progress.ts';
import type { Step, SubmitStep } from './steps.ts';

export interface DispatchOptions {
  readonly backends: ReadonlyMap<UnitId, Backend>;
  readonly counters: TrafficCounters;
  /** How long a recognition waits for the copies it builds on before it is asked all the same, in milliseconds. */
  readonly patience: number;
  readonly onRefusal?: (step: Step, problem: Problem) => void;
  readonly onAccepted?: (step: Step, receipt: ResultReceipt) => void;
  /** Told when something happened that may let a waiting step begin. */
  readonly changed: () => void;
  /** Told of a fault that is no answer of a unit. */
  readonly failed: (error: unknown) => void;
}

/** Holds the steps that were taken up until they can be begun, and begins them. */
export interface Dispatch {
  /** Takes up a step; it is begun by a later `begin`. */
  add(step: Step, now: number): void;
  /** Notes that a copy reached a unit. */
  arrived(unit: UnitId, resultId: string): void;
  /** Begins all that can be; returns when to look again at the latest if nothing changes (ms since 1970, or infinity). */
  begin(now: number): number;
  /** Steps that wait, and requests under way. */
  load(): number;
  /** Resolves when no request is under way. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly step: Step;
  readonly giveUpAt: number;
  attempts: number;
  impatient: boolean;
}

/** Results handed over in one request, at most. */
const MAX_TOGETHER = 100;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** A dispatch with nothing in it. */
export function newDispatch(options: DispatchOptions): Dispatch {
  const { backends, counters } = options;
  const progress = noProgress();
  const waiting = new Set<Waiting>();
  const open = new Set<Promise<void>>();
  const pauses = new Map<UnitId, { until: number; length: number }>();
  const stories = new Map<string, { open: number; ended: boolean }>();

  function done(step: Step): void {
    const story = stories.get(step.story);
    if (story === undefined) return;
    story.open -= 1;
    if (story.open > 0 || !story.ended) return;
    stories.delete(step.story);
    forgetStory(progress, step.story);
  }

  function putOff(one: Waiting): void {
    counters.retried += 1;
    const pause = pauses.get(one.step.unit);
    // Several answers of one moment are one reason to pause, not several.
    if (pause === undefined || pause.until <= Date.now()) {
      const length = pause === undefined ? FIRST_PAUSE : Math.min(pause.length * 2, LONGEST_PAUSE);
      pauses.set(one.step.unit, { until: Date.now() + length, length });
    }
    waiting.add(one);
  }

  /** Takes in what a unit answered to a step. */
  function settle(one: Waiting, outcome: Outcome<ResultReceipt | Recognition>): void {
    const { step } = one;
    if (outcome.ok) {
      pauses.delete(step.unit);
      countSuccess(counters, step, outcome.value);
      if (step.action !== 'recognise') options.onAccepted?.(step, outcome.value as ResultReceipt);
      if (step.action === 'submit') noteResult(progress, step, (outcome.value as ResultReceipt).resultId);
      return done(step);
    }
    const { problem } = outcome;
    if (problem.status === 429 || problem.status >= 500) return putOff(one);
    counters.refused[problem.code] = (counters.refused[problem.code] ?? 0) + 1;
    options.onRefusal?.(step, problem);
    if (step.action === 'submit') noteResult(progress, step, undefined);
    done(step);
  }

  function skip(step: Step): void {
    counters.skipped += 1;
    if (step.action === 'submit') noteResult(progress, step, undefined);
    done(step);
  }

  async function perform(backend: Backend, ones: readonly Waiting[]): Promise<void> {
    const [first] = ones;
    if (first !== undefined && ones.length === 1) {
      return settle(first, await ask(backend, first.step, progress.results.get(first.step.key)?.resultId));
    }
    const contents = ones.map((one) => (one.step as SubmitStep).content);
    const reply = await submitBatch(backend, contents);
    ones.forEach((one, i) => {
      const outcome = reply.ok ? reply.value[i] : reply;
      if (outcome === undefined) throw new Error('a batch was answered with fewer outcomes than results');
      settle(one, outcome);
    });
  }

  function start(backend: Backend, ones: readonly Waiting[]): void {
    for (const one of ones) {
      one.attempts += 1;
      if (one.attempts === 1 && one.step.action === 'submit') counters.submitted += 1;
    }
    const running: Promise<void> = perform(backend, ones)
      .catch(options.failed)
      .finally(() => {
        open.delete(running);
        options.changed();
      });
    open.add(running);
  }

  /** Whether a step can be begun now, is not to be, or when (ms since 1970, or infinity) it may be at the latest. */
  function verdict(one: Waiting, now: number): 'begin' | 'skip' | number {
    const { step } = one;
    const ready = backends.has(step.unit) ? readiness(progress, step) : 'hopeless';
    if (ready === 'hopeless') return 'skip';
    const paused = pauses.get(step.unit)?.until ?? 0;
    if (paused > now) return paused;
    if (ready === 'ready') return 'begin';
    // Only copies may fail to come: a unit's own results are accepted or refused in the end.
    if (step.action !== 'recognise') return Number.POSITIVE_INFINITY;
    if (one.giveUpAt > now) return one.giveUpAt;
    if (!one.impatient) counters.impatient += 1;
    one.impatient = true;
    return 'begin';
  }

  return {
    add: (step, now) => {
      const story = stories.get(step.story) ?? { open: 0, ended: false };
      stories.set(step.story, { open: story.open + 1, ended: step.ends });
      waiting.add({ step, giveUpAt: now + options.patience, attempts: 0, impatient: false });
    },
    arrived: (unit, resultId) => noteArrival(progress, unit, resultId),
    begin: (now) => {
      let lookAgain = Number.POSITIVE_INFINITY;
      const together = new Map<Backend, Waiting[]>();
      for (const one of [...waiting]) {
        const decided = verdict(one, now);
        if (typeof decided === 'number') {
          lookAgain = Math.min(lookAgain, decided);
          continue;
        }
        waiting.delete(one);
        const backend = backends.get(one.step.unit);
        if (decided === 'skip' || backend === undefined) skip(one.step);
        else if (one.step.action !== 'submit') start(backend, [one]);
        else together.set(backend, [...(together.get(backend) ?? []), one]);
      }
      for (const [backend, ones] of together) {
        for (let i = 0; i < ones.length; i += MAX_TOGETHER) start(backend, ones.slice(i, i + MAX_TOGETHER));
      }
      counters.waiting = waiting.size;
      return lookAgain;
    },
    load: () => waiting.size + open.size,
    settled: async () => {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}

/** Asks a unit to do what a step says, one request. */
function ask(
  backend: Backend,
  step: Step,
  resultId: string | undefined,
): Promise<Outcome<ResultReceipt | Recognition>> {
  if (step.action === 'submit') return submit(backend, step.content);
  if (step.action === 'recognise') return requestRecognition(backend, step.request);
  if (resultId === undefined) throw new Error('a correction was begun before its result was accepted');
  return step.action === 'amend' ? amend(backend, resultId, step.content) : revoke(backend, resultId, step.reason);
}

function countSuccess(counters: TrafficCounters, step: Step, value: ResultReceipt | Recognition): void {
  switch (step.action) {
    case 'submit':
      counters.accepted += 1;
      return;
    case 'amend':
      counters.amended += 1;
      return;
    case 'revoke':
      counters.revoked += 1;
      return;
    case 'recognise': {
      const { outcome } = value as Recognition;
      counters[outcome === 'refused' ? 'declined' : outcome] += 1;
      return;
    }
    default:
      return step satisfies never;
  }
}
