import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from './content-digest.ts';
import { CHAIN_START, chainHash, chainOf, rowHash, verifyChain, type ChainedRow, type LedgerRow } from './ledger.ts';
import { anyContent } from './token.fixture.ts';

function chain(rows: readonly LedgerRow[], previous = CHAIN_START): ChainedRow[] {
  return rows.map((row) => ({ row, hash: (previous = chainHash(previous, rowHash(canonicalJson(row)))) }));
}

const rows: LedgerRow[] = ['jl.customs', 'hl.border', 'nm.inspection', 'ln.border'].map((consumer, index) => ({
  consumer,
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  withheld: index === 1 ? [] : [{ path: '/goods/0/value', entry: 'NL-005' }],
}));
const ledger = chain(rows);

describe('the chain of the ledger', () => {
  it('is SHA-256 over a text that anyone can write', () => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const row = sha256('{"consumer":"jl.customs","entry":"NL-001"}');
    const [chained] = chain([{ entry: 'NL-001', consumer: 'jl.customs' }]);
    expect(chained?.hash).toBe(sha256(`{"previous":"${CHAIN_START}","row":"${row}"}`));
  });

  it('is proved by the hashes of rows alone, without what they hold', () => {
    const hashes = rows.map((row) => rowHash(canonicalJson(row)));
    expect(chainOf(CHAIN_START, hashes)).toBe(ledger[3]?.hash);
    expect(chainOf(ledger[1]?.hash as string, hashes.slice(2))).toBe(ledger[3]?.hash);
    expect(chainOf(CHAIN_START, hashes.toReversed())).not.toBe(ledger[3]?.hash);
  });

  it('holds as it was written, whole or piece by piece', () => {
    const head = ledger[3]?.hash as string;
    expect(verifyChain(ledger)).toEqual({ ok: true, head });
    expect(verifyChain(ledger.slice(2), ledger[1]?.hash)).toEqual({ ok: true, head });
    expect(verifyChain([], head)).toEqual({ ok: true, head });
  });

  it('does not depend on the order in which a database gives the members back', () => {
    const turned = ledger.map(({ row, hash }) => ({ row: Object.fromEntries(Object.entries(row).reverse()), hash }));
    expect(verifyChain(turned)).toMatchObject({ ok: true });
  });

  it.each<[string, ChainedRow[], number]>([
    ['a row changed', ledger.with(1, { ...(ledger[1] as ChainedRow), row: { consumer: 'x' } }), 1],
    ['a row taken out', ledger.toSpliced(1, 1), 1],
    ['the first row taken out', ledger.slice(1), 0],
    ['a row put in', ledger.toSpliced(2, 0, ledger[1] as ChainedRow), 2],
    ['two rows swapped', [0, 2, 1, 3].map((index) => ledger[index] as ChainedRow), 1],
    ['a hash changed', ledger.with(3, { ...(ledger[3] as ChainedRow), hash: CHAIN_START }), 3],
    ['a row changed, and its own hash with it', [chain([{ consumer: 'x' }])[0] as ChainedRow, ...ledger.slice(1)], 1],
  ])('breaks at %s', (_what, altered, firstBroken) => {
    expect(verifyChain(altered)).toEqual({ ok: false, firstBroken });
  });

  it('breaks wherever any row is changed', () => {
    fc.assert(
      fc.property(fc.array(anyContent, { minLength: 1 }), fc.nat(), (contents, seed) => {
        const at = seed % contents.length;
        const good = chain(contents);
        const changed = { ...contents[at], added: 'x' };
        expect(verifyChain(good)).toMatchObject({ ok: true });
        expect(verifyChain(good.with(at, { row: changed, hash: good[at]?.hash as string }))).toEqual({
          ok: false,
          firstBroken: at,
        });
      }),
    );
  });
});
