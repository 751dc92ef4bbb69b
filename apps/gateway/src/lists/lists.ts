import type { UnitId } from '@clearance/contracts';
import { compileNegativeList, parseNegativeList, turnsOf } from '@clearance/negative-list';
import { type DataSource, describeError, type Logger } from '@clearance/platform';
import {
  canonicalJson,
  type KeyRing,
  listRecordOf,
  POLICY_OWNER,
  rowHash,
  stillStands,
  verifyDetached,
} from '@clearance/provenance';
import { inForceAt, type ListInForce } from './list-in-force.ts';

/** The lists that this gateway decides by. */
export interface Lists {
  /**
   * The list in force at a moment; undefined when there is none that could be verified, or when the key that signed it
   * has since been revoked from a time before it was received.
   */
  inForce(at: number): ListInForce | undefined;
  /** Versions that are stored and should decide, now or later, but could not be verified. */
  refused(): readonly string[];
  /** Reads what the database has that is not loaded yet. A new list replaces the old one as a whole or not at all. */
  reload(): Promise<void>;
}

/** A version as the table has it, as the ledger has it, or both: only both together are a list. */
type ListRow = StoredRow | { version: string; document: null; recorded: string };

interface StoredRow {
  version: string;
  document: string;
  signature: string;
  effective_from: Date;
  received_at: Date;
  authors: string[];
  approved_by: string;
  /** The ledger's record of it. */
  recorded: string | null;
}

/** Opens the lists of a database; call `reload` at the start and whenever a change is announced. */
export function openLists(options: {
  database: DataSource;
  consumers: readonly UnitId[];
  keyRing: () => KeyRing;
  now: () => number;
  log: Logger;
}): Lists {
  const { database, consumers, keyRing, now, log } = options;
  let loaded: readonly ListInForce[] = [];
  let refused: readonly string[] = [];

  const read = (row: ListRow): ListInForce | undefined => {
    if (row.document === null) {
      log.error({ list: row.version }, 'a list that the ledger has is not stored; no older one takes its place');
      return undefined;
    }
    const signature = verifyDetached(new TextEncoder().encode(row.document), row.signature, keyRing(), {
      owner: POLICY_OWNER,
      at: row.received_at.getTime(),
    });
    if (!signature.ok) {
      log.error({ list: row.version, code: signature.code }, 'stored list not accepted: its signature does not hold');
      return undefined;
    }
    const parsed = parseNegativeList(row.document);
    if (!parsed.ok) {
      log.error({ list: row.version, findings: parsed.findings.length }, 'stored list not accepted: it cannot be read');
      return undefined;
    }
    const compiled = compileNegativeList(parsed.list, consumers);
    const { version, effectiveFrom } = compiled;
    // The columns only serve searching; what is signed says which list this is and when it begins.
    if (version !== row.version || effectiveFrom !== row.effective_from.getTime()) {
      log.error({ list: row.version, signed: version }, 'stored list not accepted: its row is not what was signed');
      return undefined;
    }
    const times = { effectiveFrom, receivedAt: row.received_at.getTime() };
    const record = canonicalJson(listRecordOf({ ...row, ...times, approvedBy: row.approved_by }));
    if (row.recorded !== record) {
      log.error({ list: version }, 'stored list not accepted: it is not what the ledger has of it');
      return undefined;
    }
    const signed = { keyId: signature.keyId, at: row.received_at.getTime() };
    return {
      version,
      effectiveFrom,
      record: rowHash(record),
      signature: signed,
      compiled,
      turns: turnsOf(parsed.list, Infinity),
    };
  };

  const stands = ({ signature }: ListInForce): boolean => stillStands(keyRing(), { ...signature, owner: POLICY_OWNER });

  // One after the other: an answer that was overtaken must not put a former state back.
  let reading: Promise<void> = Promise.resolve();
  return {
    inForce: (at) => {
      // Asked each time: the key may be revoked at any moment, and no older list takes the place of a list that falls.
      const list = inForceAt(loaded, at);
      return list !== undefined && stands(list) ? list : undefined;
    },
    refused: () => refused,
    reload: () => {
      reading = reading.catch(() => undefined).then(readAll);
      return reading;
    },
  };

  async function readAll(): Promise<void> {
    // What is past is never decided by again; the newest that has begun and all that are scheduled are enough.
    const rows: ListRow[] = await database.query(LISTS_FROM_NOW_ON, [new Date(now())]);
    const kept = new Map(loaded.filter(stands).map((list) => [list.version, list]));
    const usable = rows.flatMap((row) => kept.get(row.version) ?? read(row) ?? []);
    const accepted = new Set(usable.map(({ version }) => version));
    refused = rows.map(({ version }) => version).filter((version) => !accepted.has(version));
    // A stored list that cannot be used does not unseat the one in force: that one decides on, and readiness names the
    // refused one. A gateway that starts on it has no list at all, and offers wait.
    const former = inForceAt(loaded, now());
    const decidesOn = former !== undefined && stands(former) && inForceAt(usable, now()) === undefined;
    const next = refused.length > 0 && decidesOn ? [former, ...usable] : usable;
    if (next.some((list) => !kept.has(list.version))) {
      log.info({ lists: next.map(({ version }) => version), inForce: inForceAt(next, now())?.version }, 'lists loaded');
    }
    loaded = next;
  }
}

/**
 * From the list on that has begun by this gateway's clock or by the database's, whichever is behind: a decision that turns out to
 * be made for another time than the database has is made anew for that (see enforce/confirm-decision.ts).
 */
const LISTS_FROM_NOW_ON = `
  with recorded as (
    select entry, entry::json->>'version' as version, (entry::json->>'effectiveFrom')::timestamptz as begins
    from ledger where result_id is null and strpos(entry, '"type":"list"') > 0
  ), known as (
    select coalesce(r.version, n.version) as version, n.document, n.signature, n.effective_from, n.received_at, n.authors, n.approved_by,
      r.entry as recorded, coalesce(r.begins, n.effective_from) as begins
    from negative_list n full join recorded r on r.version = n.version
  )
  select version, document, signature, effective_from, received_at, authors, approved_by, recorded from known
  where begins >= coalesce((select max(begins) from known where begins <= least($1, clock_timestamp())), '-infinity')
  order by begins`;

/** Starts reading announcements and, in case one is lost, the table every few seconds. */
export function followLists(lists: Lists, onAnnounced: (reload: () => void) => () => void, log: Logger): () => void {
  const reload = (): void => {
    lists.reload().catch((error: unknown) => log.warn({ err: describeError(error) }, 'lists not read; tried again'));
  };
  const stopListening = onAnnounced(reload);
  const timer = setInterval(reload, 3_000).unref();
  return () => {
    clearInterval(timer);
    stopListening();
  };
}
