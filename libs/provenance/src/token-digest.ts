import { hash } from 'node:crypto';

/**
 * SHA-256 of a token with its disclosures, base64url: which view of a result it is. The ledger records it of what was
 * given, and a receipt of what is held.
 */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'base64url');
}

/**
 * SHA-256 of the part of a token that its issuer signed, the text before the first `~`, base64url: the same for the
 * issuer and for every receiver, whatever was taken out for each.
 */
export function signedDigest(token: string): string {
  const end = token.indexOf('~');
  return hash('sha256', end === -1 ? token : token.slice(0, end), 'base64url');
}
