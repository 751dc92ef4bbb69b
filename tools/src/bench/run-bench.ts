import { arch, cpus, totalmem } from 'node:os';
import { benchConsole } from './console/bench-console.ts';
import { benchDecision } from './decision/bench-decision.ts';
import { benchExchange } from './exchange/bench-exchange.ts';
import type { BenchContext, Figure } from './figure.ts';
import { benchGrowth } from './growth/bench-growth.ts';
import { benchLists } from './lists/bench-lists.ts';
import { benchProvenance } from './provenance/bench-provenance.ts';
import { benchRecognition } from './recognition/bench-recognition.ts';
import { benchTracing } from './tracing/bench-tracing.ts';

/** The benchmarks, in the order in which they are run. */
export const BENCHMARKS: Readonly<Record<string, (context: BenchContext) => Promise<Figure[]>>> = {
  exchange: benchExchange,
  decision: (context) => benchDecision(context),
  provenance: (context) => benchProvenance(context),
  recognition: (context) => benchRecognition(context),
  growth: (context) => benchGrowth(context),
  lists: benchLists,
  tracing: benchTracing,
  console: benchConsole,
};

/** What a run of benchmarks found, and where. */
export interface BenchReport {
  readonly at: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly quick: boolean;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

/** Runs benchmarks one after another: never two at once, since each is to have the machine. */
export async function runBench(names: readonly string[], context: BenchContext): Promise<BenchReport> {
  const since = performance.now();
  const figures: Figure[] = [];
  for (const name of names) {
    context.say(`${name} …`);
    figures.push(...(await BENCHMARKS[name]!(context)));
  }
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    machine: {
      cpu: `${cpu?.model ?? 'unknown'} (${arch()})`,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      node: process.version,
    },
    quick: context.quick,
    seconds: Math.round((performance.now() - since) / 1_000),
    figures,
  };
}
