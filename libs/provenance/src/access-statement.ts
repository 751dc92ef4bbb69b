import type { AccessStatement, SignedStatement } from '@clearance/contracts';
import { canonicalJson } from './content-digest.ts';
import { signDetached, verifyDetached, type DetachedVerification } from './detached-signature.ts';
import type { KeyRing, SigningKey } from './keys.ts';
import { textDigest } from './ledger-record.ts';
import { instantOf } from './token-format.ts';

/** Signs what a unit says about access; with a `typ` of its own, so that no other signature of the unit passes for one. */
export function signStatement<S extends AccessStatement>(statement: S, key: SigningKey): SignedStatement<S> {
  return { statement, signature: signDetached(Buffer.from(canonicalJson(statement)), key, 'access') };
}

/**
 * Verifies that the unit in whose name a statement is made has signed exactly this: of a request the requester, of a decision
 * and a revocation the owner.
 *
 * @param at when it says that it said so ({@link statedAt}), milliseconds since the epoch; the key must have been valid then
 */
export function verifyStatement(signed: SignedStatement, ring: KeyRing, at: number): DetachedVerification {
  const { statement, signature } = signed;
  const bytes = Buffer.from(canonicalJson(statement));
  return verifyDetached(bytes, signature, ring, { owner: signerOf(statement), at }, 'access');
}

/** How one statement, and the ledger, name another: SHA-256 of its canonical form, base64url. */
export function statementDigest(statement: AccessStatement): string {
  return textDigest(canonicalJson(statement));
}

/** When the signer says that it said so, milliseconds since the epoch; NaN if that is no RFC 3339 time with offset. */
export function statedAt(statement: AccessStatement): number {
  switch (statement.type) {
    case 'access-request':
      return instantOf(statement.requestedAt);
    case 'access-decision':
      return instantOf(statement.decidedAt);
    case 'access-revocation':
      return instantOf(statement.revokedAt);
    default:
      return statement satisfies never;
  }
}

/** The owner of the keys that may sign it. */
function signerOf(statement: AccessStatement): string {
  switch (statement.type) {
    case 'access-request':
      return statement.requester;
    case 'access-decision':
    case 'access-revocation':
      return statement.owner;
    default:
      return statement satisfies never;
  }
}
