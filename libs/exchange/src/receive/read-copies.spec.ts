import type { UnitId } from '@clearance/contracts';
import type { Received } from '@clearance/messaging';
import { type KeyRing, redactToken, verifyToken } from '@clearance/provenance';
import { altered, newSigner, ringOf, tokenOf } from '../signers.fixture.ts';
import { readCopies } from './read-copies.ts';

const LN = newSigner('ln.customs');
const HL = newSigner('hl.customs');
const STRANGER = newSigner('ln.customs', 'ln.customs/unknown');
const RING = ringOf(LN, HL);
const SELF: UnitId = 'hl.customs';
const GOOD = tokenOf(LN);

const message = (tokens: readonly string[], subject = 'copies.ln.customs', changes: object = {}): Received => ({
  subject,
  data: new TextEncoder().encode(
    JSON.stringify({ listVersion: '2026.11-1', copies: tokens.map((token) => ({ token, withheld: [] })), ...changes }),
  ),
});
const read = (...messages: Received[]) => readCopies(messages, SELF, RING);

describe('readCopies', () => {
  it('takes a copy that its issuer signed, with what the gateway says was withheld', () => {
    const verified = verifyToken(GOOD, RING);
    if (!verified.ok) throw new Error(verified.detail);
    const { token } = redactToken(verified.result, ['/kind']);
    const withheld = [{ path: '/kind', entry: 'NL-001', legalBasis: '《海关法》', access: 'none' }];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const [copy] = read({
      subject: 'copies.ln.customs',
      data: Buffer.from(JSON.stringify({ listVersion: 'L-7', copies: [{ token, withheld, traceparent }] })),
    });
    expect(copy).toEqual({
      verdict: { verdict: 'done' },
      refused: [],
      named: [],
      verified: [
        {
          traceparent,
          stored: {
            issuer: 'ln.customs',
            resultId: '019aa5a1-7c5b-7000-8000-000000000001',
            version: 1,
            status: 'issued',
            issuedAt: '2026-11-21T03:12:00.123Z',
            own: false,
            content: '{"reference":"R-1"}',
            withheld: JSON.stringify(withheld),
            token,
            keyId: 'ln.customs/test',
            digest: null,
            firstDigest: null,
            listVersion: 'L-7',
            viewNumber: 0,
          },
        },
      ],
    });
  });

  it.each([
    ['一处改动 one altered character', altered(GOOD), 'copies.ln.customs', 'signature-invalid'],
    ['密钥不明 an unknown key', tokenOf(STRANGER), 'copies.ln.customs', 'unknown-key', 'later'],
    ["冒名签发 another unit's name", tokenOf(HL, { issuer: 'ln.customs' }), 'copies.ln.customs', 'wrong-owner'],
    [
      '早于密钥生效 issued before the key',
      tokenOf(LN, { issuedAt: '2019-01-01T00:00:00.000Z' }),
      'copies.ln.customs',
      'key-not-valid',
    ],
    ["主题不符 another issuer's subject", GOOD, 'copies.jl.customs', 'wrong-subject'],
    ["回到自己 the receiver's own result", tokenOf(HL), 'copies.hl.customs', 'wrong-subject'],
    ['不是凭证 no token', 'abc', 'copies.ln.customs', 'malformed'],
    ['重复披露 a disclosure twice', `${GOOD}${GOOD.split('~')[1]!}~`, 'copies.ln.customs', 'disclosure-invalid'],
  ])('refuses %s, and takes the good copy beside it', (_what, token, subject, code, verdict = 'poison') => {
    const companion = subject === 'copies.ln.customs' ? [GOOD] : [];
    const [outcome] = read(message([token, ...companion], subject));
    expect(outcome!.verified.map(({ stored }) => stored.token)).toEqual(companion);
    expect(outcome!.verdict).toEqual({
      verdict,
      cause: 'unverifiable',
      detail: `1 of ${1 + companion.length} copies refused: ${code}`,
    });
  });

  it('names the copies that a revoked key signed', () => {
    const revoked: KeyRing = new Map([...RING, [LN.key.kid, { ...LN.verification, revokedAt: 0 }]]);
    const [outcome] = readCopies([message([GOOD])], SELF, revoked);
    expect(outcome!.verdict).toMatchObject({
      verdict: 'poison',
      detail: '1 of 1 copies refused: key-revoked (019aa5a1-7c5b-7000-8000-000000000001 v1)',
    });
  });

  it.each([
    ['no JSON', Buffer.from('{"copies":')],
    ['no copies', Buffer.from('{"listVersion":"1","copies":[]}')],
    ['no list version', Buffer.from(JSON.stringify({ copies: [{ token: GOOD, withheld: [] }] }))],
    ['an unknown member', message([GOOD], undefined, { surprise: 1 }).data],
    ['nothing at all', new Uint8Array()],
  ])('calls a message with %s malformed', (_what, data) => {
    expect(read({ subject: 'copies.ln.customs', data })).toEqual([
      {
        verified: [],
        refused: [],
        named: [],
        verdict: { verdict: 'poison', cause: 'malformed', detail: 'not a message of copies' },
      },
    ]);
  });

  it('judges each message of a batch for itself, in order', () => {
    const second = tokenOf(LN, { resultId: '019aa5a1-7c5b-7000-8000-000000000002' });
    const outcomes = read(
      message([GOOD]),
      { subject: 'copies.ln.customs', data: Buffer.from('x') },
      message([altered(GOOD)]),
      message([second, GOOD]),
    );
    expect(
      outcomes.map(({ verdict, verified }) => [verdict.verdict, verified.map(({ stored }) => stored.token)]),
    ).toEqual([
      ['done', [GOOD]],
      ['poison', []],
      ['poison', []],
      ['done', [second, GOOD]],
    ]);
  });
});
