import type { SignedHead } from '@clearance/contracts';
import { canonicalJson } from './content-digest.ts';
import { signDetached, verifyDetached, type DetachedVerification } from './detached-signature.ts';
import type { KeyRing, SigningKey } from './keys.ts';
import { instantOf } from './token-format.ts';
import { refused } from './refusals.ts';

/** The owner of the keys that sign heads of the ledger. */
export const GATEWAY_OWNER = 'gateway';

/** What a head says before it is signed. */
export type LedgerHead = Omit<SignedHead, 'signature'>;

/** How two heads of one ledger stand to each other. */
export type HeadRelation =
  /** Both can have been heads of one ledger that was only ever added to. */
  | 'consistent'
  /** Two different rows in one place: the past was written anew, or two ledgers are signed. */
  | 'fork'
  /** The one that was signed later is of a shorter ledger: rows were taken away at the end. */
  | 'rollback';

/** Signs a head of the ledger; with a `typ` of its own, so that no other signature of the gateway passes for one. */
export function signHead({ sequence, hash, at }: LedgerHead, key: SigningKey): SignedHead {
  return { sequence, hash, at, signature: signDetached(textOf({ sequence, hash, at }), key, 'head') };
}

/** Verifies that the gateway has signed this head, with a key that was valid when it says so. */
export function verifyHead(head: SignedHead, ring: KeyRing): DetachedVerification {
  const at = instantOf(head.at);
  if (Number.isNaN(at) || new Date(at).toISOString() !== head.at) {
    return refused('malformed', 'The time of a head is not in the form that heads have.');
  }
  return verifyDetached(textOf(head), head.signature, ring, { owner: GATEWAY_OWNER, at }, 'head');
}

/** Compares two heads whose signatures hold. Each next one is signed with a later time, whichever gateway signs it. */
export function compareHeads(one: LedgerHead, other: LedgerHead): HeadRelation {
  if (one.sequence === other.sequence) return one.hash === other.hash ? 'consistent' : 'fork';
  const [shorter, longer] = one.sequence < other.sequence ? [one, other] : [other, one];
  return shorter.at < longer.at ? 'consistent' : 'rollback';
}

function textOf({ sequence, hash, at }: LedgerHead): Uint8Array {
  return Buffer.from(canonicalJson({ sequence, hash, at }));
}
