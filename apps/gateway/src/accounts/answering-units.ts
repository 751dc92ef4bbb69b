import type { Checked, UnitId } from '@clearance/contracts';
import { continueTrace } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';

/**
 * Units as one piece of work asks them. One that does not answer once, or not as it should, is not asked again in this
 * work: its answers are undefined then, and the others go on.
 */
export interface AnsweringUnits {
  ask<T>(unit: UnitId, subject: string, body: object, validate: (input: unknown) => Checked<T>): Promise<T | undefined>;
  /** Asks it no more. */
  leaveOut(unit: UnitId): void;
  answers(unit: UnitId): boolean;
  /** Those that are left out, sorted. */
  unreachable(): UnitId[];
}

/**
 * Begins asking; all that it leads to belongs to one trace.
 *
 * @param work what it is for, for the log
 */
export function answeringUnits(gateway: Gateway, work: string): AnsweringUnits {
  const traceparent = continueTrace(undefined);
  const silent = new Set<UnitId>();
  return {
    ask: async (unit, subject, body, validate) => {
      if (silent.has(unit)) return undefined;
      const answer = await gateway.askUnit(unit, subject, body, traceparent);
      const checked = answer.ok ? validate(answer.value) : undefined;
      if (checked?.ok) return checked.value;
      silent.add(unit);
      const code = answer.ok ? 'malformed' : answer.problem.code;
      gateway.log.warn({ unit, subject, code, work }, 'no answer; the others go on');
      return undefined;
    },
    leaveOut: (unit) => void silent.add(unit),
    answers: (unit) => !silent.has(unit),
    unreachable: () => [...silent].sort(),
  };
}
