import TestSequencer from '@jest/test-sequencer';

/**
 * The suites to begin with: those that take longest, and between them those that mostly wait (for a deadline, a heartbeat, a
 * retry), which run beside another that computes rather than beside each other. Without timings of earlier runs, as in a clean
 * clone, Jest begins with the largest files: some of the slowest are small, and would be what one worker ends with while the
 * other has nothing left to do.
 */
const FIRST = [
  'tools/src/faults/short-run',
  'tools/src/end-to-end/followed',
  'libs/messaging/src/consume-batches-long',
  'tools/src/end-to-end/at-work',
  'tools/src/end-to-end/drafts',
  'libs/exchange/src/issue/pressure',
  'tools/src/demo/demo',
  'tools/src/end-to-end/access',
  'tools/src/end-to-end/keys',
  'libs/messaging/src/replay-dead-letters',
  'tools/src/fuzz/fuzz',
  'tools/src/end-to-end/faults',
  'libs/messaging/src/consume-batches',
  'tools/src/end-to-end/ledger',
  'tools/src/end-to-end/recall',
  'tools/src/end-to-end/reconcile',
  'libs/messaging/src/connect',
  'tools/src/end-to-end/leaks',
  'tools/src/bench/exchange/bench-exchange',
  'libs/platform/src/follow-file',
  'tools/src/bench/recognition/bench-recognition',
  'tools/src/bench/growth/bench-growth',
  'tools/src/end-to-end/lists',
  'libs/messaging/src/publisher',
  'tools/src/end-to-end/ledger-questions',
  'tools/src/bench/lists/bench-lists',
  'libs/messaging/src/renewed-credentials',
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
