import type { SignedHead, UnitId } from '@clearance/contracts';
import { MAX_HEADS, SUBJECTS } from '@clearance/contracts';
import { type DataSource, describeError, type EntityManager, type Logger } from '@clearance/platform';
import { compareHeads, signHead, type SigningKey } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { headsTotal } from '../metrics.ts';

/** One gateway signs at a time: whoever signs the ledger's heads holds this advisory lock ('head' in ASCII). */
const HEAD_LOCK = 0x68_65_61_64;
/** How often the newest head is given again to everybody: a broker may have lost it, and nothing may follow it. */
const REPEAT_MS = 10 * 60 * 1_000;

/** What became of the attempt to sign the ledger's head. */
export type Signing =
  | { outcome: 'signed'; head: SignedHead }
  /** Nothing was added since the last one, another gateway is at it, or the ledger is empty. */
  | { outcome: 'unmoved'; last: SignedHead | undefined }
  /** The ledger is not what was signed before: nothing is signed over a past that was changed. */
  | { outcome: 'contradicted'; sequence: number };

/**
 * Signs the head of the ledger if it has moved, and stores what was signed. Times grow with every head, whatever the
 * clocks of the gateways say.
 *
 * @param known the newest head that this process has seen signed: what was taken out of the table is not forgotten
 */
export async function signNextHead(
  database: DataSource,
  key: SigningKey,
  known: SignedHead | undefined,
  now: number,
): Promise<Signing> {
  return database.transaction(async (transaction): Promise<Signing> => {
    const [lock]: [{ held: boolean }] = await transaction.query('select pg_try_advisory_xact_lock($1) as held', [
      HEAD_LOCK,
    ]);
    const [end]: { sequence: string; hash: string }[] = await transaction.query(
      'select sequence, hash from ledger_head',
    );
    const [last] = await readHeads(transaction, 0, 1);
    if (!lock.held || end === undefined || Number(end.sequence) === 0) return { outcome: 'unmoved', last: known };
    const earlier = [known, last].filter((head) => head !== undefined);
    const sequence = Number(end.sequence);
    for (const head of earlier) {
      if (!(await stands(transaction, head))) return { outcome: 'contradicted', sequence: head.sequence };
    }
    if (last?.sequence === sequence) return { outcome: 'unmoved', last };
    const at = Math.max(now, ...earlier.map((head) => Date.parse(head.at) + 1));
    const head = signHead({ sequence, hash: end.hash, at: new Date(at).toISOString() }, key);
    const contradicted = earlier.find((one) => compareHeads(one, head) !== 'consistent');
    if (contradicted) return { outcome: 'contradicted', sequence: contradicted.sequence };
    await transaction.query('insert into signed_head (sequence, statement) values ($1, $2)', [
      sequence,
      JSON.stringify(head),
    ]);
    return { outcome: 'signed', head };
  });
}

/** Whether the ledger still has, at the place of a head, what was signed. */
async function stands(transaction: EntityManager, { sequence, hash }: SignedHead): Promise<boolean> {
  const [row]: { hash: string }[] = await transaction.query('select hash from ledger where sequence = $1', [sequence]);
  return row?.hash === hash;
}

/** The newest signed heads after a place in the ledger, in their order. */
async function readHeads(database: Pick<EntityManager, 'query'>, after: number, limit: number): Promise<SignedHead[]> {
  const rows: { statement: string }[] = await database.query(
    'select statement from signed_head where sequence > $1 order by sequence desc limit $2',
    [after, limit],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as SignedHead).reverse();
}

/** What a unit's account was last given. */
interface Given {
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/**
 * Gives every unit the heads that it was not given yet, and the newest one again from time to time. A unit that cannot
 * be reached gets them later; keeping one twice changes nothing.
 */
export async function giveHeads(gateway: Gateway, given: Map<UnitId, Given>): Promise<void> {
  const newest = await readHeads(gateway.database, 0, MAX_HEADS);
  const last = newest.at(-1);
  if (last === undefined) return;
  const now = gateway.now();
  const gifts = gateway.consumers.map(async (unit) => {
    const before = given.get(unit);
    const missing = newest.filter(({ sequence }) => sequence > (before?.sequence ?? last.sequence - 1));
    const heads = missing.length > 0 ? missing : [last];
    if (missing.length === 0 && now - (before?.at ?? 0) < REPEAT_MS) return;
    try {
      const publisher = gateway.publisherTo(unit);
      if (publisher === undefined) return;
      await publisher.publishAll([{ subject: SUBJECTS.heads, body: JSON.stringify({ heads }) }]);
      given.set(unit, { sequence: last.sequence, at: now });
    } catch (error) {
      gateway.log.debug({ unit, err: describeError(error) }, 'heads of the ledger not taken; they are given again');
    }
  });
  await Promise.all(gifts);
}

/** Signs the ledger's head at intervals and gives it to every unit, until stopped. */
export function keepSigningHeads(
  gateway: Gateway,
  signingKey: () => SigningKey,
  everyMs: number,
): { stop(): Promise<void> } {
  const given = new Map<UnitId, Given>();
  let known: SignedHead | undefined;
  let working: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    const signing = await signNextHead(gateway.database, signingKey(), known, gateway.now());
    report(signing, gateway.log);
    if (signing.outcome === 'signed') known = signing.head;
    else if (signing.outcome === 'unmoved') known = signing.last;
    await giveHeads(gateway, given);
  };
  const timer = setInterval(() => {
    // What takes longer than the interval is not begun twice.
    working ??= work()
      .catch((error: unknown) => gateway.log.warn({ err: describeError(error) }, 'head of the ledger not signed'))
      .finally(() => (working = undefined));
  }, everyMs).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
}

function report(signing: Signing, log: Logger): void {
  switch (signing.outcome) {
    case 'signed':
      headsTotal.inc({ outcome: 'signed' });
      log.debug({ sequence: signing.head.sequence }, 'head of the ledger signed');
      return;
    case 'contradicted':
      headsTotal.inc({ outcome: 'contradicted' });
      log.error(
        { sequence: signing.sequence },
        'the ledger is not what was signed before; nothing is signed over it: run `mesh verify ledger`',
      );
      return;
    case 'unmoved':
      return;
    default:
      signing satisfies never;
  }
}
