import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Recognition, ResultContent } from '@clearance/contracts';
import {
  issueToken,
  type KeyRing,
  type SigningKey,
  tokenDigest,
  type VerificationKey,
  verifyToken,
} from '@clearance/provenance';
import { revokeKey, rotateKey } from '@clearance/provision';
import { customsExamination } from '@clearance/testing';
import { findResults } from '../find/find-results.ts';
import { issueResults } from '../issue/issue-results.ts';
import { eventually, openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { recogniseConsignments } from '../recognise/recognise-consignments.ts';
import { receiveCopies } from '../receive/receive-copies.ts';
import { settleResults } from '../settle/settle-results.ts';
import type { Unit } from '../unit.ts';
import { openKeys, openTrust } from '../service/unit-keys.ts';
import { applyKeys, followKeys } from './follow-keys.ts';
import { signAnew } from './sign-anew.ts';

const ISSUED = Date.parse('2026-11-21T08:00:00.000Z');
const NOW = ISSUED + 24 * 60 * 60 * 1000;

interface Signer {
  key: SigningKey;
  verification: VerificationKey;
}
function newSigner(owner: string, kid: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verification: VerificationKey = { kid, owner, suite: 'EdDSA', publicKey, notBefore: Date.UTC(2026, 0) };
  return { key: { kid, suite: 'EdDSA', privateKey }, verification };
}
const LN_OLD = newSigner('ln.customs', 'ln.customs/old');
const LN_NEW = newSigner('ln.customs', 'ln.customs/new');
const HL_OLD = newSigner('hl.customs', 'hl.customs/old');
const HL_NEW = newSigner('hl.customs', 'hl.customs/new');

const ringOf = (...keys: VerificationKey[]): KeyRing => new Map(keys.map((key) => [key.kid, key]));
const ALL = [LN_OLD, LN_NEW, HL_OLD, HL_NEW].map(({ verification }) => verification);
const TRUSTED = ringOf(...ALL);
const revoked = ({ verification }: Signer, revokedAt: number): KeyRing =>
  ringOf(...ALL.filter(({ kid }) => kid !== verification.kid), { ...verification, revokedAt });

let real: RealUnit;
let ring: KeyRing;
let signing: Signer;
let unit: Unit;
/** What the unit has published. */
const sent: string[] = [];
beforeAll(async () => {
  real = await openRealUnit('hl.customs');
  unit = {
    ...real.unit,
    publisher: {
      ...real.unit.publisher,
      publishAll: (messages, timeoutMs) => {
        sent.push(...messages.map(({ body }) => String(body)));
        return real.unit.publisher.publishAll(messages, timeoutMs);
      },
    },
    keyRing: () => ring,
    rereadKeys: async () => ring,
    signingKey: () => signing.key,
    now: () => NOW,
  };
}, 120_000);
afterAll(() => real?.cleanup(), 60_000);
beforeEach(async () => {
  ring = TRUSTED;
  signing = HL_OLD;
  await real.empty();
});

function examinationAtHarbin(reference: string): object {
  const { declarationNumber: _declaredAtDalian, ...content } = customsExamination(reference);
  return { ...content, office: '1901', location: 'CNHRB' };
}
const copyOf = (resultId: string, { key }: Signer, changes: { issuedAt?: number; content?: ResultContent } = {}) =>
  issueToken(
    {
      issuer: 'ln.customs',
      resultId,
      version: 1,
      status: 'issued',
      issuedAt: new Date(changes.issuedAt ?? ISSUED).toISOString(),
    },
    changes.content ?? customsExamination(`R-${resultId.slice(-12)}`),
    key,
    randomBytes,
  );
const receive = async (...tokens: string[]) => {
  const copies = tokens.map((token) => ({ token, withheld: [] }));
  const data = Buffer.from(JSON.stringify({ listVersion: '1', copies }));
  const [verdict] = await receiveCopies(unit, [{ subject: 'copies.ln.customs', data }]);
  return verdict!;
};
const find = async (request: object) => {
  const outcome = await findResults(unit, request);
  if (!outcome.ok) throw new Error('no answer');
  return outcome.value.results;
};
const recognise = async (reference: string): Promise<Recognition> => {
  const request = {
    reference,
    location: 'CNHRB',
    checks: ['x-ray'],
    consignment: { containers: ['CSQU3054383'], declarationNumber: '090220261000000123', items: [1] },
    sealsObserved: [{ container: 'CSQU3054383', number: 'H1234567', condition: 'intact' }],
  };
  const [outcome] = await recogniseConsignments(unit, [request]);
  if (!outcome!.ok) throw new Error(JSON.stringify(outcome));
  return outcome!.value;
};
const states = async (): Promise<string[]> =>
  (await real.database.query<{ state: string }[]>('select state from recognition')).map(({ state }) => state);

/** Runs `work` while a table is locked in a mode; the lock goes when as many others wait as `work` says. */
async function whileLocked(
  table: string,
  mode: string,
  work: (blocked: (others: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  const runner = real.database.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`lock table ${table} in ${mode} mode`);
  try {
    await work((others) =>
      eventually(`${others} wait for a lock`, async () => {
        const [row] = await real.database.query<[{ waiting: string }]>(
          `select count(*) as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return Number(row.waiting) === others;
      }),
    );
  } finally {
    await runner.commitTransaction();
    await runner.release();
  }
}

describe("when another unit's key is revoked", () => {
  it('a copy signed from then on is verified no more: no recognition rests on it, and what did is reopened, once', async () => {
    const id = uuidv7();
    expect(await receive(copyOf(id, LN_OLD))).toEqual({ verdict: 'done' });
    const before = await recognise('REC-1');
    expect(before).toMatchObject({ outcome: 'recognised', checks: [{ by: [{ resultId: id, version: 1 }] }] });
    expect((await find({ resultId: id }))[0]!.signature.verified).toBe(true);

    ring = revoked(LN_OLD, ISSUED);
    real.told.length = 0;
    await applyKeys(unit);
    expect((await find({ resultId: id }))[0]!.signature).toMatchObject({ verified: false, keyId: LN_OLD.key.kid });
    const event = real.told[0]!;
    expect(event).toMatchObject({ type: 'recognition.reopened', subject: before.recognitionId });
    expect(JSON.parse(String(event.body))).toEqual({
      ...before,
      state: 'reopened',
      reopened: {
        at: new Date(NOW).toISOString(),
        by: { resultId: id, version: 1, status: 'issued', code: 'signature-invalid' },
      },
    });
    const kept = `select from event_outbox, json_array_elements(events::json) each where each->>'type' = $1`;
    expect(await real.database.query(kept, [event.type])).toHaveLength(1);
    await applyKeys(unit);
    expect(real.told).toHaveLength(1);
    const after = await recognise('REC-2');
    expect(after).toMatchObject({ outcome: 'refused', checks: [{ reasons: [{ code: 'signature-invalid' }] }] });
  });

  it('what it signed before stays verified, and what rests on that in force', async () => {
    await receive(copyOf(uuidv7(), LN_OLD));
    await recognise('REC-1');
    ring = revoked(LN_OLD, ISSUED + 1);
    await applyKeys(unit);
    expect(await states()).toEqual(['in-force']);
    expect(await recognise('REC-2')).toMatchObject({ outcome: 'recognised' });
  });

  describe('at the very moment at which a recognition is decided', () => {
    let work: Promise<unknown>[];
    beforeEach(async () => {
      work = [];
      await receive(copyOf(uuidv7(), LN_OLD));
    });

    it('reopens it when it was decided by the keys of before, and is not committed yet', async () => {
      await whileLocked('recognition', 'share row exclusive', async (blocked) => {
        work.push(recognise('REC-1'));
        // Decided; what is missing is only that it is written down.
        await blocked(1);
        ring = revoked(LN_OLD, ISSUED);
        work.push(applyKeys(unit));
        await blocked(2);
      });
      await Promise.all(work);
      expect(await states()).toEqual(['reopened']);
    });

    it('decides by the keys of now when it comes to it only after that', async () => {
      await whileLocked('recognition', 'access exclusive', async (blocked) => {
        work.push(recognise('REC-1'));
        await blocked(1);
        ring = revoked(LN_OLD, ISSUED);
        work.push(applyKeys(unit));
        await blocked(2);
      });
      const [recognition] = await Promise.all(work);
      expect(recognition).toMatchObject({ outcome: 'refused', checks: [{ reasons: [{ code: 'signature-invalid' }] }] });
    });
  });

  it('a copy that its issuer signed anew takes the place of the one that fell, and is told of no second time', async () => {
    const id = uuidv7();
    await receive(copyOf(id, LN_OLD));
    await recognise('REC-1');
    const [sequence] = await real.database.query<[{ sequence: string }]>('select sequence from result');
    ring = revoked(LN_OLD, ISSUED);
    real.told.length = 0;
    const anew = copyOf(id, LN_NEW);
    // Faster than what follows from the keys: the recognition is reopened all the same.
    expect(await receive(anew)).toEqual({ verdict: 'done' });
    expect(real.told.map(({ type }) => type)).toEqual(['recognition.reopened']);
    const [view, ...more] = await find({ resultId: id });
    expect(more).toEqual([]);
    expect(view!.signature).toEqual({ verified: true, keyId: LN_NEW.key.kid, token: anew });
    expect(await find({ container: 'CSQU3054383' })).toHaveLength(1);
    const [moved] = await real.database.query<[{ sequence: string }]>('select sequence from result');
    expect(Number(moved.sequence)).toBeGreaterThan(Number(sequence.sequence));
    expect(JSON.parse(sent.at(-1)!)).toEqual({
      receipts: [{ resultId: id, version: 1, tokenDigest: tokenDigest(anew) }],
    });
    await applyKeys(unit);
    expect(await recognise('REC-2')).toMatchObject({ outcome: 'recognised' });
    // A late one under the old key changes nothing.
    expect(await receive(copyOf(id, LN_OLD))).toMatchObject({ verdict: 'poison' });
    ring = revoked(LN_OLD, ISSUED + 1);
    expect(await receive(copyOf(id, LN_OLD))).toEqual({ verdict: 'done' });
    expect((await find({ resultId: id }))[0]!.signature.keyId).toBe(LN_NEW.key.kid);
  });

  it('an older version in the history is replaced there', async () => {
    const id = uuidv7();
    const content = customsExamination('R-1');
    const second = issueToken(
      { issuer: 'ln.customs', resultId: id, version: 2, status: 'amended', issuedAt: new Date(ISSUED).toISOString() },
      content,
      LN_NEW.key,
      randomBytes,
    );
    await receive(copyOf(id, LN_OLD), second);
    ring = revoked(LN_OLD, ISSUED);
    await receive(copyOf(id, LN_NEW));
    const versions = await real.database.query(
      `select version, key_id from result union all select version, key_id from result_history order by version`,
    );
    expect(versions).toEqual([
      { version: 1, key_id: LN_NEW.key.kid },
      { version: 2, key_id: LN_NEW.key.kid },
    ]);
  });
});

describe("when the unit's own key is revoked", () => {
  interface Own {
    resultId: string;
    version: number;
    issuedAt: string;
  }
  /** Issues results as a backend's submissions; what was handed on from memory is forgotten. */
  async function issue(references: readonly string[], at = ISSUED): Promise<Own[]> {
    const contents = references.map((reference) => ({
      content: examinationAtHarbin(reference),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    }));
    const outcomes = await issueResults({ ...unit, now: () => at }, contents);
    real.offered.length = 0;
    return outcomes.map((outcome) => {
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
      return outcome.value;
    });
  }
  const settle = async (keyId: string | undefined, ...own: Own[]) => {
    const settlements = own.map(({ resultId, version }) => ({
      resultId,
      version,
      settledAt: '2026-11-21T09:00:00Z',
      keyId,
    }));
    await settleResults(unit, [{ subject: 'settlements', data: Buffer.from(JSON.stringify({ settlements })) }]);
  };
  const outbox = (): Promise<{ result_id: string; item: string }[]> =>
    real.database.query('select result_id, item from offer_outbox order by result_id');

  it('signs anew what is not settled: same version, same time, another signature; offered again at once', async () => {
    const own = await issue(['OWN-1', 'OWN-2']);
    const before = await outbox();
    ring = revoked(HL_OLD, ISSUED + 1);
    // The key that replaces it is not there yet.
    expect(await signAnew(unit)).toBe(0);
    expect(await outbox()).toEqual(before);
    signing = HL_NEW;
    expect(await signAnew(unit)).toBe(2);
    expect(real.offered.map(({ resultId }) => resultId).sort()).toEqual(own.map(({ resultId }) => resultId).sort());
    for (const [index, row] of (await outbox()).entries()) {
      const { token, traceparent } = JSON.parse(row.item) as { token: string; traceparent: string };
      expect(traceparent).toBe((JSON.parse(before[index]!.item) as { traceparent: string }).traceparent);
      const verification = verifyToken(token, ring);
      if (!verification.ok) throw new Error(verification.code);
      const { claims, content, keyId } = verification.result;
      expect(keyId).toBe(HL_NEW.key.kid);
      const issued = own.find(({ resultId }) => resultId === row.result_id)!;
      expect(claims).toEqual({
        issuer: 'hl.customs',
        resultId: issued.resultId,
        version: 1,
        status: 'issued',
        issuedAt: issued.issuedAt,
      });
      const [view] = await find({ resultId: issued.resultId });
      expect(view).toMatchObject({ content, issuedAt: issued.issuedAt, signature: { verified: true, keyId, token } });
    }
    expect(await signAnew(unit)).toBe(0);
  });

  it('signs anew also what was signed before it was known, and is committed after', async () => {
    let issuing: Promise<Own[]> | undefined;
    let applying: Promise<void> | undefined;
    await whileLocked('offer_outbox', 'share row exclusive', async (blocked) => {
      issuing = issue(['OWN-1']);
      // Signed; what is missing is only that it is written down.
      await blocked(1);
      ring = revoked(HL_OLD, ISSUED);
      signing = HL_NEW;
      applying = applyKeys(unit);
      // Long enough for one that does not wait to look, and to find nothing.
      await Promise.race([applying, delay(1_000)]);
    });
    await Promise.all([issuing, applying]);
    const [offer] = await outbox();
    const { token } = JSON.parse(offer!.item) as { token: string };
    expect(verifyToken(token, ring)).toMatchObject({ ok: true, result: { keyId: HL_NEW.key.kid } });
  });

  it('signs anew what was settled only if it is trusted no more', async () => {
    const [early, late] = [await issue(['OWN-1'], ISSUED - 60_000), await issue(['OWN-2'])];
    await settle(HL_OLD.key.kid, ...early, ...late);
    expect(await outbox()).toEqual([]);
    ring = revoked(HL_OLD, ISSUED);
    signing = HL_NEW;
    expect(await signAnew(unit)).toBe(1);
    expect((await outbox()).map(({ result_id }) => result_id)).toEqual([late[0]!.resultId]);
    expect((await find({ resultId: early[0]!.resultId }))[0]!.signature).toMatchObject({
      verified: true,
      keyId: HL_OLD.key.kid,
    });
  });

  it('is not settled by the word about what was signed before, but by that about what is signed now', async () => {
    const own = await issue(['OWN-1']);
    ring = revoked(HL_OLD, ISSUED);
    signing = HL_NEW;
    await signAnew(unit);
    await settle(HL_OLD.key.kid, ...own);
    expect(await outbox()).toHaveLength(1);
    await settle(HL_NEW.key.kid, ...own);
    expect(await outbox()).toEqual([]);
  });

  it('signs under the time of now where the present key may not have signed then', async () => {
    const own = await issue(['OWN-1']);
    ring = new Map([...revoked(HL_OLD, ISSUED), [HL_NEW.key.kid, { ...HL_NEW.verification, notBefore: NOW - 1_000 }]]);
    signing = HL_NEW;
    expect(await signAnew(unit)).toBe(1);
    const [view] = await find({ resultId: own[0]!.resultId });
    expect(view).toMatchObject({ issuedAt: new Date(NOW).toISOString(), version: 1, signature: { verified: true } });
  });

  it('also signs anew what was signed with a key that had ended, and leaves what it signed in its time', async () => {
    const [early, late] = [await issue(['OWN-1'], ISSUED - 60_000), await issue(['OWN-2'])];
    ring = ringOf(...ALL.filter(({ kid }) => kid !== HL_OLD.key.kid), { ...HL_OLD.verification, notAfter: ISSUED });
    signing = HL_NEW;
    expect(await signAnew(unit)).toBe(1);
    const keyOf = async ([own]: Own[]) => (await find({ resultId: own!.resultId }))[0]!.signature.keyId;
    expect([await keyOf(early), await keyOf(late)]).toEqual([HL_OLD.key.kid, HL_NEW.key.kid]);
  });

  it('does so for any number, an amended result with its older version included', async () => {
    const own = await issue(Array.from({ length: 300 }, (_, number) => `OWN-${number}`));
    const [{ result_id: moved }] = await real.database.query<[{ result_id: string }]>(
      'select result_id from result limit 1',
    );
    await real.database.query(
      `insert into result_history (result_id, version, status, issuer, issued_at, content, withheld, token, key_id, stored_at)
       select result_id, 1, status, issuer, issued_at, content, withheld, token, key_id, stored_at from result where result_id = $1`,
      [moved],
    );
    await real.database.query(`update result set version = 2, status = 'amended' where result_id = $1`, [moved]);
    await real.database.query(
      `insert into offer_outbox (result_id, version, item, next_offer_at) select result_id, 2, item, now() from offer_outbox where result_id = $1`,
      [moved],
    );
    ring = revoked(HL_OLD, ISSUED);
    signing = HL_NEW;
    expect(await signAnew(unit)).toBe(own.length + 1);
    const items = await outbox();
    expect(items).toHaveLength(own.length + 1);
    for (const { item } of items) {
      const verification = verifyToken((JSON.parse(item) as { token: string }).token, ring);
      expect(verification).toMatchObject({ ok: true, result: { keyId: HL_NEW.key.kid } });
    }
    const tokens = await real.database.query<{ version: number; token: string }[]>(
      'select version, token from result where result_id = $1 union all select version, token from result_history where result_id = $1',
      [moved],
    );
    for (const { version, token } of tokens)
      expect(verifyToken(token, ring)).toMatchObject({ result: { claims: { version } } });
  });
});

describe('key files that are replaced under a unit', () => {
  it('are followed: it signs on without a pause, and does by itself what a revocation asks for', async () => {
    const { home } = real.mesh;
    const trust = await openTrust(home, real.log);
    const keys = await openKeys(home, 'hl.customs', trust, real.log);
    const following: Unit = { ...unit, signingKey: keys.signingKey, keyRing: keys.keyRing, now: () => Date.now() };
    const former = keys.signingKey().kid;
    const stop = followKeys(following, keys.onChange);
    let rotation: Promise<{ kid: string }> | undefined;
    const signedBy = new Map<string, number>();
    for (let number = 0; (signedBy.size < 2 || number < 30) && number < 3_000; number += 1) {
      if (number === 10) rotation = rotateKey(home, 'hl.customs', Date.now());
      const [outcome] = await issueResults(following, [
        {
          content: examinationAtHarbin(`FOLLOW-${number}`),
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
      ]);
      if (!outcome!.ok) throw new Error(JSON.stringify(outcome));
      const [row] = await real.database.query<[{ token: string; key_id: string }]>(
        'select token, key_id from result where result_id = $1',
        [outcome!.value.resultId],
      );
      // Whoever gets it, at whatever moment, knows the key or finds it in the trust document.
      expect(verifyToken(row.token, await keys.rereadKeys())).toMatchObject({ ok: true });
      signedBy.set(row.key_id, (signedBy.get(row.key_id) ?? 0) + 1);
    }
    const { kid } = await rotation!;
    expect([...signedBy.keys()]).toEqual([former, kid]);

    const { replacement } = await revokeKey(home, kid, { since: Date.now() - 60_000, now: Date.now() });
    await eventually('all that it signed is signed anew', async () => {
      const rows = await real.database.query<{ key_id: string }[]>(
        'select distinct key_id from result order by key_id',
      );
      return !rows.some(({ key_id }) => key_id === kid) && rows.some(({ key_id }) => key_id === replacement);
    });
    const [left] = await real.database.query<[{ count: string }]>('select count(*) from result where key_id = $1', [
      former,
    ]);
    expect(Number(left.count)).toBe(signedBy.get(former));
    await stop();
    keys.stop();
    trust.stop();
  }, 60_000);
});
