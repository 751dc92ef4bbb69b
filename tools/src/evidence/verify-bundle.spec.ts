import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { EvidenceBundle } from '@clearance/contracts';
import { redactToken, signDetached, signHead, tokenDigest, verifyDetached, verifyToken } from '@clearance/provenance';
import {
  bundleOf,
  CONTENT,
  DOCUMENT,
  ENTRY,
  evidenceOf,
  issue,
  ISSUED,
  keyOf,
  LIST,
  RING,
  VIEW,
} from './bundle.fixture.ts';
import { digestOf, verifyBundle } from './verify-bundle.ts';

const BUNDLE = bundleOf();
const TEXT = JSON.stringify(BUNDLE);

/** What is found, as `pointer code`. */
const found = (bundle: object | string): string[] =>
  verifyBundle(typeof bundle === 'string' ? bundle : JSON.stringify(bundle), RING).findings.map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
/** The bundle of someone who knows how its digest is made. */
const sealed = (bundle: EvidenceBundle): EvidenceBundle => ({ ...bundle, digest: digestOf(bundle) });

/** Another character in a place, of the kind that stands there. */
function flipped(text: string, place: number): string {
  const there = text[place]!;
  const other = /[0-8a-yA-Y]/.test(there) ? String.fromCharCode(there.charCodeAt(0) + 1) : there === 'A' ? 'B' : 'A';
  return text.slice(0, place) + other + text.slice(place + 1);
}

function parsed(text: string): EvidenceBundle | undefined {
  try {
    return JSON.parse(text) as EvidenceBundle;
  } catch {
    return undefined;
  }
}

/** The member of the bundle that is another; undefined when its members are no longer the same ones. */
function partAt(value: EvidenceBundle): keyof EvidenceBundle | undefined {
  const names = Object.keys(BUNDLE) as (keyof EvidenceBundle)[];
  if (!isDeepStrictEqual(Object.keys(value), names)) return undefined;
  return names.find((name) => !isDeepStrictEqual(value[name], BUNDLE[name]));
}

/** Characters of a text that are altered, one at a time. */
const ALTERED = 1_000;

describe('an evidence bundle', () => {
  it('in which everything holds', () => {
    expect(verifyBundle(TEXT, RING)).toEqual({
      ok: true,
      findings: [],
      unchecked: [],
      bundle: {
        consumer: 'jl.border',
        issuer: 'ln.customs',
        resultId: ISSUED.claims.resultId,
        version: 1,
        decidedAt: ENTRY.decidedAt,
        listVersion: '2026.11-1',
        sequence: 2,
        head: { sequence: 4, at: '2026-11-21T03:12:10.000Z' },
        withheld: [{ path: '/goods/0/value', entry: 'NL-010' }],
      },
    });
  });

  it('without the issued result, or without a witness, says what it cannot judge', () => {
    const { issued: _issued, witness: _witness, ...rest } = BUNDLE;
    const { ok, unchecked } = verifyBundle(JSON.stringify(sealed(rest as EvidenceBundle)), RING);
    expect(ok).toBe(true);
    expect(unchecked.map(({ en }) => en)).toEqual([
      expect.stringContaining('no issued result'),
      expect.stringContaining('no head as the unit keeps it'),
    ]);
  });

  it('is trusted by the keys of whoever reads it alone', () => {
    const codes = verifyBundle(TEXT, new Map()).findings.map(({ code }) => code);
    expect(codes.filter((code) => code === 'signature:unknown-key')).toHaveLength(5);
    expect(codes).toContain('key-not-trusted');
  });

  it('with any character altered is found out where it was, by whoever makes its digest anew too', () => {
    const missed: string[] = [];
    let judged = 0;
    for (const place of fc.sample(fc.nat(TEXT.length - 1), ALTERED)) {
      const value = parsed(flipped(TEXT, place));
      // What is no JSON any more is refused; another spelling of the same is no alteration.
      if (value === undefined || isDeepStrictEqual(value, BUNDLE)) continue;
      judged += 1;
      const part = partAt(value);
      const near = `${part}: ${TEXT.slice(place - 20, place + 20)}`;
      if (part === undefined) expect(found(value)).not.toEqual([]);
      else if (part === 'digest') expect(found(value)).toEqual([expect.stringMatching(/^\/digest /)]);
      else {
        if (digestOf(value) === BUNDLE.digest) missed.push(near);
        const findings = found(sealed(value));
        // Whoever is named in the entry was given this view: that is no forgery, but another true statement.
        const alsoTrue = part === 'consumer' && ENTRY.consumers.includes(value.consumer);
        if (!alsoTrue && !findings.some((one) => one.startsWith(`/${part}`))) missed.push(near);
        if (findings.some((one) => one.endsWith('digest-mismatch'))) missed.push(near);
      }
    }
    expect(missed).toEqual([]);
    expect(judged).toBeGreaterThan(ALTERED * 0.8);
  }, 300_000);

  it('aside, its token and its list with any character altered are refused by themselves', () => {
    const signer = { owner: 'policy', at: Date.parse(LIST.receivedAt) };
    const missed: string[] = [];
    const each = (what: string, text: string, accepted: (altered: string) => boolean): void => {
      for (const place of fc.sample(fc.nat(text.length - 1), ALTERED)) {
        if (accepted(flipped(text, place))) missed.push(`${what} ${place}`);
      }
    };
    each('issued', ISSUED.token, (altered) => verifyToken(altered, RING).ok);
    each('view', VIEW.token, (altered) => verifyToken(altered, RING).ok);
    each('list', DOCUMENT, (altered) => verifyDetached(Buffer.from(altered), LIST.signature, RING, signer).ok);
    each('signature', LIST.signature, (altered) => verifyDetached(Buffer.from(DOCUMENT), altered, RING, signer).ok);
    expect(missed).toEqual([]);
  });

  const entryWith = (changes: Partial<typeof ENTRY>): EvidenceBundle =>
    bundleOf({ evidence: evidenceOf({ ...ENTRY, ...changes }) });
  const whole = { token: ISSUED.token, withheld: [] };
  const blind = { token: redactToken(ISSUED, ['']).token, withheld: VIEW.withheld };
  const other = issue({ ...CONTENT, reference: 'DL-2026-2' });
  const later = issue(CONTENT, { version: 2 });
  const without = redactToken(ISSUED, ['/customs']).token;
  const shorn = redactToken(ISSUED, ['/goods/0/value/amount']).token;
  const opened = DOCUMENT.replace('/goods/*/value', '/goods/*/origin');
  const openedList = {
    document: opened,
    record: {
      ...LIST,
      documentDigest: tokenDigest(opened),
      signature: signDetached(Buffer.from(opened), keyOf('policy')),
    },
  };
  const { ledger } = BUNDLE;
  const fork = signHead({ ...ledger.head, hash: '0'.repeat(64) }, keyOf('gateway'));
  const disorder = ([first, second, ...rest]: string[]): string => [first, ...rest.slice(0, -1), second, ''].join('~');

  it.each<[string, EvidenceBundle, string[]]>([
    ['another unit', { ...BUNDLE, consumer: 'nm.border' }, ['/consumer consumer-not-named']],
    [
      'a view that shows what is withheld',
      bundleOf({ view: { ...whole, withheld: VIEW.withheld } }),
      ['/view/token shown-though-withheld', '/ledger/entry/tokenDigest view-not-recorded'],
    ],
    [
      'a view that names nothing as withheld',
      bundleOf({ view: { ...VIEW, withheld: [] } }),
      ['/view/token missing-unnamed', '/view/withheld withheld-differs'],
    ],
    [
      'a view that misses more than is named',
      bundleOf({ view: blind }),
      ['/view/token missing-unnamed', '/ledger/entry/tokenDigest view-not-recorded'],
    ],
    [
      'the disclosures of a view in another order',
      bundleOf({ view: { ...VIEW, token: disorder(VIEW.token.split('~')) } }),
      ['/view/token missing-unnamed', '/ledger/entry/tokenDigest view-not-recorded'],
    ],
    [
      'a path that is none',
      bundleOf({ view: { ...VIEW, withheld: [{ ...VIEW.withheld[0]!, path: '/goods/*' }] } }),
      ['/view/withheld path-unusable', '/view/withheld withheld-differs'],
    ],
    [
      'a disclosure of another result in the view',
      bundleOf({ view: { ...VIEW, token: `${VIEW.token}${other.token.split('~')[1]}~` } }),
      ['/view/token signature:disclosure-invalid', '/ledger/entry/tokenDigest view-not-recorded'],
    ],
    ['another issued result', bundleOf({ issued: other.token }), ['/issued/token issued-differs']],
    ['a later version as the issued result', bundleOf({ issued: later.token }), ['/issued/token issued-differs']],
    [
      'an issued result with less than the view',
      bundleOf({ issued: without }),
      ['/issued/token issued-incomplete', '/view/token shown-though-withheld'],
    ],
    [
      'an issued result without part of what is withheld',
      bundleOf({ issued: shorn }),
      ['/issued/token issued-incomplete'],
    ],
    ['an entry of another version', entryWith({ version: 2 }), ['/ledger/entry/version claim-differs']],
    [
      'an entry of another result',
      entryWith({ resultId: '019aa5a1-7c5b-7000-8000-000000000002' }),
      ['/ledger/entry/resultId claim-differs'],
    ],
    ['an entry of another status', entryWith({ status: 'amended' }), ['/ledger/entry/status claim-differs']],
    ['an entry of another issuer', entryWith({ issuer: 'hl.customs' }), ['/ledger/entry/issuer claim-differs']],
    ['an entry of another kind', entryWith({ kind: 'customs.release' }), ['/ledger/entry/kind claim-differs']],
    [
      'an entry of another view',
      entryWith({ tokenDigest: tokenDigest(ISSUED.token) }),
      ['/ledger/entry/tokenDigest view-not-recorded'],
    ],
    [
      'an entry that names another entry of the list',
      entryWith({ withheld: [{ ...VIEW.withheld[0]!, entry: 'NL-011' }] }),
      ['/view/withheld withheld-differs', '/ledger/entry/withheld decision-differs'],
    ],
    [
      'more shown than the list allows, all said so',
      bundleOf({
        view: whole,
        evidence: evidenceOf({ ...ENTRY, withheld: [], tokenDigest: tokenDigest(ISSUED.token) }),
      }),
      ['/ledger/entry/withheld decision-differs'],
    ],
    [
      'an entry for a unit of which the list says otherwise',
      entryWith({ consumers: ['hl.customs', 'jl.border'] }),
      ['/ledger/entry/withheld decision-differs'],
    ],
    [
      'a decision before the list began',
      entryWith({ decidedAt: '2026-10-31T15:59:59.999Z' }),
      ['/ledger/entry/decidedAt list-not-in-force'],
    ],
    [
      'a list that the entry does not name',
      bundleOf({ evidence: evidenceOf(ENTRY, openedList) }),
      ['/list/record list-not-recorded', '/ledger/entry/withheld decision-differs'],
    ],
    [
      'a text that the record does not name',
      { ...BUNDLE, list: { ...BUNDLE.list, document: `${DOCUMENT} ` } },
      ['/list/document list-altered', '/list/record/signature signature:signature-invalid'],
    ],
    [
      'a text that is no list',
      { ...BUNDLE, list: { ...BUNDLE.list, document: '-' } },
      [
        '/list/document list-altered',
        '/list/record/signature signature:signature-invalid',
        '/list/document list-unreadable',
      ],
    ],
    [
      'a row more in the proof',
      { ...BUNDLE, ledger: { ...ledger, following: [...ledger.following, ledger.previous] } },
      ['/ledger/sequence chain-broken', '/ledger chain-broken'],
    ],
    [
      'rows of the proof in another order',
      { ...BUNDLE, ledger: { ...ledger, following: ledger.following.toReversed() } },
      ['/ledger chain-broken'],
    ],
    [
      'another place in the ledger',
      { ...BUNDLE, ledger: { ...ledger, sequence: 1, following: [...ledger.following, ledger.previous] } },
      ['/ledger/sequence chain-broken', '/ledger chain-broken'],
    ],
    ['another row before', { ...BUNDLE, ledger: { ...ledger, previous: '0'.repeat(64) } }, ['/ledger chain-broken']],
    [
      'a head that another signed',
      bundleOf({
        witness: ledger.head,
        evidence: { ...evidenceOf(), ledger: { ...ledger, head: signHead(ledger.head, keyOf('policy')) } },
      }),
      ['/ledger/head/signature signature:wrong-owner'],
    ],
    ['a witness that contradicts', bundleOf({ witness: fork }), ['/witness head-forked']],
    [
      'a witness of another place',
      bundleOf({ witness: signHead({ ...ledger.head, sequence: 5 }, keyOf('gateway')) }),
      ['/witness head-forked'],
    ],
    ['a key left out', { ...BUNDLE, keys: BUNDLE.keys.slice(1) }, ['/keys keys-differ']],
    ['a key twice', { ...BUNDLE, keys: [...BUNDLE.keys, BUNDLE.keys[0]!] }, ['/keys keys-differ']],
    [
      'a key that signed nothing',
      { ...BUNDLE, keys: [...BUNDLE.keys, { ...BUNDLE.keys[0]!, kid: 'hl.customs/1' }] },
      ['/keys/3 key-not-trusted', '/keys keys-differ'],
    ],
    [
      "another one's key under a known name",
      { ...BUNDLE, keys: BUNDLE.keys.with(0, { ...BUNDLE.keys[0]!, x: BUNDLE.keys[1]!.x }) },
      ['/keys/0 key-not-trusted'],
    ],
  ])('with %s is found out, also when its digest was made anew', (_what, bundle, expected) => {
    expect(found(sealed(bundle)).toSorted()).toEqual(expected.toSorted());
  });

  it('with another digest says that it is damaged', () => {
    expect(found({ ...BUNDLE, digest: `sha-256:${'A'.repeat(43)}` })).toEqual(['/digest digest-mismatch']);
  });

  it.each([
    ['no JSON', '{', [' not-json']],
    ['an unknown member', JSON.stringify({ ...BUNDLE, note: 'x' }), ['/note form:unknown-member']],
    ['a member missing', JSON.stringify({ ...BUNDLE, list: undefined }), ['/list form:missing']],
    ['another kind of document', JSON.stringify({ ...BUNDLE, kind: 'NegativeList' }), ['/kind form:not-in-list']],
  ])('that is %s is refused', (_what, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
