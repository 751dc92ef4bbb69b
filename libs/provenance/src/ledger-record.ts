import { hash } from 'node:crypto';
import type { LedgerRecord, ListRecord } from '@clearance/contracts';
import { canonicalJson } from './content-digest.ts';
import { rowHash } from './ledger.ts';

/** A signed negative list as it was taken into the schedule. */
export interface SignedList {
  version: string;
  document: string;
  /** Detached JWS of the policy key over the document's bytes. */
  signature: string;
  /** Milliseconds since the epoch. */
  effectiveFrom: number;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  /** Who wrote it, in any order. */
  authors: readonly string[];
  approvedBy: string;
}

/** The ledger's words for a list: whoever alters or removes the stored list afterwards contradicts them. */
export function listRecordOf(list: SignedList): ListRecord {
  const { version, document, signature, effectiveFrom, receivedAt, authors, approvedBy } = list;
  return {
    type: 'list',
    version,
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    documentDigest: textDigest(document),
    signature,
    receivedAt: new Date(receivedAt).toISOString(),
    authors: [...authors].sort(),
    approvedBy,
  };
}

/** SHA-256 of a text's UTF-8 bytes, base64url: how the ledger names a list's text. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** The hash of a record's row by itself: what a chain proof holds of it, and how one record names another. */
export function recordHash(record: LedgerRecord): string {
  return rowHash(canonicalJson(record));
}
