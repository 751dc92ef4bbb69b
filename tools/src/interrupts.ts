import { constants } from 'node:os';

/** What a command has been told by signals. */
export interface Interrupts {
  /** Aborted by the first one. */
  readonly signal: AbortSignal;
  /** The exit code that the first one asks for, as shells have it (128 and its number); undefined if none came. */
  exitCode(): number | undefined;
}

/** Listens for Ctrl-C and its like: the command ends in order, and says so once. */
export function listenForInterrupts(say: (line: string) => void): Interrupts {
  const stopping = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (first === undefined) say('  正在停止 stopping …');
      first ??= signal;
      stopping.abort();
    });
  }
  return {
    signal: stopping.signal,
    exitCode: () => (first === undefined ? undefined : 128 + constants.signals[first]),
  };
}
