import type { DisclosureRecord, LedgerSelection, UnitId } from '@clearance/contracts';
import type { FoundRow } from './find-rows.ts';
import type { ShownRow, WithheldRow } from './questions-schema.ts';

/** What a row says to the question what a unit was shown. */
export function shownRow({ sequence, hash, entry }: FoundRow): ShownRow {
  const { resultId, version, status, issuer, kind, listVersion, decidedAt, withheld, grants, tokenDigest } =
    entry as DisclosureRecord;
  const ledger = { sequence, hash };
  return {
    ...{ resultId, version, status, kind, listVersion, decidedAt, withheld, tokenDigest, ledger },
    ...(grants === undefined ? {} : { grants }),
    issuer: issuer as UnitId,
  };
}

/** What a row says to the question what was withheld under an entry: of what it names, only that. */
export function withheldRow(row: FoundRow, { entry, consumer }: LedgerSelection): WithheldRow {
  const consumers = (row.entry as DisclosureRecord).consumers as UnitId[];
  const shown = shownRow(row);
  return {
    ...shown,
    consumers: consumers.filter((unit) => unit === (consumer ?? unit)),
    withheld: shown.withheld.filter((item) => item.entry === entry),
  };
}
