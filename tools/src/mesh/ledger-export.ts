import { type Command, Option } from 'commander';
import type { ExportEnd } from '@clearance/contracts';
import { answer } from './answer.ts';
import { asAuditor } from './auditor.ts';
import { type Conditions, GATEWAY, GRANT, JSON_OPTION, refuse, withConditions } from './ledger-options.ts';
import { saveAnswer } from './save-answer.ts';

interface ExportOptions extends Conditions {
  out: string;
  format: 'csv' | 'jsonl';
  complete?: boolean;
  bom?: boolean;
  gateway?: string;
  json?: boolean;
}

/** `mesh ledger export`: an answer whole, in a file. */
export function addLedgerExport(ledger: Command): void {
  const command = ledger
    .command('export <question>')
    .description('导出 shown、withheld 或 rows 的全部 write out all of shown, withheld or rows')
    .requiredOption('--out <file>', '写入的文件 the file to write')
    .addOption(
      new Option('--format <format>', 'jsonl 附链证明 has its chain proof').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option(
      '--complete',
      'jsonl：附区间内全部行，可证无遗漏 with every row of the range, which proves that none is left out',
    )
    .option('--bom', 'csv：带 BOM，供电子表格 with a byte order mark, for spreadsheets')
    .option('--consumer <unit>', '得到结果的单位 the unit that was given it')
    .option(...GRANT)
    .option('--entry <id>', '负面清单条目 entry of the negative list')
    .option('--first <n>', '起始行 first row')
    .option('--last <n>', '末行 last row');
  withConditions(command)
    .option(...GATEWAY)
    .option(...JSON_OPTION)
    .action(async (question: string, options: ExportOptions) => {
      const { out, format, complete, bom, gateway, json, ...conditions } = options;
      const ask = await asAuditor(gateway);
      const reply = await ask('/api/v1/ledger/export', {
        ...{ question, format, ...conditions },
        complete: complete ? 'true' : undefined,
        bom: bom ? 'true' : undefined,
      });
      if (!reply.ok) return refuse(json, reply);
      const { bytes, lines, end } = await saveAnswer(reply.response, out);
      // A header line is none of the rows. Without proof in it, a file does not say how many rows were asked for.
      const told = format === 'csv' ? { lines: lines - 1 } : endOf(end, out);
      answer(json, { ok: true, file: out, bytes, ...told }, [
        ...('unsigned' in told && told.unsigned > 0
          ? [
              `! ${told.unsigned} 行尚未签署，未导出 rows are not signed yet and were left out; try again in some seconds`,
            ]
          : []),
        `${out}: ${bytes} 字节 bytes, ${'rows' in told ? told.rows : told.lines} 行 rows`,
        ...('head' in told ? [`台账头 head #${told.head.sequence} ${told.head.at}`] : []),
      ]);
    });
}

function endOf(line: string, file: string): Pick<ExportEnd, 'rows' | 'unsigned' | 'head'> {
  const { type, rows, unsigned, head } = JSON.parse(line) as ExportEnd;
  if (type !== 'head') throw new Error(`${file}: 导出不完整 the export is cut off`);
  return { rows, unsigned, head };
}
