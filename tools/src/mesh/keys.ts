import type { Command } from 'commander';
import { consumersOf, durationMilliseconds, unitsOf } from '@clearance/contracts';
import { type AccountUser, loadMesh, type MeshHome, meshHome, type Owner } from '@clearance/platform/command';
import {
  type KeyOwner,
  readSigningKey,
  readTrust,
  reloadNats,
  renewCredentials,
  type Revocation,
  revokeKey,
  rotateKey,
} from '@clearance/provision';
import { readConfig } from '../config.ts';
import { MESH_FILE } from '../local-mesh/paths.ts';
import { answer, REFUSED } from './answer.ts';
import { asCoordinator, refusalText } from './coordinator.ts';

/** One result that the revocation of a key affects, as `GET /api/v1/keys/{kid}/results` names it. */
interface Affected {
  resultId: string;
  version: number;
  issuer: string;
  kind: string;
  issuedAt: string;
  disclosedAt: string;
  since: 'issued' | 'disclosed';
  replacedAt: string | null;
  holders: string[];
}

interface Common {
  gateway?: string;
  json?: boolean;
}

const GATEWAY = ['--gateway <url>', '网关地址 the gateway’s address'] as const;
const JSON_OUTPUT = ['--json', '机器可读 machine-readable'] as const;

/** `mesh keys …`: see, rotate and revoke signing keys; replace NATS credentials. All while the mesh runs. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('签名密钥与凭证 signing keys and credentials');

  keys
    .command('list')
    .description('全部签名密钥及其有效期 all signing keys and their validity')
    .option(...JSON_OUTPUT)
    .action(async ({ json }: Common) => {
      const listed = await listKeys(homeOf());
      answer(json, { ok: true, keys: listed }, listed.map(lineOfKey));
    });

  keys
    .command('rotate <owner>')
    .description('更换签名密钥，服务不中断 give ln.customs, policy or gateway a new key; services go on')
    .option('--margin <duration>', '旧密钥还可签名多久 how much longer the former key may sign, ISO 8601', 'PT1H')
    .option(...JSON_OUTPUT)
    .action(async (owner: string, { margin, json }: Common & { margin: string }) => {
      const marginMs = durationMilliseconds(margin);
      if (marginMs === undefined) throw new Error(`--margin ${margin}: ISO 8601, PT1H`);
      const rotation = await rotateKey(homeOf(), await keyOwner(owner), Date.now(), marginMs);
      const ended = rotation.ended.map(({ kid, notAfter }) => ({ kid, notAfter: time(notAfter) }));
      answer(json, { ok: true, ...rotation, ended }, [
        `${rotation.owner}: ${rotation.kid} 开始签名 signs from now on`,
        ...ended.map(
          ({ kid, notAfter }) => `${kid} 于 ${notAfter} 停用，此前的签名仍有效 ends then; its signatures stay valid`,
        ),
      ]);
    });

  keys
    .command('revoke <kid>')
    .description('吊销泄露的密钥，并列出受影响的结果 revoke a compromised key, and name the results that it affects')
    .option('--since <time>', '自何时起不可信 from when on it is not trusted, RFC 3339; now when absent')
    .option(...GATEWAY)
    .option(...JSON_OUTPUT)
    .action(async (kid: string, { since, gateway, json }: Common & { since?: string }) => {
      const now = Date.now();
      const revocation = await revokeKey(homeOf(), kid, { since: instant(since) ?? now, now });
      const affected = await affectedBy(kid, revocation.revokedAt, gateway).catch((error: unknown) => String(error));
      answer(json, { ok: true, ...revocation, revokedAt: time(revocation.revokedAt), ...affectedAnswer(affected) }, [
        ...linesOfRevocation(revocation),
        ...(typeof affected === 'string'
          ? [`${affected}\n稍后列出受影响的结果 name the affected results later: npm run mesh -- keys results ${kid}`]
          : linesOfAffected(affected)),
      ]);
    });

  keys
    .command('results <kid>')
    .description('该密钥自某时起签署的结果 what a key signed, or had disclosed, from a time on')
    .option('--since <time>', 'RFC 3339; 默认为吊销时点 the time of its revocation when absent')
    .option(...GATEWAY)
    .option(...JSON_OUTPUT)
    .action(async (kid: string, { since, gateway, json }: Common & { since?: string }) => {
      const affected = await affectedBy(kid, instant(since), gateway);
      const refused = typeof affected === 'string';
      answer(
        json,
        { ok: !refused, kid, ...affectedAnswer(affected) },
        refused ? [affected] : linesOfAffected(affected),
      );
      if (refused) process.exitCode = REFUSED;
    });

  keys
    .command('renew-credentials <owner> <user>')
    .description(
      '更换 NATS 凭证并吊销旧的 new NATS credentials for backend, sync or gateway of a unit; the old are revoked',
    )
    .option(
      '--no-reload',
      '不通知服务器 do not tell the server yet: the old credentials go on until it reads its configuration',
    )
    .option(...JSON_OUTPUT)
    .action(async (owner: string, user: string, { reload, json }: Common & { reload: boolean }) => {
      const home = homeOf();
      const renewed = await renewCredentials(home, (await accountOwner(owner)) as Owner, accountUser(user), Date.now());
      const servers = reload ? await reloadNats(home) : [];
      answer(json, { ok: true, ...renewed, reloaded: servers.length }, [
        `${renewed.credsFile}: ${renewed.user}`,
        ...(servers.length > 0
          ? [`服务器已重读配置，旧凭证已失效 the server has read its configuration; the old credentials are refused`]
          : [
              `旧凭证在服务器重读配置后失效 the old credentials end when the server has read its configuration:`,
              `  nats-server --signal reload, 或将账户令牌交给解析器 or give the account's token to its resolver: ${renewed.accountJwtFile}`,
            ]),
      ]);
    });
}

/** A key of the trust document, as it is listed. */
interface ListedKey {
  kid: string;
  owner: string;
  notBefore: string;
  notAfter?: string;
  revokedAt?: string;
  /** Whether its owner signs with it now; false also when its private half is kept elsewhere. */
  signs: boolean;
}

async function listKeys(home: MeshHome): Promise<ListedKey[]> {
  const trusted = await readTrust(home);
  const owners = [...new Set(trusted.map(({ owner }) => owner as KeyOwner))];
  const present = await Promise.all(owners.map((owner) => readSigningKey(home, owner)));
  const signing = new Set(present.map((key) => key?.kid));
  return trusted.map(({ kid, owner, notBefore, notAfter, revokedAt }) => ({
    kid,
    owner,
    notBefore: time(notBefore),
    ...(notAfter === undefined ? {} : { notAfter: time(notAfter) }),
    ...(revokedAt === undefined ? {} : { revokedAt: time(revokedAt) }),
    signs: signing.has(kid),
  }));
}

function lineOfKey({ kid, notBefore, notAfter, revokedAt, signs }: ListedKey): string {
  const end = notAfter === undefined ? '' : `  停用 until ${notAfter}`;
  const revoked = revokedAt === undefined ? '' : `  吊销 revoked from ${revokedAt}`;
  return `${signs ? '*' : ' '} ${kid}  自 from ${notBefore}${end}${revoked}`;
}

function linesOfRevocation({ kid, revokedAt, replacement }: Revocation): string[] {
  return [
    `${kid}: 自 ${time(revokedAt)} 起的签名不再接受 signatures from then on are refused`,
    ...(replacement === undefined ? [] : [`${replacement} 接替签名 signs in its place`]),
  ];
}

/** Everything that a key's revocation affects, page by page; a text when the gateway refuses to say. */
async function affectedBy(
  kid: string,
  since: number | undefined,
  gateway: string | undefined,
): Promise<Affected[] | string> {
  const ask = await asCoordinator(gateway);
  const found: Affected[] = [];
  for (let cursor: string | undefined; ;) {
    const query = new URLSearchParams({
      limit: '500',
      ...(since === undefined ? {} : { since: time(since) }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const reply = await ask<{ results: Affected[]; cursor?: string }>(
      `/api/v1/keys/${encodeURIComponent(kid)}/results?${query}`,
    );
    if (!reply.ok) return refusalText(reply);
    found.push(...reply.body.results);
    cursor = reply.body.cursor;
    if (cursor === undefined) return found;
  }
}

function affectedAnswer(affected: Affected[] | string): object {
  if (typeof affected === 'string') return { affected: null, detail: affected };
  return { affected: { count: affected.length, units: countUnits(affected), results: affected } };
}

/** Unit → how many of these it holds, its own included. */
function countUnits(affected: readonly Affected[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { issuer, holders } of affected) {
    for (const unit of [issuer, ...holders]) counts[unit] = (counts[unit] ?? 0) + 1;
  }
  return counts;
}

function linesOfAffected(affected: readonly Affected[]): string[] {
  return [
    `受影响的结果 affected results: ${affected.length}`,
    ...affected.map(({ resultId, version, issuedAt, since, replacedAt, holders }) => {
      const why = since === 'issued' ? '' : '  可能倒签 may be backdated';
      const anew = replacedAt === null ? '' : '  已重签 signed anew';
      return `${resultId} v${version}  ${issuedAt}${why}${anew}  ${holders.join(' ')}`;
    }),
    ...Object.entries(countUnits(affected)).map(([unit, count]) => `${unit}: ${count}`),
  ];
}

function homeOf(): MeshHome {
  return meshHome(readConfig().MESH_HOME);
}

/** @throws when nobody of that name has a signing key. */
async function keyOwner(name: string): Promise<KeyOwner> {
  const owners = [...unitsOf(await loadMesh(MESH_FILE)), 'policy', 'gateway'] as KeyOwner[];
  return oneOf(owners, name, '签名密钥的所有者 owner of a signing key');
}

async function accountOwner(name: string): Promise<KeyOwner> {
  const owners = [...consumersOf(await loadMesh(MESH_FILE)), 'gateway'] as KeyOwner[];
  return oneOf(owners, name, '账户 account');
}

function accountUser(name: string): AccountUser {
  return oneOf<AccountUser>(['backend', 'sync', 'gateway'], name, '用户 user');
}

function oneOf<T extends string>(known: readonly T[], name: string, what: string): T {
  const found = known.find((each) => each === name);
  if (found === undefined) throw new Error(`${name}: 不是 is no ${what}: ${known.join(', ')}`);
  return found;
}

/** Milliseconds since the epoch. @throws when it is no time. */
function instant(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new Error(`${text}: RFC 3339, 2026-11-21T08:00:00+08:00`);
  return at;
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
