import { randomBytes } from 'node:crypto';
import type { ResultContent, ResultStatus } from '@clearance/contracts';
import { continueTrace, type EntityManager, placeholders } from '@clearance/platform';
import { issueTokens, type KeyRing, refuseKey, type SigningKey, stillStands } from '@clearance/provenance';
import { OFFER_GRACE_MS } from '../offer/keep-offers.ts';
import { type PendingOffer, pendingOffer, traceOfOffer } from '../offer/pending-offer.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';

/** What signing anew needs of a unit. */
export type SigningUnit = Pick<Unit, 'id' | 'database' | 'signingKey' | 'keyRing' | 'offers' | 'now' | 'log'>;

interface FallenVersion {
  result_id: string;
  version: number;
  status: ResultStatus;
  issued_at: Date;
  content: string;
  /** The offer that is in the outbox; null when the version was settled. */
  item: string | null;
  /** Of its issuing; null when the offer says it. */
  traceparent: string | null;
}

const BATCH = 256;

/**
 * Signs own versions anew that nobody will take from this unit any more, or trust: versions not settled yet whose key has
 * been revoked or has ended before they were issued, and the present versions of results that a revoked key signed after
 * the time from which it is not trusted. Same result, same version, same content; they are offered again. What stands in
 * the unit's own database its backend has submitted, whoever else had the key.
 *
 * A version keeps its time of issue where the present key may have signed then. Run again, there is nothing left to do.
 *
 * @returns how many versions were signed anew; none while the present key is itself one that nobody would accept.
 */
export async function signAnew(unit: SigningUnit): Promise<number> {
  const ring = unit.keyRing();
  if (!stillStands(ring, { keyId: unit.signingKey().kid, owner: unit.id, at: unit.now() })) {
    unit.log.warn(
      { unit: unit.id, key: unit.signingKey().kid },
      'the signing key is not accepted; waiting for another',
    );
    return 0;
  }
  const fallen = fallenOf(unit.id, ring);
  let signed = 0;
  for (let batch = BATCH; batch === BATCH; signed += batch) {
    const offers = await inTransaction(unit.database, (transaction) => signBatch(unit, transaction, ring, fallen));
    unit.offers.push(offers);
    batch = offers.length;
  }
  if (signed > 0)
    unit.log.warn({ unit: unit.id, versions: signed }, 'versions of a key that has fallen are signed anew');
  return signed;
}

/** The versions whose signatures have fallen, as a query's text and its parameters. */
interface Fallen {
  /** Gives the columns of {@link FallenVersion}; `more` is appended to its condition. */
  sql: (more: string) => string;
  parameters: unknown[];
}

function fallenOf(owner: string, ring: KeyRing): Fallen {
  const parameters: unknown[] = [];
  const at = (value: unknown): string => `$${parameters.push(value)}`;
  const own = [...ring.values()].filter((key) => key.owner === owner);
  const revoked = own.flatMap(({ kid, revokedAt }) =>
    revokedAt === undefined ? [] : [{ kid: at(kid), from: at(new Date(revokedAt)) }],
  );
  const ended = own.flatMap(({ kid, notAfter, revokedAt }) =>
    notAfter === undefined || revokedAt !== undefined ? [] : [{ kid: at(kid), from: at(new Date(notAfter)) }],
  );
  const after = ({ kid, from }: { kid: string; from: string }): string =>
    `v.key_id = ${kid} and v.issued_at >= ${from}::timestamptz`;
  const offered = [
    ...revoked.map(({ kid }) => `v.key_id = ${kid}`),
    ...ended.map(after),
    // A key that the trust document has lost altogether.
    `v.key_id <> all(${at(own.map(({ kid }) => kid))})`,
  ];
  const columns = 'v.result_id, v.version, v.status, v.issued_at, v.content';
  const sql = (more: string): string => {
    const parts = ['result', 'result_history'].map(
      (
        table,
      ) => `select ${columns}, o.item, null as traceparent from offer_outbox o join ${table} v using (result_id, version)
        where (${offered.map((way) => `(${way})`).join(' or ')}) ${more}`,
    );
    if (revoked.length > 0) {
      parts.push(`select ${columns}, null as item, v.traceparent from result v
        where v.own and (${revoked.map((key) => `(${after(key)})`).join(' or ')}) ${more} and not exists
          (select from offer_outbox o where o.result_id = v.result_id and o.version = v.version)`);
    }
    return parts.join(' union all ');
  };
  return { sql, parameters };
}

async function signBatch(
  unit: SigningUnit,
  transaction: EntityManager,
  ring: KeyRing,
  fallen: Fallen,
): Promise<PendingOffer[]> {
  const key = unit.signingKey();
  const versions = await lockFallen(transaction, fallen);
  if (versions.length === 0) return [];
  const issuedAt = versions.map(({ issued_at }) =>
    refuseKey(ring.get(key.kid)!, unit.id, issued_at.getTime()) === undefined ? issued_at : new Date(unit.now()),
  );
  const tokens = signAll(unit, key, versions, issuedAt);
  const offers = versions.map((version, index): PendingOffer => {
    const traceparent =
      version.traceparent ?? (version.item === null ? undefined : traceOfOffer({ item: version.item }));
    const offered = { resultId: version.result_id, version: version.version };
    return pendingOffer(offered, tokens[index]!, continueTrace(traceparent));
  });
  await keep(transaction, key, unit.now(), offers, tokens, issuedAt);
  return offers;
}

/** The results are locked first, and looked at again then: they may have been changed or settled meanwhile. */
async function lockFallen(transaction: EntityManager, { sql, parameters }: Fallen): Promise<FallenVersion[]> {
  const found: { result_id: string }[] = await transaction.query(
    `select distinct result_id from (${sql('')}) found limit ${BATCH}`,
    parameters,
  );
  const ids = found.map(({ result_id }) => result_id);
  if (ids.length === 0) return [];
  await transaction.query('select from result where result_id = any($1::uuid[]) order by result_id for update', [ids]);
  const among = `and v.result_id = any($${parameters.length + 1}::uuid[])`;
  return transaction.query(`${sql(among)} order by result_id, version limit ${BATCH}`, [...parameters, ids]);
}

function signAll(
  unit: SigningUnit,
  key: SigningKey,
  versions: readonly FallenVersion[],
  issuedAt: readonly Date[],
): string[] {
  const unsigned = versions.map(({ result_id, version, status, content }, index) => ({
    claims: { issuer: unit.id, resultId: result_id, version, status, issuedAt: issuedAt[index]!.toISOString() },
    content: JSON.parse(content) as ResultContent,
  }));
  return issueTokens(unsigned, key, (bytes) => randomBytes(bytes));
}

async function keep(
  transaction: EntityManager,
  key: SigningKey,
  now: number,
  offers: readonly PendingOffer[],
  tokens: readonly string[],
  issuedAt: readonly Date[],
): Promise<void> {
  const rows = placeholders(offers.length, 4, ['uuid', 'integer', 'text', 'timestamptz']);
  const values = offers.flatMap(({ resultId, version }, index) => [resultId, version, tokens[index], issuedAt[index]]);
  const signature = `token = v.token, issued_at = v.issued_at, key_id = $${values.length + 1}
    from (values ${rows}) as v (result_id, version, token, issued_at) where`;
  const parameters = [...values, key.kid];
  await transaction.query(
    `update result r set ${signature} r.result_id = v.result_id and r.version = v.version`,
    parameters,
  );
  await transaction.query(
    `update result_history r set ${signature} r.result_id = v.result_id and r.version = v.version`,
    parameters,
  );
  const due = new Date(now + OFFER_GRACE_MS);
  const again = placeholders(offers.length, 4, ['uuid', 'integer', 'text', 'timestamptz']);
  await transaction.query(
    `insert into offer_outbox (result_id, version, item, next_offer_at) values ${again}
     on conflict (result_id, version)
       do update set item = excluded.item, attempts = 0, next_offer_at = excluded.next_offer_at`,
    offers.flatMap(({ resultId, version, item }) => [resultId, version, item, due]),
  );
}
