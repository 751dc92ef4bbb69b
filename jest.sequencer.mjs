import TestSequencer from '@jest/test-sequencer';

/**
 * Suites that take longest, the slowest first. Without timings of earlier runs, as in a clean clone, Jest begins with the
 * largest files: some of these are small, and would be what one worker ends with while the other has nothing left to do.
 */
const SLOWEST = [
  'faults/short-run',
  'end-to-end/keys',
  'end-to-end/faults',
  'end-to-end/ledger-questions',
  'end-to-end/lists-guide',
  'demo/demo',
  'end-to-end/reconcile',
  'end-to-end/ledger',
  'bench/recognition/bench-recognition',
  'bench/growth/bench-growth',
  'bench/exchange/bench-exchange',
  'end-to-end/lists',
  'end-to-end/forgery',
  'end-to-end/leaks',
  'end-to-end/preview',
  'end-to-end/gateway',
  'end-to-end/agencies',
].map((name) => `/tools/src/${name}.spec.ts`);

/** Starts them before all others, which stay in Jest's own order. */
export default class SlowestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = SLOWEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(name));
      return at < 0 ? SLOWEST.length : at;
    };
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
