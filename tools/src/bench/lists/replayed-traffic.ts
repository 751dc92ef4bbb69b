import type { UnitId } from '@clearance/contracts';
import type { Backend } from '../../traffic/backend.ts';
import { seededRandom } from '../../traffic/random.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import type { BenchContext } from '../figure.ts';
import { ageKeys } from '../recognition/age-keys.ts';
import { ask } from '../recognition/ask.ts';
import { ASKED, type ExaminedConsignment, examinedConsignments, questionAbout } from '../recognition/consignments.ts';
import { preparePast } from '../recognition/fill.ts';
import { connectPatiently, issueAll } from '../recognition/issue-all.ts';

/** How much traffic is replayed. */
export interface Traffic {
  /** Results in all, of every unit that issues. */
  readonly results: number;
  /** Recognitions, each of another consignment whose results were truly issued and received. */
  readonly recognitions: number;
}

/** Of so many consignments the results are there again and again in the past. */
const MODELS = 200;
const ROWS_AT_ONCE = 20_000;
const ASKED_AT_ONCE = 8;

/**
 * Gives a mesh a past: consignments that were truly examined, and before them two years of others like them, in the
 * databases of all who issued any of it, of the unit that recognises and of the gateway. Then recognitions are asked for.
 */
export async function fillWithTraffic(
  exchange: MeshExchange,
  { results, recognitions }: Traffic,
  context: BenchContext,
): Promise<void> {
  const backends = await connectPatiently(exchange);
  try {
    await ageKeys(exchange.mesh);
    const now = Date.now();
    const random = seededRandom(`lists@${now}`);
    const examined = examinedConsignments(random, now, { usual: recognitions, many: 0, trains: 0 });
    const issued = await issueAll(backends, exchange, examined);
    context.say(`  ${issued} results about ${examined.length} consignments issued and received`);
    const issuers = examined.flatMap((each) => each.results.map(({ unit }) => unit));
    for (const unit of new Set([ASKED, ...issuers])) {
      const past = await preparePast(exchange, examined.slice(0, MODELS), results, context, { unit, now });
      await past.growTo(results);
    }
    await settlePast(exchange);
    await recogniseAll(backends.get(ASKED)!, examined, context.signal);
    context.say(`  ${examined.length} recognitions decided`);
  } finally {
    await Promise.all([...backends.values()].map(({ connection }) => connection.close()));
  }
}

/** The gateway, too, knows of the past what it knows of every version that all have confirmed. */
async function settlePast({ query }: MeshExchange): Promise<void> {
  for (let after = 0; ;) {
    const rows = await query<{ sequence: string; result_id: string; issuer: UnitId; kind: string; issued_at: Date }>(
      ASKED,
      `select sequence, result_id, issuer, kind, issued_at from result
       where reference like 'PAST-%' and sequence > $1 order by sequence limit ${ROWS_AT_ONCE}`,
      [after],
    );
    if (rows.length === 0) return;
    await query(
      'gateway',
      `insert into settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting,
         disclosed_at, settled_at)
       select result_id, 1, issuer, kind, issued_at, 'none', 'none', '{}', '{}', issued_at, issued_at
       from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[]) as p (result_id, issuer, kind, issued_at)`,
      [
        rows.map((row) => row.result_id),
        rows.map((row) => row.issuer),
        rows.map((row) => row.kind),
        rows.map((row) => row.issued_at),
      ],
    );
    after = Number(rows.at(-1)!.sequence);
  }
}

async function recogniseAll(
  backend: Backend,
  examined: readonly ExaminedConsignment[],
  signal: AbortSignal,
): Promise<void> {
  const left = examined.map(questionAbout);
  const asker = async (): Promise<void> => {
    for (let question = left.pop(); question !== undefined; question = left.pop()) {
      signal.throwIfAborted();
      await ask(backend, question);
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, asker));
}
