import { randomBytes } from 'node:crypto';
import { issueToken } from '@clearance/provenance';
import type { BenchContext } from '../figure.ts';
import { benchProvenance, checkSameTokens } from './bench-provenance.ts';
import { contentOfForty, WITHHELD } from './content.ts';
import { CLAIMS, keyPairs, TOKEN_HEADER, TOKEN_PAYLOAD, VERIFIED_AT } from './keys.ts';
import { type Issuance, theirs } from './library.ts';

const context: BenchContext = { quick: true, rounds: 1, say: () => undefined, signal: new AbortController().signal };

it('yields the figures', async () => {
  const figures = await benchProvenance(context);
  expect(figures.map(({ id }) => id)).toEqual([
    ...['provenance.issue', 'provenance.redact', 'provenance.verify'],
    ...Object.keys(keyPairs).flatMap((suite) => [
      `provenance.suite.${suite}.issue`,
      `provenance.suite.${suite}.verify`,
    ]),
  ]);
  for (const { ours, against } of figures) {
    expect(ours.median).toBeGreaterThan(0);
    if (against) expect(against.ratio.median).toBeGreaterThan(0);
  }
}, 60_000);

describe('a comparison', () => {
  const content = contentOfForty();
  const key = keyPairs.EdDSA();
  const { kid, privateKey } = key.signing;
  const issuance: Issuance = {
    payload: TOKEN_PAYLOAD,
    content,
    header: { ...TOKEN_HEADER, kid },
    privateKey,
    publicKey: key.publicKey,
    at: VERIFIED_AT,
    withheld: WITHHELD,
  };
  const token = issueToken(CLAIMS, content, key.signing, randomBytes);
  const { consignee: _, ...less } = content;

  it('holds when both sides do the same', async () => {
    await expect(checkSameTokens(token, content, key, theirs(issuance))).resolves.toMatchObject({ token });
  });

  it.each<[string, Partial<Issuance>, RegExp]>([
    ['issues another content', { content: less }, /what we read of theirs/],
    ['leaves out something else', { withheld: WITHHELD.slice(1) }, /what is left/],
  ])('is refused when the library %s', async (_what, change, message) => {
    await expect(checkSameTokens(token, content, key, theirs({ ...issuance, ...change }))).rejects.toThrow(message);
  });

  it('is refused when the token has another number of disclosures', async () => {
    const shorter = issueToken(CLAIMS, less, key.signing, randomBytes);
    await expect(checkSameTokens(shorter, less, key, theirs(issuance))).rejects.toThrow(/number of disclosures/);
  });
});
