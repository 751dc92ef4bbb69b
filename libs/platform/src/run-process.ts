import { describeError } from './describe-error.ts';
import type { Logger } from './logger.ts';

/** A service as a process sees it. */
interface Stoppable {
  log: Logger;
  opened: Promise<unknown>;
  stop(): Promise<void>;
}

const DRAIN_LIMIT_MS = 25_000;

/**
 * A service's life as a process: SIGTERM and SIGINT drain it and end with 0; a start that cannot succeed ends with 1;
 * a drain that does not end within 25 s (below Kubernetes' 30) ends with 2.
 */
export async function runProcess(name: string, start: () => Promise<Stoppable>): Promise<void> {
  let service: Stoppable;
  try {
    service = await start();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const { log } = service;
  let stopping = false;
  const stop = (code: number): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(2), DRAIN_LIMIT_MS).unref();
    service.stop().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ err: describeError(error) }, 'did not stop cleanly');
        process.exit(2);
      },
    );
  };
  process.on('SIGTERM', () => stop(0));
  process.on('SIGINT', () => stop(0));
  service.opened.catch((error: unknown) => {
    log.fatal({ err: describeError(error) }, 'cannot work');
    stop(1);
  });
}
