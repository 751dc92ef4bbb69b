import type { ResultContent, ResultReceipt, UnitId } from '@clearance/contracts';
import { type Backend, submit } from '../traffic/backend.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

/** A result that a unit has accepted: from here on it is owed to everybody. */
export interface Accepted extends ResultReceipt {
  unit: UnitId;
  reference: string;
}

/** Backends that submit steadily, and repeat what was not accepted until it is. */
export interface Load {
  readonly accepted: readonly Accepted[];
  /** Refusals so far, as `status code`. */
  readonly refusals: readonly string[];
  /** Waits until that many more results have been accepted. */
  more(results: number): Promise<void>;
  /** Begins nothing new, waits until everything begun is accepted, and gives it. */
  stop(): Promise<readonly Accepted[]>;
  /** Begins nothing new and repeats nothing: for a test that is over. */
  abandon(): void;
}

/** A unit that submits, and how its results are made. */
export type Issuer = readonly [UnitId, (reference: string) => ResultContent];

/** Short, so that a request whose answer was lost with a process is soon made again. */
const REPLY_TIMEOUT_MS = 3_000;
const WORKERS_PER_UNIT = 2;
/**
 * Between two results of one worker: some ten results a second in all. Several are always under way, each with its eleven
 * copies, and a test that waits for something else meanwhile does not bury the machine.
 */
const PAUSE_MS = 500;
const LIMIT_MS = 90_000;

/** Starts submitting as these units. `name` keeps the references of one load apart from those of another. */
export function startLoad(mesh: TestLocalMesh, name: string, issuers: readonly Issuer[]): Load {
  const accepted: Accepted[] = [];
  const refusals: string[] = [];
  let stopping = false;
  let abandoned = false;
  const work = async (backend: Backend, build: (reference: string) => ResultContent, worker: number): Promise<void> => {
    for (let number = 0; !stopping; number += 1) {
      const reference = `${name}-${worker}-${number}`;
      const until = Date.now() + LIMIT_MS;
      for (let done = false; !done && !abandoned;) {
        const outcome = await submit(backend, build(reference)).catch(() => undefined);
        if (outcome?.ok) accepted.push({ ...outcome.value, unit: backend.unit, reference });
        else if (outcome !== undefined) refusals.push(`${outcome.problem.status} ${outcome.problem.code}`);
        done = outcome?.ok === true;
        if (!done && Date.now() > until) throw new Error(`${reference} was not accepted; last: ${refusals.at(-1)}`);
        if (!done) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  const workers = Promise.all(
    issuers.flatMap(([unit, build]) =>
      Array.from({ length: WORKERS_PER_UNIT }, (_, worker) =>
        work({ ...mesh.backend(unit), timeout: REPLY_TIMEOUT_MS }, build, worker),
      ),
    ),
  );
  workers.catch(() => undefined);
  return {
    accepted,
    refusals,
    more: async (results) => {
      const wanted = accepted.length + results;
      await eventually(
        () => (accepted.length >= wanted ? true : undefined),
        `${results} more results accepted`,
        LIMIT_MS,
      );
    },
    stop: async () => {
      stopping = true;
      await workers;
      return accepted;
    },
    abandon: () => {
      stopping = true;
      abandoned = true;
    },
  };
}
