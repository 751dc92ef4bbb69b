import {
  type EvidenceBundle,
  type GrantEvidence,
  type LocalizedText,
  validateEvidenceBundle,
} from '@clearance/contracts';
import { contentDigest, type KeyRing } from '@clearance/provenance';
import { type BundleFinding, finding, malformed } from './bundle-findings.ts';
import { checkGrants } from './check-grants.ts';
import { checkList } from './check-list.ts';
import { checkProof } from './check-proof.ts';
import { checkAgainstEntry, checkTokens } from './check-view.ts';

/** What a bundle shows, in short. */
export interface BundleSummary {
  consumer: string;
  issuer: string;
  resultId: string;
  version: number;
  decidedAt: string;
  listVersion: string;
  /** The ledger's row, and the head that confirms it. */
  sequence: number;
  head: { sequence: number; at: string };
  withheld: { path: string; entry: string }[];
  /** What was shown that the list makes conditional, by which grants; `ended`, if it was before its time. */
  grants?: { grant: string; paths: string[]; purpose: string; until: string; ended?: string }[];
}

/** A bundle's verification. `unchecked` says what could not be judged because it is not in the bundle. */
export interface BundleVerification {
  ok: boolean;
  findings: BundleFinding[];
  unchecked: LocalizedText[];
  bundle?: BundleSummary;
}

/**
 * Verifies an evidence bundle without asking anybody: its form and digest, the issuer's signature, that the view is the
 * issued result without exactly what is named as withheld, that the list (signed by the policy key) and the grants (signed
 * by the issuer) withhold exactly that, and that the entry stands in the ledger whose head the gateway signed.
 *
 * @param text the bundle's file
 * @param ring whom to trust; never from the bundle
 */
export function verifyBundle(text: string, ring: KeyRing): BundleVerification {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { ok: false, findings: [finding('', 'not-json')], unchecked: [] };
  }
  const checked = validateEvidenceBundle(input);
  if (!checked.ok) return { ok: false, findings: checked.violations.map(malformed), unchecked: [] };
  const bundle = checked.value;
  const tokens = checkTokens(bundle, ring);
  const grants = checkGrants(bundle, tokens.issued, ring);
  const list = checkList(bundle, tokens.issued, grants.lifts, ring);
  const proof = checkProof(bundle, ring);
  const used = [tokens.view?.keyId, tokens.issued?.keyId, list.keyId, ...proof.keyIds, ...grants.keyIds];
  const signed = [...tokens.findings, ...list.findings, ...proof.findings, ...grants.findings];
  // A signature that is refused has no key to compare.
  const compared = signed.some(({ code }) => code.startsWith('signature:'))
    ? undefined
    : new Set(used.filter((id) => id !== undefined));
  const findings = [
    ...signed,
    ...checkAgainstEntry(bundle, tokens),
    ...checkKeys(bundle, ring, compared),
    ...(digestOf(bundle) === bundle.digest ? [] : [finding('/digest', 'digest-mismatch')]),
  ];
  return { ok: findings.length === 0, findings, unchecked: uncheckedOf(bundle), bundle: summaryOf(bundle) };
}

/** The digest that a bundle of these members has. */
export function digestOf({
  digest: _digest,
  ...members
}: EvidenceBundle | (Omit<EvidenceBundle, 'digest'> & { digest?: string })): string {
  return contentDigest(members);
}

function checkKeys({ keys }: EvidenceBundle, ring: KeyRing, used: ReadonlySet<string> | undefined): BundleFinding[] {
  const findings = keys.flatMap(({ kid, owner, x }, index) => {
    const known = ring.get(kid);
    const same = known?.owner === owner && known.publicKey.export({ format: 'jwk' }).x === x;
    return same ? [] : [finding(`/keys/${index}`, 'key-not-trusted')];
  });
  if (used === undefined) return findings;
  const listed = keys.map(({ kid }) => kid);
  const exact = listed.length === used.size && listed.every((kid) => used.has(kid));
  return exact ? findings : [...findings, finding('/keys', 'keys-differ')];
}

function uncheckedOf({ issued, witness, grants = [] }: EvidenceBundle): LocalizedText[] {
  return [
    ...(issued
      ? []
      : [
          {
            zh: '包内无原始结果：未重新判定，未核对所缺项',
            en: 'There is no issued result in the bundle: what is missing was not compared, nor decided anew.',
          },
        ]),
    ...(witness ? [] : [{ zh: '包内无单位留存的台账头', en: 'There is no head as the unit keeps it in the bundle.' }]),
    ...(grants.every(({ end }) => end !== undefined)
      ? []
      : [
          {
            zh: '包内不能证明授权此前未被终止（由 mesh verify ledger 核验）',
            en: 'That a grant had not been ended before is not proved by a bundle: `mesh verify ledger` judges it.',
          },
        ]),
  ];
}

function summaryOf({ consumer, ledger: { sequence, entry, head }, grants }: EvidenceBundle): BundleSummary {
  const { issuer, resultId, version, decidedAt, listVersion, withheld } = entry;
  return {
    consumer,
    issuer,
    resultId,
    version,
    decidedAt,
    listVersion,
    sequence,
    head: { sequence: head.sequence, at: head.at },
    withheld: withheld.map(({ path, entry: name }) => ({ path, entry: name })),
    ...(grants === undefined ? {} : { grants: grants.map(summaryOfGrant) }),
  };
}

function summaryOfGrant({ ledger: { entry }, end }: GrantEvidence): NonNullable<BundleSummary['grants']>[number] {
  const { paths, purpose, until } = entry.grant;
  const ended = end === undefined ? {} : { ended: end.ledger.entry.receivedAt };
  return { grant: entry.requestId, paths, purpose, until, ...ended };
}
