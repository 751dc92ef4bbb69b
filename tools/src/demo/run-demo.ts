import { readFile } from 'node:fs/promises';
import { unitsOf } from '@clearance/contracts';
import { LIST_FILE } from '../local-mesh/paths.ts';
import type { LocalMesh } from '../local-mesh/start-local-mesh.ts';
import type { Progress } from '../progress.ts';
import { disconnectBackend } from '../traffic/backend.ts';
import { connectBackends } from '../traffic/simulate-backends.ts';
import { handOverBacklog, playTrade } from './background.ts';
import type { Day } from './day.ts';
import { type Disturbance, noDisturbance, planDisturbance } from './disturb.ts';
import { openEventLog } from './event-log.ts';
import { gatewayClient } from './gateway-client.ts';
import { versionOf } from './new-list.ts';
import { dayAccounted } from './stories/accounts.ts';
import { STORIES } from './stories/stories.ts';
import { brokenOff, reportOf, type Story, type StoryReport } from './story.ts';
import { collectFigures, type Figures, newTally, type Tally } from './tally.ts';

/** What the day came to. */
export interface DemoReport {
  /** Whether every expectation of the script held. */
  readonly ok: boolean;
  readonly stories: readonly StoryReport[];
  readonly figures: Figures;
}

export interface DemoOptions {
  readonly progress: Progress;
  /** Kills every service once, at moments drawn from this seed. */
  readonly disturb?: string;
  /** Ends the day early. */
  readonly signal: AbortSignal;
}

/** How long anything is waited for, milliseconds; what a killed service had in hand is offered or delivered again within 40 s. */
const PATIENCE_MS = 90_000;

/**
 * Plays the scripted day on a mesh: the stories one after another, the region's trade beside them.
 *
 * @throws when the signal interrupts it, or the backends cannot be connected; a story that fails is in the report
 */
export async function playDay(mesh: LocalMesh, options: DemoOptions): Promise<DemoReport> {
  const { progress } = options;
  const since = performance.now();
  // Everything that listens or waits ends with the day, however it ends.
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const tally = newTally();
  const backends = await connectBackends(mesh);
  try {
    const limits = { patience: PATIENCE_MS, signal };
    const events = await openEventLog({ ...limits, backends, take: tally.heard });
    const document = await readFile(LIST_FILE, 'utf8');
    const day: Day = {
      units: unitsOf(mesh.mesh),
      backends,
      events,
      gateway: gatewayClient(mesh.home, mesh.httpUrl, limits),
      arrangements: mesh.mesh.arrangements,
      list: { document, version: versionOf(document) },
      sent: tally.sent,
      ...limits,
    };
    const plan = { stories: STORIES.length, signal, progress };
    const { disturb } = options;
    const disturbance =
      disturb === undefined ? noDisturbance() : planDisturbance(mesh.services, { ...plan, seed: disturb });
    const report = await tellStories(day, tally, disturbance, progress, since);
    over.abort();
    await events.ended;
    return report;
  } finally {
    over.abort();
    await Promise.all([...backends.values()].map((backend) => disconnectBackend(backend).catch(() => undefined)));
  }
}

async function tellStories(
  day: Day,
  tally: Tally,
  disturbance: Disturbance,
  progress: Progress,
  since: number,
): Promise<DemoReport> {
  const backlog = await progress.step(
    '早间成批提交 morning batches',
    () => handOverBacklog(day),
    ({ results }) => `${results} results`,
  );
  const trade = playTrade(day);
  const traffic = async () => {
    await disturbance.over();
    return { refusedInBatches: backlog.refused, counters: await trade };
  };
  // A fault of the trade is told by the last story; until then it is nobody's unhandled rejection.
  trade.catch(() => undefined);
  const stories: StoryReport[] = [];
  for (const [index, story] of [...STORIES, dayAccounted(traffic)].entries()) {
    disturbance.storyBegins(index);
    stories.push(await tell(story, day, progress));
    day.signal.throwIfAborted();
  }
  const figures = await collectFigures(day, tally, { backlog, killed: disturbance.killed(), since });
  return { ok: stories.every(({ ok }) => ok), stories, figures };
}

async function tell(story: Story, day: Day, progress: Progress): Promise<StoryReport> {
  const since = performance.now();
  const report = await story.play(day).then(
    (facts) => reportOf(story, facts),
    (error: unknown) => brokenOff(story, error),
  );
  const seconds = ((performance.now() - since) / 1_000).toFixed(1);
  if (!day.signal.aborted) progress.say(`  ${report.ok ? '✓' : '✗'} ${report.clock} ${report.title} (${seconds} s)`);
  return report;
}
