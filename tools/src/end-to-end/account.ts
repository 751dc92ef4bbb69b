import { unitsOf, type UnitId } from '@clearance/contracts';
import type { Accepted } from './load.ts';
import { eventually, type TestLocalMesh } from './test-local-mesh.ts';

const SETTLED_LIMIT_MS = 120_000;

/**
 * Accounts for results that were accepted: waits until all are settled, then looks into every database. Every result
 * must be with every other unit exactly once, in the version that was accepted, and nothing may be waiting any more.
 */
export async function accountFor(mesh: TestLocalMesh, accepted: readonly Accepted[]): Promise<void> {
  const ids = accepted.map(({ resultId }) => resultId);
  const count = async (owner: UnitId | 'gateway', sql: string): Promise<number> => {
    const [row] = await mesh.query<{ count: string }>(owner, sql, [ids]);
    return Number(row!.count);
  };
  const units = unitsOf(mesh.mesh);
  await eventually(
    async () => {
      const open = await Promise.all(
        units.map((unit) => count(unit, 'select count(*) from offer_outbox where result_id = any($1::uuid[])')),
      );
      return open.every((waiting) => waiting === 0) ? true : undefined;
    },
    `${ids.length} results settled`,
    SETTLED_LIMIT_MS,
  );

  // The same reference gave the same id, however often it had to be submitted.
  expect(new Set(ids).size).toBe(new Set(accepted.map(({ unit, reference }) => `${unit} ${reference}`)).size);
  expect(new Set(ids).size).toBe(ids.length);
  const settled = 'select count(*) from settlement where result_id = any($1::uuid[]) and version = 1 and settled_at is not null and cardinality(waiting) = 0';
  expect(await count('gateway', settled)).toBe(ids.length);
  for (const unit of units) {
    const rows = await mesh.query<{ result_id: string; version: number; own: boolean; issuer: string }>(
      unit,
      'select result_id, version, own, issuer from result where result_id = any($1::uuid[]) union all select result_id, version, false, null from result_history where result_id = any($1::uuid[])',
      [ids],
    );
    const held = rows.map(({ result_id, version, own, issuer }) => `${result_id} ${version} ${own} ${issuer}`).sort();
    const owed = accepted.map((each) => `${each.resultId} 1 ${each.unit === unit} ${each.unit}`).sort();
    expect({ unit, held }).toEqual({ unit, held: owed });
    expect({ unit, letters: await mesh.query(unit, 'select stream, cause, detail from dead_letter') }).toEqual({ unit, letters: [] });
  }
  expect(await mesh.query('gateway', 'select stream, cause, detail from dead_letter')).toEqual([]);
}
