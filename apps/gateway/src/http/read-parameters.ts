import { isDate, problem, type Violation, violation } from '@clearance/contracts';
import { dayOf } from '../shanghai-day.ts';
import { ProblemError } from './problem-filter.ts';

/** Reads the parameters of a query one by one, and in the end says everything that was wrong with them. */
export interface ParameterReader {
  /** What a parameter says, undefined when it is absent; at fault if it is there several times or is not accepted. */
  read<T>(name: string, accept: (text: string) => T | undefined, expected: string): T | undefined;
  fault(violation: Violation): void;
  /** @throws ProblemError listing every parameter at fault, those that nobody read among them */
  finish(): void;
}

/** @param parameters as Express has them: a text, or several where one is repeated */
export function readParameters(parameters: Record<string, unknown>): ParameterReader {
  const unread = new Set(Object.keys(parameters));
  const errors: Violation[] = [];
  return {
    read: (name, accept, expected) => {
      unread.delete(name);
      const value = parameters[name];
      if (value === undefined) return undefined;
      const found = typeof value === 'string' ? accept(value) : undefined;
      if (found === undefined) errors.push(violation(`/${name}`, 'bad-format', { expected }));
      return found;
    },
    fault: (found) => void errors.push(found),
    finish: () => {
      for (const name of unread) {
        errors.push(violation(`/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`, 'unknown-member'));
      }
      if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
    },
  };
}

/** Days in Asia/Shanghai, `YYYY-MM-DD`. */
export interface Period {
  from: string;
  /** The day after the last. */
  to: string;
}

/** Days that are looked at when a question does not say since when. */
export const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Days as people count them now; arithmetic on others leaves what a date can be. */
const YEAR = /^[2-9][0-9]{3}-/;

/** Reads `from` and `to`: without them, the days up to today. @param now ms since the epoch */
export function readPeriod(reader: ParameterReader, now: number): Period {
  const day = (text: string): string | undefined => (isDate(text) && YEAR.test(text) ? text : undefined);
  const last = reader.read('to', day, 'YYYY-MM-DD');
  const first = reader.read('from', day, 'YYYY-MM-DD');
  const to = last ?? addDays(dayOf(now), 1);
  const from = first ?? addDays(to, -DEFAULT_DAYS);
  if (from >= to) {
    reader.fault(
      last === undefined
        ? violation('/from', 'out-of-range', { expected: `< ${to}` })
        : violation('/to', 'not-later', { expected: 'from' }),
    );
  }
  return { from, to };
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
