import { STREAMS } from '@clearance/contracts';
import { type MaybeTrace, recordStep } from '@clearance/platform';
import type { VerifiedOffer } from './read-offers.ts';
import { type View, versionKey } from './view.ts';

/** What was decided of a batch of offers. */
export interface Decisions {
  offers: readonly VerifiedOffer[];
  /** Everything that is given, now or again. */
  views: readonly View[];
  /** By token: why it is not disclosed. */
  refused: ReadonlyMap<string, string>;
  /** When the work on them began, ms since the epoch. */
  at: number;
  /** The trace of the batch. */
  trace: MaybeTrace;
}

/**
 * Records what was decided of each offer, within its result's trace, from which its copies go on. That a whole result is
 * withheld from somebody, or refused, is recorded whatever is sampled, and so what follows from it.
 *
 * @returns the views, each with the trace that its copies carry
 */
export function recordDecisions({ offers, views, refused, at, trace }: Decisions): View[] {
  const byVersion = Map.groupBy(views, ({ claims }) => versionKey(claims));
  const traces = new Map<string, string | undefined>();
  for (const { verified, traceparent } of offers) {
    const { claims, content } = verified;
    const key = versionKey(claims);
    const given = byVersion.get(key) ?? [];
    const fault = refused.get(verified.token);
    const withheldWhole = count(given, ({ withheld }) => (isWithheldWhole(withheld) ? 1 : 0));
    const decided = recordStep({
      name: 'decide disclosure',
      from: traceparent,
      at,
      facts: () => ({
        ...{ unit: claims.issuer, issuer: claims.issuer, resultId: claims.resultId, version: claims.version },
        status: claims.status,
        kind: typeof content['kind'] === 'string' ? content['kind'] : undefined,
        listVersion: given[0]?.listVersion,
        withheldCount: count(given, ({ withheld }) => withheld.length),
        withheldWhole,
        outcome: fault === undefined ? (given.length === 0 ? 'nothing-to-give' : 'given') : 'refused',
      }),
      links: [trace],
      messaging: { operation: 'process', destination: STREAMS.OFFERS.name },
      fault,
      keep: withheldWhole > 0 ? 'withheld' : undefined,
    });
    traces.set(key, decided);
  }
  return views.map((view) => ({ ...view, traceparent: traces.get(versionKey(view.claims)) ?? view.traceparent }));
}

/** Summed over those who are given it. */
function count(views: readonly View[], of: (view: View) => number): number {
  return views.reduce((sum, view) => sum + of(view) * view.consumers.length, 0);
}

/** Whether nothing of a result is shown, but that it is there. */
export function isWithheldWhole(withheld: View['withheld']): boolean {
  return withheld.some(({ path }) => path === '');
}
