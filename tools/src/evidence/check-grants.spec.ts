import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { DisclosureRecord, EvidenceBundle, LedgerRecord } from '@clearance/contracts';
import { type KeyRing, listRecordOf, recordHash, redactToken, signDetached, tokenDigest } from '@clearance/provenance';
import {
  bundleOf,
  DECISION,
  DOCUMENT,
  ENTRY,
  evidenceUnder,
  GRANT,
  type Granted,
  granted,
  ISSUED,
  keyOf,
  LIST,
  proven,
  revoked,
  RING,
  shownUnder,
} from './bundle.fixture.ts';
import { makeBundle } from './make-bundle.ts';
import { digestOf, verifyBundle } from './verify-bundle.ts';

const ONE = granted();
const SHOWN = shownUnder([ONE]);
/** Of another result: a row as any other. */
const OTHER: DisclosureRecord = { ...ENTRY, resultId: '019aa5a1-7c5b-7000-8000-000000000009' };

type Ended = Granted & { end?: ReturnType<typeof revoked> };

/** A bundle of what was shown under grants; the ledger's rows are the list, the grants, another, the entry, and ends. */
function bundleUnder(
  grants: readonly Ended[],
  {
    shown = shownUnder(grants),
    rows = [LIST, ...grants.map(({ record }) => record), OTHER, shown.entry, ...endsOf(grants), OTHER],
    ring = RING,
  }: { shown?: typeof SHOWN; rows?: LedgerRecord[]; ring?: KeyRing } = {},
): EvidenceBundle {
  const evidence = evidenceUnder(rows, shown.entry, grants);
  const parts = { consumer: 'jl.border' as const, view: shown.view, issued: ISSUED.token, evidence };
  return makeBundle({ ...parts, witness: evidence.ledger.head }, ring);
}
const endsOf = (grants: readonly Ended[]): LedgerRecord[] => grants.flatMap(({ end }) => (end ? [end.record] : []));

const verify = (bundle: EvidenceBundle, ring = RING) => verifyBundle(JSON.stringify(bundle), ring);
/** What is found: `pointer code detail`. */
const found = (bundle: EvidenceBundle, ring = RING): string[] =>
  verify(bundle, ring).findings.map(({ pointer, code, detail }) =>
    [pointer, code, ...(detail === undefined || code.startsWith('signature:') ? [] : [detail])].join(' '),
  );
const sealed = (bundle: EvidenceBundle): EvidenceBundle => ({ ...bundle, digest: digestOf(bundle) });

const BUNDLE = bundleUnder([ONE]);

/** Characters of a bundle's grants that are altered, one at a time. */
const ALTERED = 600;

describe('a bundle of what was shown under a grant', () => {
  it('holds, and says by which grant what is seen', () => {
    const { ok, findings, unchecked, bundle } = verify(BUNDLE);
    expect([ok, findings]).toEqual([true, []]);
    expect(bundle).toMatchObject({
      // Of the value that the list takes out the amount is shown.
      withheld: [{ path: '/goods/0/value/currency', entry: 'NL-010' }],
      grants: [
        {
          ...{ grant: DECISION.requestId, paths: ['/goods/*/value/amount'] },
          ...{ purpose: 'risk-assessment', until: '2026-12-21T00:00:00.000Z' },
        },
      ],
    });
    expect(bundle?.grants?.[0]).not.toHaveProperty('ended');
    expect(unchecked.map(({ en }) => en)).toEqual([expect.stringContaining('had not been ended before')]);
  });

  const second = granted({
    requestId: '019aa5a1-7c5b-7000-8000-00000000a002',
    grant: { ...GRANT, paths: ['/goods/*/value/currency'] },
  });
  const standing = granted({
    grant: { ...GRANT, about: { issuer: 'ln.customs', kinds: ['customs.scan'], since: '2026-11-21T00:00:00Z' } },
  });
  it.each<[string, EvidenceBundle]>([
    ['of two, each of which gives a part', bundleUnder([ONE, second])],
    ['of a standing query', bundleUnder([standing])],
    ['of one that was taken back afterwards', bundleUnder([{ ...ONE, end: revoked(ONE) }])],
    [
      'that shows less than is granted, since it keeps what was withheld',
      bundleUnder([ONE, second], { shown: keeping([ONE, second]) }),
    ],
  ])('holds: %s', (_what, bundle) => {
    expect(found(bundle)).toEqual([]);
  });

  it('says when a grant was taken back afterwards', () => {
    const { bundle, unchecked } = verify(bundleUnder([{ ...ONE, end: revoked(ONE) }]));
    expect(bundle?.grants?.[0]?.ended).toBe('2026-11-21T03:30:01.000Z');
    expect(unchecked).toEqual([]);
  });

  it('without the issued result is judged by what the entry says', () => {
    const { issued: _issued, ...rest } = BUNDLE;
    expect(found(sealed(rest as EvidenceBundle))).toEqual([]);
    const { issued: _other, ...forged } = bundleUnder([standing], {
      shown: shownUnder([standing], { kind: 'customs.release' }),
    });
    expect(found(sealed(forged as EvidenceBundle))).toContain('/grants/0/ledger/entry grant-of-another about');
  });

  /** A view that shows the amount alone, of what two grants give. */
  function keeping(grants: readonly Granted[]): typeof SHOWN {
    const { view, entry } = shownUnder(grants);
    const { entry: less } = shownUnder(grants.slice(0, 1));
    const token = redactToken(ISSUED, ['/goods/0/value/currency']).token;
    const { withheld } = less;
    return {
      view: { ...view, token, withheld },
      entry: { ...entry, withheld, tokenDigest: tokenDigest(token), keeps: true },
    };
  }
});

/** A list by which the value is given for another purpose only. */
function underPurpose(purpose: string): EvidenceBundle {
  const document = DOCUMENT.replace('"consumers"', `"purposes":["${purpose}"],"consumers"`);
  const signature = signDetached(Buffer.from(document), keyOf('policy'));
  const { version, effectiveFrom, receivedAt, authors, approvedBy } = LIST;
  const times = { effectiveFrom: Date.parse(effectiveFrom), receivedAt: Date.parse(receivedAt) };
  const list = listRecordOf({ version, document, signature, ...times, authors, approvedBy });
  const entry = { ...SHOWN.entry, listRecord: recordHash(list) };
  const evidence = evidenceUnder([list, ONE.record, OTHER, entry], entry, [ONE], { record: list, document });
  return bundleOf({ view: SHOWN.view, evidence });
}

describe('a bundle whose grant does not hold is found out', () => {
  const wide = { ...GRANT, paths: ['/goods/*/value'] };
  const whole = { token: ISSUED.token, withheld: [] };
  const wider: Granted = { ...ONE, record: { ...ONE.record, grant: wide } };
  const decided = ['/ledger/entry/withheld decision-differs', '/ledger/entry/grants decision-differs'];
  const row = '/grants/0/ledger/entry';
  /** A grant that gives what is shown, but for one thing. */
  const but = (changes: Parameters<typeof granted>[0], signer?: Parameters<typeof granted>[1]): EvidenceBundle => {
    const grant = granted(changes, signer);
    return bundleUnder([grant]);
  };
  const end = revoked(ONE);
  const ended: Ended = { ...ONE, end };
  const early = [LIST, ONE.record, end.record, SHOWN.entry];
  const { grants: _grants, ...ungranted } = BUNDLE;
  const [evidence] = BUNDLE.grants!;

  it.each<[string, EvidenceBundle, string[], KeyRing?]>([
    ['that is left out', sealed(ungranted as EvidenceBundle), ['/grants grants-differ', ...decided]],
    [
      'that the entry does not name',
      bundleUnder([ONE], { shown: { ...SHOWN, entry: { ...SHOWN.entry, grants: undefined as never } } }),
      ['/grants grants-differ', '/ledger/entry/grants decision-differs'],
    ],
    [
      'in the place of another',
      bundleUnder([granted({ requestId: '019aa5a1-7c5b-7000-8000-00000000a007' })], { shown: SHOWN }),
      ['/grants grants-differ', '/ledger/entry/grants decision-differs'],
    ],
    [
      'that gave nothing free',
      bundleUnder([granted({ grant: { ...GRANT, paths: ['/customs'] } })], { shown: SHOWN }),
      decided,
    ],
    [
      'that gave less than is shown',
      bundleUnder([ONE], {
        shown: { view: whole, entry: { ...SHOWN.entry, withheld: [], tokenDigest: tokenDigest(whole.token) } },
      }),
      ['/ledger/entry/withheld decision-differs'],
    ],
    ['for a purpose that the list does not admit', underPurpose('tariff-ruling'), decided],
    [
      'whose row gives more than its owner has signed',
      bundleUnder([wider]),
      ['/grants/0/decision grant-altered grant', ...decided],
    ],
    [
      'with another decision than its row names',
      sealed({ ...BUNDLE, grants: [{ ...evidence!, decision: granted({ reason: '另一' }).decision }] }),
      ['/grants/0/decision grant-altered decision', ...decided],
    ],
    [
      'that was refused',
      but({ decision: 'refused', reason: '无关' }),
      ['/grants/0/decision grant-altered grant', ...decided],
    ],
    [
      'signed by another unit',
      but({}, 'hl.customs'),
      ['/grants/0/decision/signature signature:wrong-owner', ...decided],
    ],
    [
      'signed by a key that had been revoked when it came',
      BUNDLE,
      ['/grants/0/decision/signature signature:key-revoked', ...decided],
      new Map(RING).set('ln.customs/1', {
        ...RING.get('ln.customs/1')!,
        revokedAt: Date.parse('2026-11-21T03:15:05Z'),
      }),
    ],
    [
      'to another unit',
      bundleUnder([granted({ requester: 'jl.inspection' })]),
      [`${row} grant-of-another consumers`, ...decided],
    ],
    [
      'for another unit too',
      bundleUnder([ONE], { shown: shownUnder([ONE], { consumers: ['jl.border', 'jl.inspection'] }) }),
      [`${row} grant-of-another consumers`, ...decided],
    ],
    ['of another owner', but({ owner: 'hl.customs' }, 'hl.customs'), [`${row} grant-of-another issuer`, ...decided]],
    [
      'of another result',
      but({ grant: { ...GRANT, about: { ...GRANT.about, resultId: OTHER.resultId } as never } }),
      [`${row} grant-of-another about`, ...decided],
    ],
    [
      'of results that were issued later',
      but({
        grant: { ...GRANT, about: { issuer: 'ln.customs', kinds: ['customs.scan'], since: '2026-11-21T03:13:00Z' } },
      }),
      [`${row}/grant/about grant-of-another about`, ...decided],
    ],
    [
      'of results of another consignment',
      but({
        grant: {
          ...GRANT,
          about: {
            ...{ issuer: 'ln.customs', kinds: ['customs.scan'], since: '2026-11-21T00:00:00Z' },
            container: 'CSQU3054383',
          },
        },
      }),
      [`${row}/grant/about grant-of-another about`, ...decided],
    ],
    [
      'when its time was over',
      but({ grant: { ...GRANT, until: '2026-11-21T03:20:00.000Z' } }),
      [`${row} grant-not-in-force until`, ...decided],
    ],
    [
      'before it was received',
      bundleUnder([ONE], { shown: shownUnder([ONE], { decidedAt: '2026-11-21T03:14:00.000Z' }) }),
      [`${row} grant-not-in-force receivedAt`, ...decided],
    ],
    [
      'that stands in the ledger after what was shown',
      bundleUnder([ONE], { rows: [LIST, SHOWN.entry, OTHER, ONE.record], shown: SHOWN }),
      ['/grants/0/ledger/sequence grant-not-in-force sequence', ...decided],
    ],
    [
      'that had been taken back',
      bundleUnder([ended], { rows: early, shown: SHOWN }),
      ['/grants/0/end/ledger/sequence grant-not-in-force end', ...decided],
    ],
    [
      'that was taken back by another unit',
      bundleUnder([{ ...ONE, end: revoked(ONE, {}, 'hl.customs') }]),
      ['/grants/0/end/revocation/signature signature:wrong-owner', ...decided],
    ],
    [
      'that was taken back by what was said of another',
      bundleUnder([{ ...ONE, end: revoked(ONE, { decision: 'X'.repeat(43) }) }]),
      ['/grants/0/end/revocation grant-altered decision', ...decided],
    ],
    [
      'whose row is none of the ledger',
      sealed({
        ...BUNDLE,
        grants: [{ ...evidence!, ledger: { ...evidence!.ledger, previous: '0'.repeat(64) } }],
      }),
      ['/grants/0/ledger chain-broken', ...decided],
    ],
    [
      'whose row is of another ledger',
      bundleOf({
        view: SHOWN.view,
        evidence: {
          ...evidenceUnder([LIST, OTHER, SHOWN.entry, OTHER], SHOWN.entry, []),
          grants: [{ ...evidence!, ledger: proven([LIST, ONE.record, OTHER, OTHER], ONE.record, 4) }],
        },
      }),
      ['/grants/0/ledger/head head-forked', ...decided],
    ],
  ])('%s', (_what, bundle, expected, ring = RING) => {
    // Without a signature that holds keys are not compared; nor may a key be revoked that signed the result.
    const findings = found(bundle, ring).filter((one) => !one.startsWith('/view') && !one.startsWith('/issued'));
    expect(findings.toSorted()).toEqual(expected.toSorted());
  });

  it('of two, when one of them does not hold', () => {
    const second = granted({
      requestId: '019aa5a1-7c5b-7000-8000-00000000a002',
      grant: { ...GRANT, paths: ['/goods/*/value/currency'], until: '2026-11-21T03:19:59.999Z' },
    });
    expect(found(bundleUnder([ONE, second]))).toEqual([...decided, '/grants/1/ledger/entry grant-not-in-force until']);
  });

  it('with any character altered, by whoever makes its digest anew too', () => {
    const base = bundleUnder([ended]);
    const text = JSON.stringify(base.grants);
    let judged = 0;
    const altered = fc.property(fc.nat(text.length - 1), (place) => {
      const there = text[place]!;
      const next = /[0-8a-yA-Y]/.test(there) ? String.fromCharCode(there.charCodeAt(0) + 1) : there === 'A' ? 'B' : 'A';
      let grants: EvidenceBundle['grants'];
      try {
        grants = JSON.parse(text.slice(0, place) + next + text.slice(place + 1)) as typeof grants;
      } catch {
        return;
      }
      if (isDeepStrictEqual(grants, base.grants)) return;
      judged += 1;
      const findings = found(sealed({ ...base, grants: grants! }));
      expect([text.slice(place - 20, place + 20), findings.some((one) => one.startsWith('/grants'))]).toContain(true);
    });
    fc.assert(altered, { numRuns: ALTERED });
    expect(judged).toBeGreaterThan(ALTERED * 0.7);
  }, 120_000);
});
