import { type EntityManager, NotReadyError, runPrepared } from '@clearance/platform';
import type { GrantsInForce } from '../access/grants.ts';
import type { ListInForce } from '../lists/list-in-force.ts';

/** What a decision is made by, and for which instant, ms since the epoch. */
export interface DecidedBy {
  list: Pick<ListInForce, 'version' | 'turns'>;
  grants: Pick<GrantsInForce, 'through' | 'turns'>;
  at: number;
}

/** Something else is in force than what was decided by. Transient: to be decided anew, once lists and grants are read. */
export class DecisionOutdated extends NotReadyError {
  constructor(
    what: string,
    /** The database's time, ms since the epoch. */
    readonly now: number,
  ) {
    super(`decided by what is not in force: ${what}`);
  }
}

/** By the database's clock, which is one and the same for all gateways, and by what the ledger has. */
const IN_FORCE = `
  select clock_timestamp() as now, (select max(sequence) from ledger where result_id is null) as through,
    (select list->>'version'
     from (select entry::json as list from ledger where result_id is null and strpos(entry, '"type":"list"') > 0) lists
     where (list->>'effectiveFrom')::timestamptz <= clock_timestamp()
     order by (list->>'effectiveFrom')::timestamptz desc limit 1) as version`;

/**
 * Makes sure that a decision is written by the list and the grants in force, whatever this gateway has read and whatever its
 * clock says. To be asked while the end of the ledger is held: what another gateway put there before is then seen, and what
 * comes after this decision stands after it in the ledger.
 *
 * @throws DecisionOutdated
 */
export async function confirmDecision(transaction: EntityManager, { list, grants, at }: DecidedBy): Promise<void> {
  const [row] = await runPrepared<{ now: Date; through: string | null; version: string | null }>(
    transaction,
    IN_FORCE,
    [],
  );
  const now = row!.now.getTime();
  if (row!.version !== list.version) throw new DecisionOutdated(`list ${list.version}, not ${row!.version}`, now);
  if (Number(row!.through) !== grants.through) {
    throw new DecisionOutdated(`the ledger's acts up to ${grants.through}, not ${row!.through}`, now);
  }
  const turned = (turn: number): boolean => turn > Math.min(at, now) && turn <= Math.max(at, now);
  if (list.turns.some(turned) || grants.turns.some(turned)) {
    throw new DecisionOutdated(`what held at ${new Date(at).toISOString()}`, now);
  }
}
