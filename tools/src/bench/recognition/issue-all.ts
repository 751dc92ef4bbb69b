import type { UnitId } from '@clearance/contracts';
import { type Backend, submitBatch } from '../../traffic/backend.ts';
import { connectBackends } from '../../traffic/simulate-backends.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { until } from '../exchange/until.ts';
import { valueOf } from './ask.ts';
import { ASKED, type ExaminedConsignment } from './consignments.ts';

/** Backends that wait for a minute: a batch of a hundred may take long on a machine that has other work. */
export async function connectPatiently({ mesh }: MeshExchange): Promise<Map<UnitId, Backend>> {
  const backends = await connectBackends(mesh);
  return new Map([...backends].map(([unit, backend]) => [unit, { ...backend, timeout: 60_000 }]));
}

/** Submits all results where they belong, and waits until the asking unit has them and nothing is under way. */
export async function issueAll(
  backends: ReadonlyMap<UnitId, Backend>,
  { query }: MeshExchange,
  examined: readonly ExaminedConsignment[],
): Promise<number> {
  const all = examined.flatMap(({ results }) => results);
  const issuers = [...new Set(all.map(({ unit }) => unit))];
  await Promise.all(
    issuers.map(async (unit) => {
      const contents = all.filter((each) => each.unit === unit).map(({ content }) => content);
      for (let first = 0; first < contents.length; first += 100) {
        const outcomes = valueOf(await submitBatch(backends.get(unit)!, contents.slice(first, first + 100)));
        outcomes.forEach(valueOf);
      }
    }),
  );
  await until(`${ASKED} has received all`, 50, async () => {
    const [row] = await query<{ count: string }>(ASKED, 'select count(*) from result');
    return Number(row!.count) === all.length;
  });
  for (const unit of issuers) {
    await until(`all of ${unit} is settled`, 50, async () => {
      return (await query(unit, 'select 1 from offer_outbox limit 1')).length === 0;
    });
  }
  return all.length;
}
