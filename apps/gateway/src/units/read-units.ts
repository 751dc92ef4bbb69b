import type { Static } from 'typebox';
import { parseUnitId, type UnitId, unitsOf } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import type { VerificationKey } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { findStragglers } from '../settle/find-stragglers.ts';
import type { UnitsSchema } from './units-schema.ts';

type Answer = Static<typeof UnitsSchema>;

/** Of what is open, the oldest: a count that reaches this says "at least", and a look stays cheap in a long outage. */
const MOST_OPEN = 100_000;

/** How every unit is: whether it is there, what waits for it and because of it, and its keys. */
export async function readUnits(gateway: Gateway): Promise<Answer> {
  const { database, mesh, consumers } = gateway;
  const now = gateway.now();
  const issuers = new Set<UnitId>(unitsOf(mesh));
  const [queues, unconfirmed, unsettled, deadLetters] = await Promise.all([
    Promise.all(consumers.map(async (unit) => [unit, await gateway.queuesIn(unit)] as const)),
    findStragglers(database, { olderThanMs: 0 }, now, MOST_OPEN),
    readUnsettled(database),
    countDeadLetters(database),
  ]);
  const waits = new Map(queues);
  const awaited = new Map(unconfirmed.map(({ unit, waiting, oldestSince }) => [unit, { versions: waiting, since: oldestSince }])); // prettier-ignore
  const keys = Map.groupBy(gateway.keyRing(), ([, { owner }]) => owner);
  return {
    at: new Date(now).toISOString(),
    units: consumers.map((unit) => {
      const { province, role: agency } = parseUnitId(unit);
      const held = waits.get(unit);
      return {
        ...{ unit, agency, province, issues: issuers.has(unit) },
        connected: held !== undefined,
        queues: held ?? null,
        unconfirmed: awaited.get(unit) ?? { versions: 0, since: null },
        unsettled: unsettled.get(unit) ?? { versions: 0, since: null },
        deadLetters: deadLetters.get(unit) ?? 0,
        keys: (keys.get(unit) ?? []).map(([keyId, key]) => describeKey(keyId, key, now)),
      };
    }),
    list: gateway.listInForce(now)?.version ?? null,
  };
}

/** Its own versions of which not every entitled unit has confirmed its copy. */
async function readUnsettled(database: DataSource): Promise<Map<string, Answer['units'][number]['unsettled']>> {
  const rows: { issuer: string; versions: number; since: Date }[] = await database.query(
    `select issuer, count(*)::integer as versions, min(disclosed_at) as since
     from (select issuer, disclosed_at from settlement where settled_at is null order by disclosed_at limit ${MOST_OPEN}) s
     group by issuer`,
  );
  return new Map(rows.map(({ issuer, versions, since }) => [issuer, { versions, since: since.toISOString() }]));
}

async function countDeadLetters(database: DataSource): Promise<Map<string, number>> {
  const rows: { unit: string; letters: number }[] = await database.query(
    'select unit, count(*)::integer as letters from dead_letter group by unit',
  );
  return new Map(rows.map(({ unit, letters }) => [unit, letters]));
}

function describeKey(
  keyId: string,
  { notBefore, notAfter, revokedAt }: VerificationKey,
  now: number,
): Answer['units'][number]['keys'][number] {
  const timeOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
  const over = notAfter !== undefined && notAfter <= now;
  return {
    keyId,
    state: revokedAt !== undefined ? 'revoked' : over ? 'rotated-out' : 'valid',
    ...{ notBefore: new Date(notBefore).toISOString(), notAfter: timeOf(notAfter), revokedAt: timeOf(revokedAt) },
  };
}
