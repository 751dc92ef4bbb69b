import { decode, encodeAccount, type User } from '@nats-io/jwt';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountUser, MeshHome, Owner } from '@clearance/platform';
import { keyPairOf, newKeyPair } from './nkey-pair.ts';
import { usersOf } from './permissions.ts';
import { readIfThere, writePrivate } from './private-files.ts';
import { ProvisionFault } from './provision-fault.ts';
import { accountClaims, revocationsIn, writeCreds } from './provision-nats.ts';
import { commandLine } from './stale-server.ts';

/** What a renewal did. */
export interface RenewedCredentials {
  credsFile: string;
  /** The account's token, in which the former user is revoked: what a server with another resolver must be given. */
  accountJwtFile: string;
  /** Public nkey of the user that may connect no more, once the server has read its configuration again. */
  revokedUser: string;
  /** Public nkey of the user in its place. */
  user: string;
}

/**
 * Gives a user of an account new credentials while everything runs: a new nkey and token in the `.creds` file, and the
 * former user among the account's revocations, in its token and in the server's configuration. A service reads the file
 * at each connection, so it goes on with the new one when the server, told by {@link reloadNats}, drops the old user.
 *
 * @param now ms since the epoch
 * @throws ProvisionFault `unknown-key` when the owner has no such user, or its account's keys are not kept here
 */
export async function renewCredentials(
  home: MeshHome,
  owner: Owner,
  user: AccountUser,
  now: number,
): Promise<RenewedCredentials> {
  const credsFile = home.credsFile(owner, user);
  const accountJwtFile = home.accountJwtFile(owner);
  const [stored, accountSeed, operatorSeed, accountJwt] = await Promise.all([
    readIfThere(credsFile),
    readIfThere(home.nkeySeedFile(owner)),
    readIfThere(home.nkeySeedFile('operator')),
    readIfThere(accountJwtFile),
  ]);
  const permissions = usersOf(owner).find((each) => each.user === user)?.permissions;
  const jwt = stored?.match(/^[\w.-]{40,}$/m)?.[0];
  if (!permissions || !jwt || !accountSeed || !operatorSeed || !accountJwt) throw noSuchUser(owner, user, home);
  const account = keyPairOf(accountSeed);
  const former = decode<User>(jwt).sub;
  const next = newKeyPair('user');
  await writePrivate(credsFile, await writeCreds(`${owner}/${user}`, next, account, permissions));
  const claims = {
    ...accountClaims(owner),
    revocations: { ...revocationsIn(accountJwt).revocations, [former]: Math.floor(now / 1_000) },
  };
  const revoking = await encodeAccount(owner, account, claims, { signer: keyPairOf(operatorSeed) });
  await writePrivate(accountJwtFile, `${revoking}\n`);
  const configuration = await readIfThere(home.natsConfigurationFile);
  if (configuration !== undefined) {
    await writePrivate(home.natsConfigurationFile, configuration.replace(accountJwt.trim(), revoking));
  }
  return { credsFile, accountJwtFile, revokedUser: former, user: next.getPublicKey() };
}

/**
 * Tells the embedded NATS servers of a home to read their configuration again; whoever is still allowed stays connected.
 *
 * @returns their process ids; none when no server of this home runs on this machine
 */
export async function reloadNats(home: MeshHome): Promise<number[]> {
  const directory = join(home.runFile('nats-server'), '..');
  const files = await readdir(directory).catch(() => [] as string[]);
  const told: number[] = [];
  for (const file of files.filter((name) => /^nats-server.*\.json$/.test(name))) {
    const { server } = JSON.parse(await readFile(join(directory, file), 'utf8')) as { server: number };
    // A process id alone proves nothing: it may have been given to another process since.
    if (!(await commandLine(server)).includes(home.natsConfigurationFile)) continue;
    process.kill(server, 'SIGHUP');
    told.push(server);
  }
  return told;
}

function noSuchUser(owner: string, user: string, home: MeshHome): ProvisionFault {
  return new ProvisionFault('unknown-key', {
    zh: `${home.root} 中没有 ${owner} 的用户 ${user}，或缺少其账户的密钥。`,
    en: `${home.root} has no user ${user} of ${owner}, or not the keys of its account.`,
  });
}
