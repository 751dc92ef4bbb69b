import { readFile } from 'node:fs/promises';
import { unitsOf } from '@clearance/contracts';
import { keyRing } from '@clearance/provenance';
import { auditDatabase, unitWitness, type Witness } from '../ledger/audit-database.ts';
import { openSnapshot, type Snapshot } from '../ledger/read-only.ts';
import type { BreakableMesh } from './breakable-mesh.ts';

/** What the ledger says of itself once all is quiet. */
export interface LedgerAudit {
  rows: number;
  /** Signed heads looked at: the gateway's and every unit's. */
  heads: number;
  /** `code place` of everything that is not as it should be. */
  findings: string[];
}

export const NO_AUDIT: LedgerAudit = { rows: 0, heads: 0, findings: [] };

/** The sum of two audits. */
export function addAudits(a: LedgerAudit, b: LedgerAudit): LedgerAudit {
  return { rows: a.rows + b.rows, heads: a.heads + b.heads, findings: [...a.findings, ...b.findings] };
}

/** Walks the gateway's ledger and holds it against its signed heads and those that every unit keeps. */
export async function auditLedger(mesh: BreakableMesh): Promise<LedgerAudit> {
  const { home } = mesh;
  const ring = keyRing(JSON.parse(await readFile(home.trustFile, 'utf8')));
  const opened: Snapshot[] = [];
  const open = async (owner: Parameters<typeof home.databaseUrlFile>[0]): Promise<Snapshot> => {
    const snapshot = await openSnapshot((await readFile(home.databaseUrlFile(owner), 'utf8')).trim());
    opened.push(snapshot);
    return snapshot;
  };
  try {
    const witnesses: Witness[] = [];
    for (const unit of unitsOf(mesh.mesh)) witnesses.push(unitWitness(unit, await open(unit)));
    const { rows, heads, findings } = await auditDatabase(await open('gateway'), witnesses, ring, () => undefined);
    return {
      rows,
      heads: Object.values(heads).reduce((sum, count) => sum + count, 0),
      findings: findings.map(({ code, where, sequence }) => `${code} ${where} ${sequence ?? ''}`.trim()),
    };
  } finally {
    await Promise.all(opened.map((snapshot) => snapshot.close().catch(() => undefined)));
  }
}
