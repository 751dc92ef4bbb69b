import { type EntityManager, NotReadyError, runPrepared } from '@clearance/platform';
import type { ListInForce } from '../lists/list-in-force.ts';

/** Another list is in force than the one that was decided by. Transient: to be decided anew, once that list is read. */
export class ListOutdated extends NotReadyError {
  constructor(
    readonly decidedBy: string,
    readonly inForce: string | undefined,
  ) {
    super(`decided by list ${decidedBy} while ${inForce ?? 'none'} is in force`);
  }
}

/** By the database's clock, which is one and the same for all gateways, and by what the ledger has. */
const IN_FORCE = `
  select list->>'version' as version
  from (select entry::json as list from ledger where result_id is null and strpos(entry, '"type":"list"') > 0) lists
  where list->>'type' = 'list' and (list->>'effectiveFrom')::timestamptz <= clock_timestamp()
  order by (list->>'effectiveFrom')::timestamptz desc limit 1`;

/**
 * Makes sure that a decision is written by the list in force, whatever this gateway has read and whatever its clock says.
 * To be asked while the end of the ledger is held: a list that another gateway put into the schedule before is then seen,
 * and one that comes after this decision stands after it in the ledger.
 *
 * @throws ListOutdated
 */
export async function confirmList(transaction: EntityManager, list: Pick<ListInForce, 'version'>): Promise<void> {
  const [row] = await runPrepared<{ version: string }>(transaction, IN_FORCE, []);
  if (row?.version !== list.version) throw new ListOutdated(list.version, row?.version);
}
