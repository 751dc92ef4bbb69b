import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; a hundred on every Linux that Node runs on. */
const TICKS = 100;

/**
 * CPU seconds that a process has used, with all the processes below it, also those that have ended and been waited for.
 * Only Linux tells it so; elsewhere it is 0.
 */
export function cpuSeconds(pid: number, stats: Stats = readStats()): number {
  const below = (parent: number): number[] => [
    parent,
    ...[...stats].flatMap(([child, stat]) => (stat.parent === parent ? below(child) : [])),
  ];
  return below(pid).reduce((sum, each) => sum + (stats.get(each)?.ticks ?? 0), 0) / TICKS;
}

/** Of each process by its id: its parent, and what it has used. */
type Stats = ReadonlyMap<number, { readonly parent: number; readonly ticks: number }>;

/** Read synchronously, once for all that are measured: the measuring itself is to cost little. */
function readStats(): Stats {
  const stats = new Map<number, { parent: number; ticks: number }>();
  for (const name of entriesOf('/proc')) {
    if (!/^[0-9]+$/.test(name)) continue;
    const text = textOf(`/proc/${name}/stat`);
    // `pid (name) state parent …`; a name may hold anything, and the last parenthesis ends it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    if (cstime === undefined) continue;
    stats.set(Number(name), { parent: Number(fields[1]), ticks: utime! + stime! + cutime! + cstime });
  }
  return stats;
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Nothing of a process that has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** CPU seconds of this process alone: those it has started are measured by themselves. */
function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

/** Measures what named processes use from now on; the returned function says it, in seconds. */
export function watchCpu(processes: Readonly<Record<string, number | undefined>>): () => Record<string, number> {
  const used = (): Record<string, number> => {
    const stats = readStats();
    return Object.fromEntries(
      Object.entries(processes).map(([name, pid]): [string, number] => [
        name,
        pid === undefined ? 0 : cpuSeconds(pid, stats),
      ]),
    );
  };
  const before = used();
  // Looking at all processes costs this one something, which is no part of what is measured: it looks at itself last, and first.
  const ownBefore = ownCpuSeconds();
  return () => {
    const own = ownCpuSeconds() - ownBefore;
    const after = used();
    return Object.fromEntries(
      Object.entries(processes).map(([name, pid]): [string, number] => [
        name,
        pid === process.pid ? own : after[name]! - before[name]!,
      ]),
    );
  };
}
