import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import {
  type Authenticator,
  connect,
  ConnectionError,
  createInbox,
  credsAuthenticator,
  type NatsConnection,
  TimeoutError,
} from '@nats-io/transport-node';
import { describeError, type Logger, type NatsTls, readTls } from '@clearance/platform';

export type { NatsConnection } from '@nats-io/transport-node';

/** The users of a unit's account (DESIGN: one account per unit, three users); each has an inbox prefix of its own. */
export type MeshUser = 'backend' | 'sync' | 'gateway';

/** `_INBOX_sync` and so on: the only inbox that the user's permissions let it subscribe to. */
export function inboxPrefix(user: MeshUser): string {
  return `_INBOX_${user}`;
}

/** A new inbox below the one that the connection's user may subscribe to; below a branch of it when one is named. */
export function privateInbox(connection: NatsConnection, branch?: string): string {
  // The client keeps it and does not show it.
  const own = (connection as unknown as { options: { inboxPrefix?: string } }).options.inboxPrefix;
  return createInbox(branch === undefined ? own : `${own}.${branch}`);
}

/**
 * Connects one user of one account, and stays connected: the client reconnects for ever, also after a refused login,
 * because credentials and servers are replaced under a running service.
 *
 * @throws when the server cannot be reached now; the caller decides whether to wait.
 */
export async function connectUser(options: {
  url: string;
  credsFile: string;
  user: MeshUser;
  name: string;
  /** How servers are verified; a `tls://` URL alone has them verified by the authorities that Node trusts. */
  tls?: NatsTls | undefined;
}): Promise<NatsConnection> {
  // The client itself takes `tls://` for `nats://`.
  const tls = options.tls ?? readTls({}, options.url).nats;
  const connecting = connect({
    servers: options.url.split(','),
    ...(tls === undefined ? {} : { tls }),
    authenticator: await followCredentials(options.credsFile),
    name: options.name,
    inboxPrefix: inboxPrefix(options.user),
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 500,
    pingInterval: 10_000,
    timeout: 5_000,
    // A quarter of a publisher's time goes into an Error per request otherwise.
    noAsyncTraces: true,
  });
  return tls === undefined ? connecting : connecting.catch(nameMissingCertificate);
}

/** A server that misses a client's certificate ends the connection after the handshake, and the client tells only of time. */
function nameMissingCertificate(error: unknown): never {
  if (!(error instanceof TimeoutError)) throw error;
  const hint = 'a server that is not shown a certificate it accepts (MESH_NATS_CERT, MESH_NATS_KEY) ends like this';
  throw new ConnectionError(`${error.message}; ${hint}`, { cause: error });
}

/**
 * Answers the server's challenge with the credentials that the file holds at that moment: they are replaced under a
 * running service. While the file is unreadable, those that were there before are tried.
 */
async function followCredentials(path: string): Promise<Authenticator> {
  let usable = credsAuthenticator(new Uint8Array(await readFile(path)));
  return (nonce) => {
    try {
      const present = credsAuthenticator(new Uint8Array(readFileSync(path)));
      const answer = present(nonce);
      usable = present;
      return answer;
    } catch {
      return usable(nonce);
    }
  };
}

/** Follows a connection's state, logs its changes, and answers whether it has a server at this moment. */
export function watchConnection(connection: NatsConnection, unit: string, logger: Logger): () => boolean {
  let connected = true;
  const follow = async (): Promise<void> => {
    for await (const status of connection.status()) {
      switch (status.type) {
        case 'disconnect':
        case 'staleConnection':
          connected = false;
          logger.warn({ unit }, 'broker away; the connection waits for it');
          break;
        case 'reconnect':
          connected = true;
          logger.info({ unit }, 'broker is back');
          break;
        case 'error':
          // A denied subject shows here: the server's own words name the permission, never a payload.
          logger.warn({ unit, err: describeError(status.error) }, 'broker refused an operation');
          break;
        default:
          break;
      }
    }
  };
  void follow();
  return () => connected && !connection.isClosed();
}
