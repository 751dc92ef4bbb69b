import type { UnitId } from '@clearance/contracts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { until } from '../exchange/until.ts';
import { ASKED, NEIGHBOUR } from './consignments.ts';

/** One cost in the database that has grown, and the same cost at the same time in one that has not. */
export interface Beside {
  readonly grown: number;
  readonly small: number;
}

/**
 * Time that PostgreSQL spends in statements per result, milliseconds, while both units receive the same copies. With it goes
 * what both do anyway beside it.
 */
export async function receiveInBoth({ query, submit: send, settled }: MeshExchange, results: number): Promise<Beside> {
  const before = { grown: await workOf(query, ASKED), small: await workOf(query, NEIGHBOUR) };
  await send(results);
  await settled();
  const spent = async (unit: UnitId, since: Work): Promise<number> => {
    let now = since;
    // PostgreSQL gathers its figures with a delay: they are there when they tell of all the rows.
    await until(`PostgreSQL has told of ${results} copies at ${unit}`, 50, async () => {
      now = await workOf(query, unit);
      return now.rows >= since.rows + results;
    });
    return (now.ms - since.ms) / results;
  };
  return { grown: await spent(ASKED, before.grown), small: await spent(NEIGHBOUR, before.small) };
}

interface Work {
  /** Milliseconds in statements. */
  ms: number;
  /** Rows ever inserted into `result`. */
  rows: number;
}

async function workOf(query: MeshExchange['query'], unit: UnitId): Promise<Work> {
  const [row] = await query<{ ms: number; rows: string }>(
    unit,
    `select d.active_time as ms, t.n_tup_ins as rows from pg_stat_database d, pg_stat_user_tables t
     where d.datname = current_database() and t.relname = 'result'`,
  );
  return { ms: row!.ms, rows: Number(row!.rows) };
}
