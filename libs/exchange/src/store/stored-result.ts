import type { ResultStatus, ResultView, TraceFacts, UnitId, Withheld } from '@clearance/contracts';
import { oncePer } from '@clearance/platform';
import { type KeyRing, signedDigest, stillStands, tokenDigest } from '@clearance/provenance';

/** One version of a result, as the database holds it and as the steps hand it on. It is not changed. */
export interface StoredResult {
  resultId: string;
  version: number;
  status: ResultStatus;
  issuer: UnitId;
  own: boolean;
  /** RFC 3339 with milliseconds. */
  issuedAt: string;
  /** JSON text of what of the content is disclosed to this unit. */
  content: string;
  /** JSON text of the list of what was withheld. */
  withheld: string;
  token: string;
  keyId: string;
  /** Digest of the content of this version (own results only). */
  digest: string | null;
  /** Digest of the content as first submitted, against which a repeated submission is compared (own results only). */
  firstDigest: string | null;
  /** The negative list under which the copy was made (copies only). */
  listVersion: string | null;
  /** Which view of this version it is: 0 the first, and more for each that was given in the place of another. */
  viewNumber: number;
}

/** The columns that searches use, taken out of a content that may be incomplete. */
export interface SearchColumns {
  reference: string | null;
  kind: string | null;
  declarationNumber: string | null;
  transportDocument: string | null;
  containers: string[];
}

/**
 * A stored result as a unit's backend sees it. A token is stored only after its signature was verified; whether that
 * still stands is for the keys of today to say, since one may have been revoked meanwhile.
 */
export function toView(stored: StoredResult, ring: KeyRing): ResultView {
  return {
    resultId: stored.resultId,
    version: stored.version,
    status: stored.status,
    issuer: stored.issuer,
    issuedAt: stored.issuedAt,
    content: JSON.parse(stored.content) as ResultView['content'],
    withheld: JSON.parse(stored.withheld) as Withheld[],
    signature: { verified: isTrusted(stored, ring), keyId: stored.keyId, token: stored.token },
  };
}

/** {@link toView} as JSON text. What is stored is JSON text already, and is not taken apart to be put together again. */
export function viewText(stored: StoredResult, ring: KeyRing): string {
  const { resultId, version, status, issuer, issuedAt, content, withheld, keyId, token } = stored;
  const head = JSON.stringify({ resultId, version, status, issuer, issuedAt });
  const signature = JSON.stringify({ verified: isTrusted(stored, ring), keyId, token });
  return `${head.slice(0, -1)},"content":${content},"withheld":${withheld},"signature":${signature}}`;
}

/**
 * {@link viewText} in UTF-8. A copy that several units of a process have been given is one object, and its view, under
 * the keys of all of them, is written once.
 */
export function viewBytes(stored: StoredResult, ring: KeyRing): Uint8Array {
  const under = viewsOf(stored);
  const before = under.get(ring);
  if (before !== undefined) return before;
  const bytes = new TextEncoder().encode(viewText(stored, ring));
  under.set(ring, bytes);
  return bytes;
}

const viewsOf = oncePer((_stored: StoredResult) => new WeakMap<KeyRing, Uint8Array>());

/** What a step that has to do with it may say of it in a trace. */
export function factsOf(stored: StoredResult): TraceFacts {
  const { resultId, version, status, issuer, listVersion } = stored;
  const kind = searchColumnsOf(stored).kind ?? undefined;
  return { resultId, version, status, issuer, kind, ...(listVersion === null ? {} : { listVersion }) };
}

/** {@link signedDigest} of its token. */
export const digestOfSigned = oncePer(({ token }: StoredResult) => signedDigest(token));

/** {@link tokenDigest} of its token. */
export const digestOfToken = oncePer(({ token }: StoredResult) => tokenDigest(token));

/** Whether the signature of a stored version still stands. */
export function isTrusted(stored: Pick<StoredResult, 'issuer' | 'issuedAt' | 'keyId'>, ring: KeyRing): boolean {
  return stillStands(ring, { keyId: stored.keyId, owner: stored.issuer, at: Date.parse(stored.issuedAt) });
}

/** {@link searchColumns} of its content. */
export const searchColumnsOf = oncePer(({ content }: StoredResult) => searchColumns(JSON.parse(content)));

/** Extracts what is searched for; a field that was withheld is simply not there. */
export function searchColumns(content: unknown): SearchColumns {
  const fields = content as Record<string, unknown>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  const containers = Array.isArray(fields['containers']) ? (fields['containers'] as { number?: unknown }[]) : [];
  const numbers = containers.map((container) => text(container?.number)).filter((number) => number !== null);
  return {
    reference: text(fields['reference']),
    kind: text(fields['kind']),
    declarationNumber: text(fields['declarationNumber']),
    transportDocument: text(fields['transportDocument']),
    containers: [...new Set(numbers)],
  };
}
