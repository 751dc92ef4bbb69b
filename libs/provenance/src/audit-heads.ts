import { validateSignedHead, type SignedHead } from '@clearance/contracts';
import { parseJson } from './json.ts';
import type { KeyRing } from './keys.ts';
import { compareHeads, verifyHead } from './ledger-head.ts';
import type { ledgerFinding } from './ledger-findings.ts';

/** The gateway's own table of signed heads; every other place is a witness. */
export const SIGNED_HEADS = 'signed_head';

/** A signed head as a table has it: the columns that it is searched by, and what was signed. */
export interface AuditedHead {
  /** {@link SIGNED_HEADS}, or the witness that keeps it: `witness ln.customs`. */
  where: string;
  sequence: number;
  /** Where there is a column for it. */
  hash?: string;
  statement: string;
}

/** What is remembered of the heads from one page to the next. */
export interface HeadsAudit {
  ring: KeyRing;
  /** The last row that a head confirms. */
  confirmed: number;
  /** Of the valid heads so far, the one of the latest place. */
  last: SignedHead | undefined;
  counts: Map<string, number>;
}

/** The part of the ledger that a page of heads is about. */
export interface HeadsPlace {
  /** The chain hash of a row; undefined when there is no such row. */
  hashAt: (sequence: number) => string | undefined;
  /** The row before the part. */
  after: number;
  /** The last row so far. */
  end: number;
}

type Find = (...args: Parameters<typeof ledgerFinding>) => void;

/** Begins with no head seen. */
export function startHeads(ring: KeyRing): HeadsAudit {
  return { ring, confirmed: 0, last: undefined, counts: new Map() };
}

/** Audits the heads of one part of the ledger, whoever keeps them: signatures, and what they confirm or contradict. */
export function auditHeads(audit: HeadsAudit, heads: readonly AuditedHead[], place: HeadsPlace, find: Find): void {
  const valid = heads.flatMap((head) => readHead(audit, head, place, find));
  const places = [...Map.groupBy(valid, ({ head }) => head.sequence)].sort(([one], [other]) => one - other);
  for (const [sequence, kept] of places) {
    const distinct = [...new Map(kept.map(({ head }) => [head.hash, head])).values()];
    if (distinct.length > 1) find('heads-forked', namesOf(kept), { sequence });
    for (const head of distinct) {
      if (audit.last && compareHeads(audit.last, head) === 'rollback') {
        find('heads-disordered', namesOf(kept), { sequence, detail: `${audit.last.sequence} @ ${audit.last.at}` });
      }
    }
    const inLedger = place.hashAt(sequence);
    for (const { head, where } of kept) {
      if (head.hash === inLedger) audit.confirmed = Math.max(audit.confirmed, sequence);
      else {
        const code = sequence > place.end ? 'cut-off' : 'head-contradicted';
        find(code, where, { from: (code === 'cut-off' ? place.end : audit.confirmed) + 1, sequence });
      }
    }
    if (!kept.some(({ where }) => where === SIGNED_HEADS)) find('signed-head-missing', namesOf(kept), { sequence });
    audit.last = distinct.at(-1);
  }
}

interface KeptHead {
  where: string;
  head: SignedHead;
}

function namesOf(kept: readonly KeptHead[]): string {
  return [...new Set(kept.map(({ where }) => where))].join(', ');
}

function readHead(audit: HeadsAudit, stored: AuditedHead, place: HeadsPlace, find: Find): KeptHead[] {
  const { where, sequence } = stored;
  audit.counts.set(where, (audit.counts.get(where) ?? 0) + 1);
  const checked = validateSignedHead(parseJson(stored.statement));
  const refusal = checked.ok ? refuse(stored, checked.value, audit.ring) : 'malformed';
  // Where it stands is what it was read by; a head that is moved elsewhere is not there where it belongs.
  if (!checked.ok || refusal !== undefined || sequence <= place.after) {
    find('head-invalid', where, { sequence, detail: refusal ?? 'sequence' });
    return [];
  }
  return [{ where, head: checked.value }];
}

function refuse(stored: AuditedHead, head: SignedHead, ring: KeyRing): string | undefined {
  if (stored.sequence !== head.sequence) return 'sequence';
  if (stored.hash !== undefined && stored.hash !== head.hash) return 'hash';
  const verification = verifyHead(head, ring);
  return verification.ok ? undefined : verification.code;
}
