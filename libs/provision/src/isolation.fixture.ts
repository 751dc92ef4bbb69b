import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { encodeUser, fmtCreds, type KeyPair, type User } from '@nats-io/jwt';
import {
  connect,
  headers as createHeaders,
  nanos,
  PermissionViolationError,
  type Msg,
  type Authenticator,
  type NatsConnection,
} from '@nats-io/transport-node';
import { STREAMS, type StreamName, type UnitId } from '@clearance/contracts';
import type { AccountUser, MeshHome, Owner } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { keyPairOf, newKeyPair } from './nkey-pair.ts';
import { usersOf, type UserPermissions } from './permissions.ts';

/** The unit that is attacked, and another in the same mesh. */
export const VICTIM: UnitId = 'ln.customs';
export const NEIGHBOUR: UnitId = 'ln.border';

/** The durable consumer that each stream's rightful reader has, with one message in its hands. */
export const READER = 'reader';

/** Whose credentials an attacker holds. `announcer` is the gateway's user of its own account. */
export type Attacker = AccountUser | 'announcer';

/** What an attacker does: one message sent, or one subscription made. */
export type Move =
  | {
      publish: string;
      body?: string;
      headers?: Readonly<Record<string, string>>;
      /** The subject on which the harm would appear, if it is another one. */
      lands?: string;
    }
  | { subscribe: string; queue?: string; /** A message on this subject would be overheard. */ canary: string };

/** A connection, the key of its user, and what the server refused on it (`publish offers`, `subscription >`). */
export interface Watched {
  nc: NatsConnection;
  publicKey: string;
  refused: string[];
}

/** What became of moves that one attacker made together. */
export interface Outcome {
  /** The server's refusals, as the attacker's connection was told them. */
  refused: string[];
  /** Of each move: the message travelled, or the subscription heard. */
  took: boolean[];
  /** What JetStream answered to the last move, when that was waited for. */
  answer?: Record<string, unknown>;
}

/** All that an attack could change in an account: its streams, what they hold, their consumers and what those have in hand. */
export type AccountState = Record<string, unknown>;

/** One account under attack, on a server of its own, beside a neighbour. */
export interface Arena {
  mesh: TestMesh;
  home: MeshHome;
  manager: JetStreamManager;
  /** A user of the victim's account who may do everything: sees what the server let through. */
  observer: NatsConnection;
  /** Credentials as provisioning wrote them. */
  real(attacker: Attacker): Promise<Uint8Array>;
  /** Credentials of a user who may what the attacker may, and this besides. */
  loosened(attacker: Attacker, extra: Partial<UserPermissions>): Promise<Uint8Array>;
  connect(creds: Uint8Array, inbox: string): Promise<Watched>;
  /** Makes the moves, and waits until the server has said all that it had to say to them. */
  make(attacker: Watched, moves: readonly Move[], expectAnswer?: boolean): Promise<Outcome>;
  state(): Promise<AccountState>;
  /** Lays streams out anew, with their messages and consumers; without names, all of them, and removes all others. */
  restore(...streams: StreamName[]): Promise<void>;
  /** Removes the consumers that are not the readers'. */
  restoreConsumers(): Promise<void>;
  /** The part of the server's log that was written since `from`, a length. */
  log(from?: number): Promise<string>;
  cleanup(): Promise<void>;
}

/** Where an attacker's account lies, and what its user is called there. */
export const seatOf = (attacker: Attacker): { owner: Owner; user: AccountUser } =>
  attacker === 'announcer' ? { owner: 'gateway', user: 'gateway' } : { owner: VICTIM, user: attacker };

/** What provisioning lets the user publish and subscribe. */
export function permissionsOf(attacker: Attacker): UserPermissions {
  const { owner, user } = seatOf(attacker);
  return usersOf(owner).find((one) => one.user === user)!.permissions;
}

/** Credentials that the account's key signs; without permissions, everything is permitted. */
export async function mint(home: MeshHome, owner: Owner, permissions?: UserPermissions): Promise<Uint8Array> {
  const account = keyPairOf(await readFile(home.nkeySeedFile(owner), 'utf8'));
  const user = newKeyPair('user');
  const claims: Partial<User> =
    permissions === undefined
      ? {}
      : { pub: { allow: [...permissions.publish] }, sub: { allow: [...permissions.subscribe] } };
  return fmtCreds(await encodeUser(`${owner}/minted`, user, account, claims), user);
}

/** Token and key of a `.creds` text. */
function partsOf(creds: Uint8Array): { jwt: string; user: KeyPair } {
  const [jwt, seed] = new TextDecoder().decode(creds).match(/^[\w.-]{40,}$/gm) as [string, string];
  return { jwt, user: keyPairOf(seed) };
}

/** As the client's own; that one signs in JavaScript, which costs half a second where nothing is compiled. */
function authenticate(creds: Uint8Array): Authenticator {
  const { jwt, user } = partsOf(creds);
  return (nonce) => ({
    jwt,
    nkey: user.getPublicKey(),
    sig: Buffer.from(user.sign(new TextEncoder().encode(nonce))).toString('base64'),
  });
}

/** Subject of the one message that each stream holds at the start. */
export const seedSubject = (stream: StreamName): string =>
  ({ COPIES: 'copies.jl.customs', EVENTS: 'events.result.received' })[stream as string] ??
  (STREAMS[stream].subjects[0] as string);

/** Reads and sets up an arena. Call `cleanup` in `afterAll`. */
export async function setupArena(): Promise<Arena> {
  const mesh = await setupMesh({ mesh: meshOf([VICTIM, NEIGHBOUR]), databases: false });
  const { home, natsUrl } = mesh;
  const open: NatsConnection[] = [];

  const connectWith = async (creds: Uint8Array, inbox: string): Promise<Watched> => {
    const nc = await connect({ servers: natsUrl, authenticator: authenticate(creds), inboxPrefix: inbox });
    open.push(nc);
    const refused: string[] = [];
    void (async () => {
      for await (const status of nc.status()) {
        if (status.type !== 'error') continue;
        const { error } = status;
        refused.push(error instanceof PermissionViolationError ? `${error.operation} ${error.subject}` : error.message);
      }
    })();
    return { nc, refused, publicKey: partsOf(creds).user.getPublicKey() };
  };

  const { nc: observer } = await connectWith(await mint(home, VICTIM), '_INBOX_observer');
  // Also seen by the announcer's side: its account is another.
  const { nc: besideAnnouncer } = await connectWith(await mint(home, 'gateway'), '_INBOX_observer');
  const manager = await jetstreamManager(observer, { checkAPI: false });
  const travelled = new Set<string>();
  for (const nc of [observer, besideAnnouncer]) {
    nc.subscribe('>', {
      callback: (_error, { subject, data }) => {
        // What the server itself tells of requests that were made before may come late, and is no attacker's.
        if (!Buffer.from(data).includes('"type":"io.nats.jetstream.advisory.')) travelled.add(subject);
      },
    });
    await nc.flush();
  }

  const layOut = async (name: StreamName): Promise<void> => {
    const retention = name === 'EVENTS' ? RetentionPolicy.Limits : RetentionPolicy.Workqueue;
    await manager.streams.delete(name).catch(() => false);
    const subjects = [...STREAMS[name].subjects];
    await manager.streams.add({ name, subjects, retention, storage: StorageType.Memory });
    await jetstream(observer).publish(seedSubject(name), `the first of ${name}`);
    await jetstream(observer).publish(seedSubject(name), `the second of ${name}`);
    await manager.consumers.add(name, {
      durable_name: READER,
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(60 * 60 * 1_000),
    });
    await (await jetstream(observer).consumers.get(name, READER)).next();
  };
  const restore = async (...streams: StreamName[]): Promise<void> => {
    if (streams.length === 0) {
      for (const name of await manager.streams.names().next()) await manager.streams.delete(name);
    }
    for (const name of streams.length === 0 ? (Object.keys(STREAMS) as StreamName[]) : streams) await layOut(name);
  };
  await restore();

  const settle = async (...connections: NatsConnection[]): Promise<void> => {
    for (const nc of connections) await nc.flush();
    await nextTurn();
  };

  return {
    mesh,
    home,
    manager,
    observer,
    real: async (attacker) => {
      const { owner, user } = seatOf(attacker);
      return readFile(home.credsFile(owner, user));
    },
    loosened: (attacker, { publish = [], subscribe = [] }) => {
      const own = permissionsOf(attacker);
      return mint(home, seatOf(attacker).owner, {
        publish: [...own.publish, ...publish],
        subscribe: [...own.subscribe, ...subscribe],
      });
    },
    connect: connectWith,
    make: async (attacker, moves, expectAnswer = false) => {
      const { nc } = attacker;
      travelled.clear();
      const inbox = `${(nc as unknown as { options: { inboxPrefix: string } }).options.inboxPrefix}.answer`;
      let answered: (answer: Record<string, unknown>) => void = () => undefined;
      const answer = new Promise<Record<string, unknown>>((resolve) => (answered = resolve));
      const answers = expectAnswer
        ? nc.subscribe(inbox, { callback: (error, message) => void (error ?? answered(read(message))) })
        : undefined;
      const heard = new Map<Move, Set<string>>();
      for (const move of moves) {
        if ('publish' in move) {
          const reply = expectAnswer ? { reply: inbox } : {};
          nc.publish(move.publish, move.body ?? '', { ...reply, ...withHeaders(move.headers) });
        } else {
          const mine = new Set<string>();
          heard.set(move, mine);
          nc.subscribe(move.subscribe, {
            ...(move.queue === undefined ? {} : { queue: move.queue }),
            callback: (error, { subject } = {} as Msg) => void (error ?? mine.add(subject)),
          });
        }
      }
      await settle(nc);
      for (const move of moves) {
        if ('subscribe' in move) for (const one of [observer, besideAnnouncer]) one.publish(move.canary, 'canary');
      }
      await settle(observer, besideAnnouncer, nc);
      const took = moves.map((move) =>
        'publish' in move ? travelled.has(move.lands ?? move.publish) : heard.get(move)!.has(move.canary),
      );
      const refused = attacker.refused.splice(0);
      if (answers === undefined) return { refused, took };
      const given = took.at(-1) ? await Promise.race([answer, delay(20_000, undefined, { ref: false })]) : undefined;
      answers.unsubscribe();
      return { refused, took, ...(given === undefined ? {} : { answer: given }) };
    },
    state: () => stateOf(manager),
    restore,
    restoreConsumers: async () => {
      for (const { name } of await manager.consumers.list('EVENTS').next()) {
        if (name !== READER) await manager.consumers.delete('EVENTS', name);
      }
    },
    log: async (from = 0) => (await readFile(home.logFile('nats-server'), 'utf8')).slice(from),
    cleanup: async () => {
      await Promise.all(open.map((nc) => nc.close()));
      await mesh.cleanup();
    },
  };
}

function withHeaders(values: Readonly<Record<string, string>> | undefined): object {
  if (values === undefined) return {};
  const headers = createHeaders();
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
  return { headers };
}

function read(message: { string(): string }): Record<string, unknown> {
  const text = message.string();
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}

async function stateOf(manager: JetStreamManager): Promise<AccountState> {
  const streams = await manager.streams.list().next();
  const entries = await Promise.all(
    streams.map(async ({ config, state: { messages, first_seq, last_seq, num_deleted } }) => {
      const consumers = (await manager.consumers.list(config.name).next()).map((consumer) => ({
        config: consumer.config,
        inHand: consumer.num_ack_pending,
        taken: consumer.delivered.stream_seq,
        acknowledged: consumer.ack_floor.stream_seq,
        redelivered: consumer.num_redelivered,
        waiting: consumer.num_waiting,
        paused: (consumer as { paused?: boolean }).paused ?? false,
      }));
      consumers.sort((a, b) => (a.config.name ?? '').localeCompare(b.config.name ?? ''));
      return [config.name, { config, messages, first_seq, last_seq, num_deleted, consumers }] as const;
    }),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b)));
}

/** Waits for a condition; fails, naming it, after a generous limit. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>, limitMs = 20_000): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; await delay(10)) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
  }
}
