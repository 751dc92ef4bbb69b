import { createHash, randomBytes, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { SDJwtInstance } from '@sd-jwt/core';
import type { JsonObject, JsonValue } from './json.ts';
import { redactToken } from './redact-token.ts';
import { anyContent, CLAIMS, CONTENT, ISSUED_AT, issue, LN, LN_PUBLIC, verified } from './token.fixture.ts';
import { TOKEN_TYPE } from './token-format.ts';

/** The library that others verify with, given our keys. */
const library = new SDJwtInstance({
  omitTyp: true,
  signAlg: 'EdDSA',
  hashAlg: 'sha-256',
  hasher: (data: string | ArrayBuffer) => createHash('sha256').update(String(data)).digest(),
  saltGenerator: () => randomBytes(16).toString('base64url'),
  signer: (data: string) => sign(null, Buffer.from(data), LN.privateKey).toString('base64url'),
  verifier: (data: string, signature: string) =>
    verify(null, Buffer.from(data), LN_PUBLIC.publicKey, Buffer.from(signature, 'base64url')),
});

const PAYLOAD = {
  iss: CLAIMS.issuer,
  jti: CLAIMS.resultId,
  ver: CLAIMS.version,
  status: CLAIMS.status,
  iat: Math.floor(ISSUED_AT / 1000),
  issuedAt: CLAIMS.issuedAt,
};

/** The library takes no empty name for a member's. */
const namedContent = anyContent.filter(hasNames);

describe('@sd-jwt/core', () => {
  it('verifies our tokens and finds the same content', async () => {
    const { payload, header } = await library.verify(issue(), { currentDate: ISSUED_AT / 1000 });
    expect(header).toEqual({ alg: 'EdDSA', typ: TOKEN_TYPE, kid: LN.kid });
    expect(payload).toEqual({ ...PAYLOAD, content: CONTENT });
  });

  it('verifies our redacted tokens and finds what we left in', async () => {
    const { token, content } = redactToken(verified(issue()), ['/goods/0/value', '/goods/2', '/containers/0/seals']);
    const { payload } = await library.verify(token, { currentDate: ISSUED_AT / 1000 });
    expect(payload).toEqual({ ...PAYLOAD, content });
  });

  it('verifies our tokens of contents of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(namedContent, async (content) => {
        const { payload } = await library.verify(issue(content), { currentDate: ISSUED_AT / 1000 });
        expect(payload).toEqual({ ...PAYLOAD, content });
      }),
    );
  });

  it('refuses a token of ours when one character of it is changed', async () => {
    const token = issue();
    const at = token.indexOf('.') + 20;
    const altered = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    await expect(library.verify(altered, { currentDate: ISSUED_AT / 1000 })).rejects.toThrow();
  });

  it('issues tokens that we verify and redact', async () => {
    await fc.assert(
      fc.asyncProperty(namedContent, async (content) => {
        const token = await library.issue({ ...PAYLOAD, content }, { content: everyNode(content) } as object, {
          header: { typ: TOKEN_TYPE, kid: LN.kid },
        });
        const ours = verified(token);
        expect(ours.content).toEqual(content);
        expect(ours.claims).toEqual(CLAIMS);
        const [first, ...rest] = Object.entries(content);
        const redacted = redactToken(ours, first === undefined ? [] : [pointerTo(first[0])]);
        expect(verified(redacted.token).content).toEqual(Object.fromEntries(rest));
      }),
    );
  });
});

/** The library's frame that makes every member and element selectively disclosable, at every level. */
function everyNode(value: JsonObject | JsonValue[]): JsonObject {
  const frame: JsonObject = { _sd: Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value) };
  for (const [step, member] of Object.entries(value)) {
    if (typeof member === 'object' && member !== null) frame[step] = everyNode(member);
  }
  return frame;
}

function hasNames(value: JsonValue): boolean {
  if (value === null || typeof value !== 'object') return true;
  return Object.entries(value).every(([name, member]) => name !== '' && hasNames(member as JsonValue));
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
