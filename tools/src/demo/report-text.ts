import type { DemoReport } from './run-demo.ts';
import type { StoryReport } from './story.ts';
import type { Figures } from './tally.ts';

/** The report for a person to read. */
export function reportText({ ok, stories, figures }: DemoReport): string {
  const failed = stories.filter((story) => !story.ok).length;
  return [
    '',
    '演示报告 Demo report',
    '',
    ...stories.flatMap(storyLines),
    '数字 Figures',
    ...figureLines(figures),
    '',
    ok
      ? `✓ ${stories.length} 个情节全部符合预期 all ${stories.length} stories went as expected`
      : `✗ ${stories.length} 个情节中有 ${failed} 个不符合预期 ${failed} of ${stories.length} stories did not go as expected`,
    '',
  ].join('\n');
}

function storyLines({ ok, clock, title, expected, observed }: StoryReport): string[] {
  return [
    `${ok ? '✓' : '✗'} ${clock} ${title}`,
    `    预期 expected  ${expected}`,
    `    实际 observed  ${observed}`,
    '',
  ];
}

function figureLines(figures: Figures): string[] {
  const { recognitions, latencyMs } = figures;
  const lines: [zh: string, en: string, value: string | number][] = [
    ['监管结果', 'results', figures.results],
    ['版本', 'versions', figures.versions],
    ['共享副本', 'copies', figures.copies],
    ['办结', 'settled', figures.settled],
    ['扣留字段（按条目）', 'fields withheld, by entry', counts(figures.withheldByEntry)],
    [
      '互认决定',
      'recognitions',
      `${recognitions.total}: ${counts(recognitions.byOutcome)}, reopened ${recognitions.reopened}`,
    ],
    ['须查验的理由', 'reasons', counts(recognitions.byReason)],
    ['免于重复查验', 'inspections avoided', figures.inspectionsAvoided],
    ['早间成批', 'morning batches', `${figures.backlog.results} results settled in ${figures.backlog.seconds} s`],
    ['提交至副本到达', 'submit → copy', `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms (${latencyMs.count})`],
    ...(figures.killed > 0 ? [['终止的服务', 'services killed', figures.killed] as [string, string, number]] : []),
    ['用时', 'seconds', figures.seconds],
  ];
  return lines.map(([zh, en, value]) => `  ${zh} ${en}: ${value}`);
}

function counts(of: Readonly<Record<string, number>>): string {
  const entries = Object.entries(of);
  return entries.length === 0 ? '–' : entries.map(([name, count]) => `${name} ${count}`).join(', ');
}
