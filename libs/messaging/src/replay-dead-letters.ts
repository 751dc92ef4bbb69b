import { describeError, isTransient, type Logger, pause } from '@clearance/platform';
import type { Received, Verdict } from './consume-batches.ts';
import type { DeadLetterBox, ReplayOutcome, RequestedLetter } from './dead-letters.ts';

/** How the dead letters of one unit's account are replayed. */
export interface ReplayOptions {
  box: DeadLetterBox;
  /** The handler of a stream, the same that its messages are given to; undefined when this process reads no such stream. */
  handle: (stream: string, messages: Received[]) => Promise<Verdict[] | undefined>;
  unit: string;
  log: Logger;
  signal: AbortSignal;
}

/** How often it is looked whether the operator has asked for something, ms. */
const LOOK_EVERY_MS = 3_000;

/**
 * Handles dead letters once more whose replay the operator has asked for, until the signal aborts. A letter goes through
 * the very handler that refused it, so that a replay can do nothing that a delivery could not.
 */
export async function replayDeadLetters(options: ReplayOptions): Promise<void> {
  const { box, unit, log, signal } = options;
  while (!signal.aborted) {
    try {
      for (;;) {
        const letters = await box.takeRequested();
        for (const letter of letters) await replay(options, letter);
        if (letters.length === 0 || signal.aborted) break;
      }
    } catch (error) {
      log.warn({ unit, err: describeError(error) }, 'dead letters not replayed; it is tried again');
    }
    await pause(LOOK_EVERY_MS, signal);
  }
}

async function replay(options: ReplayOptions, letter: RequestedLetter): Promise<void> {
  const { box, unit, log } = options;
  const { id, stream } = letter;
  const outcome = await handleAgain(options, letter);
  await box.conclude(id, outcome);
  if (outcome.taken) log.info({ unit, stream, deadLetter: id }, 'dead letter replayed and taken');
  else log.error({ unit, stream, deadLetter: id, cause: outcome.cause }, 'dead letter replayed in vain');
}

/** @throws what is wrong with the surroundings: the letter is then tried again. */
async function handleAgain({ handle }: ReplayOptions, letter: RequestedLetter): Promise<ReplayOutcome> {
  const { stream, subject, body } = letter;
  try {
    const [verdict] = (await handle(stream, [{ subject, data: new Uint8Array(body) }])) ?? [];
    if (verdict === undefined) throw new Error(`no verdict of a handler of ${stream}`);
    if (verdict.verdict === 'done') return { taken: true };
    return { taken: false, cause: verdict.cause, detail: verdict.detail };
  } catch (error) {
    if (isTransient(error)) throw error;
    const { type, message } = describeError(error);
    return { taken: false, cause: 'handler-failed', detail: `${type}: ${message}` };
  }
}
