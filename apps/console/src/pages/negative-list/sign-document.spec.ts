import { generateKeyPairSync } from 'node:crypto';
import { keyRing, signDetached, signingKey, verifyDetached } from '@clearance/provenance';
import { isSignatureText, readPolicyKey, signDocument } from './sign-document.ts';

const AT = Date.parse('2026-11-23T08:00:00+08:00');
const DOCUMENT = 'kind: NegativeList\nentries: # 船员 𠮷\r\n  - id: "NL-001"\n';

function newKey(owner = 'policy') {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kid: `${owner}/20261123-0e1f`, owner, kty: 'OKP', crv: 'Ed25519', x: x!, d: d!, notBefore: 0 };
}
const file = (jwk: object): string => JSON.stringify(jwk);

it('signs the very bytes that the provenance library signs, and its verification takes it', async () => {
  const jwk = newKey();
  const read = await readPolicyKey(file(jwk));
  if (!read.ok) throw new Error(read.because);
  const signature = await signDocument(DOCUMENT, read.key);
  const bytes = new TextEncoder().encode(DOCUMENT);
  expect(signature).toBe(signDetached(bytes, signingKey(jwk)));
  expect(isSignatureText(signature)).toBe(true);
  const { d: _private, ...publicPart } = jwk;
  const ring = keyRing({ keys: [publicPart] });
  expect(verifyDetached(bytes, signature, ring, { owner: 'policy', at: AT })).toEqual({ ok: true, keyId: jwk.kid });
  const other = new TextEncoder().encode(`${DOCUMENT} `);
  expect(verifyDetached(other, signature, ring, { owner: 'policy', at: AT })).toMatchObject({ ok: false });
});

it('keeps the key so that it cannot be taken out again', async () => {
  const read = await readPolicyKey(file(newKey()));
  expect(read).toMatchObject({ ok: true, key: { privateKey: { extractable: false } } });
});

it.each([
  ['what is no JSON', () => 'kid: policy', 'unreadable'],
  ['a text', () => '"policy"', 'unreadable'],
  ['a key for another curve', () => file({ ...newKey(), crv: 'X25519' }), 'not-a-key'],
  ['a key without a name', () => file({ ...newKey(), kid: undefined }), 'not-a-key'],
  ['a public part of another length', () => file({ ...newKey(), x: 'AAAA' }), 'not-a-key'],
  ['a unit’s key', () => file(newKey('ln.customs')), 'not-policy'],
  ['a unit’s key that does not say whose', () => file({ ...newKey('ln.customs'), owner: undefined }), 'not-policy'],
  ['the public part alone', () => file({ ...newKey(), d: undefined }), 'not-private'],
  ['two halves of two keys', () => file({ ...newKey(), x: newKey().x }), 'mismatched'],
])('refuses %s', async (_what, make, because) => {
  expect(await readPolicyKey(make())).toEqual({ ok: false, because });
});
