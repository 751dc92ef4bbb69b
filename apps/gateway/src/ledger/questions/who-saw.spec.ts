import type { DisclosureRecord, Withheld } from '@clearance/contracts';
import { disclosure } from '../ledger-database.fixture.ts';
import { type DisclosureRow, isFieldOf, type ReceiptOf, whoSaw } from './find-who-saw.ts';

const item = (path: string, entry: string): Withheld => ({ path, entry, legalBasis: '第一条', access: 'none' });
let sequence = 0;
const row = (changes: Partial<DisclosureRecord>): DisclosureRow => {
  sequence += 1;
  return { sequence, hash: `${sequence}`, entry: disclosure(1, changes) };
};
const noReceipts: ReceiptOf = () => null;
const value = item('/goods/0/value', 'NL-001');

/** `v1 hl.border shown: #1 shown, #4 withheld under NL-001 at`: an answer as a line. */
const told = (rows: DisclosureRow[], path = '/goods/0/value', receiptOf = noReceipts): string[] =>
  whoSaw(rows, path, receiptOf).map(({ version, consumer, ever, views }) => {
    const each = views.map(({ verdict, withheld, receiptAt, ledger }) =>
      [`#${ledger.sequence} ${verdict}`, ...withheld.map(({ entry, relation }) => `${entry} ${relation}`)]
        .concat(receiptAt === null ? [] : ['held'])
        .join(' '),
    );
    return `v${version} ${consumer} ${ever}: ${each.join(', ')}`;
  });

beforeEach(() => (sequence = 0));

describe('who saw a field of a result', () => {
  it('is told per version and unit, whoever shares a view', () => {
    const rows = [
      row({ consumers: ['hl.border', 'jl.border'] }),
      row({ consumers: ['nm.customs'], withheld: [value] }),
      row({ version: 2, consumers: ['hl.border'], withheld: [item('/goods', 'NL-002')] }),
    ];
    expect(told(rows)).toEqual([
      'v1 hl.border shown: #1 shown',
      'v1 jl.border shown: #1 shown',
      'v1 nm.customs withheld: #2 withheld NL-001 at',
      'v2 hl.border withheld: #3 withheld NL-002 above',
    ]);
  });

  it('is told of every view in its time: what was shown once was seen, whatever was sent later', () => {
    const fuller = [row({ consumers: ['hl.border'], withheld: [value] }), row({ consumers: ['hl.border'] })];
    expect(told(fuller)).toEqual(['v1 hl.border shown: #1 withheld NL-001 at, #2 shown']);
    const narrower = [row({ consumers: ['hl.border'] }), row({ consumers: ['hl.border'], withheld: [value] })];
    expect(told(narrower)).toEqual(['v1 hl.border shown: #3 shown, #4 withheld NL-001 at']);
  });

  it('is told in part where something in the field was withheld', () => {
    const rows = [row({ consumers: ['hl.border'], withheld: [item('/goods/0/value', 'NL-001')] })];
    expect(told(rows, '/goods/0')).toEqual(['v1 hl.border in-part: #1 in-part NL-001 below']);
    expect(told(rows, '/goods/*/value')).toEqual(['v1 hl.border in-part: #1 in-part NL-001 at']);
    expect(told(rows, '/goods/1')).toEqual(['v1 hl.border shown: #1 shown']);
  });

  it('says which view a unit has confirmed', () => {
    const rows = [
      row({ consumers: ['hl.border'], withheld: [value], tokenDigest: 'A'.repeat(43) }),
      row({ consumers: ['hl.border'], tokenDigest: 'B'.repeat(43) }),
    ];
    const second: ReceiptOf = (_version, _consumer, digest) =>
      digest.startsWith('B') ? '2026-11-21T08:00:01.000Z' : null;
    expect(told(rows, '/goods/0/value', second)).toEqual(['v1 hl.border shown: #1 withheld NL-001 at, #2 shown held']);
  });

  it('names several entries on one field, and what was withheld whole for want of a list', () => {
    const rows = [row({ consumers: ['hl.border'], withheld: [value, item('', 'FC-no-active-list')] })];
    expect(told(rows)).toEqual(['v1 hl.border withheld: #1 withheld NL-001 at FC-no-active-list above']);
  });

  it('sorts versions as numbers', () => {
    const rows = [10, 2, 1].map((version) => row({ version, consumers: ['hl.border'] }));
    expect(told(rows).map((line) => line.split(' ')[0])).toEqual(['v1', 'v2', 'v10']);
  });
});

describe('a field of a kind', () => {
  it.each([
    ['customs.examination', '', true],
    ['customs.examination', '/goods', true],
    ['customs.examination', '/goods/0', true],
    ['customs.examination', '/goods/*/value', true],
    ['customs.examination', '/goods/12/value', true],
    ['customs.examination', '/revocation/reason', true],
    ['customs.examination', '/good/0/value', false],
    ['customs.examination', '/goods/00/value', false],
    ['customs.examination', '/goods/-/value', false],
    ['customs.examination', '/goods/value', false],
    ['customs.examination', '/*', false],
    ['customs.examination', '/goods/0/value/x', false],
    ['a.kind-of-later', '/anything', true],
  ])('%s %s: %s', (kind, path, expected) => {
    expect(isFieldOf(kind, path)).toBe(expected);
  });
});
