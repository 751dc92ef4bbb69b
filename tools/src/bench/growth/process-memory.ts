import { readFile, writeFile } from 'node:fs/promises';

/** What a process has in memory, MiB. */
export interface ProcessMemory {
  /** Resident now, shared pages of its program included. */
  readonly resident: number;
  /** The most that was ever resident, or since {@link forgetPeak}. */
  readonly peak: number;
  /** Of what is resident: read from files, such as the program itself; the system may drop it and share it. */
  readonly files: number;
}

/**
 * Reads what a process occupies from `/proc`, which only Linux has.
 *
 * @throws when there is no such process, or no `/proc`
 */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => {
    const kibibytes = new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc/${pid}/status says nothing of ${name}`);
    return Number(kibibytes) / 1_024;
  };
  return { resident: field('VmRSS'), peak: field('VmHWM'), files: field('RssFile') };
}

/** Lets a process's peak begin anew from what is resident now (`5`, proc_pid_clear_refs(5)). */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
