import type { LedgerRecord, LedgerSelection } from '@clearance/contracts';

/** Whether a row of the ledger is among those that are asked for. A row about a list or a grant withholds and shows nothing. */
export function selects(
  { first, last, from, to, listVersion, consumer, entry, grant, issuer, kind }: LedgerSelection,
  sequence: number,
  record: LedgerRecord,
): boolean {
  const isDisclosure = record.type === 'disclosure';
  // Instants of the ledger have one form, in which they sort as texts.
  const at = isDisclosure ? record.decidedAt : record.receivedAt;
  const version = isDisclosure ? record.listVersion : record.type === 'list' ? record.version : undefined;
  const inPlace = sequence >= (first ?? sequence) && sequence <= (last ?? sequence);
  const inTime = (from === undefined || at >= from) && (to === undefined || at < to);
  if (!inPlace || !inTime || (listVersion !== undefined && version !== listVersion)) return false;
  if (!isDisclosure) return ![consumer, entry, grant, issuer, kind].some((condition) => condition !== undefined);
  return (
    record.issuer === (issuer ?? record.issuer) &&
    record.kind === (kind ?? record.kind) &&
    (consumer === undefined || record.consumers.includes(consumer)) &&
    (entry === undefined || record.withheld.some((item) => item.entry === entry)) &&
    (grant === undefined || record.grants?.includes(grant) === true)
  );
}

/** Whether a selection is of all rows of a range, whatever they record. */
export function isRange({ first: _first, last: _last, ...conditions }: LedgerSelection): boolean {
  return Object.values(conditions).every((condition) => condition === undefined);
}
