import {
  type Checked,
  type HeldVersion,
  type HoldingPlace,
  type HoldingsSummary,
  MAX_HOLDINGS,
  type OfferAgainReply,
  SUBJECTS,
  type UnitId,
  validateHoldingsPage,
  validateHoldingsSummary,
  validateOfferAgainReply,
} from '@clearance/contracts';
import { continueTrace } from '@clearance/messaging';
import type { Gateway } from '../gateway.ts';
import type { Period } from './read-settlements.ts';
import { isInOrder, type Page } from './reach.ts';

/**
 * The units as one run of reconciliation asks them. A unit that does not answer once, or not as it should, is not asked
 * again in this run: its answers are then undefined.
 */
export interface AskedUnits {
  summarise(unit: UnitId, period: Period): Promise<HoldingsSummary | undefined>;
  list(
    unit: UnitId,
    request: Period & { issuer: string; after: HoldingPlace | undefined },
  ): Promise<Page<HeldVersion> | undefined>;
  offerAgain(
    unit: UnitId,
    results: readonly { resultId: string; version: number }[],
  ): Promise<OfferAgainReply | undefined>;
  answers(unit: UnitId): boolean;
  unreachable(): UnitId[];
}

/** Begins asking; all that one run leads to belongs to one trace. */
export function askUnits(gateway: Gateway): AskedUnits {
  const traceparent = continueTrace(undefined);
  const silent = new Set<UnitId>();

  const ask = async <T>(
    unit: UnitId,
    subject: string,
    body: object,
    validate: (input: unknown) => Checked<T>,
  ): Promise<T | undefined> => {
    if (silent.has(unit)) return undefined;
    const answer = await gateway.askUnit(unit, subject, body, traceparent);
    const checked = answer.ok ? validate(answer.value) : undefined;
    if (checked?.ok) return checked.value;
    silent.add(unit);
    const code = answer.ok ? 'malformed' : answer.problem.code;
    gateway.log.warn({ unit, subject, code }, 'no answer to reconciliation; the others go on');
    return undefined;
  };

  return {
    summarise: (unit, { from, to }) => ask(unit, SUBJECTS.summariseHoldings, { from, to }, validateHoldingsSummary),
    list: async (unit, { issuer, from, to, after }) => {
      const body = { issuer, from, to, limit: MAX_HOLDINGS, ...(after === undefined ? {} : { after }) };
      const page = await ask(unit, SUBJECTS.listHoldings, body, validateHoldingsPage);
      if (page === undefined || isInOrder(page, after)) return page;
      silent.add(unit);
      gateway.log.warn({ unit }, 'holdings listed out of order; the unit is left out of this reconciliation');
      return undefined;
    },
    offerAgain: (unit, results) => ask(unit, SUBJECTS.offerAgain, { results }, validateOfferAgainReply),
    answers: (unit) => !silent.has(unit),
    unreachable: () => [...silent].sort(),
  };
}
