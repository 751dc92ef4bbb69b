import type { Checked } from '../problem/violation.ts';
import { validateReconcileRequest } from './reconcile-request.ts';
import {
  MAX_HOLDINGS,
  validateHoldingsPage,
  validateHoldingsSummary,
  validateListHoldings,
  validateOfferAgain,
  validateOfferAgainReply,
  validateSummariseHoldings,
} from './reconciliation.ts';

const DAY = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' };
const resultId = '019aa3f2-7c41-7e0b-9d55-3f1c2a7b6e10';
const PLACE = { issuedAt: '2026-11-21T08:00:00.123456Z', resultId, version: 2 };
const digest = 'A'.repeat(43);
const HELD = { ...PLACE, signedDigest: digest, offered: false };
const TALLY = { count: 1, digest };
const many = (one: object): object[] => Array.from({ length: MAX_HOLDINGS + 1 }, () => one);

const found = (checked: Checked<unknown>): string[] =>
  checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`);

const CASES: readonly [string, (input: unknown) => Checked<unknown>, unknown, readonly string[]][] = [
  ['a summary asked for', validateSummariseHoldings, DAY, []],
  ['a summary without an end', validateSummariseHoldings, { from: DAY.from }, ['/to missing']],
  ['a summary of an issuer', validateSummariseHoldings, { ...DAY, issuer: 'x' }, ['/issuer unknown-member']],
  ['a summary', validateHoldingsSummary, { held: [{ issuer: 'ln.customs', ...TALLY }], offered: TALLY }, []],
  ['a summary of one who holds nothing', validateHoldingsSummary, { held: [] }, []],
  [
    'a summary with a name that nobody could have signed under',
    validateHoldingsSummary,
    { held: [{ issuer: '', ...TALLY }] },
    [],
  ],
  [
    'a digest of another length',
    validateHoldingsSummary,
    { held: [], offered: { count: 1, digest: 'A' } },
    ['/offered/digest bad-format'],
  ],
  ['a list asked for', validateListHoldings, { ...DAY, issuer: 'ln.customs', after: PLACE, limit: MAX_HOLDINGS }, []],
  [
    'a list of too much at once',
    validateListHoldings,
    { ...DAY, issuer: 'ln.customs', limit: MAX_HOLDINGS + 1 },
    ['/limit out-of-range'],
  ],
  ['a page', validateHoldingsPage, { versions: [HELD], more: true }, []],
  [
    'a page with a time of another length, which would not sort as text',
    validateHoldingsPage,
    { versions: [{ ...HELD, issuedAt: '2026-11-21T08:00:00.123Z' }], more: false },
    ['/versions/0/issuedAt bad-format'],
  ],
  [
    'a page with a content in it',
    validateHoldingsPage,
    { versions: [{ ...HELD, content: {} }], more: false },
    ['/versions/0/content unknown-member'],
  ],
  ['a page that is too long', validateHoldingsPage, { versions: many(HELD), more: false }, ['/versions too-many']],
  ['versions to be offered again', validateOfferAgain, { results: [{ resultId, version: 1 }] }, []],
  ['nothing to be offered again', validateOfferAgain, { results: [] }, ['/results too-few']],
  [
    'too much to be offered again',
    validateOfferAgain,
    { results: many({ resultId, version: 1 }) },
    ['/results too-many'],
  ],
  ['an answer', validateOfferAgainReply, { refused: [{ resultId, version: 1, reason: 'unknown' }] }, []],
  [
    'an answer with a reason that there is not',
    validateOfferAgainReply,
    { refused: [{ resultId, version: 1, reason: 'tired' }] },
    ['/refused/0/reason not-in-list'],
  ],
  ['a run', validateReconcileRequest, { repair: true }, []],
  [
    'a run over days',
    validateReconcileRequest,
    { repair: false, from: '2026-11-20', to: '2026-11-21', olderThan: 'PT0S' },
    [],
  ],
  ['a run of a kind that is not said', validateReconcileRequest, {}, ['/repair missing']],
];

describe('messages of reconciliation', () => {
  it.each(CASES)('%s', (_what, validate, input, expected) => {
    expect(found(validate(input))).toEqual(expected);
  });
});
