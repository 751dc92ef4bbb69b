import {
  decode,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  type Account,
  type KeyPair,
  type Operator,
  type User,
} from '@nats-io/jwt';
import { isDeepStrictEqual } from 'node:util';
import type { MeshHome, Owner } from '@clearance/platform';
import { natsConfiguration } from './nats-configuration.ts';
import { keyPairOf, newKeyPair, seedText, type NkeyKind } from './nkey-pair.ts';
import { usersOf, type UserPermissions } from './permissions.ts';
import { readIfThere, writePrivate } from './private-files.ts';

/** Room of a unit's streams on disk, bytes. A broker's store is a buffer: the databases are the truth. */
export const ACCOUNT_DISK_BYTES = 4 * 1024 ** 3;
const ACCOUNT_MEMORY_BYTES = 64 * 1024 ** 2;
const ACCOUNT_STREAMS = 16;
const ACCOUNT_CONSUMERS = 500;

/**
 * Makes what a NATS server needs to host the mesh, decentralised: an operator, a system account, an account per owner and its
 * users' `.creds`, and the server's configuration. Keys that are there stay; a token is issued anew only when what it says changed.
 * @param maxPayloadBytes of one NATS message
 * @returns the files that were written
 */
export async function provisionNats(
  home: MeshHome,
  owners: readonly Owner[],
  maxPayloadBytes: number,
): Promise<string[]> {
  const written: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    if (await writePrivate(path, text)) written.push(path);
  };
  const keep = async (holder: Owner | 'operator' | 'system', kind: NkeyKind): Promise<KeyPair> => {
    const path = home.nkeySeedFile(holder);
    const seed = await readIfThere(path);
    if (seed !== undefined) return keyPairOf(seed);
    const pair = newKeyPair(kind);
    await write(path, `${seedText(pair)}\n`);
    return pair;
  };

  const operator = await keep('operator', 'operator');
  const system = await keep('system', 'account');
  const claims: Partial<Operator> = { system_account: system.getPublicKey() };
  await write(
    home.operatorJwtFile,
    await currentOr<Operator>(await readIfThere(home.operatorJwtFile), operator, claims, () =>
      encodeOperator('clearance', operator, claims),
    ),
  );

  const accounts: { key: string; jwt: string }[] = [];
  for (const holder of ['system', ...owners] as const) {
    const pair = holder === 'system' ? system : await keep(holder, 'account');
    const path = home.accountJwtFile(holder);
    const stored = await readIfThere(path);
    const account = { ...accountClaims(holder), ...revocationsIn(stored) };
    const jwt = await currentOr<Account>(stored, operator, account, () =>
      encodeAccount(holder, pair, account, { signer: operator }),
    );
    await write(path, jwt);
    accounts.push({ key: pair.getPublicKey(), jwt: jwt.trim() });
    if (holder === 'system') continue;
    for (const { user, permissions } of usersOf(holder)) {
      const file = home.credsFile(holder, user);
      await write(file, await credsOf(await readIfThere(file), `${holder}/${user}`, pair, permissions));
    }
  }
  const hosted = owners.length;
  await write(
    home.natsConfigurationFile,
    natsConfiguration(home, {
      systemAccount: system.getPublicKey(),
      accounts,
      maxPayloadBytes,
      storeBytes: hosted * ACCOUNT_DISK_BYTES,
      memoryBytes: hosted * ACCOUNT_MEMORY_BYTES,
    }),
  );
  return written;
}

/** Nothing is imported or exported: the gateway's connections are the only way between accounts (DESIGN, section 2). */
export function accountClaims(holder: Owner | 'system'): Partial<Account> {
  const open = { subs: -1, data: -1, payload: -1, imports: 0, exports: 0, wildcards: false, conn: -1, leaf: -1 };
  const jetstream =
    holder === 'system' || holder === 'gateway'
      ? {}
      : {
          mem_storage: ACCOUNT_MEMORY_BYTES,
          disk_storage: ACCOUNT_DISK_BYTES,
          streams: ACCOUNT_STREAMS,
          consumer: ACCOUNT_CONSUMERS,
        };
  return { limits: { ...open, ...jetstream } };
}

/** The users that an account's token revokes, as its claims name them; they stay revoked whatever else changes. */
export function revocationsIn(jwt: string | undefined): Pick<Account, 'revocations'> {
  const revocations = jwt === undefined ? undefined : decode<Account>(jwt.trim()).nats.revocations;
  return revocations === undefined ? {} : { revocations };
}

/** The stored token if it still says what it should and comes from this issuer, else a new one. */
async function currentOr<T>(
  stored: string | undefined,
  issuer: KeyPair,
  wanted: Partial<T>,
  issue: () => Promise<string>,
): Promise<string> {
  if (stored !== undefined && says<T>(stored.trim(), issuer, wanted)) return stored;
  return `${await issue()}\n`;
}

/** Reads a token of our own making; its signature is the server's to check. */
function says<T>(jwt: string, issuer: KeyPair, wanted: Partial<T>): boolean {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
    iss?: string;
    nats?: Record<string, unknown>;
  };
  const current = Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(claims.nats?.[name], value));
  return current && claims.iss === issuer.getPublicKey();
}

/** A user's credentials: what is stored if its token is current, else a token issued anew for the same key, or for a new one. */
async function credsOf(
  stored: string | undefined,
  name: string,
  account: KeyPair,
  permissions: UserPermissions,
): Promise<string> {
  const claims = userClaims(permissions);
  const [jwt, seed] = stored?.match(/^[\w.-]{40,}$/gm) ?? [];
  if (stored !== undefined && jwt !== undefined && seed !== undefined && says<User>(jwt, account, claims))
    return stored;
  return writeCreds(name, seed === undefined ? newKeyPair('user') : keyPairOf(seed), account, permissions);
}

/** The text of a `.creds` file: a user's token, issued by its account, and the user's seed. */
export async function writeCreds(
  name: string,
  user: KeyPair,
  account: KeyPair,
  permissions: UserPermissions,
): Promise<string> {
  const claims = userClaims(permissions);
  return new TextDecoder().decode(fmtCreds(await encodeUser(name, user, account, claims), user));
}

function userClaims(permissions: UserPermissions): Partial<User> {
  return { pub: { allow: [...permissions.publish] }, sub: { allow: [...permissions.subscribe] } };
}
