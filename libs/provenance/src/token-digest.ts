import { hash } from 'node:crypto';

/**
 * SHA-256 of a token with its disclosures, base64url: which view of a result it is. The ledger records it of what was
 * given, and a receipt of what is held.
 */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'base64url');
}
