import { isDeepStrictEqual } from 'node:util';
import type { EvidenceBundle, UnitId, Withheld } from '@clearance/contracts';
import {
  compileNegativeList,
  decideDisclosure,
  type Lifts,
  type NegativeList,
  parseNegativeList,
} from '@clearance/negative-list';
import {
  type KeyRing,
  POLICY_OWNER,
  recordHash,
  textDigest,
  type VerifiedToken,
  verifyDetached,
} from '@clearance/provenance';
import { type BundleFinding, finding, refusedSignature } from './bundle-findings.ts';

/** What checking the list of a bundle came to. */
export interface CheckedList {
  /** The key that signed it, if its signature holds. */
  keyId: string | undefined;
  findings: BundleFinding[];
}

/**
 * Checks the negative list of a bundle: that it is the one that the entry names, signed by the policy key and in force,
 * and (with the issued result at hand) that deciding by it anew withholds exactly what the entry says, or nothing that the
 * entry does not, where it keeps what was withheld before.
 *
 * @param lifts what the grants that hold give free
 */
export function checkList(
  bundle: EvidenceBundle,
  issued: VerifiedToken | undefined,
  lifts: Lifts,
  ring: KeyRing,
): CheckedList {
  const { record, document } = bundle.list;
  const { entry } = bundle.ledger;
  const findings: BundleFinding[] = [];
  if (recordHash(record) !== entry.listRecord || record.version !== entry.listVersion) {
    findings.push(finding('/list/record', 'list-not-recorded'));
  }
  if (textDigest(document) !== record.documentDigest) findings.push(finding('/list/document', 'list-altered'));
  const signer = { owner: POLICY_OWNER, at: Date.parse(record.receivedAt) };
  const signature = verifyDetached(Buffer.from(document), record.signature, ring, signer);
  if (!signature.ok) findings.push(refusedSignature('/list/record/signature', signature));

  const parsed = parseNegativeList(document);
  if (!parsed.ok) findings.push(finding('/list/document', 'list-unreadable'));
  else findings.push(...checkDecision(parsed.list, bundle, issued, lifts));
  return { keyId: signature.ok ? signature.keyId : undefined, findings };
}

function checkDecision(
  list: NegativeList,
  { ledger: { entry }, list: { record } }: EvidenceBundle,
  issued: VerifiedToken | undefined,
  lifts: Lifts,
): BundleFinding[] {
  const compiled = compileNegativeList(list, entry.consumers as UnitId[]);
  const decidedAt = Date.parse(entry.decidedAt);
  if (compiled.version !== record.version || compiled.effectiveFrom !== Date.parse(record.effectiveFrom)) {
    return [finding('/list/record', 'list-altered')];
  }
  if (!(compiled.effectiveFrom <= decidedAt)) return [finding('/ledger/entry/decidedAt', 'list-not-in-force')];
  if (issued === undefined) return [];
  const { claims, content } = issued;
  const kind = typeof content['kind'] === 'string' ? content['kind'] : '';
  const decisions = decideDisclosure(
    compiled,
    { kind, issuer: claims.issuer, content },
    entry.consumers as UnitId[],
    decidedAt,
    lifts,
  );
  const same = decisions.every(({ withheld }) =>
    entry.keeps === true ? isCovered(withheld, entry.withheld) : isDeepStrictEqual(withheld, entry.withheld),
  );
  // Whoever keeps what was withheld before may show less under a grant than it gives.
  const sameGrants = entry.keeps === true || decisions.every(({ grants }) => isDeepStrictEqual(grants, entry.grants));
  return [
    // The issuer is no consumer of its own result: an entry that names nobody else says nothing.
    ...(same && decisions.length > 0 ? [] : [finding('/ledger/entry/withheld', 'decision-differs')]),
    ...(sameGrants ? [] : [finding('/ledger/entry/grants', 'decision-differs')]),
  ];
}

/** Whether all that the list withholds is withheld: named alike, or as part of something larger. */
function isCovered(decided: readonly Withheld[], withheld: readonly Withheld[]): boolean {
  return decided.every((item) =>
    withheld.some((other) => isDeepStrictEqual(item, other) || item.path.startsWith(`${other.path}/`)),
  );
}
