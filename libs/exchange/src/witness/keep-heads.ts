import { type HeadsMessage, type SignedHead, type UnitId, validateHeadsMessage } from '@clearance/contracts';
import { type Received, type Verdict, verdictOnItems, waitsForKey } from '@clearance/messaging';
import { Counter, type EntityManager, type Logger } from '@clearance/platform';
import { compareHeads, type KeyRing, verifyHead } from '@clearance/provenance';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';

/** Heads that contradict others: each is evidence that the gateway's ledger was written anew, or cut off. */
export const conflictsTotal = new Counter({
  name: 'clearance_ledger_conflicts_total',
  help: 'Signed heads of the ledger that contradict others that the unit keeps',
  labelNames: ['unit'] as const,
});

/**
 * Keeps the signed heads of the gateway's ledger in the unit's own database, out of the gateway's reach: by them anybody
 * can tell later that the ledger was changed. A head that contradicts an earlier one is kept beside it, and said.
 *
 * @throws when the database is away; then all is delivered again.
 */
export async function keepHeads(
  unit: Pick<Unit, 'id' | 'database' | 'keyRing' | 'rereadKeys' | 'log'>,
  messages: readonly Received[],
): Promise<Verdict[]> {
  let read = messages.map(({ data }) => readHeads(data, unit.keyRing()));
  if (read.some(({ verdict }) => waitsForKey(verdict))) {
    const ring = await unit.rereadKeys();
    read = messages.map(({ data }) => readHeads(data, ring));
  }
  const heads = read.flatMap(({ heads }) => heads);
  if (heads.length > 0) {
    const contradicting = await inTransaction(unit.database, (transaction) => store(transaction, heads));
    for (const { head, relation, against } of contradicting) report(unit.log, unit.id, head, relation, against);
  }
  return read.map(({ verdict }) => verdict);
}

interface HeadsRead {
  heads: SignedHead[];
  verdict: Verdict;
}

function readHeads(data: Uint8Array, ring: KeyRing): HeadsRead {
  const message = parse(data);
  if (message === undefined) {
    return { heads: [], verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of heads' } };
  }
  const heads: SignedHead[] = [];
  const refused: string[] = [];
  for (const head of message.heads) {
    const verification = verifyHead(head, ring);
    if (verification.ok) heads.push(head);
    else refused.push(verification.code);
  }
  return { heads, verdict: verdictOnItems(refused, message.heads.length, 'heads') };
}

interface Contradiction {
  head: SignedHead;
  relation: 'fork' | 'rollback';
  against: SignedHead;
}

/** Stores what is new, in the order of the ledger, and tells what of it contradicts what is kept. */
async function store(transaction: EntityManager, heads: readonly SignedHead[]): Promise<Contradiction[]> {
  // Two processes of a unit would each see only their own of two contradicting heads.
  await transaction.query('lock table ledger_witness in share row exclusive mode');
  const found: Contradiction[] = [];
  for (const head of [...heads].sort((one, other) => one.sequence - other.sequence)) {
    const neighbours = await readNeighbours(transaction, head.sequence);
    const [added]: unknown[] = await transaction.query(
      `insert into ledger_witness (sequence, hash, statement) values ($1, $2, $3)
       on conflict (sequence, hash) do nothing returning sequence`,
      [head.sequence, head.hash, JSON.stringify(head)],
    );
    if (added === undefined) continue;
    const contradictions = neighbours.flatMap((against): Contradiction[] => {
      const relation = compareHeads(against, head);
      return relation === 'consistent' ? [] : [{ head, relation, against }];
    });
    // Two rows in one place say more than two times in the wrong order.
    const [worst] = contradictions.sort((one, other) => one.relation.localeCompare(other.relation));
    if (worst) found.push(worst);
  }
  return found;
}

/** The heads kept of the same place, and of the nearest ones before and after it. */
async function readNeighbours(transaction: EntityManager, sequence: number): Promise<SignedHead[]> {
  const rows: { statement: string }[] = await transaction.query(
    `(select statement from ledger_witness where sequence < $1 order by sequence desc limit 1)
     union all (select statement from ledger_witness where sequence = $1)
     union all (select statement from ledger_witness where sequence > $1 order by sequence limit 1)`,
    [sequence],
  );
  return rows.map(({ statement }) => JSON.parse(statement) as SignedHead);
}

function report(log: Logger, unit: UnitId, head: SignedHead, relation: string, against: SignedHead): void {
  conflictsTotal.inc({ unit });
  const [signed, kept] = [head, against].map(({ sequence, hash, at }) => ({ sequence, hash, at }));
  log.error(
    { unit, relation, signed, kept },
    'the gateway signed a head of its ledger that contradicts an earlier one',
  );
}

function parse(data: Uint8Array): HeadsMessage | undefined {
  try {
    const checked = validateHeadsMessage(JSON.parse(new TextDecoder().decode(data)));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
