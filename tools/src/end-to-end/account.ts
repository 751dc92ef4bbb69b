import { unitsOf, type UnitId } from '@clearance/contracts';
import type { Accepted } from './load.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

/** What became of results that were accepted. All is well when nothing is missing, doubled, strange or given up. */
export interface Account {
  accepted: number;
  /** Copies and own versions that the units' databases should hold together. */
  entitled: number;
  held: number;
  /** `unit result`: what a unit should hold and does not. */
  missing: string[];
  /** `unit result`: what a unit holds more than once. */
  doubled: string[];
  /** `unit result`: what a unit holds as another version, or of another issuer. */
  strange: string[];
  /** References that gave two results, or none. */
  ambiguous: string[];
  /** Versions that the gateway does not call settled. */
  unsettled: number;
  /** `owner stream cause`: messages that were given up. */
  deadLetters: string[];
}

/** The account of results of which nothing was lost and nothing is there twice. */
export function wellAccounted(accepted: number, units: number): Account {
  const entitled = accepted * units;
  return {
    accepted,
    entitled,
    held: entitled,
    missing: [],
    doubled: [],
    strange: [],
    ambiguous: [],
    unsettled: 0,
    deadLetters: [],
  };
}

const SETTLED_LIMIT_MS = 120_000;

/** Waits until results are settled at their issuers, then looks into every database for what is there. */
export async function accountFor(mesh: TestLocalMesh, accepted: readonly Accepted[]): Promise<Account> {
  const ids = accepted.map(({ resultId }) => resultId);
  const units = unitsOf(mesh.mesh);
  const count = async (owner: UnitId | 'gateway', sql: string): Promise<number> => {
    const [row] = await mesh.query<{ count: string }>(owner, `select count(*) from ${sql}`, [ids]);
    return Number(row!.count);
  };
  await eventually(
    async () => {
      const open = await Promise.all(
        units.map((unit) => count(unit, 'offer_outbox where result_id = any($1::uuid[])')),
      );
      return open.every((waiting) => waiting === 0) ? true : undefined;
    },
    `${ids.length} results settled`,
    SETTLED_LIMIT_MS,
  );
  const settled =
    "settlement where result_id = any($1::uuid[]) and version = 1 and settled_at is not null and waiting = '{}'";
  const account = wellAccounted(ids.length, 0);
  account.unsettled = ids.length - (await count('gateway', settled));
  account.ambiguous = [...Map.groupBy(accepted, ({ unit, reference }) => `${unit} ${reference}`)].flatMap(
    ([name, receipts]) => (new Set(receipts.map(({ resultId }) => resultId)).size === 1 ? [] : [name]),
  );
  for (const unit of units) {
    const held = await versionsHeld(mesh, unit, ids);
    account.entitled += accepted.length;
    account.held += held.length;
    const byResult = Map.groupBy(held, ({ resultId }) => resultId);
    for (const owed of accepted) {
      const [found, ...more] = byResult.get(owed.resultId) ?? [];
      const name = `${unit} ${owed.resultId}`;
      if (found === undefined) account.missing.push(name);
      else if (more.length > 0) account.doubled.push(name);
      else if (found.version !== 1 || found.issuer !== owed.unit || found.own !== (owed.unit === unit))
        account.strange.push(name);
    }
  }
  for (const owner of [...units, 'gateway' as const]) {
    const letters = await mesh.query<{ stream: string; cause: string }>(owner, 'select stream, cause from dead_letter');
    account.deadLetters.push(...letters.map(({ stream, cause }) => `${owner} ${stream} ${cause}`));
  }
  return account;
}

interface Held {
  resultId: string;
  version: number;
  issuer: string;
  own: boolean;
}

function versionsHeld(mesh: TestLocalMesh, unit: UnitId, ids: readonly string[]): Promise<Held[]> {
  return mesh.query<Held>(
    unit,
    `select result_id as "resultId", version, issuer, own from result where result_id = any($1::uuid[])
     union all
     select result_id, version, 'history', false from result_history where result_id = any($1::uuid[])`,
    [ids],
  );
}
