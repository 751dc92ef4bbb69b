import { faultKindsOf } from './fault-kinds.ts';
import type { FaultReport } from './run-faults.ts';

/** The report for a person to read. */
export function faultReportText(report: FaultReport): string {
  const { ok, seed, faults, account, stages } = report;
  const titles = new Map(faultKindsOf(3).map(({ kind, title }) => [kind, title]));
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`.padStart(8);
  const count = faults.reduce((sum, each) => sum + each.count, 0);
  return [
    '',
    `故障测试报告 Fault report (seed ${seed})`,
    '',
    `经受的故障 faults survived: ${count}, ${faults.length} 种 kinds · 恢复时间 recovery: p50 / max`,
    ...faults.map(({ kind, count: times, recoveryMs: { p50, max } }) => {
      const title = titles.get(kind);
      return `  ${String(times).padStart(3)} × ${kind.padEnd(28)} ${seconds(p50)} ${seconds(max)}  ${title?.zh ?? ''} ${title?.en ?? ''}`;
    }),
    '',
    '逐一核对：已受理的版本 × 应得单位 Account: accepted versions × entitled units',
    `  已受理 accepted ${account.accepted} (${account.results} 个结果 results), 应送达 entitled ${account.entitled}`,
    `  已送达一次 delivered once ${account.delivered}, 其中迟到 of them late ${account.late}`,
    `  缺失 missing ${account.missing}, 重复 doubled ${account.doubled}, 泄露 leaked ${account.leaked}, 与决定不符 altered ${account.altered}`,
    `  未办结 unsettled ${report.unsettled}, 未恢复 not recovered ${report.notRecovered.join(', ') || 0}`,
    `  台账 ledger: ${report.ledger.rows} 行 rows, ${report.ledger.heads} 个签名台账头 signed heads, 问题 findings ${report.ledger.findings.length}`,
    ...report.notInflicted.map((reason) => `  – 未能施加 not inflicted: ${reason}`),
    ...report.ledger.findings.slice(0, 20).map((finding) => `  ✗ ${finding}`),
    ...report.discrepancies.map(({ code, unit, resultId, version }) => `  ✗ ${code} ${unit} ${resultId} v${version}`),
    ...Object.entries(report.deadLetters).map(([name, letters]) => `  死信 dead letters: ${name} ${letters}`),
    '',
    ...stages.map(
      ({ brokers, seconds: lasted, faults: struck, accepted }) =>
        `  ${brokers} NATS: ${struck} 个故障 faults, ${accepted} 个版本 versions, ${lasted} s`,
    ),
    ok ? '✓ 无缺失、无重复、无泄露 nothing missing, doubled or leaked' : '✗ 未通过 not passed',
    '',
  ].join('\n');
}
