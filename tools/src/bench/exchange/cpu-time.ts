import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc; a hundred on every Linux that Node runs on. */
const TICKS = 100;

/**
 * CPU seconds that a process has used, with all the processes below it, also those that have ended and been waited for.
 * Only Linux tells it so; elsewhere it is 0.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  const stats = await readStats();
  const below = (parent: number): number[] => [
    parent,
    ...[...stats].flatMap(([child, stat]) => (stat.parent === parent ? below(child) : [])),
  ];
  return below(pid).reduce((sum, each) => sum + (stats.get(each)?.ticks ?? 0), 0) / TICKS;
}

interface Stat {
  parent: number;
  ticks: number;
}

async function readStats(): Promise<Map<number, Stat>> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^[0-9]+$/.test(name));
  const stats = new Map<number, Stat>();
  for (const name of names) {
    const text = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // `pid (name) state parent …`; a name may hold anything, and the last parenthesis ends it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    if (cstime === undefined) continue;
    stats.set(Number(name), { parent: Number(fields[1]), ticks: utime! + stime! + cutime! + cstime });
  }
  return stats;
}

/** CPU seconds of this process alone: those it has started are measured by themselves. */
function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

/** Measures what named processes use from now on; the returned function says it, in seconds. */
export async function watchCpu(
  processes: Readonly<Record<string, number | undefined>>,
): Promise<() => Promise<Record<string, number>>> {
  const used = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(processes).map(async ([name, pid]): Promise<[string, number]> => {
          if (pid === undefined) return [name, 0];
          return [name, pid === process.pid ? ownCpuSeconds() : await cpuSeconds(pid)];
        }),
      ),
    );
  const before = await used();
  return async () => {
    const after = await used();
    return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - before[name]!]));
  };
}
