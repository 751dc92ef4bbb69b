import { createPrivateKey } from 'node:crypto';
import { copyFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, parseCreds, type Account, type User } from '@nats-io/jwt';
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose';
import { keyRing, signDetached, signingKey, verifyDetached } from '@clearance/provenance';
import { meshHome, TOKEN_ROLES, type MeshHome } from '@clearance/platform';
import { temporaryHome } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { removeHome } from './private-files.ts';
import { provisionMesh } from './provision-mesh.ts';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from './provision-tokens.ts';

const NOW = Date.parse('2026-11-21T09:30:00Z');
const YEAR = 365 * 24 * 60 * 60 * 1000;

let home: MeshHome;

beforeEach(async () => {
  home = await temporaryHome();
});
afterEach(() => removeHome(home));

/** Every file of the home with its text. */
async function snapshot(): Promise<Map<string, string>> {
  const entries = await readdir(home.root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

async function changedSince(before: Map<string, string>): Promise<string[]> {
  const after = await snapshot();
  return [...before]
    .filter(([file, text]) => after.get(file) !== text)
    .map(([file]) => file.slice(home.root.length + 1));
}

describe('provisionMesh', () => {
  it('run again, changes nothing', async () => {
    await provisionMesh(meshOf(['ln.customs', 'jl.border'], ['ln.tax']), home, NOW);
    const before = await snapshot();
    expect(await provisionMesh(meshOf(['ln.customs', 'jl.border'], ['ln.tax']), home, NOW + 1)).toEqual({
      written: [],
    });
    expect(await changedSince(before)).toEqual([]);
  });

  it('adds a unit, and touches no secret of the others', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const before = await snapshot();
    const { written } = await provisionMesh(meshOf(['ln.customs', 'nm.inspection']), home, NOW + YEAR / 2);
    expect(await changedSince(before)).toEqual(['nats/nats-server.conf', 'trust.json']);
    const relative = written.map((file) => file.slice(home.root.length + 1)).sort();
    expect(relative).toEqual([
      'creds/nm.inspection/backend.creds',
      'creds/nm.inspection/gateway.creds',
      'creds/nm.inspection/sync.creds',
      'keys/nm.inspection.jwk.json',
      'nats/accounts/nm.inspection.jwt',
      'nats/keys/nm.inspection.seed',
      'nats/nats-server.conf',
      'tokens/nm.inspection.jwt',
      'trust.json',
    ]);
  });

  it('takes the account of a unit that left off the server, and keeps its files and its public key', async () => {
    await provisionMesh(meshOf(['ln.customs', 'jl.border']), home, NOW);
    const account = (await readFile(home.accountJwtFile('jl.border'), 'utf8')).trim();
    expect(await readFile(home.natsConfigurationFile, 'utf8')).toContain(account);
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    expect(await readFile(home.natsConfigurationFile, 'utf8')).not.toContain(account);
    expect(
      [...keyRing(JSON.parse(await readFile(home.trustFile, 'utf8'))).values()].map(({ owner }) => owner),
    ).toContain('jl.border');
  });

  it('gives a changed permission to the user that is there, under the same key', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const file = home.credsFile('ln.customs', 'backend');
    const text = await readFile(file, 'utf8');
    const before = await parseCreds(new TextEncoder().encode(text));
    const [header, , signature] = before.jwt.split('.');
    const old = { ...before.uc, nats: { ...before.uc.nats, pub: { allow: ['results.*'] } } };
    const stale = [header, Buffer.from(JSON.stringify(old)).toString('base64url'), signature].join('.');
    await writeFile(file, text.replace(before.jwt, stale));
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const after = await parseCreds(await readFile(file));
    expect(after.key).toBe(before.key);
    expect(after.uc.nats.pub).toEqual(before.uc.nats.pub);
  });

  it('lets only its own user read: files 0600, directories 0700', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const entries = await readdir(home.root, { recursive: true, withFileTypes: true });
    const modes = await Promise.all(
      entries.map(async (entry) => {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        return `${entry.isDirectory() ? 'directory' : 'file'} ${(mode & 0o777).toString(8)}`;
      }),
    );
    expect([...new Set(modes)].sort()).toEqual(['directory 700', 'file 600']);
  });

  it('exports and imports nothing, and gives JetStream to units only', async () => {
    await provisionMesh(meshOf(['ln.customs'], ['ln.tax']), home, NOW);
    const claims = async (holder: 'ln.customs' | 'ln.tax' | 'gateway' | 'system') =>
      decode<Account>((await readFile(home.accountJwtFile(holder), 'utf8')).trim()).nats;
    for (const holder of ['ln.customs', 'ln.tax', 'gateway', 'system'] as const) {
      const { imports, exports, limits } = await claims(holder);
      expect({ imports, exports, allowed: [limits?.imports, limits?.exports] }).toEqual({
        imports: undefined,
        exports: undefined,
        allowed: [0, 0],
      });
    }
    expect((await claims('ln.customs')).limits?.disk_storage).toBeGreaterThan(0);
    expect((await claims('gateway')).limits?.disk_storage).toBeUndefined();
  });

  it('gives every user its own inbox and no wildcard over all', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    for (const user of ['backend', 'sync', 'gateway'] as const) {
      const { uc } = await parseCreds(await readFile(home.credsFile('ln.customs', user)));
      const { pub, sub } = uc.nats as Required<User>;
      expect(sub.allow).toContain(`_INBOX_${user}.>`);
      expect([...(pub.allow ?? []), ...(sub.allow ?? [])]).not.toContain('>');
    }
  });

  it('makes signing keys that the trust document verifies, from the day of provisioning on', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const ring = keyRing(JSON.parse(await readFile(home.trustFile, 'utf8')));
    expect(ring.size).toBe(3);
    for (const owner of ['ln.customs', 'policy', 'gateway'] as const) {
      const key = signingKey(JSON.parse(await readFile(home.signingKeyFile(owner), 'utf8')));
      expect(key.kid).toMatch(new RegExp(`^${owner}/20261121-[0-9a-f]{4}$`));
      expect(ring.get(key.kid)).toMatchObject({ owner, notBefore: Date.parse('2026-11-21T00:00:00Z') });
      const bytes = Buffer.from('list');
      const signature = signDetached(bytes, key);
      expect(verifyDetached(bytes, signature, ring, { owner, at: NOW })).toMatchObject({ ok: true });
    }
  });

  it('issues HTTP tokens with their roles, and replaces those about to expire', async () => {
    await provisionMesh(meshOf(['ln.customs']), home, NOW);
    const jwks = createLocalJWKSet(JSON.parse(await readFile(home.jwksFile, 'utf8')) as JSONWebKeySet);
    expect(await readFile(home.jwksFile, 'utf8')).not.toContain('"d"');
    const expected = { algorithms: ['EdDSA'], issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE };
    for (const role of TOKEN_ROLES) {
      const token = (await readFile(home.tokenFile(role), 'utf8')).trim();
      const { payload } = await jwtVerify(token, jwks, { ...expected, currentDate: new Date(NOW) });
      expect(payload).toMatchObject({ roles: [role], sub: `local-${role}` });
      await expect(jwtVerify(token, jwks, { ...expected, currentDate: new Date(NOW + 2 * YEAR) })).rejects.toThrow(
        /exp/,
      );
    }
    const { written } = await provisionMesh(meshOf(['ln.customs']), home, NOW + YEAR);
    expect(written).toEqual([...TOKEN_ROLES, 'ln.customs' as const].map((holder) => home.tokenFile(holder)));
  });

  it('gives a home made before the tokens that it lacks, each with a subject of its own', async () => {
    const mesh = meshOf(['ln.customs', 'hl.border']);
    await provisionMesh(mesh, home, NOW);
    const before = await readFile(home.tokenFile('policy'), 'utf8');
    const key = JSON.parse(await readFile(home.tokenKeyFile, 'utf8'));
    const singular = await new SignJWT({ role: 'auditor' })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setSubject('local-auditor')
      .setExpirationTime(Math.floor((NOW + YEAR) / 1000))
      .sign(createPrivateKey({ key, format: 'jwk' }));
    await writeFile(home.tokenFile('auditor'), singular);
    for (const holder of ['policy-approver', 'hl.border'] as const) await rm(home.tokenFile(holder));
    // A unit's token where another's should be is not that unit's.
    await copyFile(home.tokenFile('policy'), home.tokenFile('ln.customs'));
    const { written } = await provisionMesh(mesh, home, NOW);
    expect(written).toEqual(
      (['policy-approver', 'auditor', 'ln.customs', 'hl.border'] as const).map((holder) => home.tokenFile(holder)),
    );
    expect(await readFile(home.tokenFile('policy'), 'utf8')).toBe(before);
    const claims = await Promise.all(
      [...TOKEN_ROLES, 'ln.customs' as const, 'hl.border' as const].map(async (holder) =>
        decodeJwt((await readFile(home.tokenFile(holder), 'utf8')).trim()),
      ),
    );
    expect(new Set(claims.map(({ sub }) => sub)).size).toBe(TOKEN_ROLES.length + 2);
    expect(claims.slice(-2)).toMatchObject([
      { roles: ['unit'], unit: 'ln.customs' },
      { roles: ['unit'], unit: 'hl.border' },
    ]);
  });

  it('says what to do when the home cannot be written', async () => {
    const file = join(home.root, 'a-file');
    await writeFile(file, '');
    await expect(provisionMesh(meshOf(['ln.customs']), meshHome(join(file, 'mesh')), NOW)).rejects.toMatchObject({
      code: 'home-unusable',
      text: { en: expect.stringContaining('MESH_HOME'), zh: expect.stringContaining('MESH_HOME') },
    });
  });
});
