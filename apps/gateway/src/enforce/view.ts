import type { UnitId, Withheld } from '@clearance/contracts';
import { decideDisclosure } from '@clearance/negative-list';
import { redactToken, type ResultClaims, tokenDigest } from '@clearance/provenance';
import { type GrantsInForce, liftsOf } from '../access/grants.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import type { VerifiedOffer } from './read-offers.ts';

/** One distinct view of one version of a result, and everyone who sees exactly that. Made once, however many they are. */
export interface View {
  claims: ResultClaims;
  kind: string;
  listVersion: string;
  /** Hash of that list's own row in the ledger. */
  listRecord: string;
  consumers: UnitId[];
  /** Which view of this version it is: it takes the place of those with a lower number. */
  viewNumber: number;
  withheld: Withheld[];
  /** Ids of the grants under which something is shown that the list makes conditional; its one consumer has them all. */
  grants?: string[];
  /** Whether something is withheld only because it was before: see the ledger's `keeps`. */
  keeps?: true;
  token: string;
  /** SHA-256 of the token, base64url: what the ledger holds the gateway to. */
  tokenDigest: string;
  traceparent: string | undefined;
}

/** `id:version`, as a key of maps. */
export function versionKey({ resultId, version }: { resultId: string; version: number }): string {
  return `${resultId}:${version}`;
}

/** Decides what each consumer sees of a result, and makes the token of each distinct view. */
export function viewsOf(
  { verified, traceparent }: VerifiedOffer,
  consumers: readonly UnitId[],
  { list, grants, at, viewNumber }: { list: ListInForce; grants: GrantsInForce; at: number; viewNumber: number },
): View[] {
  const { claims, content } = verified;
  const kind = typeof content['kind'] === 'string' ? content['kind'] : '';
  const lifts = liftsOf(grants, { ...claims, kind, content }, at);
  const decisions = decideDisclosure(list.compiled, { kind, issuer: claims.issuer, content }, consumers, at, lifts);
  return decisions.map((decision) => {
    const { token } = decision.pointers.length === 0 ? verified : redactToken(verified, decision.pointers);
    return {
      claims,
      kind,
      listVersion: list.version,
      listRecord: list.record,
      consumers: decision.consumers,
      viewNumber,
      withheld: decision.withheld,
      ...(decision.grants === undefined ? {} : { grants: decision.grants }),
      token,
      tokenDigest: tokenDigest(token),
      traceparent,
    };
  });
}
