import type { DisclosureRecord, LedgerSelection, Withheld } from '@clearance/contracts';
import type { FoundRow } from './find-rows.ts';

/** That a unit was given one view of one version of a result. */
export interface ShownRow {
  resultId: string;
  version: number;
  status: string;
  issuer: string;
  kind: string;
  listVersion: string;
  decidedAt: string;
  /** What the view did not show; a path of '' is the whole result. */
  withheld: Withheld[];
  tokenDigest: string;
  ledger: { sequence: number; hash: string };
}

/** That something of a version of a result was withheld under the entry that is asked about. */
export interface WithheldRow extends ShownRow {
  /** Everyone who was given this view; or the unit that is asked about. */
  consumers: string[];
}

/** What a row says to the question what a unit was shown. */
export function shownRow({ sequence, hash, entry }: FoundRow): ShownRow {
  const { resultId, version, status, issuer, kind, listVersion, decidedAt, withheld, tokenDigest } =
    entry as DisclosureRecord;
  const ledger = { sequence, hash };
  return { resultId, version, status, issuer, kind, listVersion, decidedAt, withheld, tokenDigest, ledger };
}

/** What a row says to the question what was withheld under an entry: of what it names, only that. */
export function withheldRow(row: FoundRow, { entry, consumer }: LedgerSelection): WithheldRow {
  const { consumers } = row.entry as DisclosureRecord;
  const shown = shownRow(row);
  return {
    ...shown,
    consumers: consumers.filter((unit) => unit === (consumer ?? unit)),
    withheld: shown.withheld.filter((item) => item.entry === entry),
  };
}
