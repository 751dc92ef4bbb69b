import type { DisclosureRecord, UnitId, Withheld } from '@clearance/contracts';
import type { DataSource } from '@clearance/platform';
import type { Disclosure, DisclosuresOfResult } from './disclosures-schema.ts';

/** Reads from the ledger who was shown a result; undefined when no unit ever was. */
export async function findDisclosures(
  database: DataSource,
  resultId: string,
): Promise<DisclosuresOfResult | undefined> {
  const rows: { sequence: string; hash: string; entry: string }[] = await database.query(
    'select sequence, hash, entry from ledger where result_id = $1 order by sequence',
    [resultId],
  );
  if (rows.length === 0) return undefined;
  const settlements: { version: number; receipts: string; held: string }[] = await database.query(
    'select version, receipts, held from settlement where result_id = $1',
    [resultId],
  );
  const receipts = new Map(
    settlements.map((row) => [
      row.version,
      {
        at: JSON.parse(row.receipts) as Record<string, string>,
        held: JSON.parse(row.held) as Record<string, string>,
      },
    ]),
  );
  const entries = rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) as DisclosureRecord }));
  const { issuer, kind } = entries[0]!.entry;
  const disclosures = entries.flatMap(({ sequence, hash, entry }) =>
    entry.consumers.map((consumer): Disclosure => {
      const { version, listVersion, decidedAt, grants, tokenDigest } = entry;
      const { at, held } = receipts.get(version) ?? { at: {}, held: {} };
      const receiptAt = (held[consumer] ?? tokenDigest) === tokenDigest ? (at[consumer] ?? null) : null;
      const withheld = entry.withheld as Withheld[];
      const ledger = { sequence: Number(sequence), hash };
      return {
        version,
        consumer: consumer as UnitId,
        listVersion,
        decidedAt,
        receiptAt,
        withheld,
        ...(grants === undefined ? {} : { grants }),
        tokenDigest,
        ledger,
      };
    }),
  );
  return { resultId, issuer: issuer as UnitId, kind, disclosures };
}
