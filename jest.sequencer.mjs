import TestSequencer from '@jest/test-sequencer';

/**
 * The suites to begin with: those that take longest, and between them those that mostly wait (for a deadline, a heartbeat, a
 * retry), which run beside another that computes rather than beside each other. Without timings of earlier runs, as in a clean
 * clone, Jest begins with the largest files: some of the slowest are small, and would be what one worker ends with while the
 * other has nothing left to do.
 */
const FIRST = [
  'tools/src/faults/short-run',
  'libs/messaging/src/consume-batches-long',
  'tools/src/end-to-end/keys',
  'tools/src/end-to-end/access',
  'libs/exchange/src/issue/pressure',
  'tools/src/end-to-end/faults',
  'tools/src/end-to-end/ledger-questions',
  'libs/messaging/src/replay-dead-letters',
  'tools/src/end-to-end/lists-guide',
  'tools/src/demo/demo',
  'libs/messaging/src/consume-batches',
  'tools/src/end-to-end/reconcile',
  'tools/src/end-to-end/ledger',
  'libs/messaging/src/connect',
  'tools/src/bench/recognition/bench-recognition',
  'tools/src/bench/growth/bench-growth',
  'libs/platform/src/follow-file',
  'tools/src/bench/exchange/bench-exchange',
  'tools/src/end-to-end/lists',
  'libs/messaging/src/publisher',
  'tools/src/end-to-end/forgery',
  'tools/src/end-to-end/leaks',
  'libs/messaging/src/renewed-credentials',
  'tools/src/end-to-end/preview',
  'tools/src/end-to-end/gateway',
  'tools/src/end-to-end/agencies',
].map((name) => `/${name}.spec.ts`);

/** Starts them before all others, which stay in Jest's own order. */
export default class SlowestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = FIRST.findIndex((name) => path.replaceAll('\\', '/').endsWith(name));
      return at < 0 ? FIRST.length : at;
    };
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
