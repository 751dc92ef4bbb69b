import { alternate } from '../alternate.ts';
import type { Passage } from '../exchange/exchange.ts';
import { cpuPerResult } from '../exchange/exchange.ts';
import { startBenchServers } from '../exchange/servers.ts';
import { type MeshExchange, startMesh } from '../exchange/start-mesh.ts';
import { memoryOf } from '../growth/process-memory.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { startSink } from './start-sink.ts';

/** Results in one passage. */
const RESULTS = 2_000;
const QUICK_RESULTS = 60;

/** How each mesh is traced, by the variables that its services are given. */
const MANNERS = {
  untraced: undefined,
  sampled: { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' },
  traced: {},
} as const;
type Manner = keyof typeof MANNERS;

/**
 * What tracing costs: the whole exchange by three meshes in turn, one whose traces nobody wants, one of which every hundredth
 * is recorded, and one of which all are, sent to somebody who reads and forgets them.
 */
export async function benchTracing(context: BenchContext): Promise<Figure[]> {
  const results = context.quick ? QUICK_RESULTS : RESULTS;
  const servers = await startBenchServers();
  const sink = await startSink();
  const meshes: Partial<Record<Manner, MeshExchange>> = {};
  try {
    for (const [name, how] of Object.entries(MANNERS)) {
      context.signal.throwIfAborted();
      const environment = how === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, ...how };
      meshes[name as Manner] = await startMesh(servers, undefined, environment);
    }
    const passages: Record<Manner, Passage[]> = { untraced: [], sampled: [], traced: [] };
    const measure = (name: Manner) => async (): Promise<number> => {
      const passage = await meshes[name]!.pass(results);
      passages[name].push(passage);
      const rate = passage.results / passage.seconds;
      context.say(`  ${name}: ${rate.toFixed(0)} results/s, ${cpuPerResult(passage).toFixed(2)} ms CPU per result`);
      return rate;
    };
    const found = await alternate(
      { untraced: measure('untraced'), sampled: measure('sampled'), traced: measure('traced') },
      context.rounds,
      context.signal,
    );
    const cost = (name: Manner) => spreadOf(passages[name].slice(1).map(cpuPerResult));
    const memory = await memories(meshes as Record<Manner, MeshExchange>);
    const figureOf = (name: 'sampled' | 'traced', title: Figure['title'], target: Figure['target']): Figure => ({
      id: `tracing.${name}`,
      title,
      unit: 'results/s',
      ours: found.spreads[name],
      against: { name: 'untraced', theirs: found.spreads.untraced, ratio: found.ratio(name, 'untraced') },
      target,
      details: {
        'ms CPU per result': rounded(cost(name).median),
        'ms CPU per result, untraced': rounded(cost('untraced').median),
        'gateway MiB': memory[name],
        'gateway MiB, untraced': memory.untraced,
      },
    });
    return [
      figureOf(
        'sampled',
        { zh: '全程交换，百分之一记录追踪', en: 'exchange, every hundredth trace recorded' },
        { sense: 'at-least', needed: 0.9, aim: 0.97 },
      ),
      figureOf(
        'traced',
        { zh: '全程交换，全部记录追踪', en: 'exchange, every trace recorded' },
        { sense: 'at-least', needed: 0.5, aim: 0.7 },
      ),
    ];
  } finally {
    for (const mesh of Object.values(meshes)) await mesh.stop();
    await sink.stop();
    await servers.stop();
  }
}

/** What the gateways occupy after the load, MiB. */
async function memories(meshes: Record<Manner, MeshExchange>): Promise<Record<Manner, number>> {
  const read = Object.entries(meshes).map(async ([name, { mesh }]) => {
    const { resident } = await memoryOf(mesh.services.get('gateway')!.pid()!);
    return [name, Math.round(resident)] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Record<Manner, number>;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
