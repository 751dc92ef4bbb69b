import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import {
  issueToken,
  type KeyRing,
  signedDigest,
  type SigningKey,
  tokenDigest,
  type VerificationKey,
  verifyToken,
} from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { collectReceipts } from '../settle/collect-receipts.ts';
import { discloseResults } from './disclose-results.ts';
import { openRealGateway, type RealGateway } from './real-gateway.fixture.ts';
import { type DisclosedSignature, judgeSignature } from './revoked-keys.ts';

const LN: UnitId = 'ln.customs';
const JL: UnitId = 'jl.customs';
const HL: UnitId = 'hl.customs';
const ISSUED = Date.parse('2026-11-21T03:12:00.123Z');
/** Revoked from a time after the results of these tests say that they were issued. */
const LATER = ISSUED + 60_000;

interface Signer {
  key: SigningKey;
  verification: VerificationKey;
}
function newSigner(kid: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verification: VerificationKey = { kid, owner: LN, suite: 'EdDSA', publicKey, notBefore: 0 };
  return { key: { kid, suite: 'EdDSA', privateKey }, verification };
}
const OLD = newSigner('ln.customs/old');
const NEW = newSigner('ln.customs/new');
const ringOf = (...keys: VerificationKey[]): KeyRing => new Map(keys.map((key) => [key.kid, key]));
const revoked = (from: number): KeyRing => ringOf({ ...OLD.verification, revokedAt: from }, NEW.verification);
const sign = ({ key }: Signer, resultId: string, reference = 'R-1'): string =>
  issueToken(
    { issuer: LN, resultId, version: 1, status: 'issued', issuedAt: new Date(ISSUED).toISOString() },
    { reference, kind: 'customs.scan' },
    key,
    randomBytes,
  );

describe('judgeSignature', () => {
  const id = uuidv7();
  const [old, forged, anew] = [sign(OLD, id), sign(OLD, id, 'R-2'), sign(NEW, id)];
  const signatureOf = (token: string, { key }: Signer): DisclosedSignature => ({
    keyId: key.kid,
    signedDigest: signedDigest(token),
  });
  const [trusted, fallen] = [ringOf(OLD.verification, NEW.verification), revoked(LATER)];

  it.each<[string, string, DisclosedSignature | undefined, KeyRing, string]>([
    ['未吊销、未披露 nothing revoked, not disclosed', old, undefined, trusted, 'accepted'],
    ['未吊销、已披露 nothing revoked, disclosed', old, signatureOf(old, OLD), trusted, 'accepted'],
    ['轮换后重签 rotated, signed anew all the same', anew, signatureOf(old, OLD), trusted, 'accepted'],
    ['已吊销、未披露 revoked, not disclosed: it may be backdated', old, undefined, fallen, 'refused'],
    ['已吊销、原样已披露 revoked, the very same disclosed', old, signatureOf(old, OLD), fallen, 'accepted'],
    ['已吊销、披露的是另一凭证 revoked, another one disclosed', forged, signatureOf(old, OLD), fallen, 'refused'],
    ['已吊销、已换新签 revoked, the one signed anew disclosed', old, signatureOf(anew, NEW), fallen, 'refused'],
    ['吊销后重签 signed anew after the revocation', anew, signatureOf(old, OLD), fallen, 'replaces'],
    ['吊销后重签、再次 offered again after that', anew, signatureOf(anew, NEW), fallen, 'accepted'],
    ['吊销后首次 new, after the revocation', anew, undefined, fallen, 'accepted'],
  ])('%s → %s', (_what, token, before, ring, expected) => {
    const verification = verifyToken(token, ring);
    if (!verification.ok) throw new Error(verification.code);
    expect(judgeSignature({ verified: verification.result, traceparent: undefined }, before, ring)).toBe(expected);
  });
});

describe('a key that is rotated or revoked under a gateway', () => {
  let real: RealGateway;
  let ring: KeyRing;
  let reread: KeyRing | undefined;
  let gateway: Gateway;
  beforeAll(async () => {
    real = await openRealGateway([LN, JL, HL]);
    gateway = {
      ...real.gateway,
      keyRing: () => ring,
      rereadKeys: async () => (ring = reread ?? ring),
    };
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => {
    ring = ringOf(OLD.verification, NEW.verification);
    reread = undefined;
  });

  const messageOf = (tokens: readonly string[]) => ({
    unit: LN,
    data: new TextEncoder().encode(JSON.stringify({ results: tokens.map((token) => ({ token })) })),
  });
  const offer = async (...tokens: string[]) => (await discloseResults(gateway, [messageOf(tokens)]))[0]!;
  const receive = (unit: UnitId, resultId: string, token: string) =>
    collectReceipts(gateway, [
      {
        unit,
        data: Buffer.from(JSON.stringify({ receipts: [{ resultId, version: 1, tokenDigest: tokenDigest(token) }] })),
        at: Date.now(),
      },
    ]);
  const settlement = async (resultId: string) => {
    const [row] = await real.database.query<
      { key_id: string; signed_digest: string; waiting: UnitId[]; settled_at: Date | null }[]
    >('select key_id, signed_digest, waiting, settled_at from settlement where result_id = $1', [resultId]);
    return row;
  };
  const ledgerDigests = async (resultId: string): Promise<string[]> => {
    const rows = await real.database.query<{ entry: string }[]>(
      'select entry from ledger where result_id = $1 order by sequence',
      [resultId],
    );
    return rows.map(({ entry }) => (JSON.parse(entry) as { tokenDigest: string }).tokenDigest);
  };

  it('takes what a key signed that was listed a moment ago: the trust document is read again at once', async () => {
    ring = ringOf(OLD.verification);
    reread = ringOf(OLD.verification, NEW.verification);
    const id = uuidv7();
    expect(await offer(sign(NEW, id))).toEqual({ verdict: 'done' });
    expect(await settlement(id)).toMatchObject({ key_id: NEW.key.kid });
  });

  it('gives back what an unknown key signed, for a while; the good result beside it goes on', async () => {
    ring = ringOf(OLD.verification);
    const [good, unknown] = [uuidv7(), uuidv7()];
    expect(await offer(sign(OLD, good), sign(NEW, unknown))).toEqual({
      verdict: 'later',
      cause: 'unverifiable',
      detail: '1 of 2 results refused: unknown-key',
    });
    expect(await settlement(good)).toBeDefined();
    expect(await settlement(unknown)).toBeUndefined();
  });

  it('refuses and names what a revoked key signed and nobody has been shown, whatever its date', async () => {
    ring = revoked(LATER);
    const [good, backdated] = [uuidv7(), uuidv7()];
    const before = await ledgerDigests(backdated);
    expect(await offer(sign(NEW, good), sign(OLD, backdated))).toEqual({
      verdict: 'poison',
      cause: 'unverifiable',
      detail: `1 of 2 results refused: key-revoked (${backdated} v1)`,
    });
    expect(await settlement(backdated)).toBeUndefined();
    expect(await ledgerDigests(backdated)).toEqual(before);
    expect(await settlement(good)).toMatchObject({ key_id: NEW.key.kid, waiting: [JL, HL] });
  });

  it('goes on with what it disclosed before the revocation, and with nothing else under its name', async () => {
    const id = uuidv7();
    const token = sign(OLD, id);
    await offer(token);
    ring = revoked(LATER);
    expect(await offer(token)).toEqual({ verdict: 'done' });
    expect(await offer(sign(OLD, id, 'forged'))).toMatchObject({
      verdict: 'poison',
      detail: `1 of 1 results refused: key-revoked (${id} v1)`,
    });
    expect(new Set(await ledgerDigests(id))).toEqual(new Set([tokenDigest(token)]));
    // Once the time from which the key is not trusted lies before it, the old token is refused by its date too.
    ring = revoked(ISSUED);
    expect(await offer(token)).toMatchObject({
      verdict: 'poison',
      detail: `1 of 1 results refused: key-revoked (${id} v1)`,
    });
  });

  it('gives to all anew what its issuer signed anew, and counts no receipt for what was given before', async () => {
    const id = uuidv7();
    const [old, anew] = [sign(OLD, id), sign(NEW, id)];
    await offer(old);
    await receive(JL, id, old);
    expect(await settlement(id)).toMatchObject({ waiting: [HL] });
    ring = revoked(ISSUED);
    expect(await offer(anew)).toEqual({ verdict: 'done' });
    expect(await settlement(id)).toMatchObject({
      key_id: NEW.key.kid,
      signed_digest: signedDigest(anew),
      waiting: [JL, HL],
      settled_at: null,
    });
    expect(await ledgerDigests(id)).toEqual([tokenDigest(old), tokenDigest(anew)]);
    // A receipt for the old copy was still on its way.
    await receive(HL, id, old);
    expect(await settlement(id)).toMatchObject({ waiting: [JL, HL] });
    // The old one again, from the stream: refused, and nothing is put back.
    expect(await offer(old)).toMatchObject({ verdict: 'poison' });
    for (const unit of [JL, HL]) await receive(unit, id, anew);
    expect(await settlement(id)).toMatchObject({ waiting: [], key_id: NEW.key.kid });
    const replaced = await real.database.query(
      'select key_id, signed_digest from replaced_signature where result_id = $1',
      [id],
    );
    expect(replaced).toEqual([{ key_id: OLD.key.kid, signed_digest: signedDigest(old) }]);
    const manager = await jetstreamManager(await real.connectAs(LN, 'sync'), { checkAPI: false });
    const { state } = await manager.streams.info('SETTLEMENTS');
    expect(state.messages).toBeGreaterThan(0);
  });

  it('gives anew also what was settled, and takes the new one where both come together', async () => {
    const id = uuidv7();
    const [old, anew] = [sign(OLD, id), sign(NEW, id)];
    await offer(old);
    for (const unit of [JL, HL]) await receive(unit, id, old);
    expect((await settlement(id))!.settled_at).not.toBeNull();
    ring = revoked(LATER);
    for (const both of [
      [anew, old],
      [old, anew],
    ]) {
      const [verdict] = await discloseResults(gateway, [messageOf(both)]);
      expect(verdict).toEqual({ verdict: 'done' });
      expect(await settlement(id)).toMatchObject({ key_id: NEW.key.kid, waiting: [JL, HL], settled_at: null });
    }
  });
});
