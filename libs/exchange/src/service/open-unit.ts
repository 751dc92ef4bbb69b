import { readFile } from 'node:fs/promises';
import { type Mesh, STREAMS, type StreamName, type UnitId } from '@clearance/contracts';
import {
  connectUser,
  createAsker,
  createPublisher,
  createSentMemory,
  deadLetterBox,
  ensureStreams,
  layingMissingStreams,
  type Relay,
  watchConnection,
} from '@clearance/messaging';
import type { Seat } from '@clearance/messaging/nest';
import {
  describeError,
  type FollowedFile,
  type Logger,
  type MeshHome,
  openDatabase,
  probeDatabase,
  type TlsSettings,
  untilDone,
} from '@clearance/platform';
import type { Readiness } from '@clearance/platform/nest';
import type { TokenVerifier } from '@clearance/platform/tokens';
import type { KeyRing } from '@clearance/provenance';
import type { AgencyProfile } from '../agency-profile.ts';
import { createStatementRelay } from '../access/give-statements.ts';
import { createEventRelay } from '../announce/announce-events.ts';
import type { EventBatch } from '../announce/pending-event.ts';
import { openWaitingRoom } from '../issue/waiting-room.ts';
import { followKeys } from '../keys/follow-keys.ts';
import { createOfferRelay } from '../offer/offer-results.ts';
import type { PendingOffer } from '../offer/pending-offer.ts';
import type { CopiesReader } from '../receive/read-messages.ts';
import { createReportRelay } from '../report/report-recognitions.ts';
import { EXCHANGE_MIGRATIONS } from '../schema/migrations.ts';
import type { Unit } from '../unit.ts';
import { openKeys } from './unit-keys.ts';

/** What a process is told about the units that it hosts. */
export interface UnitSurroundings {
  mesh: Mesh;
  agency: AgencyProfile;
  home: MeshHome;
  natsUrl: string;
  /** How NATS and the database are verified; in the clear when not given. */
  tls?: TlsSettings | undefined;
  /** Judges whom people who sign in speak for; undefined where nobody can. */
  people?: TokenVerifier | undefined;
  /** Whether they have to prove what they say; false if absent. */
  needsProof?: boolean;
  streamReplicas: number;
  poolSize: number;
  log: Logger;
}

/** What the units of a process share. */
export interface SharedByUnits {
  /** The keys of all units, as they are now. */
  trust: FollowedFile<KeyRing>;
  readMessages: CopiesReader;
}

/** A unit with its connections open. */
export interface OpenUnit {
  unit: Unit;
  seat: Seat;
  readiness(): Promise<Readiness[]>;
  close(): Promise<void>;
}

/** A gateway that has not answered by then is taken to be away, ms: a backend waits for it. */
const GATEWAY_ANSWERS_MS = 5_000;
const STREAM_NAMES = Object.keys(STREAMS) as StreamName[];
/** The streams, of 512 MiB each, fit into the 4 GiB that provisioning gives an account; a server reserves them in full. */
const STREAM_MAX_BYTES = 512 * 1024 ** 2;

/**
 * Opens everything that one unit needs, waiting for broker and database as long as it takes, and saying so.
 *
 * @throws when the signal aborts the waiting, or when a file of the unit's own is missing or unusable.
 */
export async function openUnit(
  id: UnitId,
  surroundings: UnitSurroundings & SharedByUnits,
  signal: AbortSignal,
): Promise<OpenUnit> {
  const { mesh, agency, home, natsUrl, log } = surroundings;
  const keys = await openKeys(home, id, surroundings.trust, log);
  const databaseUrl = (await readFile(home.databaseUrlFile(id), 'utf8')).trim();
  const waiting = (what: string) => (error: unknown) =>
    log.warn({ unit: id, err: describeError(error) }, `${what} not reachable; waiting`);

  const [connection, database] = await Promise.all([
    untilDone(
      () =>
        connectUser({
          url: natsUrl,
          credsFile: home.credsFile(id, 'sync'),
          user: 'sync',
          name: `${agency.service} ${id}`,
          tls: surroundings.tls?.nats,
        }),
      { signal, report: waiting('broker') },
    ),
    untilDone(
      () =>
        openDatabase({
          url: databaseUrl,
          migrations: EXCHANGE_MIGRATIONS,
          applicationName: `${agency.service} ${id}`,
          poolSize: surroundings.poolSize,
          caFile: surroundings.tls?.databaseCaFile,
        }),
      { signal, report: waiting('database') },
    ),
  ]);
  const connected = watchConnection(connection, id, log);
  // An account pays for each replica of a stream.
  const replicas = surroundings.streamReplicas;
  const sizing = { replicas, maxBytes: Math.floor(STREAM_MAX_BYTES / replicas) };
  const prepare = (): Promise<void> => ensureStreams(connection, STREAM_NAMES, sizing);
  await untilDone(prepare, { signal, report: waiting('JetStream') });

  const publisher = layingMissingStreams(createPublisher(connection), prepare);
  const shared = { id, database, publisher, log };
  const offers: Relay<PendingOffer> = createOfferRelay({
    ...shared,
    queue: createSentMemory({ connection, stream: 'OFFERS', unit: id, log }),
    packResults: mesh.limits.packResults,
    reofferAfter: mesh.limits.reofferAfter,
  });
  const events: Relay<EventBatch> = createEventRelay({ ...shared, keyRing: keys.keyRing });
  const asker = createAsker(connection);
  const askGateway: Unit['askGateway'] = (subject, body) => asker.ask(subject, body, { timeoutMs: GATEWAY_ANSWERS_MS });
  const now = (): number => Date.now();
  const statements = createStatementRelay({ ...shared, askGateway, events, now });
  const reports = createReportRelay({ ...shared, askGateway });
  const room = await openWaitingRoom(id, database, mesh.limits.maxWaiting);
  const unit: Unit = {
    room,
    ...shared,
    mesh,
    agency,
    signingKey: keys.signingKey,
    keyRing: keys.keyRing,
    rereadKeys: keys.rereadKeys,
    readMessages: surroundings.readMessages,
    offers,
    events,
    statements,
    askGateway,
    people: surroundings.people,
    needsProof: surroundings.needsProof ?? false,
    now,
  };
  const stopFollowingKeys = followKeys(unit, keys.onChange);
  return {
    unit,
    seat: { unit: id, connection, prepare, deadLetters: deadLetterBox(database, id) },
    readiness: async () => [
      { name: `${id} broker`, ok: connected(), ...(connected() ? {} : { detail: 'not connected' }) },
      await probeDatabase(`${id} database`, database),
    ],
    close: async () => {
      await stopFollowingKeys();
      await Promise.all([statements.stop(), reports.stop()]);
      await Promise.all([offers.stop(), events.stop()]);
      asker.close();
      room.stop();
      keys.stop();
      publisher.close();
      await connection.drain().catch(() => undefined);
      await database.destroy();
    },
  };
}
