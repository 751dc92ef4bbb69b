import type { Program } from './program.ts';

/** Longer than any passage takes: it guards against a copy that was lost, which a comparison without receipts may do. */
const LIMIT_MS = 300_000;

/** Counts what receiving programs say that they have stored (`{stored: n}`). */
export interface StoredCount {
  /** Begins at 0, and resolves when so many were stored. Rejects when a program has ended, or they never come. */
  reach(count: number): Promise<void>;
}

export function countStored(programs: readonly Program[]): StoredCount {
  let stored = 0;
  let look: () => void = () => undefined;
  for (const program of programs) {
    program.onMessage((message) => {
      stored += Number(message['stored'] ?? 0);
      look();
    });
  }
  return {
    reach: (count) => {
      stored = 0;
      const reached = Promise.withResolvers<void>();
      look = () => {
        if (stored >= count) reached.resolve();
      };
      const limit = setTimeout(
        () => reached.reject(new Error(`${stored} of ${count} copies were stored within ${LIMIT_MS / 1_000} s`)),
        LIMIT_MS,
      );
      for (const { ended } of programs) {
        void ended.then(() => reached.reject(new Error('a program of the comparison has ended')));
      }
      return reached.promise.finally(() => clearTimeout(limit));
    },
  };
}
