import { setTimeout as delay } from 'node:timers/promises';
import { type Latency, measureLatency } from '../exchange/latency.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { type Figure, spreadOf } from '../figure.ts';
import { quantilesOf } from '../recognition/quantiles.ts';

/** How the gateway answered, and how long new results took, while something else went on in it. */
export interface Meanwhile {
  /** Answers of `/livez`, milliseconds. */
  readonly live: { readonly p50: number; readonly p99: number; readonly most: number };
  readonly fresh: Latency;
}

/** Results a second that are submitted meanwhile: some days' traffic, and no load. */
const RATE = 10;
const LOOK_EVERY_MS = 50;
/** Nothing that is measured takes longer, s. */
const LONGEST = 1_800;

/** Does some work, and looks meanwhile at what the mesh is there for. */
export async function lookMeanwhile<T>(
  exchange: MeshExchange,
  work: () => Promise<T>,
): Promise<{ done: T; meanwhile: Meanwhile }> {
  const over = new AbortController();
  const looks = Promise.all([
    askAlive(`${exchange.mesh.httpUrl}/livez`, over.signal),
    measureLatency(exchange, RATE, LONGEST, over.signal),
  ]);
  // Nothing looks any more when this ends, whatever became of the work: the mesh may be stopped then.
  const ended = Promise.allSettled([looks]);
  const done = await work().finally(() => {
    over.abort();
    return ended;
  });
  const [live, fresh] = await looks;
  return { done, meanwhile: { live: { ...quantilesOf(live), most: Math.max(...live) }, fresh } };
}

async function askAlive(url: string, over: AbortSignal): Promise<number[]> {
  const took: number[] = [];
  while (!over.aborted) {
    const since = performance.now();
    const answer = await fetch(url);
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    took.push(performance.now() - since);
    await delay(LOOK_EVERY_MS);
  }
  return took;
}

/** What traffic beside it costs; each round is compared with the quiet time right before it. */
export function meanwhileFigures(
  work: { readonly id: string; readonly zh: string; readonly en: string },
  busy: readonly Meanwhile[],
  quiet: readonly Meanwhile[],
): Figure[] {
  const compared = (of: (one: Meanwhile) => number): Pick<Figure, 'ours' | 'against'> => ({
    ours: spreadOf(busy.map(of)),
    against: {
      name: 'without',
      theirs: spreadOf(quiet.map(of)),
      ratio: spreadOf(busy.map((one, round) => of(one) / of(quiet[round]!))),
    },
  });
  const median = (all: readonly Meanwhile[], of: (one: Meanwhile) => number): string =>
    spreadOf(all.map(of)).median.toFixed(1);
  return [
    {
      id: `lists.${work.id}-fresh-p99`,
      title: {
        zh: `${work.zh}期间，新结果从提交到副本落库，p99`,
        en: `from submission to stored copy during ${work.en}, p99`,
      },
      unit: 'ms',
      ...compared(({ fresh }) => fresh.p99),
      details: {
        'p50 ms': median(busy, ({ fresh }) => fresh.p50),
        'p50 without, ms': median(quiet, ({ fresh }) => fresh.p50),
      },
    },
    {
      id: `lists.${work.id}-live-p99`,
      title: { zh: `${work.zh}期间网关 /livez，p99`, en: `/livez of the gateway during ${work.en}, p99` },
      unit: 'ms',
      ...compared(({ live }) => live.p99),
      details: {
        'p50 ms': median(busy, ({ live }) => live.p50),
        'longest ms': median(busy, ({ live }) => live.most),
        'longest without, ms': median(quiet, ({ live }) => live.most),
      },
    },
  ];
}

/** For a line while it is measured. */
export function meanwhileText({ live, fresh }: Meanwhile): string {
  return (
    `meanwhile fresh results p50 ${fresh.p50} ms, p99 ${fresh.p99} ms; ` +
    `/livez p99 ${live.p99.toFixed(1)} ms, at most ${live.most.toFixed(0)} ms`
  );
}
