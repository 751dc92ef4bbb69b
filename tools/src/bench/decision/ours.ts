import { type CompiledList, decideDisclosure, type DisclosureDecision } from '@clearance/negative-list';
import { redactToken, type RedactedToken } from '@clearance/provenance';
import type { BenchResult } from './contender.ts';

/** An instant at which every entry of the lists is in force. */
const AT = Date.parse('2026-11-21T03:00:00Z');

/** What each consumer may see of a result, decided as the gateway does: all consumers in one call. */
export function decideOurs(list: CompiledList, result: BenchResult): DisclosureDecision[] {
  const { kind, issuer, verified, consumers } = result;
  return decideDisclosure(list, { kind, issuer, content: verified.content }, consumers, AT);
}

/**
 * Decision and projection as `viewsOf` in the gateway has them: each distinct view is the token with the withheld
 * disclosures left out, made once for all who see it. The digest that the ledger takes of it is no part of either.
 */
export function viewOurs(list: CompiledList, result: BenchResult): (DisclosureDecision & { view: RedactedToken })[] {
  return decideOurs(list, result).map((decision) => ({
    ...decision,
    view: decision.pointers.length === 0 ? result.verified : redactToken(result.verified, decision.pointers),
  }));
}
