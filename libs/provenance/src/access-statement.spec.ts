import type {
  AccessStatement,
  DecisionStatement,
  RequestStatement,
  RevocationStatement,
  SignedStatement,
} from '@clearance/contracts';
import { signStatement, statedAt, statementDigest, verifyStatement } from './access-statement.ts';
import { canonicalJson } from './content-digest.ts';
import { signDetached } from './detached-signature.ts';
import { DAY, ISSUED_AT, JL, JL_PUBLIC, LN, LN_PUBLIC, RING } from './token.fixture.ts';

const time = (ms: number): string => new Date(ISSUED_AT + ms).toISOString();
const grant = {
  about: { issuer: 'ln.customs', resultId: '019aa5a1-7c5b-7000-8000-000000000001' },
  paths: ['/goods/*/value'],
  purpose: 'risk-assessment',
  until: time(30 * DAY),
} satisfies DecisionStatement['grant'];
const request: RequestStatement = {
  type: 'access-request',
  requestId: '019aa5a1-7c5b-7000-8000-00000000a001',
  reference: 'ZL-2026-17',
  requester: 'jl.customs',
  ...grant,
  legalReference: '海关法 第六条',
  requestedAt: time(0),
};
const decision: DecisionStatement = {
  type: 'access-decision',
  requestId: request.requestId,
  request: statementDigest(request),
  owner: 'ln.customs',
  requester: 'jl.customs',
  decision: 'granted',
  by: 'owner',
  grant,
  decidedAt: time(1_000),
};
const revocation: RevocationStatement = {
  type: 'access-revocation',
  requestId: request.requestId,
  decision: statementDigest(decision),
  owner: 'ln.customs',
  requester: 'jl.customs',
  reason: '案件已结',
  revokedAt: time(2_000),
};
const verify = (signed: SignedStatement, at = statedAt(signed.statement)) => verifyStatement(signed, RING, at);

describe('a signed statement about access', () => {
  it.each<[string, AccessStatement, typeof LN, string]>([
    ['a request, by the requester', request, JL, 'jl-1'],
    ['a decision, by the owner', decision, LN, 'ln-1'],
    ['a revocation, by the owner', revocation, LN, 'ln-1'],
  ])('holds: %s', (_what, statement, key, keyId) => {
    const signed = signStatement(statement, key);
    expect(signed.statement).toEqual(statement);
    expect(verify(signed)).toEqual({ ok: true, keyId });
    // Whatever order its members come in after a database or a network.
    const reordered = Object.fromEntries(Object.entries(statement).reverse()) as unknown as AccessStatement;
    expect(verify({ ...signed, statement: reordered })).toEqual({ ok: true, keyId });
    expect(statementDigest(reordered)).toBe(statementDigest(statement));
  });

  const signed = signStatement(decision, LN);
  it.each<[string, SignedStatement, string]>([
    ['a request, by the owner', signStatement(request, LN), 'wrong-owner'],
    ['a decision, by the requester', signStatement(decision, JL), 'wrong-owner'],
    ['a revocation, by the requester', signStatement(revocation, JL), 'wrong-owner'],
    [
      'more paths',
      { ...signed, statement: { ...decision, grant: { ...grant, paths: ['/goods'] } } },
      'signature-invalid',
    ],
    [
      'a later end',
      { ...signed, statement: { ...decision, grant: { ...grant, until: time(31 * DAY) } } },
      'signature-invalid',
    ],
    ['another requester', { ...signed, statement: { ...decision, requester: 'hl.customs' } }, 'signature-invalid'],
    ['another owner, who has the key', { ...signed, statement: { ...decision, owner: 'jl.customs' } }, 'wrong-owner'],
    [
      'the text of a decision as a revocation',
      { ...signed, statement: { ...decision, type: 'access-revocation', revokedAt: time(1_000) } as never },
      'signature-invalid',
    ],
    ["another statement's signature", { statement: revocation, signature: signed.signature }, 'signature-invalid'],
    ['a key that nobody knows', signStatement(decision, { ...LN, kid: 'x' }), 'unknown-key'],
    [
      'a signature over the same text as a file',
      { statement: decision, signature: signDetached(Buffer.from(canonicalJson(decision)), LN) },
      'malformed',
    ],
    ['a time before the key', signStatement({ ...decision, decidedAt: time(-DAY - 1) }, LN), 'key-not-valid'],
    ['a time after the key', signStatement({ ...decision, decidedAt: time(DAY) }, LN), 'key-not-valid'],
    ['a time that is none', signStatement({ ...decision, decidedAt: '2026-11-21' }, LN), 'key-not-valid'],
  ])('is refused: %s', (_what, statement, code) => {
    expect(verify(statement)).toMatchObject({ ok: false, code });
  });

  it('of a revoked key holds for what it said before, and for nothing else', () => {
    const ring = new Map([{ ...LN_PUBLIC, revokedAt: ISSUED_AT + 1_000 }, JL_PUBLIC].map((key) => [key.kid, key]));
    expect(verifyStatement(signed, ring, ISSUED_AT + 999)).toMatchObject({ ok: true });
    expect(verifyStatement(signed, ring, statedAt(decision))).toMatchObject({ ok: false, code: 'key-revoked' });
  });

  it('is known by a digest that tells every other one', () => {
    const others: AccessStatement[] = [request, decision, revocation, { ...decision, decidedAt: time(1_001) }];
    const digests = others.map(statementDigest);
    expect(new Set(digests).size).toBe(others.length);
    for (const digest of digests) expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    [request, 0],
    [decision, 1_000],
    [revocation, 2_000],
  ] as [AccessStatement, number][])('says when it was said', (statement, after) => {
    expect(statedAt(statement)).toBe(ISSUED_AT + after);
  });
});
