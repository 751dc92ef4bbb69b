import { isDeepStrictEqual } from 'node:util';
import type { EvidenceBundle } from '@clearance/contracts';
import {
  type KeyRing,
  isWhole,
  redactToken,
  tokenDigest,
  type VerifiedToken,
  verifyToken,
} from '@clearance/provenance';
import { type BundleFinding, finding, refusedSignature } from './bundle-findings.ts';

/** The tokens of a bundle, as far as their signatures hold. */
export interface CheckedTokens {
  view: VerifiedToken | undefined;
  issued: VerifiedToken | undefined;
  findings: BundleFinding[];
}

/** Checks a bundle's tokens: the issuer's signatures, and that the view is the issued result without what is named. */
export function checkTokens(bundle: EvidenceBundle, ring: KeyRing): CheckedTokens {
  const findings: BundleFinding[] = [];
  const read = (pointer: string, token: string | undefined): VerifiedToken | undefined => {
    if (token === undefined) return undefined;
    const verification = verifyToken(token, ring);
    if (verification.ok) return verification.result;
    findings.push(refusedSignature(pointer, verification));
    return undefined;
  };
  const view = read('/view/token', bundle.view.token);
  const issued = read('/issued/token', bundle.issued?.token);
  if (view && issued) findings.push(...compare(issued, bundle.view));
  return { view, issued, findings };
}

/** Checks that the view is the one that the ledger's entry is about. */
export function checkAgainstEntry(bundle: EvidenceBundle, { view, issued }: CheckedTokens): BundleFinding[] {
  const { entry } = bundle.ledger;
  const findings: BundleFinding[] = [];
  if (!entry.consumers.includes(bundle.consumer)) findings.push(finding('/consumer', 'consumer-not-named'));
  if (entry.tokenDigest !== tokenDigest(bundle.view.token)) {
    findings.push(finding('/ledger/entry/tokenDigest', 'view-not-recorded'));
  }
  if (!isDeepStrictEqual(entry.withheld, bundle.view.withheld)) {
    findings.push(finding('/view/withheld', 'withheld-differs'));
  }
  for (const name of ['resultId', 'version', 'status', 'issuer'] as const) {
    if (view && entry[name] !== view.claims[name]) findings.push(finding(`/ledger/entry/${name}`, 'claim-differs'));
  }
  // The kind may be among what was withheld.
  const kind = (issued ?? view)?.content['kind'];
  if (kind !== undefined && entry.kind !== kind) findings.push(finding('/ledger/entry/kind', 'claim-differs'));
  return findings;
}

function compare(issued: VerifiedToken, { token, withheld }: EvidenceBundle['view']): BundleFinding[] {
  const [signed, ...shown] = token.split('~');
  const [original] = issued.token.split('~');
  if (signed !== original) return [finding('/issued/token', 'issued-differs')];
  const findings: BundleFinding[] = [];
  if (!isWhole(issued)) findings.push(finding('/issued/token', 'issued-incomplete'));
  let expected: string;
  try {
    const paths = [...new Set(withheld.map(({ path }) => path))];
    expected = redactToken(issued, paths).token;
  } catch (error) {
    return [...findings, finding('/view/withheld', 'path-unusable', (error as Error).message)];
  }
  if (token === expected) return findings;
  const allowed = new Set(expected.split('~').slice(1));
  const there = new Set(shown);
  const more = shown.filter((disclosure) => !allowed.has(disclosure)).length;
  const fewer = [...allowed].filter((disclosure) => !there.has(disclosure)).length;
  if (more > 0) findings.push(finding('/view/token', 'shown-though-withheld', `${more}`));
  // The same disclosures in another order are another token too.
  if (fewer > 0 || more === 0) findings.push(finding('/view/token', 'missing-unnamed', `${fewer}`));
  return findings;
}
