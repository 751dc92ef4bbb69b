import { setTimeout as delay } from 'node:timers/promises';
import type { Progress } from '../progress.ts';
import type { Random } from '../traffic/random.ts';
import type { BreakableMesh } from './breakable-mesh.ts';
import { type FaultKind, faultKindsOf, type Inflicted } from './fault-kinds.ts';
import { planFaults } from './plan-faults.ts';
import { recovered } from './recovery.ts';

/** How long a mesh may take to recover, milliseconds. */
export const RECOVERY_LIMIT_MS = 180_000;
/** Traffic before the first fault and between two, milliseconds. */
const CALM_MS: readonly [number, number] = [500, 3_000];

/** When there were enough: after a time, or after so many faults. */
export type Until = { readonly ms: number } | { readonly faults: number };

/** A fault that was inflicted. */
export interface Struck {
  kind: string;
  recoveryMs: number;
  recovered: boolean;
}

/** What was inflicted, and what could not be, with the reason. */
export interface Strikes {
  struck: Struck[];
  notInflicted: string[];
}

/** Inflicts fault after fault until the time is over, or there were enough. */
export async function strike(
  mesh: BreakableMesh,
  random: Random,
  until: Until,
  { progress, signal }: { readonly progress: Progress; readonly signal: AbortSignal },
  accepted: () => number,
): Promise<Strikes> {
  const plan = planFaults(faultKindsOf(mesh.brokers.length === 1 ? 1 : 3), random);
  const struck: Struck[] = [];
  const notInflicted: string[] = [];
  const begun = Date.now();
  const over = (): boolean =>
    'ms' in until
      ? Date.now() - begun >= until.ms
      : struck.length >= until.faults || notInflicted.length >= until.faults;
  while (!over()) {
    await delay(random.integer(...CALM_MS), undefined, { signal });
    const since = performance.now();
    const turn = await inflictTogether(mesh, plan.next().value, random);
    const well = await recovered(mesh, RECOVERY_LIMIT_MS, signal);
    const recoveryMs = Math.round(performance.now() - since);
    for (const reason of turn.notInflicted) progress.say(`  – 未能施加 not inflicted: ${reason}`);
    notInflicted.push(...turn.notInflicted);
    if (turn.inflicted.length === 0) continue;
    for (const { kind } of turn.inflicted) struck.push({ kind, recoveryMs, recovered: well });
    const name = turn.inflicted.map(({ title, target }) => `${title.zh} ${title.en} [${target}]`).join(' + ');
    progress.say(
      `  ${well ? '⚡' : '✗'} ${struck.length}. ${name}: ${(recoveryMs / 1_000).toFixed(1)} s · ${accepted()} accepted`,
    );
  }
  return { struck, notInflicted };
}

/** What became of the faults of one turn. */
interface Turn {
  readonly inflicted: readonly (FaultKind & Inflicted)[];
  readonly notInflicted: readonly string[];
}

/**
 * Inflicts the faults of one turn, holds them, and mends them. One that could not be inflicted (the part was still down from
 * before) is noted and left out: what is proved is what was survived, not what was tried.
 *
 * @throws when a fault cannot be mended
 */
async function inflictTogether(mesh: BreakableMesh, kinds: readonly FaultKind[], random: Random): Promise<Turn> {
  const inflicted: (FaultKind & Inflicted)[] = [];
  const notInflicted: string[] = [];
  let holdMs = 0;
  for (const kind of kinds) {
    try {
      inflicted.push({ ...kind, ...(await kind.inflict(mesh, random)) });
      holdMs = Math.max(holdMs, random.integer(...kind.holdMs));
    } catch (error) {
      notInflicted.push(`${kind.kind}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await delay(holdMs);
  for (const { mend } of inflicted) await mend();
  return { inflicted, notInflicted };
}
