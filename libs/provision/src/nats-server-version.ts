import { runProgram } from './run-program.ts';

/** A program's version, compared by number: pre-releases count as the release they lead to. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The oldest nats-server to run on: earlier ones lose acknowledged data when a peer is removed (DESIGN, section 4). */
export const OLDEST_NATS_SERVER: Version = [2, 12, 3];

/** The version that start-up installs when it finds none. */
export const INSTALLED_NATS_SERVER = '2.15.1';

/** Reads the answer of `nats-server --version`: `nats-server: v2.15.1`. Undefined if it is none. */
export function parseVersion(text: string): Version | undefined {
  const match = /nats-server:\s+v(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

export function isRecentEnough(version: Version): boolean {
  for (const [index, least] of OLDEST_NATS_SERVER.entries()) {
    const part = version[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

export function formatVersion(version: Version): string {
  return version.join('.');
}

/** Asks a program for its version; undefined if it cannot be run or is no nats-server. */
export async function versionOf(command: string): Promise<Version | undefined> {
  const { code, output } = await runProgram(command, ['--version'], { timeoutMs: 20_000 });
  return code === 0 ? parseVersion(output) : undefined;
}
