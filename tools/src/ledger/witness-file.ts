import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { AuditedHead } from '@clearance/provenance';
import { validateSignedHead } from '@clearance/contracts';
import type { Snapshot } from './read-only.ts';
import type { Witness } from './audit-database.ts';

/** A head in an exported file: one JSON object a line, `{"unit":"ln.customs","head":{…}}`. */
interface ExportedHead {
  unit: string;
  head: { sequence: number };
}

const PAGE = 5_000;

/** Writes the heads that a unit keeps, one a line, in the order of the ledger; gives their number. */
export async function exportHeads(unit: string, database: Snapshot, write: (line: string) => unknown): Promise<number> {
  let count = 0;
  let after = { sequence: '0', hash: '' };
  for (;;) {
    const rows = await database.query<{ sequence: string; hash: string; statement: string }>(
      `select sequence, hash, statement from ledger_witness where (sequence, hash) > ($1, $2)
       order by sequence, hash limit ${PAGE}`,
      [after.sequence, after.hash],
    );
    const last = rows.at(-1);
    if (last === undefined) return count;
    for (const { statement } of rows) await write(`{"unit":${JSON.stringify(unit)},"head":${statement}}\n`);
    count += rows.length;
    after = last;
  }
}

/**
 * Reads an exported file as a witness; several units may be in one file.
 *
 * @throws Error naming the line that is none of an exported file
 */
export async function fileWitness(path: string): Promise<Witness> {
  const heads: AuditedHead[] = [];
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    const exported = readLine(line);
    if (exported === undefined) throw new Error(`${path}:${number}: 不是导出的台账头 not an exported head`);
    const { unit, head } = exported;
    heads.push({ where: `witness ${unit} (${path})`, sequence: head.sequence, statement: JSON.stringify(head) });
  }
  heads.sort((one, other) => one.sequence - other.sequence);
  // The ledger is walked in its order, so a head that is passed is not asked for again.
  let next = 0;
  return {
    where: `witness ${path}`,
    heads: async (after, upTo = Number.MAX_SAFE_INTEGER) => {
      while (next < heads.length && heads[next]!.sequence <= after) next += 1;
      const first = next;
      while (next < heads.length && heads[next]!.sequence <= upTo) next += 1;
      return heads.slice(first, next);
    },
  };
}

function readLine(line: string): ExportedHead | undefined {
  try {
    const { unit, head } = JSON.parse(line) as { unit?: unknown; head?: unknown };
    const checked = validateSignedHead(head);
    return typeof unit === 'string' && checked.ok ? { unit, head: checked.value } : undefined;
  } catch {
    return undefined;
  }
}
