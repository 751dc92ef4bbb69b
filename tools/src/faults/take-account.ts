import { readFile } from 'node:fs/promises';
import { unitsOf, type UnitId } from '@clearance/contracts';
import { keyRing } from '@clearance/provenance';
import { LIST_FILE } from '../local-mesh/paths.ts';
import type { BreakableMesh } from './breakable-mesh.ts';
import { compileKnownList, type ExpectedViews, expectViews } from './expected-views.ts';
import {
  type AcceptedVersion,
  type Account,
  addAccounts,
  type Discrepancy,
  type HeldVersion,
  judgeUnit,
  owed,
  versionKey,
} from './judge.ts';
import { type EventWitness, tokenName } from './witness-events.ts';

/** Rows of a unit that are looked at together: their tokens are the most of what is in memory. */
const PAGE = 1_000;

/** What the databases say once all is quiet. */
export interface AccountTaken {
  account: Account;
  discrepancies: Discrepancy[];
  /** Messages that were given up, as `owner stream cause` → how many. */
  deadLetters: Record<string, number>;
}

/**
 * Looks into every database for what became of the accepted versions, and judges each view against what this works out itself
 * from the issuer's token and the list.
 *
 * @param lateMs how long after acceptance a copy is late
 * @param witness what the backends were told meanwhile: it must be what their units hold, under one event id
 */
export async function takeAccount(
  mesh: BreakableMesh,
  accepted: readonly AcceptedVersion[],
  lateMs: number,
  witness: EventWitness,
): Promise<AccountTaken> {
  const units = unitsOf(mesh.mesh);
  const list = compileKnownList(await readFile(LIST_FILE, 'utf8'), units);
  const ring = keyRing(JSON.parse(await readFile(mesh.home.trustFile, 'utf8')));
  const views = expectViews(list, ring, units, Date.now());
  const tokens = new Map<string, string>();
  const remember = (unit: UnitId, row: VersionRow): void => {
    tokens.set(`${unit} ${versionKey(row)}`, tokenName(row.token));
  };
  for (const unit of units) {
    for await (const row of versionsOf(mesh, unit, 'own')) {
      views.issued(row.token);
      remember(unit, row);
    }
  }
  let { account, discrepancies } = owed(accepted);
  for (const unit of units) {
    const judged = judgeUnit(unit, accepted, await heldBy(mesh, unit, views, remember), lateMs);
    account = addAccounts(account, judged.account);
    discrepancies = [...discrepancies, ...judged.discrepancies];
  }
  const told = witness.judge((unit, version) => tokens.get(`${unit} ${versionKey(version)}`));
  for (const { code } of told) account[code] += 1;
  return { account, discrepancies: [...discrepancies, ...told], deadLetters: await deadLettersOf(mesh) };
}

async function heldBy(
  mesh: BreakableMesh,
  unit: UnitId,
  views: ExpectedViews,
  remember: (unit: UnitId, row: VersionRow) => void,
): Promise<HeldVersion[]> {
  const held: HeldVersion[] = [];
  for await (const row of versionsOf(mesh, unit, 'copies')) {
    const { resultId, version, storedAt, token } = row;
    remember(unit, row);
    const view = views.judge(unit, { resultId, version, token });
    held.push({ resultId, version, storedAt: storedAt.getTime(), view });
  }
  return held;
}

interface VersionRow {
  resultId: string;
  version: number;
  storedAt: Date;
  token: string;
}

/** All versions that a unit holds, newest and older ones, in pages. */
async function* versionsOf(mesh: BreakableMesh, unit: UnitId, which: 'own' | 'copies'): AsyncGenerator<VersionRow> {
  for (let after = '00000000-0000-0000-0000-000000000000:0'; ;) {
    const [afterId, afterVersion] = after.split(':');
    const rows = await mesh.query<VersionRow>(
      unit,
      `select v.result_id as "resultId", v.version, v.stored_at as "storedAt", v.token from (
         select result_id, version, stored_at, token from result
         union all select result_id, version, stored_at, token from result_history
       ) v join result r on r.result_id = v.result_id and r.own = $1
       where (v.result_id, v.version) > ($2::uuid, $3::integer) order by v.result_id, v.version limit ${PAGE}`,
      [which === 'own', afterId, Number(afterVersion)],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = `${last.resultId}:${last.version}`;
  }
}

async function deadLettersOf(mesh: BreakableMesh): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const owner of [...unitsOf(mesh.mesh), 'gateway' as const]) {
    const rows = await mesh.query<{ stream: string; cause: string; count: string }>(
      owner,
      'select stream, cause, count(*) from dead_letter group by stream, cause',
    );
    for (const { stream, cause, count } of rows) counts[`${owner} ${stream} ${cause}`] = Number(count);
  }
  return counts;
}
