import { setTimeout as delay } from 'node:timers/promises';
import type { BenchServers } from '../exchange/servers.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { lookMeanwhile, type Meanwhile, meanwhileFigures, meanwhileText } from './meanwhile.ts';
import { draftStricterList, type MeasuredPreview, preview } from './preview.ts';
import { fillWithTraffic, type Traffic } from './replayed-traffic.ts';

/** What is replayed, and for how long a mesh is looked at before that does nothing else, ms. */
export interface PreviewLoad {
  readonly traffic: Traffic;
  readonly quietMs: number;
}

/** How long a preview takes, and what it costs the gateway and the traffic beside it. */
export async function previewFigures(
  exchange: MeshExchange,
  { postgresPid }: BenchServers,
  { traffic, quietMs }: PreviewLoad,
  context: BenchContext,
): Promise<Figure[]> {
  const { rounds, say, signal } = context;
  await fillWithTraffic(exchange, traffic, context);
  const draftId = await draftStricterList(exchange);
  const quiet: Meanwhile[] = [];
  const busy: Meanwhile[] = [];
  const previews: MeasuredPreview[] = [];
  for (let round = 0; round < Math.min(3, rounds); round += 1) {
    signal.throwIfAborted();
    quiet.push((await lookMeanwhile(exchange, () => delay(quietMs))).meanwhile);
    const { done, meanwhile } = await lookMeanwhile(exchange, () => preview(exchange, draftId, traffic, postgresPid));
    previews.push(done);
    busy.push(meanwhile);
    const { results, recognitions } = done.report;
    say(
      `  preview of ${results} results, ${recognitions.made} recognitions: ${done.seconds.toFixed(1)} s, ` +
        `the gateway at ${done.peakMemory.toFixed(0)} MiB; ${meanwhileText(meanwhile)}`,
    );
  }
  const last = previews.at(-1)!;
  const size = traffic.results;
  return [
    {
      id: `lists.preview-${size}`,
      title: { zh: `以 ${size} 份结果预演草案`, en: `preview of a draft over ${size} results` },
      unit: 's',
      ours: spreadOf(previews.map(({ seconds }) => seconds)),
      target: { sense: 'at-most', needed: 60, aim: 30 },
      details: {
        recognitions: traffic.recognitions,
        lost: last.report.recognitions.lost,
        ...Object.fromEntries(
          Object.keys(last.cpu).map((name) => [
            `CPU ${name}, s`,
            spreadOf(previews.map(({ cpu }) => cpu[name]!)).median.toFixed(1),
          ]),
        ),
      },
    },
    {
      id: 'lists.preview-memory',
      title: { zh: '预演时网关内存峰值', en: 'memory of the gateway at its most during a preview' },
      unit: 'MiB',
      ours: spreadOf(previews.map(({ peakMemory }) => peakMemory)),
    },
    ...meanwhileFigures({ id: 'preview', zh: '预演', en: 'a preview' }, busy, quiet),
  ];
}
