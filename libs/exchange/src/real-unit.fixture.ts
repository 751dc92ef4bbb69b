import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { pino } from 'pino';
import { CHECK_TYPES, problem, RESULT_KINDS, STREAMS, type StreamName, type UnitId } from '@clearance/contracts';
import {
  connectUser,
  createPublisher,
  createSentMemory,
  ensureStreams,
  type MeshUser,
  type NatsConnection,
  type SentMemory,
} from '@clearance/messaging';
import { type DataSource, type Logger, openDatabase } from '@clearance/platform';
import type { KeyRing } from '@clearance/provenance';
import { breakGlass } from '@clearance/provision';
import { setupMesh, type TestMesh } from '@clearance/testing';
import type { PendingEvent } from './announce/pending-event.ts';
import { openWaitingRoom, type WaitingRoom } from './issue/waiting-room.ts';
import type { PendingOffer } from './offer/pending-offer.ts';
import { EXCHANGE_MIGRATIONS } from './schema/migrations.ts';
import { readingOnce } from './receive/read-messages.ts';
import { newSigner, type Signer } from './signers.fixture.ts';
import type { Unit } from './unit.ts';

/** A unit at work over its own database and account, without its relays: a test moves things itself. */
export interface RealUnit {
  mesh: TestMesh;
  unit: Unit;
  signer: Signer;
  database: DataSource;
  connection: NatsConnection;
  log: Logger;
  lines: string[];
  /** What was handed on from memory. */
  offered: PendingOffer[];
  told: PendingEvent[];
  connectAs(user: MeshUser): Promise<NatsConnection>;
  layStreams(maxBytes?: number): Promise<void>;
  /** Loses a stream, as a broker may; `layStreams` makes it anew. */
  loseStream(stream: StreamName): Promise<void>;
  /** What the process remembers of OFFERS, from now on. */
  newMemory(): Promise<SentMemory>;
  /** Empties every table. */
  empty(): Promise<void>;
  /** A database of the same unit with its own connections, as another process has it. */
  anotherProcess(): Promise<Unit>;
  cleanup(): Promise<void>;
}

const MIB = 1024 ** 2;
const TABLES =
  'result, result_container, result_history, offer_outbox, event_outbox, recognition, recognition_reliance, dead_letter';

/** Opens it; call `cleanup` in `afterAll`. `others` are signers whose results the unit trusts. */
export async function openRealUnit(
  id: UnitId,
  others: readonly Signer[] = [],
  more: { maxWaiting?: number } = {},
): Promise<RealUnit> {
  const mesh = await setupMesh({ units: [id] });
  if (more.maxWaiting !== undefined) mesh.mesh.limits.maxWaiting = more.maxWaiting;
  const signer = newSigner(id);
  const ring: KeyRing = new Map([signer, ...others].map(({ verification }) => [verification.kid, verification]));
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const opened: NatsConnection[] = [];
  const closers: (() => unknown)[] = [];
  const connectAs = async (user: MeshUser): Promise<NatsConnection> => {
    const credsFile = mesh.home.credsFile(id, user);
    const connection = await connectUser({ url: mesh.natsUrl, credsFile, user, name: `${user} spec` });
    opened.push(connection);
    return connection;
  };
  const connection = await connectAs('sync');
  const layStreams = (maxBytes = 16 * MIB): Promise<void> =>
    ensureStreams(connection, Object.keys(STREAMS) as StreamName[], { replicas: 1, maxBytes });
  const loseStream = async (stream: StreamName): Promise<void> => {
    const creds = new TextEncoder().encode(await breakGlass(mesh.home, id, Date.now()));
    const glass = await connect({ servers: mesh.natsUrl, authenticator: credsAuthenticator(creds) });
    await (await jetstreamManager(glass)).streams.delete(stream);
    await glass.close();
  };
  await layStreams();
  const offered: PendingOffer[] = [];
  const told: PendingEvent[] = [];
  const openProcess = async (): Promise<{ unit: Unit; database: DataSource }> => {
    const database = await openDatabase({
      url: mesh.databaseUrls.get(id)!,
      migrations: EXCHANGE_MIGRATIONS,
      applicationName: 'unit spec',
      poolSize: 4,
    });
    closers.push(() => database.destroy());
    const room: WaitingRoom & { stop(): void } = await openWaitingRoom(id, database, mesh.mesh.limits.maxWaiting);
    closers.push(() => room.stop());
    const publisher = createPublisher(connection);
    const unit: Unit = {
      id,
      mesh: mesh.mesh,
      agency: {
        agency: 'customs',
        service: 'customs-sync',
        description: 'spec',
        kinds: RESULT_KINDS,
        checks: CHECK_TYPES,
        rules: [],
      },
      database,
      publisher,
      signingKey: () => signer.key,
      keyRing: () => ring,
      rereadKeys: async () => ring,
      readMessages: readingOnce(),
      offers: { push: (items) => void offered.push(...items) },
      events: { push: (batches) => void told.push(...batches.flatMap(({ events }) => events)) },
      statements: { push: () => undefined },
      askGateway: async () => ({ ok: false, problem: problem('not-ready') }),
      people: undefined,
      needsProof: false,
      room,
      log,
      now: () => Date.now(),
    };
    return { unit, database };
  };
  const { unit, database } = await openProcess();
  return {
    mesh,
    unit,
    signer,
    database,
    connection,
    log,
    lines,
    offered,
    told,
    connectAs,
    layStreams,
    loseStream,
    newMemory: async () => {
      const memory = createSentMemory({ connection, stream: 'OFFERS', unit: id, log });
      await memory.crowded();
      return memory;
    },
    empty: async () => {
      await database.query(`truncate ${TABLES}`);
      offered.length = 0;
      told.length = 0;
    },
    anotherProcess: async () => (await openProcess()).unit,
    cleanup: async () => {
      for (const close of closers.reverse()) await close();
      await Promise.all(opened.map((each) => each.close()));
      await mesh.cleanup();
    },
  };
}

/** Waits until a condition holds; fails, naming it, after `limitMs`. */
export async function eventually(what: string, condition: () => unknown, limitMs = 20_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await condition()); await delay(20)) {
    if (Date.now() > deadline) throw new Error(`not within ${limitMs} ms: ${what}`);
  }
}
