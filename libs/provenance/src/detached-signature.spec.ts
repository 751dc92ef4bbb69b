import { flattenedVerify } from 'jose';
import { encodeText } from './base64url.ts';
import { signDetached, verifyDetached } from './detached-signature.ts';
import { CONTENT, DAY, forge, ISSUED_AT, issue, JL, LN, LN_PUBLIC, RING } from './token.fixture.ts';
import { verifyToken } from './verify-token.ts';

const list = Buffer.from('apiVersion: clearance/v1\nkind: NegativeList\nversion: "2026.11-1"\n');
const signature = signDetached(list, LN);
const signer = { owner: 'ln.customs', at: ISSUED_AT };
const [header, value] = signature.split('..') as [string, string];
const headed = (members: object) => `${encodeText(JSON.stringify(members))}..${value}`;
const members = { alg: 'EdDSA', typ: 'clearance-detached', kid: 'ln-1', b64: false, crit: ['b64'] };

describe('a detached signature', () => {
  it('verifies for the bytes, the owner and the time that it was made for', () => {
    expect(verifyDetached(list, signature, RING, signer)).toEqual({ ok: true, keyId: 'ln-1' });
  });

  it('verifies with another JOSE library (RFC 7797)', async () => {
    const jws = { protected: header, payload: list, signature: value };
    const { protectedHeader } = await flattenedVerify(jws, LN_PUBLIC.publicKey);
    expect(protectedHeader).toEqual(members);
  });

  it.each([
    ['other bytes', Buffer.from(`${list}#`), signature, signer, 'signature-invalid'],
    ['no bytes', new Uint8Array(), signature, signer, 'signature-invalid'],
    ['the bytes shifted into the header', list.subarray(1), `${header}${list[0]}..${value}`, signer, 'malformed'],
    ["another's signature", list, `${header}..${signDetached(list, JL).split('..')[1]}`, signer, 'signature-invalid'],
    ['a signature cut short', list, signature.slice(0, -1), signer, 'signature-invalid'],
    ['a key that nobody knows', list, headed({ ...members, kid: 'x' }), signer, 'unknown-key'],
    ["another owner's key", list, signature, { owner: 'policy', at: ISSUED_AT }, 'wrong-owner'],
    ['a time before the key', list, signature, { ...signer, at: ISSUED_AT - DAY - 1 }, 'key-not-valid'],
    ['a time after the key', list, signature, { ...signer, at: ISSUED_AT + DAY }, 'key-not-valid'],
    ['a time that is none', list, signature, { ...signer, at: NaN }, 'key-not-valid'],
    ['another type', list, headed({ ...members, typ: 'clearance-result+sd-jwt' }), signer, 'malformed'],
    ['an encoded payload', list, headed({ ...members, b64: true }), signer, 'malformed'],
    ['another critical extension', list, headed({ ...members, crit: ['b64', 'exp'] }), signer, 'malformed'],
    ['no algorithm', list, headed({ ...members, alg: 'none' }), signer, 'malformed'],
    ['one part', list, header, signer, 'malformed'],
    ['a payload inside', list, signature.replace('..', '.AA.'), signer, 'malformed'],
    ['nothing', list, '', signer, 'malformed'],
  ])('is refused for %s', (_what, bytes, text, expected, code) => {
    expect(verifyDetached(bytes, text, RING, expected)).toMatchObject({ ok: false, code });
  });

  it('of a revoked key holds for what was signed before, and for nothing else', () => {
    const ring = new Map([[LN_PUBLIC.kid, { ...LN_PUBLIC, revokedAt: ISSUED_AT }]]);
    const verify = (at: number) => verifyDetached(list, signature, ring, { ...signer, at });
    expect(verify(ISSUED_AT - 1)).toMatchObject({ ok: true });
    expect(verify(ISSUED_AT)).toMatchObject({ ok: false, code: 'key-revoked' });
  });

  it('over bytes that someone chose never passes for a token, nor a token for it', () => {
    const chosen = Buffer.from(forge({}).split('.').slice(0, 2).join('.'));
    const [, made] = signDetached(chosen, LN).split('..');
    expect(verifyToken(`${chosen}.${made}~`, RING)).toMatchObject({ ok: false, code: 'signature-invalid' });
    const [tokenHeader, payload, tokenSignature] = issue(CONTENT).split('~')[0]?.split('.') as [string, string, string];
    const reused = verifyDetached(Buffer.from(payload), `${tokenHeader}..${tokenSignature}`, RING, signer);
    expect(reused).toMatchObject({ ok: false, code: 'malformed' });
  });
});
