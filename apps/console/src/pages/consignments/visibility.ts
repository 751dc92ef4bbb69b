import { AGENCIES, PROVINCES } from '@clearance/contracts/words';
import type { ResultVersion, Timeline } from './timeline.ts';

/** What one unit holds of a result: its own; all of it; not all; nothing, so far. */
export type Sight = 'issuer' | 'whole' | 'in-part' | 'none';

/** What each unit may see of the newest version of one result. */
export interface Visibility {
  result: ResultVersion;
  sights: ReadonlyMap<string, { sight: Sight; confirmed: boolean }>;
  /** By which list it was decided last. */
  listVersion: string | undefined;
}

/** The units of the region in the order of provinces and agencies, then whoever else was given something. */
export function unitsSeeing({ steps }: Pick<Timeline, 'steps'>): string[] {
  const regular = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency) => `${code}.${agency}`));
  const others = new Set(steps.flatMap(({ consumers = [] }) => consumers).filter((unit) => !regular.includes(unit)));
  return [...regular, ...[...others].sort()];
}

/** Of each result its newest version: who was given it, and from whom something of it was withheld by the last decision. */
export function visibilityOf({ results, steps }: Pick<Timeline, 'results' | 'steps'>): Visibility[] {
  const newest = new Map<string, ResultVersion>();
  for (const result of results) {
    const known = newest.get(result.resultId);
    if (known === undefined || known.version < result.version) newest.set(result.resultId, result);
  }
  return [...newest.values()].map((result): Visibility => {
    const own = steps.filter(
      ({ resultId, version, recognitionId }) =>
        resultId === result.resultId && version === result.version && recognitionId === undefined,
    );
    const received = new Set(own.flatMap(({ step, unit }) => (step === 'received' ? [unit] : [])));
    const sights = new Map<string, { sight: Sight; confirmed: boolean }>();
    let listVersion: string | undefined;
    for (const step of own) {
      if (step.step !== 'decided') continue;
      listVersion = step.listVersion;
      for (const unit of step.consumers ?? []) {
        const sight = step.withheldFrom?.includes(unit) === true ? 'in-part' : 'whole';
        sights.set(unit, { sight, confirmed: received.has(unit) });
      }
    }
    sights.set(result.issuer, { sight: 'issuer', confirmed: true });
    return { result, sights, listVersion };
  });
}
