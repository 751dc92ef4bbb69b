import { readFile } from 'node:fs/promises';
import { unitsOf } from '@clearance/contracts';
import type { LocalMesh } from '../local-mesh/start-local-mesh.ts';
import type { Progress } from '../progress.ts';
import { type Backend, connectBackend } from './backend.ts';
import { noTraffic, type TrafficCounters } from './counters.ts';
import { runTraffic } from './run-traffic.ts';

const REPORT_EVERY_MS = 15_000;

/** Connects a simulated backend for every unit of a mesh, through the credentials that any backend would use. */
export async function connectBackends({
  mesh,
  home,
  natsUrl,
}: Pick<LocalMesh, 'mesh' | 'home' | 'natsUrl'>): Promise<Map<Backend['unit'], Backend>> {
  // One after the other: a client signs the server's challenge in JavaScript, and the server's patience with a connection
  // begins when it is opened.
  const backends: Backend[] = [];
  for (const unit of unitsOf(mesh)) {
    const creds = await readFile(home.credsFile(unit, 'backend'), 'utf8');
    backends.push(await connectBackend({ url: natsUrl.split(','), creds, unit }));
  }
  return new Map(backends.map((backend) => [backend.unit, backend]));
}

/** Plays the region's trade at a gentle pace and says every quarter of a minute what has happened, until the signal. */
export async function simulateBackends(
  mesh: LocalMesh,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<void> {
  const backends = await connectBackends(mesh);
  const counters = noTraffic();
  const startAt = Date.now();
  // A seed of its own for each start: references of an earlier one are taken by then.
  const seed = String(startAt);
  progress.say(`  模拟业务 simulated backends (seed ${seed})`);
  const report = setInterval(() => progress.say(`  ${describe(counters)}`), REPORT_EVERY_MS);
  try {
    await runTraffic({
      backends,
      seed,
      startAt,
      signal,
      counters,
      onRefusal: (step, problem) =>
        progress.say(`  ! ${step.unit} ${step.action}: ${problem.status} ${problem.detail}`),
    });
  } finally {
    clearInterval(report);
    await Promise.all([...backends.values()].map(({ connection }) => connection.drain()));
  }
}

function describe(counters: TrafficCounters): string {
  const { accepted, amended, revoked, recognised, partial, declined, events } = counters;
  return [
    `结果 results ${accepted}`,
    `修改 amended ${amended}`,
    `撤销 revoked ${revoked}`,
    `副本 copies ${events['result.received'] ?? 0}`,
    `办结 settled ${events['result.settled'] ?? 0}`,
    `互认 recognised ${recognised} + ${partial} 部分 partial, 未认 refused ${declined}`,
    `重新审查 reopened ${events['recognition.reopened'] ?? 0}`,
  ].join(' · ');
}
