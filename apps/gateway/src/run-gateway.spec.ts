import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { freePort } from '@clearance/provision';
import { type IssuerKey, setupMesh, startTokenIssuer, type TestMesh, type TestTokenIssuer } from '@clearance/testing';
import { readConfig } from './config.ts';
import { runGateway, type RunningGateway } from './run-gateway.ts';

let issuer: TestTokenIssuer;
let mesh: TestMesh;
let gateway: RunningGateway;
let url: string;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  mesh = await setupMesh();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  gateway = await runGateway({
    ...readConfig(),
    MESH_CONFIG: fileURLToPath(new URL('../../../mesh.yaml', import.meta.url)),
    MESH_HOME: mesh.home.root,
    MESH_NATS_URL: mesh.natsUrl,
    MESH_HTTP_PORT: port,
    CLEARANCE_LOG_LEVEL: 'error',
    CLEARANCE_TOKEN_ISSUER: issuer.url,
    CLEARANCE_TOKEN_ROLES_CLAIM: 'realm_access.roles',
  });
  await gateway.opened;
}, 120_000);
afterAll(async () => {
  await gateway?.stop();
  await mesh?.cleanup();
  await issuer?.stop();
}, 60_000);

const lists = async (token: string): Promise<number> =>
  (await fetch(`${url}/api/v1/lists`, { headers: { authorization: `Bearer ${token}` } })).status;

const tokenBy = (key: IssuerKey, roles: string[]): Promise<string> =>
  new SignJWT({ realm_access: { roles } })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .setIssuer(issuer.url)
    .setAudience('clearance-gateway')
    .setSubject('f3b1')
    .setExpirationTime('5 minutes')
    .sign(key.privateKey);

describe('a gateway whose callers sign in elsewhere', () => {
  it('believes that issuer’s tokens, found by discovery, and says 503 while it cannot ask', async () => {
    const key = await issuer.addKey('RS256');
    issuer.how = 'away';
    expect(await lists(await tokenBy(key, ['policy']))).toBe(503);
    issuer.how = 'answers';
    for (;;) {
      const status = await lists(await tokenBy(key, ['policy']));
      if (status === 200) break;
      expect(status).toBe(503);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await lists(await tokenBy(key, ['firm']))).toBe(403);
    issuer.how = 'away';
    expect(await lists(await tokenBy(key, ['policy']))).toBe(200);
  });

  it('believes no token of the mesh’s own issuer', async () => {
    expect(await lists((await readFile(mesh.home.tokenFile('policy'), 'utf8')).trim())).toBe(401);
  });

  it('lets people sign in to the console by that issuer too, unless told another', async () => {
    const answer = await fetch(`${url}/api/v1/sign-in`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        issuer: issuer.url,
        clientId: 'clearance-console',
        scope: 'openid profile',
        audience: 'clearance-gateway',
      },
    ]);
  });
});
