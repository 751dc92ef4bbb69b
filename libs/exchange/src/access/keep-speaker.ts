import type { SignedStatement } from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';

/**
 * Keeps who of this unit's people said what was signed in its name: issuer and `sub` of their token. It stays in the unit's
 * own database, and is not part of what it says to others.
 */
export async function keepSpeaker(
  transaction: EntityManager,
  { statement }: SignedStatement,
  person: string | undefined,
): Promise<void> {
  if (person === undefined) return;
  await transaction.query(
    `insert into access_speaker (request_id, type, person) values ($1, $2, $3)
     on conflict (request_id, type) do update set person = excluded.person, said_at = excluded.said_at`,
    [statement.requestId, statement.type, person],
  );
}
