import { type Figure, isMet, type Spread } from './figure.ts';
import type { BenchReport } from './run-bench.ts';

/** The report for a person to read: a line for each figure, and below it what it was made of. */
export function benchReportText({ machine, quick, seconds, figures }: BenchReport): string {
  return [
    '',
    `基准测试 Benchmarks: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, ${seconds} s`,
    ...(quick ? ['快速模式：只看能否运行，不作引用 quick: to see that it runs, not for quoting'] : []),
    '',
    ...figures.flatMap(figureLines),
    '',
  ].join('\n');
}

function figureLines(figure: Figure): string[] {
  const { title, unit, ours, against, target, details } = figure;
  const met = isMet(figure);
  const mark = met === undefined ? ' ' : met ? '✓' : '✗';
  const wanted =
    target === undefined
      ? ''
      : ` (${target.sense === 'at-least' ? '≥' : '≤'} ${shown(target.needed)}, 目标 aim ${shown(target.aim)})`;
  const measured = `${spreadText(ours)} ${unit}`;
  const comparison =
    against === undefined
      ? wanted
      : `; ${against.name} ${spreadText(against.theirs)} ${unit}; ${spreadText(against.ratio)} ×${wanted}`;
  return [
    `${mark} ${title.zh} ${title.en}: ${measured}${comparison}`,
    ...(details === undefined
      ? []
      : [
          `    ${Object.entries(details)
            .map(([name, value]) => `${name} ${value}`)
            .join(' · ')}`,
        ]),
  ];
}

/** The median, and in brackets the least and the most. */
function spreadText({ median, min, max, rounds }: Spread): string {
  return rounds === 1 ? shown(median) : `${shown(median)} [${shown(min)}–${shown(max)}]`;
}

/** Three digits that mean something. */
function shown(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
