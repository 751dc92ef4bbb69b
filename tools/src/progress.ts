/** Tells a person what is being done, on standard error: standard output belongs to the command's own answer. */
export interface Progress {
  /** Runs a step; says when it is done and how long it took, and every ten seconds that it still runs. */
  step<T>(title: string, work: () => Promise<T>, detail?: (value: T) => string): Promise<T>;
  say(text: string): void;
}

const HEARTBEAT_MS = 10_000;

/** Progress as lines, fit for a terminal and for a log alike. */
export function createProgress(write: (text: string) => void = (text) => process.stderr.write(text)): Progress {
  const say = (text: string): void => write(`${text}\n`);
  return {
    say,
    step: async (title, work, detail) => {
      const since = performance.now();
      const seconds = (): string => ((performance.now() - since) / 1_000).toFixed(1);
      const heartbeat = setInterval(() => say(`  … ${title} (${seconds()} s)`), HEARTBEAT_MS);
      try {
        const value = await work();
        const more = detail?.(value);
        say(`  ✓ ${title}${more === undefined ? '' : ` — ${more}`} (${seconds()} s)`);
        return value;
      } catch (error) {
        say(`  ✗ ${title} (${seconds()} s)`);
        throw error;
      } finally {
        clearInterval(heartbeat);
      }
    },
  };
}
