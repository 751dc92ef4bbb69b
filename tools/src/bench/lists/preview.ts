import { setTimeout as delay } from 'node:timers/promises';
import type { PreviewReport } from '@clearance/contracts';
import { askAs, type AskAs, type GatewayAnswer } from '../../local-mesh/ask-as.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { watchCpu } from '../exchange/cpu-time.ts';
import { forgetPeak, memoryOf } from '../growth/process-memory.ts';
import { listText } from './list-text.ts';
import type { Traffic } from './replayed-traffic.ts';

/** What one preview took. */
export interface MeasuredPreview {
  /** From the request until its report could be read. */
  readonly seconds: number;
  /** The gateway's, at the most while it ran, MiB. */
  readonly peakMemory: number;
  /** CPU seconds by process. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly report: PreviewReport;
}

interface PreviewAnswer {
  previewId: string;
  state: 'running' | 'done' | 'failed' | 'interrupted';
  report: PreviewReport | null;
}

const LOOK_EVERY_MS = 100;

/** Writes a draft that withholds a field of nearly every result, and one on which recognitions rest. @returns its id */
export async function draftStricterList({ mesh }: MeshExchange): Promise<string> {
  const document = await listText('draft', Date.now(), [
    { id: 'NL-800', fields: ['/goods/*/origin', '/containers/*/seals'], consumers: ['*.customs', '*.inspection'] },
  ]);
  const ask = await askAs(mesh.home, mesh.httpUrl, 'policy');
  const body = { document, reason: 'benchmark' };
  return bodyOf(await ask<{ draftId: string }>('POST', '/api/v1/drafts', { body })).draftId;
}

/**
 * Replays all traffic that there is against a draft.
 *
 * @throws Error when the report is not about all of it: it would be no measurement
 */
export async function preview(
  { mesh }: MeshExchange,
  draftId: string,
  traffic: Traffic,
  postgresPid: number,
): Promise<MeasuredPreview> {
  const ask = await askAs(mesh.home, mesh.httpUrl, 'policy');
  const gateway = mesh.services.get('gateway')!.pid()!;
  await forgetPeak(gateway);
  const cpu = watchCpu({
    ...Object.fromEntries([...mesh.services.values()].map(({ name, pid }) => [name, pid()])),
    PostgreSQL: postgresPid,
  });
  const since = performance.now();
  const request = { body: { since: '2000-01-01T00:00:00Z' } };
  const begun = bodyOf(await ask<PreviewAnswer>('POST', `/api/v1/drafts/${draftId}/previews`, request));
  const report = await reportOf(ask, begun.previewId);
  const seconds = (performance.now() - since) / 1_000;
  const { results, recognitions, unreachable } = report;
  const seen = recognitions.made + recognitions.notReproduced + recognitions.notWeighed;
  if (
    results < traffic.results ||
    seen < traffic.recognitions ||
    recognitions.notWeighed > 0 ||
    unreachable.length > 0
  ) {
    throw new Error(`not all was replayed: ${JSON.stringify({ results, recognitions, unreachable })}`);
  }
  return { seconds, peakMemory: (await memoryOf(gateway)).peak, cpu: cpu(), report };
}

async function reportOf(ask: AskAs, previewId: string): Promise<PreviewReport> {
  for (;;) {
    const { state, report } = bodyOf(await ask<PreviewAnswer>('GET', `/api/v1/previews/${previewId}`));
    if (report !== null) return report;
    if (state !== 'running') throw new Error(`the preview is ${state}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** @throws Error with the problem when the gateway refused */
export function bodyOf<T>(answer: GatewayAnswer<T>): T {
  if (!answer.ok) throw new Error(`${answer.status}: ${JSON.stringify(answer.problem)}`);
  return answer.body;
}
