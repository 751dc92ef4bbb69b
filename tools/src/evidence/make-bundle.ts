import type { EvidenceBundle, GatewayEvidence, SignedHead, UnitId, Withheld } from '@clearance/contracts';
import {
  type KeyRing,
  POLICY_OWNER,
  verifyDetached,
  verifyHead,
  verifyReceived,
  verifyToken,
} from '@clearance/provenance';
import { digestOf } from './verify-bundle.ts';

/** What a bundle is made of, each from whoever has it. */
export interface BundleParts {
  consumer: UnitId;
  /** From the consumer. */
  view: { token: string; withheld: Withheld[] };
  /** From the issuer. */
  issued?: string;
  /** From the gateway. */
  evidence: GatewayEvidence;
  /** From the consumer's database. */
  witness?: SignedHead;
}

/** Puts a bundle together. Nothing is judged here: what does not hold is for the verification to find. */
export function makeBundle(parts: BundleParts, ring: KeyRing): EvidenceBundle {
  const { consumer, view, issued, evidence, witness } = parts;
  const bundle = {
    apiVersion: 'clearance/v1' as const,
    kind: 'EvidenceBundle' as const,
    consumer,
    view,
    ...(issued === undefined ? {} : { issued: { token: issued } }),
    ledger: evidence.ledger,
    ...(witness === undefined ? {} : { witness }),
    list: evidence.list,
    ...(evidence.grants === undefined ? {} : { grants: evidence.grants }),
    keys: keysOf(parts, ring),
  };
  return { ...bundle, digest: digestOf(bundle) };
}

function keysOf({ view, evidence, witness }: BundleParts, ring: KeyRing): EvidenceBundle['keys'] {
  const { ledger, list, grants = [] } = evidence;
  const token = verifyToken(view.token, ring);
  const signer = { owner: POLICY_OWNER, at: Date.parse(list.record.receivedAt) };
  const used = [
    token.ok ? { ok: true as const, keyId: token.result.keyId } : token,
    verifyDetached(Buffer.from(list.document), list.record.signature, ring, signer),
    ...[ledger.head, ...(witness ? [witness] : [])].map((head) => verifyHead(head, ring)),
    ...grants.flatMap(({ ledger: { entry, head }, decision, end }) => [
      verifyHead(head, ring),
      verifyReceived(decision, ring, entry.receivedAt),
      ...(end ? [verifyHead(end.ledger.head, ring)] : []),
      ...(end?.revocation ? [verifyReceived(end.revocation, ring, end.ledger.entry.receivedAt)] : []),
    ]),
  ];
  const ids = new Set(used.flatMap((one) => (one.ok ? [one.keyId] : [])));
  return [...ids].flatMap((kid) => {
    const key = ring.get(kid);
    const x = key?.publicKey.export({ format: 'jwk' }).x;
    return key === undefined || x === undefined ? [] : [{ kid, owner: key.owner, x }];
  });
}
