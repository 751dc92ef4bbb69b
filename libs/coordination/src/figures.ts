import { CHECK_TYPES, type CheckType, type RecognitionOutcome, RECOGNITION_OUTCOMES } from '@clearance/contracts';
import { boundOf } from './delay-classes.ts';
import { AVAILABILITY_BOUNDS } from './indicators.ts';
import type { Tally } from './tally.ts';

/** How many of a unit's hours a check takes, that need not be made twice: what hours saved are worked out by. */
export type HoursPerCheck = Readonly<Record<CheckType, number>>;

/**
 * Hours that an examination takes at a port, from opening to closing the file; means that practitioners name, not measured
 * here. Whoever knows better says so where these are used; every answer names those it was made with.
 */
export const HOURS_PER_CHECK: HoursPerCheck = {
  documentary: 0.25,
  'x-ray': 0.5,
  physical: 4,
  seal: 0.1,
  weighing: 0.25,
  quarantine: 2,
  laboratory: 48,
  radiation: 0.1,
  boarding: 1.5,
  crew: 0.5,
};

/** Targets of clearance (通关时间): of which results each speaks, and within how long, seconds. */
export const TARGETS = [
  { code: 'sea', transportMode: '2', direction: null, seconds: 24 * 3_600 },
  { code: 'air', transportMode: '5', direction: null, seconds: 12 * 3_600 },
  { code: 'import', transportMode: null, direction: 'import', seconds: 40 * 3_600 },
  { code: 'export', transportMode: null, direction: 'export', seconds: 3_600 },
] as const;
export type TargetCode = (typeof TARGETS)[number]['code'];

/** What people read, of everything that was counted of some goods. Shares are of 1; null where there is nothing to share. */
export interface Figures {
  results: number;
  amendments: number;
  revocations: number;
  /** Versions that every entitled unit has confirmed. */
  available: number;
  delay: {
    measured: number;
    /** Seconds within which so many of a hundred were available; a bound of {@link AVAILABILITY_BOUNDS}. */
    p50: number | null;
    p90: number | null;
    p99: number | null;
  };
  withheld: { entry: string; copies: number }[];
  recognitions: { decided: number; reopened: number } & Record<RecognitionOutcome, number>;
  checks: {
    recognised: number;
    required: number;
    /** Recognised ones of all that were asked about. */
    recognisedShare: number | null;
    /** Required ones of which a result was known: inspected twice. */
    repeated: number;
    /** Recognised ones of recognitions in force: inspections that were not made again. */
    avoided: number;
    byType: { type: CheckType; recognised: number; required: number; avoided: number; repeated: number }[];
  };
  hoursSaved: number;
  /** Of required checks: why; one check may have several. Most first. */
  reasons: { code: string; checks: number }[];
  /** Of recognised checks: on whose results they rest. Most first. */
  reliesOn: { issuer: string; checks: number }[];
}

/** Reads a sum of tallies as figures. */
export function figuresOf(tally: Tally, hours: HoursPerCheck = HOURS_PER_CHECK): Figures {
  const of = (name: string): number => tally[name] ?? 0;
  const named = (prefix: string): [name: string, number: number][] =>
    Object.entries(tally)
      .filter(([name, number]) => name.startsWith(prefix) && number !== 0)
      .map(([name, number]): [string, number] => [name.slice(prefix.length), number])
      .sort(([one, more], [other, less]) => less - more || (one < other ? -1 : 1));
  const byType = CHECK_TYPES.map((type) => ({
    type,
    recognised: of(`recognised:${type}`),
    required: of(`required:${type}`),
    avoided: of(`avoided:${type}`),
    repeated: of(`repeated:${type}`),
  })).filter(({ recognised, required }) => recognised + required > 0);
  const sum = (name: 'recognised' | 'required' | 'avoided' | 'repeated'): number =>
    byType.reduce((total, each) => total + each[name], 0);
  const delays = delaysOf(tally);
  const within = (share: number): number | null => boundOf(AVAILABILITY_BOUNDS, delays, share);
  const outcomes = Object.fromEntries(RECOGNITION_OUTCOMES.map((outcome) => [outcome, of(`outcome:${outcome}`)]));
  const [recognised, required] = [sum('recognised'), sum('required')];
  return {
    results: of('results'),
    amendments: of('amendments'),
    revocations: of('revocations'),
    available: of('available'),
    delay: {
      measured: delays.reduce((total, each) => total + each, 0),
      ...{ p50: within(0.5), p90: within(0.9), p99: within(0.99) },
    },
    withheld: named('withheld:').map(([entry, copies]) => ({ entry, copies })),
    recognitions: {
      decided: of('decided'),
      reopened: of('reopened'),
      ...(outcomes as Record<RecognitionOutcome, number>),
    },
    checks: {
      ...{ recognised, required, recognisedShare: shareOf(recognised, recognised + required) },
      ...{ repeated: sum('repeated'), avoided: sum('avoided'), byType },
    },
    hoursSaved: rounded(byType.reduce((total, { type, avoided }) => total + avoided * hours[type], 0)),
    reasons: named('reason:').map(([code, checks]) => ({ code, checks })),
    reliesOn: named('on:').map(([issuer, checks]) => ({ issuer, checks })),
  };
}

/** How a target was kept: of the results that it speaks of, how many were available within it. */
export interface TargetKept {
  measured: number;
  within: number;
  /** Null without any. */
  share: number | null;
}

/** @param seconds the target: a bound of {@link AVAILABILITY_BOUNDS} */
export function targetKept(tally: Tally, seconds: number): TargetKept {
  const delays = delaysOf(tally);
  const count = (some: readonly number[]): number => some.reduce((total, each) => total + each, 0);
  const measured = count(delays);
  const within = count(delays.slice(0, AVAILABILITY_BOUNDS.indexOf(seconds) + 1));
  return { measured, within, share: shareOf(within, measured) };
}

function delaysOf(tally: Tally): number[] {
  return Array.from({ length: AVAILABILITY_BOUNDS.length + 1 }, (_, place) => tally[`delay:${place}`] ?? 0);
}

/** To four places: what a table shows. */
function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

function rounded(hours: number): number {
  return Math.round(hours * 100) / 100;
}
