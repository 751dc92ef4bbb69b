import { type ReceiptsMessage, STREAMS, type UnitId, validateReceiptsMessage } from '@clearance/contracts';
import type { Verdict } from '@clearance/messaging';
import { type EntityManager, inBatch, placeholders, recordStep } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import { countVersions } from '../indicators/put-down.ts';
import { announceSettlements, type Settled } from './announce-settlements.ts';
import { applyReceipts } from './apply-receipts.ts';
import { currentViews } from './current-views.ts';

/** A message on a unit's RECEIPTS. */
export interface ReceiptsFrom {
  unit: UnitId;
  data: Uint8Array;
  /** When it came, milliseconds since the epoch. */
  at: number;
}

/** Which units confirm one version. */
interface Confirmation {
  resultId: string;
  version: number;
  /** By unit: when its receipt came, RFC 3339. */
  from: Map<UnitId, string>;
  /** Consumer → digest of the token that it says it holds. */
  held: Record<string, string>;
}

/**
 * Collects receipts of many units at once: each version's row is written once for all receipts that came together.
 * When the last entitled unit has confirmed a version, its issuer is told that it is settled.
 */
export async function collectReceipts(gateway: Gateway, messages: readonly ReceiptsFrom[]): Promise<Verdict[]> {
  const read = messages.map(({ unit, data, at }) => ({ unit, at: new Date(at).toISOString(), message: parse(data) }));
  const confirmations = gather(read);
  if (confirmations.length > 0) {
    const receipts = read.flatMap(({ unit, message }) => message?.receipts.map((each) => ({ ...each, unit })) ?? []);
    const from = receipts.map(({ traceparent }) => traceparent);
    await inBatch({ name: 'take receipts', from, messaging: RECEIPTS }, async (trace) => {
      const at = gateway.now();
      const settled = await gateway.database.transaction((transaction) =>
        confirm(transaction, confirmations, new Date(at).toISOString()),
      );
      const traces = recordReceipts(receipts, at, trace);
      await announceSettlements(
        gateway,
        settled.map((each) => ({ ...each, traceparent: traces.get(`${each.resultId}:${each.version}`) })),
      );
    });
  }
  return read.map(({ message }) =>
    message ? { verdict: 'done' } : { verdict: 'poison', cause: 'malformed', detail: 'not a message of receipts' },
  );
}

const RECEIPTS = { operation: 'process', destination: STREAMS.RECEIPTS.name } as const;

/** @returns by version: the trace of its last receipt, from which its settlement goes on */
function recordReceipts(
  receipts: readonly (ReceiptsMessage['receipts'][number] & { unit: UnitId })[],
  at: number,
  trace: string | undefined,
): Map<string, string> {
  const traces = new Map<string, string>();
  for (const { unit, resultId, version, traceparent } of receipts) {
    if (traceparent === undefined) continue;
    const facts = { unit, consumer: unit, resultId, version };
    const taken = recordStep({
      name: 'take receipt',
      from: traceparent,
      at,
      facts,
      links: [trace],
      messaging: RECEIPTS,
    });
    traces.set(`${resultId}:${version}`, taken ?? traceparent);
  }
  return traces;
}

function gather(read: readonly { unit: UnitId; at: string; message: ReceiptsMessage | undefined }[]): Confirmation[] {
  const confirmations = new Map<string, Confirmation>();
  for (const { unit, at, message } of read) {
    for (const { resultId, version, tokenDigest } of message?.receipts ?? []) {
      const key = `${resultId}:${version}`;
      const confirmation: Confirmation = confirmations.get(key) ?? { resultId, version, from: new Map(), held: {} };
      confirmations.set(key, confirmation);
      confirmation.from.set(unit, at);
      confirmation.held[unit] = tokenDigest;
    }
  }
  return [...confirmations.values()];
}

async function confirm(
  transaction: EntityManager,
  confirmations: readonly Confirmation[],
  at: string,
): Promise<Settled[]> {
  const types = ['uuid', 'integer'];
  const rows: {
    result_id: string;
    version: number;
    issuer: UnitId;
    waiting: UnitId[];
    receipts: string;
    held: string;
    key_id: string;
    /** Whether another view of it was given before, of this signature or of one whose key was revoked. */
    anew: boolean;
  }[] = await transaction.query(
    `select s.result_id, s.version, s.issuer, s.waiting, s.receipts, s.held, s.key_id, s.view_number > 0 as anew
       from settlement s
       join (values ${placeholders(confirmations.length, 2, types)}) as v (result_id, version)
         on s.result_id = v.result_id and s.version = v.version
       where s.settled_at is null order by s.result_id, s.version for update of s`,
    confirmations.flatMap(({ resultId, version }) => [resultId, version]),
  );
  const byKey = new Map(confirmations.map((each) => [`${each.resultId}:${each.version}`, each]));
  const givenAnew = await currentViews(
    transaction,
    rows.flatMap(({ result_id: resultId, version, anew }) => (anew ? [{ resultId, version }] : [])),
  );
  const changes = rows.flatMap((row) => {
    const before = {
      waiting: row.waiting,
      receipts: JSON.parse(row.receipts) as Record<string, string>,
      settledAt: null,
    };
    const key = `${row.result_id}:${row.version}`;
    const { from: all, held } = byKey.get(key)!;
    const views = givenAnew.get(key);
    const from =
      views === undefined ? all : new Map([...all].filter(([unit]) => views.get(unit)?.tokenDigest === held[unit]));
    const after = applyReceipts(before, from, at);
    if (after === undefined) return [];
    // What counts is what the first receipt said, and that of nobody who is not waited for.
    const confirmed = row.waiting.filter((unit) => !after.waiting.includes(unit));
    const heldNow = Object.fromEntries(confirmed.map((unit) => [unit, held[unit]!]));
    return [{ row, after, held: { ...(JSON.parse(row.held) as object), ...heldNow } }];
  });
  if (changes.length === 0) return [];
  await transaction.query(
    `update settlement s set waiting = v.waiting, receipts = v.receipts, held = v.held, settled_at = v.settled_at
     from (values ${placeholders(changes.length, 6, ['uuid', 'integer', 'text[]', 'text', 'text', 'timestamptz'])})
       as v (result_id, version, waiting, receipts, held, settled_at)
     where s.result_id = v.result_id and s.version = v.version`,
    changes.flatMap(({ row, after, held }) => [
      row.result_id,
      row.version,
      after.waiting,
      JSON.stringify(after.receipts),
      JSON.stringify(held),
      after.settledAt,
    ]),
  );
  const settled = changes.flatMap(({ row, after }) =>
    after.settledAt === null
      ? []
      : [
          {
            issuer: row.issuer,
            resultId: row.result_id,
            version: row.version,
            settledAt: after.settledAt,
            keyId: row.key_id,
          },
        ],
  );
  await countVersions(transaction, settled);
  return settled;
}

function parse(data: Uint8Array): ReceiptsMessage | undefined {
  try {
    const checked = validateReceiptsMessage(JSON.parse(new TextDecoder().decode(data)));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}
