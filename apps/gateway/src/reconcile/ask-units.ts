import {
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
import { answeringUnits } from '../accounts/answering-units.ts';
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
  const units = answeringUnits(gateway, 'reconciliation');
  const { ask } = units;
  return {
    summarise: (unit, { from, to }) => ask(unit, SUBJECTS.summariseHoldings, { from, to }, validateHoldingsSummary),
    list: async (unit, { issuer, from, to, after }) => {
      const body = { issuer, from, to, limit: MAX_HOLDINGS, ...(after === undefined ? {} : { after }) };
      const page = await ask(unit, SUBJECTS.listHoldings, body, validateHoldingsPage);
      if (page === undefined || isInOrder(page, after)) return page;
      units.leaveOut(unit);
      gateway.log.warn({ unit }, 'holdings listed out of order; the unit is left out of this reconciliation');
      return undefined;
    },
    offerAgain: (unit, results) => ask(unit, SUBJECTS.offerAgain, { results }, validateOfferAgainReply),
    answers: units.answers,
    unreachable: units.unreachable,
  };
}
