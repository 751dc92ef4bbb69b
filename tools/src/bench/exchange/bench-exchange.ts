import { alternate } from '../alternate.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { cpuPerResult, type Exchange, type Passage, RECEIVERS } from './exchange.ts';
import { measureLatency } from './latency.ts';
import { startPipe } from './pipe/start-pipe.ts';
import { receiveInMesh, receiveInStock } from './receive.ts';
import { startBenchServers } from './servers.ts';
import { startMesh } from './start-mesh.ts';
import { startStock } from './stock/start-stock.ts';

/** Results in one passage: enough that starting and ending weigh little. */
const LOADS = { mesh: 2_000, pipe: 4_000, stock: 200, received: 1_000, receivedByStock: 200, latencySeconds: 15 };
const QUICK_LOADS = { mesh: 60, pipe: 100, stock: 10, received: 30, receivedByStock: 6, latencySeconds: 1 };

/**
 * The whole exchange: results submitted at one unit until eleven others have stored and confirmed all of them, against a
 * hand-written pipe and against stock parts, in turn.
 */
export async function benchExchange(context: BenchContext): Promise<Figure[]> {
  const loads = context.quick ? QUICK_LOADS : LOADS;
  const servers = await startBenchServers();
  const started: Exchange[] = [];
  try {
    const start = async <E extends Exchange>(starting: Promise<E>): Promise<E> => {
      const exchange = await starting;
      started.push(exchange);
      return exchange;
    };
    const contenders = {
      mesh: await start(startMesh(servers)),
      pipe: await start(startPipe(servers)),
      stock: await start(startStock(servers)),
    };
    const passages: Record<keyof typeof contenders, Passage[]> = { mesh: [], pipe: [], stock: [] };
    const measure = (name: keyof typeof contenders) => async (): Promise<number> => {
      const passage = await contenders[name].pass(loads[name]);
      passages[name].push(passage);
      const rate = passage.results / passage.seconds;
      context.say(`  ${name}: ${rate.toFixed(0)} results/s, ${cpuPerResult(passage).toFixed(2)} ms CPU per result`);
      return rate;
    };
    const found = await alternate(
      { mesh: measure('mesh'), pipe: measure('pipe'), stock: measure('stock') },
      context.rounds,
      context.signal,
    );
    const { mesh, pipe, stock } = found.spreads;
    const latencies = [];
    for (let round = 0; round < Math.min(3, context.rounds); round += 1) {
      context.signal.throwIfAborted();
      const latency = await measureLatency(contenders.mesh, mesh.median / 2, loads.latencySeconds);
      context.say(
        `  latency at ${(mesh.median / 2).toFixed(0)} results/s: p50 ${latency.p50} ms, p99 ${latency.p99} ms`,
      );
      latencies.push(latency);
    }
    let run = 0;
    const received = await alternate(
      {
        mesh: () => receiveInMesh(contenders.mesh, loads.received),
        stock: () => receiveInStock(servers, loads.receivedByStock, `run${(run += 1)}`),
      },
      Math.min(3, context.rounds),
      context.signal,
    );
    return [
      {
        id: 'exchange.against-pipe',
        title: { zh: '全程交换，与手写管道相比', en: 'exchange, against a hand-written pipe' },
        unit: 'results/s',
        ours: mesh,
        against: { name: 'hand-written pipe', theirs: pipe, ratio: found.ratio('mesh', 'pipe') },
        target: { sense: 'at-least', needed: 0.3, aim: 0.6 },
        details: { 'copies/s': Math.round(mesh.median * RECEIVERS), ...cpuByProcess(passages.mesh) },
      },
      {
        id: 'exchange.against-stock',
        title: { zh: '全程交换，与现成组件相比', en: 'exchange, against stock parts' },
        unit: 'results/s',
        ours: mesh,
        against: { name: 'stock parts', theirs: stock, ratio: found.ratio('mesh', 'stock') },
        target: { sense: 'at-least', needed: 5, aim: 10 },
        details: cpuByProcess(passages.stock),
      },
      {
        id: 'exchange.latency-p99',
        title: { zh: '半负荷下从提交到副本落库，p99', en: 'from submission to stored copy at half of that rate, p99' },
        unit: 'ms',
        ours: spreadOf(latencies.map(({ p99 }) => p99)),
        target: { sense: 'at-most', needed: 250, aim: 100 },
        details: { 'p50 ms': spreadOf(latencies.map(({ p50 }) => p50)).median, copies: latencies[0]!.copies },
      },
      {
        id: 'exchange.receiving',
        title: { zh: '一个单位服务接收副本', en: 'one unit service receiving copies' },
        unit: 'copies/s',
        ours: received.spreads.mesh,
        against: {
          name: 'a stock handler with repository.save()',
          theirs: received.spreads.stock,
          ratio: received.ratio('mesh', 'stock'),
        },
        target: { sense: 'at-least', needed: 3, aim: 8 },
      },
    ];
  } finally {
    for (const exchange of started.reverse()) await exchange.stop();
    await servers.stop();
  }
}

/** Milliseconds of CPU per result by process, the median of the rounds. */
function cpuByProcess(passages: readonly Passage[]): Record<string, number> {
  const names = Object.keys(passages[0]!.cpu);
  const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
  const of = names.map((name): [string, number] => [
    `CPU ${name}, ms`,
    rounded(spreadOf(passages.map(({ cpu, results }) => (cpu[name]! * 1_000) / results)).median),
  ]);
  return { 'CPU ms': rounded(spreadOf(passages.map(cpuPerResult)).median), ...Object.fromEntries(of) };
}
