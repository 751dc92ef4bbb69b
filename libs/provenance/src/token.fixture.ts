import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { encodeText } from './base64url.ts';
import { digestOf } from './fold-content.ts';
import { issueToken } from './issue-token.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { KeyRing, SigningKey, VerificationKey } from './keys.ts';
import type { ResultClaims } from './token-format.ts';
import { verifyToken, type VerifiedToken } from './verify-token.ts';

export const DAY = 86_400_000;
export const ISSUED_AT = Date.parse('2026-11-21T03:12:00.123Z');

/** Two units' keys, each valid from a day before the result is issued to a day after. */
const pairs = { 'ln-1': generateKeyPairSync('ed25519'), 'jl-1': generateKeyPairSync('ed25519') };

export const LN: SigningKey = { kid: 'ln-1', suite: 'EdDSA', privateKey: pairs['ln-1'].privateKey };
export const JL: SigningKey = { kid: 'jl-1', suite: 'EdDSA', privateKey: pairs['jl-1'].privateKey };

export const LN_PUBLIC: VerificationKey = {
  kid: 'ln-1',
  owner: 'ln.customs',
  suite: 'EdDSA',
  publicKey: pairs['ln-1'].publicKey,
  notBefore: ISSUED_AT - DAY,
  notAfter: ISSUED_AT + DAY,
};
export const JL_PUBLIC: VerificationKey = {
  ...LN_PUBLIC,
  kid: 'jl-1',
  owner: 'jl.customs',
  publicKey: pairs['jl-1'].publicKey,
};
export const RING: KeyRing = new Map([LN_PUBLIC, JL_PUBLIC].map((key) => [key.kid, key]));

export const CLAIMS: ResultClaims = {
  issuer: 'ln.customs',
  resultId: '019aa5a1-7c5b-7000-8000-000000000001',
  version: 1,
  status: 'issued',
  issuedAt: '2026-11-21T03:12:00.123Z',
};

export const CONTENT = {
  reference: 'DLHG-2026-000123',
  kind: 'customs.examination',
  conveyance: { imoNumber: '9074729', journey: '026W' },
  containers: [
    { number: 'CSQU3054383', seals: [{ number: 'H1234567', condition: 'intact' }] },
    { number: 'MSKU6011672', seals: [] },
  ],
  goods: [
    { item: 1, description: '冻鳕鱼', value: { amount: '61200.00', currency: 'USD' } },
    { item: 2, description: '冻明太鱼', value: { amount: '48100.50', currency: 'USD' } },
    { item: 3, description: '冻鲱鱼' },
  ],
  remarks: {},
  'a/b~c': 'a name that a pointer escapes',
} satisfies JsonObject;

export function issue(content: JsonObject = CONTENT, claims: ResultClaims = CLAIMS, key: SigningKey = LN): string {
  return issueToken(claims, content, key, randomBytes);
}

/** Verifies what must verify. */
export function verified(token: string): VerifiedToken {
  const verification = verifyToken(token, RING);
  if (!verification.ok) throw new Error(`${verification.code}: ${verification.detail}`);
  return verification.result;
}

/** A token put together by hand, with whatever a forger or a faulty issuer would write, and signed. */
export function forge(parts: {
  header?: JsonValue;
  payload?: JsonObject;
  content?: JsonValue;
  disclosures?: string[];
  key?: SigningKey;
}): string {
  const key = parts.key ?? LN;
  const header = parts.header ?? { alg: 'EdDSA', typ: 'clearance-result+sd-jwt', kid: key.kid };
  const payload = {
    iss: 'ln.customs',
    jti: CLAIMS.resultId,
    ver: 1,
    status: 'issued',
    iat: Math.floor(ISSUED_AT / 1000),
    issuedAt: CLAIMS.issuedAt,
    _sd_alg: 'sha-256',
    content: parts.content ?? {},
    ...parts.payload,
  };
  const input = `${encodeText(JSON.stringify(header))}.${encodeText(JSON.stringify(payload))}`;
  const signature = sign(null, Buffer.from(input), key.privateKey).toString('base64url');
  return [`${input}.${signature}`, ...(parts.disclosures ?? []), ''].join('~');
}

/** A disclosure of these parts, whatever they are, and its digest. */
export function disclosure(...parts: JsonValue[]): { text: string; digest: string } {
  const text = encodeText(JSON.stringify(parts));
  return { text, digest: digestOf(text) };
}

const name = fc.string({ unit: 'grapheme' }).filter((text) => !['_sd', '...', '__proto__', 'toJSON'].includes(text));

/** Contents of any shape. They pass through JSON text, as every content does on its way here. */
export const anyContent: fc.Arbitrary<JsonObject> = fc
  .letrec<{ value: unknown; array: unknown[]; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
      ),
      tie('array'),
      tie('object'),
    ),
    array: fc.array(tie('value'), { maxLength: 4 }),
    object: fc.dictionary(name, tie('value'), { maxKeys: 5 }),
  }))
  .object.map((content) => JSON.parse(JSON.stringify(content)) as JsonObject);

/** Every node of a content as a JSON Pointer, the content itself ('') first. */
export function pointersOf(value: JsonValue, at = ''): string[] {
  if (value === null || typeof value !== 'object') return [at];
  const below = Object.entries(value).flatMap(([step, member]) =>
    pointersOf(member as JsonValue, `${at}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return [at, ...below];
}
