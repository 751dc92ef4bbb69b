import { readFile, stat } from 'node:fs/promises';
import { describeError } from './describe-error.ts';
import type { Logger } from './logger.ts';

/** The parsed content of a file as it is now. */
export interface FollowedFile<T> {
  current(): T;
  /** Looks at the file now rather than at the next interval, and gives what there is then; never rejects. */
  look(): Promise<T>;
  /** `listener` is called after each change, when `current` gives the new content already. */
  onChange(listener: () => void): void;
  stop(): void;
}

const LOOK_EVERY_MS = 2_000;

/**
 * Reads a file and reads it again when it changes: keys and trust documents are replaced under a running service. A
 * file that is unreadable in between leaves the value as it was, with a warning.
 *
 * @throws when it cannot be read at the start.
 */
export async function followFile<T>(path: string, read: (text: string) => T, log: Logger): Promise<FollowedFile<T>> {
  // The time first: a change while the file is being read is then seen by the next look.
  let seen = await fingerprint(path);
  let value = read(await readFile(path, 'utf8'));
  const listeners: (() => void)[] = [];
  const lookOnce = async (): Promise<void> => {
    try {
      const changed = await fingerprint(path);
      if (changed === seen) return;
      value = read(await readFile(path, 'utf8'));
      seen = changed;
      log.info({ file: path }, 'file read again');
      for (const listener of listeners) listener();
    } catch (error) {
      log.warn({ file: path, err: describeError(error) }, 'file unreadable; what was read before stays in use');
    }
  };
  // One look after the other: what an older one read must not replace what a newer one did.
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<T> => {
    looking = looking.then(lookOnce);
    await looking;
    return value;
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return {
    current: () => value,
    look,
    onChange: (listener) => void listeners.push(listener),
    stop: () => clearInterval(timer),
  };
}

/** Another one when the file was written or replaced, also twice within one tick of the file system's clock. */
async function fingerprint(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path);
  return `${mtimeMs}/${size}/${ino}`;
}
