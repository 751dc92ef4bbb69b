import { jest } from '@jest/globals';
import { createProgress } from '../progress.ts';
import { runFaults } from './run-faults.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(900_000);

/** The short form of `npm run faults`: each fault another kind, on one broker with two gateways. */
it('nothing is lost, doubled or leaked while everything is broken once under load', async () => {
  const lines: string[] = [];
  const report = await runFaults({
    seed: 'short',
    stages: [{ brokers: 1, until: { faults: 6 } }],
    reofferAfter: 'PT5S',
    stepsPerMinute: 240,
    logLevel: 'info',
    keep: false,
    progress: createProgress((text) => lines.push(text)),
    signal: new AbortController().signal,
  }).catch((error: unknown) => {
    throw new Error(`the run broke off:\n${lines.join('')}`, { cause: error });
  });
  const { account, faults, discrepancies, notRecovered, unsettled, deadLetters } = report;
  expect({ discrepancies, notRecovered, unsettled, deadLetters }).toEqual({
    discrepancies: [],
    notRecovered: [],
    unsettled: 0,
    deadLetters: {},
  });
  expect(account).toMatchObject({ missing: 0, doubled: 0, leaked: 0, altered: 0 });
  expect(report.ledger.findings).toEqual([]);
  expect(report.ledger.heads).toBeGreaterThan(6);
  expect(account.accepted).toBeGreaterThan(60);
  expect(account.delivered).toBe(account.entitled);
  expect(account.entitled).toBe(account.accepted * 11);
  expect(faults.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThanOrEqual(6);
  expect(faults.length).toBeGreaterThanOrEqual(6);
  expect(report.ok).toBe(true);
});
