import type { UnitId } from '@clearance/contracts';
import { compileNegativeList, type Finding, parseNegativeList } from '@clearance/negative-list';
import { type DataSource, describeError, type Logger } from '@clearance/platform';
import { type KeyRing, verifyDetached } from '@clearance/provenance';
import { inForceAt, type ListInForce } from './list-in-force.ts';

/** The owner of the keys that sign negative lists. */
export const POLICY_OWNER = 'policy';

/** The lists that this gateway decides by. */
export interface Lists {
  /** The list in force at a moment; undefined when there is none that could be verified. */
  inForce(at: number): ListInForce | undefined;
  /** Versions that are stored and should decide, now or later, but could not be verified. */
  refused(): readonly string[];
  /** Reads what the database has that is not loaded yet. A new list replaces the old one as a whole or not at all. */
  reload(): Promise<void>;
}

interface ListRow {
  version: string;
  document: string;
  signature: string;
  effective_from: Date;
  received_at: Date;
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
    return { version, effectiveFrom, compiled };
  };

  // One after the other: an answer that was overtaken must not put a former state back.
  let reading: Promise<void> = Promise.resolve();
  return {
    inForce: (at) => inForceAt(loaded, at),
    refused: () => refused,
    reload: () => {
      reading = reading.catch(() => undefined).then(readAll);
      return reading;
    },
  };

  async function readAll(): Promise<void> {
    // What is past is never decided by again; the newest that has begun and all that are scheduled are enough.
    const rows: ListRow[] = await database.query(
      `select version, document, signature, effective_from, received_at from negative_list
         where effective_from >= coalesce(
           (select max(effective_from) from negative_list where effective_from <= $1), '-infinity')
         order by effective_from`,
      [new Date(now())],
    );
    const kept = new Map(loaded.map((list) => [list.version, list]));
    const usable = rows.flatMap((row) => kept.get(row.version) ?? read(row) ?? []);
    const accepted = new Set(usable.map(({ version }) => version));
    refused = rows.map(({ version }) => version).filter((version) => !accepted.has(version));
    // A stored list that cannot be used does not unseat the one in force: that one decides on, and readiness names the
    // refused one. A gateway that starts on it has no list at all, and offers wait.
    const former = inForceAt(loaded, now());
    const unseated = refused.length > 0 && former !== undefined && inForceAt(usable, now()) === undefined;
    const next = unseated ? [former, ...usable] : usable;
    if (next.some((list) => !kept.has(list.version))) {
      log.info({ lists: next.map(({ version }) => version), inForce: inForceAt(next, now())?.version }, 'lists loaded');
    }
    loaded = next;
  }
}

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

export type { Finding };
