import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { SignedHead } from '@clearance/contracts';
import { meshHome } from '@clearance/platform/command';
import { type ExportProof, type ExportVerification, type KeyRing, verifyExport } from '@clearance/provenance';
import { readConfig } from '../config.ts';
import type { Witness } from '../ledger/audit-database.ts';
import { fileWitness } from '../ledger/witness-file.ts';
import { answer, REFUSED } from './answer.ts';
import { readTrust } from './read-trust.ts';

/** `mesh ledger verify`: proves an export offline, or says which of its lines is not what the ledger had. */
export function addLedgerVerify(ledger: Command): void {
  ledger
    .command('verify <file>')
    .description('离线核验导出的 JSON 行 verify an export (JSON lines) offline')
    .option('--trust <file>', '信任文件，缺省为本网格的 trust.json the trust document; the mesh’s own if not given')
    .option('--witness <file...>', '单位留存的台账头 files that `verify heads` wrote: heads as units keep them')
    .option('--json', '机器可读 machine-readable')
    .action(async (file: string, options: { trust?: string; witness?: string[]; json?: boolean }) => {
      const ring = await readTrust(meshHome(readConfig().MESH_HOME), options.trust);
      const witnesses = await Promise.all((options.witness ?? []).map(fileWitness));
      await access(file);
      const result = await verifyFile(file, ring, witnesses);
      answer(
        options.json,
        { file, ...result, ...(result.ok ? { proof: PROOFS[result.proves!] } : {}) },
        linesOf(file, result),
      );
      if (!result.ok) process.exitCode = REFUSED;
    });
}

/** What an export that holds has proved, for people. */
const PROOFS: Record<ExportProof, { zh: string; en: string }> = {
  range: {
    zh: '所列各行均在已签署的台账中，区间内无缺行',
    en: 'These rows stand in the ledger that was signed, and none is missing between the first and the last.',
  },
  selection: {
    zh: '所列各行均在已签署的台账中，区间内别无其他符合条件的行',
    en: 'These rows stand in the ledger that was signed, and no other row of the range was asked for.',
  },
  places: {
    zh: '所列各行均在已签署的台账中；是否遗漏其他符合条件的行，未证明（导出时加 --complete）',
    en: 'These rows stand in the ledger that was signed. That no other row was asked for is not proved: export with --complete.',
  },
};

const SAY_EVERY_MS = 5_000;

async function verifyFile(file: string, ring: KeyRing, witnesses: readonly Witness[]): Promise<ExportVerification> {
  const reader = verifyExport(ring);
  let compared = 0;
  let lines = 0;
  let said = performance.now();
  for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
    const upTo = reader.line(line);
    lines += 1;
    if (performance.now() - said > SAY_EVERY_MS) {
      said = performance.now();
      process.stderr.write(`    ${lines} 行 lines\n`);
    }
    if (upTo === undefined || upTo <= compared) continue;
    for (const witness of witnesses) {
      for (const { statement, where } of await witness.heads(compared, upTo)) {
        reader.witness(JSON.parse(statement) as SignedHead, where);
      }
    }
    compared = upTo;
  }
  return reader.end();
}

function linesOf(file: string, result: ExportVerification): string[] {
  const { ok, findings, more, proves, range, rows, others, skipped, unsigned, head, witnessed } = result;
  return [
    ...findings.map(
      ({ code, line, sequence, detail, message }) =>
        `${file}:${line} ${code}${sequence === undefined ? '' : ` #${sequence}`}${detail === undefined ? '' : ` (${detail})`} ${message.zh} / ${message.en}`,
    ),
    ...(more > 0 ? [`… 另有 ${more} 处 and ${more} more`] : []),
    ...(range
      ? [
          `区间 range #${range.first}–#${range.last}; ${rows} 行 rows, 其他 others ${others}, 仅哈希 as hashes only ${skipped}`,
        ]
      : []),
    ...(unsigned > 0 ? [`! ${unsigned} 行当时尚未签署，不在其中 rows were not signed yet and are not in it`] : []),
    ...(ok && head ? [`台账头 head #${head.sequence} ${head.at}; 见证 witnessed ${witnessed}`] : []),
    ...(ok && proves ? [`${PROOFS[proves].zh} / ${PROOFS[proves].en}`] : []),
    ok ? '导出成立 the export holds' : '导出不成立 the export does not hold',
  ];
}
