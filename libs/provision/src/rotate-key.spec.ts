import { readFile, rm } from 'node:fs/promises';
import type { MeshHome } from '@clearance/platform';
import { type KeyRing, keyRing, signDetached, signingKey, verifyDetached } from '@clearance/provenance';
import { temporaryHome } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { removeHome } from './private-files.ts';
import type { KeyOwner } from './provision-keys.ts';
import { provisionMesh } from './provision-mesh.ts';
import { revokeKey } from './revoke-key.ts';
import { ROTATION_MARGIN_MS, rotateKey } from './rotate-key.ts';
import { changeTrust, readTrust } from './trust-file.ts';

const NOW = Date.parse('2026-11-21T08:00:00Z');
const DAY = 24 * 60 * 60 * 1000;
const BYTES = Buffer.from('signed');

let home: MeshHome;
beforeEach(async () => {
  home = await temporaryHome();
  await provisionMesh(meshOf(['ln.customs', 'ln.border']), home, NOW);
});
afterEach(() => removeHome(home));

const ring = async (): Promise<KeyRing> => keyRing(JSON.parse(await readFile(home.trustFile, 'utf8')));
const present = async (owner: KeyOwner) => signingKey(JSON.parse(await readFile(home.signingKeyFile(owner), 'utf8')));
/** What a signature made now by the owner's present key is worth at a time: `ok` or why it is refused. */
const worth = async (signature: string, owner: KeyOwner, at: number): Promise<string> => {
  const verified = verifyDetached(BYTES, signature, await ring(), { owner, at });
  return verified.ok ? 'ok' : verified.code;
};

describe('rotateKey', () => {
  it.each<KeyOwner>(['ln.customs', 'policy', 'gateway'])(
    'gives %s a new key; what the former one signed keeps verifying, also within the margin',
    async (owner) => {
      const former = await present(owner);
      const signature = signDetached(BYTES, former);
      const later = NOW + 3 * DAY;
      const { kid, ended } = await rotateKey(home, owner, later);
      const next = await present(owner);
      expect(next.kid).toBe(kid);
      expect(kid).toMatch(new RegExp(`^${owner}/20261124-`));
      const notAfter = later + ROTATION_MARGIN_MS;
      expect(ended).toEqual([{ kid: former.kid, notAfter }]);
      expect(await worth(signature, owner, later)).toBe('ok');
      expect(await worth(signature, owner, notAfter - 1)).toBe('ok');
      expect(await worth(signature, owner, notAfter)).toBe('key-not-valid');
      const renewed = signDetached(BYTES, next);
      expect(await worth(renewed, owner, notAfter)).toBe('ok');
      // From the beginning of its day: a clock that is behind may sign with it.
      expect(await worth(renewed, owner, later - 7 * 60 * 60 * 1000)).toBe('ok');
      expect(await worth(renewed, owner, NOW)).toBe('key-not-valid');
    },
  );

  it('leaves the keys of all others as they are, and the end of older ones of its own', async () => {
    const others = (await readTrust(home)).filter(({ owner }) => owner !== 'ln.customs');
    await rotateKey(home, 'ln.customs', NOW, 1_000);
    await rotateKey(home, 'ln.customs', NOW + DAY, 1_000);
    const trusted = await readTrust(home);
    expect(trusted.filter(({ owner }) => owner !== 'ln.customs')).toEqual(others);
    const own = trusted.filter(({ owner }) => owner === 'ln.customs');
    expect(own.map(({ notAfter }) => notAfter)).toEqual([NOW + 1_000, NOW + DAY + 1_000, undefined]);
  });

  it('lists every key of rotations made at the same time, and ends none that signs', async () => {
    const owners: KeyOwner[] = [
      'ln.customs',
      'ln.border',
      'policy',
      'gateway',
      'ln.customs',
      'ln.customs',
      'ln.customs',
    ];
    await Promise.all(owners.map((owner) => rotateKey(home, owner, NOW)));
    const trusted = await ring();
    for (const owner of new Set(owners)) {
      const key = await present(owner);
      expect(trusted.get(key.kid)).toMatchObject({ owner });
      expect(trusted.get(key.kid)).not.toHaveProperty('notAfter');
    }
    expect(trusted.size).toBe(4 + owners.length);
  });

  it('is completed by another one when it was broken off before the former key ended', async () => {
    const former = await present('ln.customs');
    // Broken off: the new public key is listed, and its private half was never written.
    const orphan = await rotateKey(home, 'ln.border', NOW);
    await changeTrust(home, (keys) =>
      keys.map((key) => (key.kid === orphan.kid ? { ...key, kid: 'ln.customs/orphan', owner: 'ln.customs' } : key)),
    );
    expect(await worth(signDetached(BYTES, former), 'ln.customs', NOW + 9 * DAY)).toBe('ok');
    const { kid } = await rotateKey(home, 'ln.customs', NOW);
    const open = (await readTrust(home)).filter((key) => key.owner === 'ln.customs' && key.notAfter === undefined);
    expect(open.map((key) => key.kid)).toEqual([kid]);
  });

  it('says what to do where there is no key to rotate', async () => {
    await rm(home.signingKeyFile('ln.customs'));
    const before = await readTrust(home);
    await expect(rotateKey(home, 'ln.customs', NOW)).rejects.toMatchObject({
      code: 'unknown-key',
      text: { en: expect.stringContaining('provision'), zh: expect.stringContaining('provision') },
    });
    expect(await readTrust(home)).toEqual(before);
  });

  it('leaves a trust document as it was that a change would make unreadable', async () => {
    const before = await readTrust(home);
    await expect(changeTrust(home, (keys) => [...keys, ...keys])).rejects.toThrow(/twice/);
    expect(await readTrust(home)).toEqual(before);
  });
});

describe('revokeKey', () => {
  it('ends the trust in a key from a time on, and gives its owner one that may stand in its place', async () => {
    const former = await present('ln.customs');
    const signature = signDetached(BYTES, former);
    const later = NOW + 3 * DAY;
    const since = NOW + DAY;
    const revocation = await revokeKey(home, former.kid, { since, now: later });
    const next = await present('ln.customs');
    expect(revocation).toEqual({ kid: former.kid, owner: 'ln.customs', revokedAt: since, replacement: next.kid });
    expect(await worth(signature, 'ln.customs', since - 1)).toBe('ok');
    expect(await worth(signature, 'ln.customs', since)).toBe('key-revoked');
    const anew = signDetached(BYTES, next);
    // What was signed on the first day may be signed anew under its own date.
    expect(await worth(anew, 'ln.customs', NOW)).toBe('ok');
    expect(await worth(anew, 'ln.customs', later)).toBe('ok');
  });

  it('leaves the present key in place when an older one is revoked', async () => {
    const former = await present('policy');
    const { kid } = await rotateKey(home, 'policy', NOW + DAY);
    const revocation = await revokeKey(home, former.kid, { since: NOW, now: NOW + 2 * DAY });
    expect(revocation).toEqual({ kid: former.kid, owner: 'policy', revokedAt: NOW });
    expect((await present('policy')).kid).toBe(kid);
  });

  it('moves a revocation to an earlier time only, and makes no further key', async () => {
    const { kid } = await present('ln.customs');
    const revoke = (since: number) => revokeKey(home, kid, { since, now: NOW + 2 * DAY });
    await revoke(NOW + DAY);
    const { length } = await readTrust(home);
    expect(await revoke(NOW + 2 * DAY)).toEqual({ kid, owner: 'ln.customs', revokedAt: NOW + DAY });
    expect(await revoke(NOW)).toMatchObject({ revokedAt: NOW });
    expect(await readTrust(home)).toHaveLength(length);
  });

  it('revokes nothing ahead of time, and no key that nobody knows', async () => {
    const { kid } = await present('ln.customs');
    const before = await readTrust(home);
    await expect(revokeKey(home, kid, { since: NOW + 1, now: NOW })).rejects.toThrow(RangeError);
    await expect(revokeKey(home, kid, { since: NaN, now: NOW })).rejects.toThrow(RangeError);
    await expect(revokeKey(home, 'ln.customs/x', { since: NOW, now: NOW })).rejects.toMatchObject({
      code: 'unknown-key',
    });
    expect(await readTrust(home)).toEqual(before);
  });
});
