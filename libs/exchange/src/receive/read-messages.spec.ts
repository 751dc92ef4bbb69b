import { keyRing } from '@clearance/provenance';
import { altered, newSigner, ringOf, tokenOf } from '../signers.fixture.ts';
import { readingOnce, readMessages } from './read-messages.ts';

const LN = newSigner('ln.customs');
const RING = ringOf(LN);
const GOOD = tokenOf(LN);

const bytesOf = (tokens: readonly string[], listVersion = '2026.11-1'): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ listVersion, copies: tokens.map((token) => ({ token, withheld: [] })) }));

describe('reading once for the units of a process', () => {
  it('gives the very same reading for the same bytes, and what reading each would give', () => {
    const read = readingOnce();
    const [first] = read([bytesOf([GOOD])], RING);
    const [again] = read([bytesOf([GOOD])], RING);
    expect(again).toBe(first);
    expect(first).toEqual(readMessages([bytesOf([GOOD])], RING)[0]);
  });

  it('never takes one message for another: a character of a token, the list, the order', () => {
    const read = readingOnce();
    const other = tokenOf(LN, { version: 2, status: 'amended' });
    const messages = [
      bytesOf([GOOD, other]),
      bytesOf([other, GOOD]),
      bytesOf([GOOD, other], '2026.11-2'),
      bytesOf([altered(GOOD), other]),
      new TextEncoder().encode('no message'),
    ];
    const known = read(messages, RING);
    expect(known).toEqual(readMessages(messages, RING));
    for (const [index, message] of messages.entries()) expect(read([message], RING)).toEqual([known[index]]);
    expect(known[3]![0]).toMatchObject({ ok: false });
    expect(known[4]).toBeUndefined();
  });

  it('reads anew under other keys, and does not remember what held under those before', () => {
    const read = readingOnce();
    const [held] = read([bytesOf([GOOD])], RING);
    expect(held).toMatchObject([{ ok: true }]);
    expect(read([bytesOf([GOOD])], keyRing({ keys: [] }))).toMatchObject([[{ ok: false, code: 'unknown-key' }]]);
    const [anew] = read([bytesOf([GOOD])], RING);
    expect(anew).toEqual(held);
    expect(anew).not.toBe(held);
  });

  it('keeps no more than it may; the oldest goes first', () => {
    const messages = [1, 2, 3].map((version) => bytesOf([tokenOf(LN, { version, status: 'amended' })]));
    const read = readingOnce(messages[0]!.length * 2 + 10);
    const first = messages.map((message) => read([message], RING)[0]);
    expect(read([messages[2]!], RING)[0]).toBe(first[2]);
    expect(read([messages[1]!], RING)[0]).toBe(first[1]);
    expect(read([messages[0]!], RING)[0]).not.toBe(first[0]);
  });

  it('reads the same bytes twice in one call alike', () => {
    const [one, two] = readingOnce()([bytesOf([GOOD]), bytesOf([GOOD])], RING);
    expect(one).toEqual(two);
  });
});
