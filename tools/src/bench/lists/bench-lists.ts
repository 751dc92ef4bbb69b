import { type BenchServers, startBenchServers } from '../exchange/servers.ts';
import { type MeshExchange, startMesh } from '../exchange/start-mesh.ts';
import type { BenchContext, Figure } from '../figure.ts';
import { previewFigures } from './preview-figures.ts';
import { recallFigures } from './recall-figures.ts';

/** How long a mesh is looked at that does nothing else, ms. */
const QUIET_MS = 15_000;
const LOADS = {
  preview: { traffic: { results: 100_000, recognitions: 2_000 }, quietMs: QUIET_MS },
  recall: { results: 10_000, passed: 2_000, quietMs: QUIET_MS },
};
const QUICK_QUIET_MS = 1_000;
const QUICK_LOADS = {
  preview: { traffic: { results: 1_000, recognitions: 30 }, quietMs: QUICK_QUIET_MS },
  recall: { results: 300, passed: 100, quietMs: QUICK_QUIET_MS },
};

/** The parts of this benchmark, each in a mesh of its own. */
export type ListsPart = 'preview' | 'recall';

/** What a draft's preview over much traffic costs, and how fast a stricter list takes back what was given. */
export async function benchLists(
  context: BenchContext,
  parts: readonly ListsPart[] = ['preview', 'recall'],
): Promise<Figure[]> {
  const { preview, recall } = context.quick ? QUICK_LOADS : LOADS;
  const servers = await startBenchServers();
  try {
    const figures: Figure[] = [];
    for (const part of parts) {
      const measured = await inMesh(servers, (exchange) =>
        part === 'preview'
          ? previewFigures(exchange, servers, preview, context)
          : recallFigures(exchange, servers, recall, context),
      );
      figures.push(...measured);
    }
    return figures;
  } finally {
    await servers.stop();
  }
}

async function inMesh<T>(servers: BenchServers, work: (exchange: MeshExchange) => Promise<T>): Promise<T> {
  const exchange = await startMesh(servers);
  try {
    return await work(exchange);
  } finally {
    await exchange.stop();
  }
}
