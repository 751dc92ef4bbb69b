import type { UnitId } from '@clearance/contracts';
import { type Backend, find } from '../../traffic/backend.ts';
import { seededRandom } from '../../traffic/random.ts';
import { startBenchServers } from '../exchange/servers.ts';
import { watchCpu } from '../exchange/cpu-time.ts';
import { type MeshExchange, startMesh } from '../exchange/start-mesh.ts';
import { until } from '../exchange/until.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { ageKeys } from './age-keys.ts';
import { ask, askAtOnce, askInTurn, questions, valueOf } from './ask.ts';
import { ASKED, examinedConsignments, type ExaminedConsignment, type Question, questionAbout } from './consignments.ts';
import { type Past, preparePast } from './fill.ts';
import { connectPatiently, issueAll } from './issue-all.ts';
import { quantilesOf } from './quantiles.ts';
import { searches, searchInTurn } from './search.ts';
import { receiveInBoth } from './receive-in-both.ts';

/** How much is measured. */
export interface Loads {
  /** Results in the database. */
  readonly sizes: readonly number[];
  /** Consignments that are truly examined, their results issued and received. */
  readonly examined: { readonly usual: number; readonly many: number; readonly trains: number };
  /** Questions one after another, in one round. */
  readonly asked: number;
  readonly atOnceSeconds: number;
  /** Pages of each search. */
  readonly pages: number;
  /** Results that two units receive side by side. */
  readonly received: number;
}

const LOADS: Loads = {
  sizes: [10_000, 100_000, 1_000_000],
  examined: { usual: 200, many: 20, trains: 4 },
  asked: 400,
  atOnceSeconds: 2,
  pages: 25,
  received: 320,
};
const QUICK_LOADS: Loads = {
  sizes: [1_000, 4_000],
  examined: { usual: 24, many: 2, trains: 1 },
  asked: 100,
  atOnceSeconds: 1,
  pages: 5,
  received: 100,
};

const AT_ONCE = 16;
/** Issues nothing here. */
const SILENT: UnitId = 'jl.border';
const WARM_UP = 50;

/**
 * Recognitions and searches, asked by a backend of its unit service while the copies in the unit's database grow from ten
 * thousand to a million; and what that growth makes of receiving more.
 */
export async function benchRecognition(
  context: BenchContext,
  loads: Loads = context.quick ? QUICK_LOADS : LOADS,
): Promise<Figure[]> {
  const servers = await startBenchServers();
  const stoppers: (() => Promise<unknown>)[] = [() => servers.stop()];
  try {
    const exchange = await startMesh(servers);
    stoppers.push(() => exchange.stop());
    const backends = await connectPatiently(exchange);
    stoppers.push(() => Promise.all([...backends.values()].map(({ connection }) => connection.close())));
    await ageKeys(exchange.mesh);
    const lately = Date.now();
    const random = seededRandom(`recognition@${lately}`);
    const examined = examinedConsignments(random.fork('examined'), Date.now(), loads.examined);
    const issued = await issueAll(backends, exchange, examined);
    context.say(`  ${issued} results about ${examined.length} consignments issued and received`);
    const usual = examined.slice(0, loads.examined.usual);
    const past = await preparePast(exchange, usual, loads.sizes.at(-1)!, context);
    const figures: Figure[] = [];
    for (const size of loads.sizes) {
      context.signal.throwIfAborted();
      await past.growTo(size);
      await until('the past is trusted', 50, () => isTrusted(backends));
      const fork = random.fork(`${size}`);
      const { postgresPid } = servers;
      const measured = { context, loads, size, exchange, backends, random: fork, examined, past, lately, postgresPid };
      figures.push(...(await recognitionFigures(measured)), await searchFigure(measured));
      if (size === loads.sizes.at(-1)) figures.push(await receivingFigure(measured));
    }
    return figures;
  } finally {
    while (stoppers.length > 0) await stoppers.pop()!();
  }
}

interface Measured {
  readonly context: BenchContext;
  readonly loads: Loads;
  readonly size: number;
  readonly exchange: MeshExchange;
  readonly backends: ReadonlyMap<UnitId, Backend>;
  readonly random: ReturnType<typeof seededRandom>;
  readonly examined: readonly ExaminedConsignment[];
  readonly past: Past;
  /** Milliseconds since the epoch, before anything was truly received. */
  readonly lately: number;
  readonly postgresPid: number;
}

async function isTrusted(backends: Measured['backends']): Promise<boolean> {
  const { results } = valueOf(await find(backends.get(ASKED)!, { reference: 'PAST-0' }));
  return results[0]!.signature.verified;
}

async function recognitionFigures({
  context,
  loads,
  size,
  backends,
  random,
  ...measured
}: Measured): Promise<Figure[]> {
  const { signal } = context;
  const backend = backends.get(ASKED)!;
  const next = questions(random, measured.examined, await measured.past.sample(500));
  await askInTurn(backend, next, WARM_UP, signal);
  const rounds: { kind: Question['kind']; ms: number }[][] = [];
  const rates: number[] = [];
  const cpu: Record<string, number>[] = [];
  const cpuOf = {
    'unit service': measured.exchange.mesh.services.get('customs-sync')!.pid(),
    PostgreSQL: measured.postgresPid,
  };
  for (let round = 0; round < Math.min(3, context.rounds); round += 1) {
    const used = watchCpu(cpuOf);
    rounds.push(await askInTurn(backend, next, loads.asked, signal));
    cpu.push(used());
    rates.push(await askAtOnce(backend, next, { atOnce: AT_ONCE, seconds: loads.atOnceSeconds }, signal));
  }
  const trains: number[] = [];
  for (const train of measured.examined.map(questionAbout).filter(({ kind }) => kind === 'train')) {
    trains.push(await ask(backend, train));
  }
  const p99s = rounds.map((took) => quantilesOf(took.map(({ ms }) => ms)).p99);
  const all = rounds.flat();
  const kinds = [...new Set(all.map(({ kind }) => kind))].sort();
  const byKind = kinds.map((kind): [string, string] => {
    const { p50, p99 } = quantilesOf(all.filter((each) => each.kind === kind).map(({ ms }) => ms));
    return [`${kind} p50/p99 ms`, `${p50.toFixed(1)}/${p99.toFixed(1)}`];
  });
  const p50 = quantilesOf(all.map(({ ms }) => ms)).p50.toFixed(1);
  context.say(`  recognitions at ${size}: p50 ${p50} ms, p99 ${p99s.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  return [
    {
      id: `recognition.p99-${size}`,
      title: { zh: `${size} 份结果时互认，p99`, en: `recognition with ${size} results, p99` },
      unit: 'ms',
      ours: spreadOf(p99s),
      target: { sense: 'at-most', needed: 25, aim: 10 },
      details: {
        'p50 ms': p50,
        ...Object.fromEntries(byKind),
        ...Object.fromEntries(
          Object.keys(cpuOf).map((name) => [
            `CPU ${name}, ms`,
            ((spreadOf(cpu.map((round) => round[name]!)).median * 1_000) / loads.asked).toFixed(2),
          ]),
        ),
        // Forty boxes with all their journeys: too rare to be one in a hundred, and no less to be known.
        'block train, median ms': spreadOf(trains).median.toFixed(1),
      },
    },
    {
      id: `recognition.rate-${size}`,
      title: {
        zh: `${size} 份结果时互认，${AT_ONCE} 路并发`,
        en: `recognition with ${size} results, ${AT_ONCE} at once`,
      },
      unit: 'ops/s',
      ours: spreadOf(rates),
    },
  ];
}

async function searchFigure({ context, loads, size, backends, random, ...measured }: Measured): Promise<Figure> {
  const backend = backends.get(ASKED)!;
  const all = await searches(backend, random, measured.examined, measured.past.pageTimes(), {
    silent: SILENT,
    lately: measured.lately,
  });
  await searchInTurn(backend, all, 2, context.signal);
  const took = await searchInTurn(backend, all, loads.pages, context.signal);
  const slowest = [...took.values()].map((values) => quantilesOf(values).p99);
  context.say(`  searches at ${size}: p99 of the slowest ${Math.max(...slowest).toFixed(1)} ms`);
  return {
    id: `search.p99-${size}`,
    title: { zh: `${size} 份结果时查询，最慢一种的 p99`, en: `searches with ${size} results, p99 of the slowest` },
    unit: 'ms',
    ours: spreadOf([Math.max(...slowest)]),
    details: Object.fromEntries(
      [...took].map(([by, values]) => {
        const { p50, p99 } = quantilesOf(values);
        return [`${by}, p50/p99 ms`, `${p50.toFixed(1)}/${p99.toFixed(1)}`];
      }),
    ),
  };
}

async function receivingFigure({ context, loads, size, exchange }: Measured): Promise<Figure> {
  const costs = [];
  // The first round brings into memory what lay on disk, and is thrown away.
  for (let round = -1; round < Math.min(3, context.rounds); round += 1) {
    context.signal.throwIfAborted();
    const cost = await receiveInBoth(exchange, loads.received);
    if (round >= 0) costs.push(cost);
  }
  return {
    id: `growth.receiving-${size}`,
    title: {
      zh: `已有 ${size} 份结果时，每收一份副本数据库所用时间`,
      en: `time in PostgreSQL per received copy, with ${size} results`,
    },
    unit: 'ms',
    ours: spreadOf(costs.map(({ grown }) => grown)),
    against: {
      name: 'a small database beside it',
      theirs: spreadOf(costs.map(({ small }) => small)),
      ratio: spreadOf(costs.map(({ grown, small }) => grown / small)),
    },
  };
}
