import { isResultKind, type ResultKind } from '@clearance/contracts';
import type { ResultClaims } from '@clearance/provenance';
import { DELAY_CLASSES, delayClass } from './delays.ts';
import { measuredFields } from './measured-fields.ts';
import { dayOf } from '../shanghai-day.ts';

/** One version of a result as its issuer signed it. */
export interface SignedVersion {
  claims: Pick<ResultClaims, 'issuer' | 'status' | 'issuedAt'>;
  content: Readonly<Record<string, unknown>>;
}

/** What was issued on a day of one kind by one unit: numbers alone, nothing of any content. */
export interface DayCount {
  /** `YYYY-MM-DD`, Asia/Shanghai, by the time at which the versions say that they were issued. */
  day: string;
  issuer: string;
  kind: ResultKind;
  /** In which order `present` counts. */
  layout: string;
  /** First versions. */
  results: number;
  amendments: number;
  revocations: number;
  /** Results that say that they were examined after they were issued: a clock is wrong, or a time. They have no delay. */
  ahead: number;
  /** From the last examination to the issue, of all results that have a delay: seconds in all, and how many by class. */
  delay_seconds: number;
  delays: number[];
  /** How many results have each field; of the fields of a revocation, how many revocations. */
  present: number[];
}

/**
 * Counts versions. A kind that the contract does not know is in no catalogue and is not counted.
 *
 * @returns in the order of day, issuer and kind, each once
 */
export function tallyVersions(versions: readonly SignedVersion[]): DayCount[] {
  const counts = new Map<string, DayCount>();
  for (const { claims, content } of versions) {
    const { kind } = content;
    if (typeof kind !== 'string' || !isResultKind(kind)) continue;
    const { issuer, status } = claims;
    const day = dayOf(claims.issuedAt);
    const key = `${day} ${issuer} ${kind}`;
    let count = counts.get(key);
    if (count === undefined) counts.set(key, (count = emptyCount(day, issuer, kind)));
    switch (status) {
      case 'issued':
        count.results += 1;
        addFields(count, content);
        addDelay(count, content, claims.issuedAt);
        break;
      case 'amended':
        count.amendments += 1;
        break;
      case 'revoked':
        count.revocations += 1;
        // It repeats what was issued before; only that it was revoked, and why, is new.
        addFields(count, { revocation: content['revocation'] });
        break;
      default:
        status satisfies never;
    }
  }
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
}

function emptyCount(day: string, issuer: string, kind: ResultKind): DayCount {
  const { layout, paths } = measuredFields(kind);
  return {
    ...{ day, issuer, kind, layout, results: 0, amendments: 0, revocations: 0, ahead: 0, delay_seconds: 0 },
    delays: Array<number>(DELAY_CLASSES).fill(0),
    present: Array<number>(paths.length).fill(0),
  };
}

function addFields({ kind, present }: DayCount, content: SignedVersion['content']): void {
  measuredFields(kind).addPresent(content, present);
}

function addDelay(count: DayCount, { checks }: SignedVersion['content'], issuedAt: string): void {
  const examinedAt = lastExamination(checks);
  if (examinedAt === undefined) return;
  const seconds = Math.round((Date.parse(issuedAt) - examinedAt) / 1_000);
  if (seconds < 0) {
    count.ahead += 1;
    return;
  }
  count.delay_seconds += seconds;
  count.delays[delayClass(seconds)]! += 1;
}

/** When the last check was performed, ms since the epoch; undefined when none says when. */
function lastExamination(checks: unknown): number | undefined {
  if (!Array.isArray(checks)) return undefined;
  let last: number | undefined;
  for (const check of checks as unknown[]) {
    const performedAt = (check as { performedAt?: unknown } | null)?.performedAt;
    const at = typeof performedAt === 'string' ? Date.parse(performedAt) : NaN;
    if (at > (last ?? -Infinity)) last = at;
  }
  return last;
}
