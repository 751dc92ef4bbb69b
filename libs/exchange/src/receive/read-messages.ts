import { hash } from 'node:crypto';
import { type CopiesMessage, validateCopiesMessage } from '@clearance/contracts';
import { type KeyRing, type ResultClaims, verifyTokens } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';

/** A copy as this process has verified it, whoever it was given to; or why it is not accepted. Not to be changed. */
export type CopyRead =
  | { readonly ok: true; readonly stored: StoredResult; readonly traceparent: string | null }
  | { readonly ok: false; readonly code: string; readonly claims?: ResultClaims | undefined };

/**
 * Reads messages on COPIES: their form, and that every copy in them was signed by its issuer with a key of the ring. It
 * depends on these bytes and this ring alone, not on who was given them.
 *
 * @returns per message its copies in order; undefined for what is no message of copies
 */
export type CopiesReader = (messages: readonly Uint8Array[], ring: KeyRing) => (readonly CopyRead[] | undefined)[];

/** Reads each message. */
export const readMessages: CopiesReader = (messages, ring) => {
  const parsed = messages.map(parse);
  const tokens = parsed.flatMap((message) => message?.copies.map((copy) => copy.token) ?? []);
  const verifications = verifyTokens(tokens, ring);
  let next = 0;
  return parsed.map((message) =>
    message?.copies.map((copy): CopyRead => {
      const verification = verifications[next++]!;
      if (!verification.ok) return { ok: false, code: verification.code, claims: verification.claims };
      const { claims, content, keyId, token } = verification.result;
      const stored: StoredResult = {
        ...claims,
        own: false,
        content: JSON.stringify(content),
        withheld: JSON.stringify(copy.withheld),
        token,
        keyId,
        digest: null,
        firstDigest: null,
        listVersion: message.listVersion,
        viewNumber: copy.view ?? 0,
      };
      return { ok: true, stored, traceparent: copy.traceparent ?? null };
    }),
  );
};

/** Bytes of messages whose reading is kept for the other units of a process; some times as much memory. */
const KEPT_BYTES = 8 * 1024 ** 2;

/**
 * For a process that hosts several units: the gateway gives units that may see the same the same bytes, and what this
 * process has verified of them for one unit it needs not verify again for the next (decision 021). A message is known by
 * the SHA-256 of all its bytes; with another key ring all is read anew.
 *
 * @param keptBytes how much is kept at most; the oldest goes first
 */
export function readingOnce(keptBytes = KEPT_BYTES): CopiesReader {
  const known = new Map<string, { read: readonly CopyRead[] | undefined; bytes: number }>();
  let held = 0;
  let under: KeyRing | undefined;
  const keep = (name: string, read: readonly CopyRead[] | undefined, bytes: number): void => {
    if (known.has(name)) return;
    known.set(name, { read, bytes });
    held += bytes;
    for (const [oldest, { bytes: freed }] of known) {
      if (held <= keptBytes) break;
      known.delete(oldest);
      held -= freed;
    }
  };
  return (messages, ring) => {
    if (ring !== under) {
      known.clear();
      held = 0;
      under = ring;
    }
    const names = messages.map((message) => hash('sha256', message, 'base64url'));
    const found = names.map((name) => known.get(name));
    const unread = messages.filter((_, index) => found[index] === undefined);
    const read = readMessages(unread, ring)[Symbol.iterator]();
    return messages.map((message, index) => {
      const before = found[index];
      if (before !== undefined) return before.read;
      const now = read.next().value as readonly CopyRead[] | undefined;
      keep(names[index]!, now, message.length);
      return now;
    });
  };
}

function parse(data: Uint8Array): CopiesMessage | undefined {
  try {
    const checked = validateCopiesMessage(JSON.parse(new TextDecoder().decode(data)));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
