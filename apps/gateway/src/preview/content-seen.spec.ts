import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { contentSeen } from '@clearance/negative-list';
import { issueToken, type KeyRing, redactToken, verifyToken } from '@clearance/provenance';

const pair = generateKeyPairSync('ed25519');
const KEY = { kid: 'ln.customs/1', suite: 'EdDSA', privateKey: pair.privateKey } as const;
const RING: KeyRing = new Map([
  [KEY.kid, { kid: KEY.kid, owner: 'ln.customs', suite: 'EdDSA', publicKey: pair.publicKey, notBefore: 0 }],
]);
const CLAIMS = {
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 1,
  status: 'issued',
  issuer: 'ln.customs',
  issuedAt: '2026-11-21T03:12:00.000Z',
} as const;

type Json = string | number | boolean | Json[] | { [name: string]: Json };
const names = fc.constantFrom('reference', 'goods', 'value', 'a/b', 'm~n', '0', '1', 'seals', '货物');
const { content: contents } = fc.letrec<{ content: Record<string, Json>; value: Json }>((tie) => ({
  content: fc.dictionary(names, tie('value'), { minKeys: 1, maxKeys: 5 }),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
}));

/** Pointers of all nodes of a content. */
function pointersOf(value: Json, at = ''): string[] {
  const below = Array.isArray(value)
    ? value.map((element, place): [string, Json] => [String(place), element])
    : typeof value === 'object'
      ? Object.entries(value)
      : [];
  return below.flatMap(([name, member]) => {
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [pointer, ...pointersOf(member, pointer)];
  });
}

it('is what whoever is given the redacted token reads in it', () => {
  let several = 0;
  fc.assert(
    fc.property(contents, fc.infiniteStream(fc.boolean()), fc.boolean(), (content, choose, all) => {
      const taken = pointersOf(content).filter(() => choose.next().value && choose.next().value);
      // As decisions name them: only the topmost.
      const topmost = taken.filter((pointer) => !taken.some((other) => pointer.startsWith(`${other}/`)));
      const withheld = all && topmost.length > 3 ? [''] : topmost;
      if (withheld.length > 1) several += 1;
      const issued = verifyToken(issueToken(CLAIMS, content, KEY, randomBytes), RING);
      if (!issued.ok) throw new Error(issued.code);
      const given = verifyToken(redactToken(issued.result, withheld).token, RING);
      if (!given.ok) throw new Error(given.code);
      const before = JSON.stringify(content);
      expect(contentSeen(content, withheld)).toEqual(given.result.content);
      expect(JSON.stringify(content)).toBe(before);
    }),
    { numRuns: 400 },
  );
  expect(several).toBeGreaterThan(50);
});
