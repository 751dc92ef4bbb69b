import { readFile } from 'node:fs/promises';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { describeError, type Logger } from '@clearance/platform';

export type { NatsConnection } from '@nats-io/transport-node';

/** The users of a unit's account (DESIGN: one account per unit, three users); each has an inbox prefix of its own. */
export type MeshUser = 'backend' | 'sync' | 'gateway';

/** `_INBOX_sync` and so on: the only inbox that the user's permissions let it subscribe to. */
export function inboxPrefix(user: MeshUser): string {
  return `_INBOX_${user}`;
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
}): Promise<NatsConnection> {
  return connect({
    servers: options.url.split(','),
    authenticator: credsAuthenticator(new Uint8Array(await readFile(options.credsFile))),
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
