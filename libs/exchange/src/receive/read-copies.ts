import type { UnitId } from '@clearance/contracts';
import { type Received, type Verdict, verdictOnItems } from '@clearance/messaging';
import { type KeyRing, versionName } from '@clearance/provenance';
import type { StoredResult } from '../store/stored-result.ts';
import { type CopiesReader, type CopyRead, readMessages } from './read-messages.ts';

/** A copy that its receiver has verified itself. */
export interface VerifiedCopy {
  stored: StoredResult;
  traceparent: string | null;
}

/** What one message on COPIES turned out to hold. */
export interface CopiesRead {
  verified: VerifiedCopy[];
  /** A code for each copy in it that was refused. */
  refused: string[];
  /** Those of the refused ones that should be found again, by name. */
  named: string[];
  verdict: Verdict;
}

/**
 * Reads messages on COPIES: their form, every issuer's signature, and that the issuer is the one of the subject.
 * A message with a bad copy in it is kept as a dead letter; its good copies are taken all the same. One whose key is not
 * known waits a while for the key.
 *
 * @param self the receiving unit: a copy of its own result would be a mistake of the gateway.
 * @param reader the process's own, if it hosts several units
 */
export function readCopies(
  messages: readonly Received[],
  self: UnitId,
  ring: KeyRing,
  reader: CopiesReader = readMessages,
): CopiesRead[] {
  const read = reader(
    messages.map(({ data }) => data),
    ring,
  );
  return messages.map(({ subject }, index) => {
    const copies = read[index];
    return copies === undefined ? NO_COPIES : judge(copies, subject, self);
  });
}

const NO_COPIES: CopiesRead = {
  verified: [],
  refused: [],
  named: [],
  verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of copies' },
};

function judge(copies: readonly CopyRead[], subject: string, self: UnitId): CopiesRead {
  const verified: VerifiedCopy[] = [];
  const refused: string[] = [];
  const named: string[] = [];
  for (const copy of copies) {
    if (!copy.ok) {
      refused.push(copy.code);
      if (copy.claims) named.push(...versionName(copy.claims));
    } else if (copy.stored.issuer === self || subject !== `copies.${copy.stored.issuer}`) {
      refused.push('wrong-subject');
    } else verified.push({ stored: copy.stored, traceparent: copy.traceparent });
  }
  return { verified, refused, named, verdict: verdictOnItems(refused, copies.length, 'copies', named) };
}
