import { readFile } from 'node:fs/promises';
import { consumersOf, type Mesh, type Outcome, problem, type UnitId } from '@clearance/contracts';
import {
  announce,
  type Asker,
  connectUser,
  createAsker,
  createPublisher,
  createSentMemory,
  deadLetterBox,
  type NatsConnection,
  readQueues,
  type Publisher,
  type SentMemory,
  watchConnection,
} from '@clearance/messaging';
import type { Seat } from '@clearance/messaging/nest';
import {
  describeError,
  followFile,
  NotReadyError,
  type Logger,
  type MeshHome,
  openDatabase,
  probeDatabase,
  type TlsSettings,
  untilDone,
} from '@clearance/platform';
import type { Readiness } from '@clearance/platform/nest';
import { type KeyRing, keyRing, signingKey } from '@clearance/provenance';
import { recognitionNeeds } from '@clearance/recognition';
import { openGrants } from '../access/grants.ts';
import { keepAccess } from '../access/keep-access.ts';
import { keepJoining } from '../coordination/keep-joining.ts';
import type { Gateway } from '../gateway.ts';
import { keepSigningHeads } from '../ledger/sign-heads.ts';
import { followLists, type Lists, openLists } from '../lists/lists.ts';
import { watchListInForce } from '../lists/watch-list-in-force.ts';
import { openPreviews, type Previews } from '../preview/start-preview.ts';
import { keepReconciling } from '../reconcile/keep-reconciling.ts';
import { keepReviewing } from '../reviews/keep-reviewing.ts';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import { watchStragglers } from '../settle/watch-stragglers.ts';

/** What the gateway process is told. */
export interface GatewaySurroundings {
  mesh: Mesh;
  home: MeshHome;
  natsUrl: string;
  /** How NATS and the database are verified; in the clear when not given. */
  tls?: TlsSettings | undefined;
  poolSize: number;
  /** How often the ledger's head is signed, ms. */
  headEveryMs: number;
  /** How often yesterday and today are reconciled, ms; 0 for never. */
  reconcileEveryMs: number;
  log: Logger;
}

/** The gateway's connections: its database, its own account, and one account per unit. */
export interface GatewayHost {
  /** Opens everything, waiting for broker and database; `joined` hears of each unit's account as soon as it is open. */
  open(joined: (seat: Seat) => void): Promise<void>;
  /** @throws NotReadyError while the database is not open. */
  gateway(): Gateway;
  lists(): Lists;
  previews(): Previews;
  /** Tells the other gateways (and this one) that the lists changed. */
  announceLists(): void;
  readiness(): Promise<Readiness[]>;
  close(): Promise<void>;
}

/** Streams of a unit on which something may wait: for the gateway, or for the unit's service. */
const QUEUES = ['OFFERS', 'RECEIPTS', 'COPIES'];
const LISTS_SUBJECT = 'lists.changed';
const NOT_CONNECTED: Outcome<never> = { ok: false, problem: problem('not-ready') };

interface Opened {
  gateway: Gateway;
  lists: Lists;
  previews: Previews;
  own: NatsConnection;
  ownConnected: () => boolean;
}

interface Account {
  connection: NatsConnection;
  publisher: Publisher;
  asker: Asker;
  copies: SentMemory;
  connected: () => boolean;
}

/** Creates the gateway's host; nothing is opened yet. */
export function createGatewayHost(surroundings: GatewaySurroundings): GatewayHost {
  const { mesh, home, natsUrl, log } = surroundings;
  const accounts = new Map<UnitId, Account>();
  const stopping = new AbortController();
  const closers: (() => Promise<unknown> | void)[] = [];
  const consumers = consumersOf(mesh);
  let heads: { stop(): Promise<void> } | undefined;
  let reconciling: { stop(): Promise<void> } | undefined;
  let reviewing: { stop(): Promise<void> } | undefined;
  let access: { stop(): Promise<void> } | undefined;
  let joining: { stop(): Promise<void> } | undefined;
  let opened: Opened | undefined;

  const waiting = (what: string) => (error: unknown) =>
    log.warn({ err: describeError(error) }, `${what} not reachable; waiting`);
  const connect = (owner: UnitId | 'gateway'): Promise<NatsConnection> =>
    untilDone(
      () =>
        connectUser({
          url: natsUrl,
          credsFile: home.credsFile(owner, 'gateway'),
          user: 'gateway',
          name: `gateway ${owner}`,
          tls: surroundings.tls?.nats,
        }),
      { signal: stopping.signal, report: waiting(`broker, for ${owner}`) },
    );

  const openAccount = async (unit: UnitId, gateway: Gateway, joined: (seat: Seat) => void): Promise<void> => {
    const connection = await connect(unit);
    const publisher = createPublisher(connection);
    const asker = createAsker(connection);
    const copies = createSentMemory({ connection, stream: 'COPIES', unit, log });
    accounts.set(unit, { connection, publisher, asker, copies, connected: watchConnection(connection, unit, log) });
    joined({
      unit,
      connection,
      // The unit's own service makes its streams; the gateway only waits for them.
      prepare: async () => undefined,
      deadLetters: deadLetterBox(gateway.database, unit),
    });
  };

  return {
    open: async (joined) => {
      const ring = await followFile<KeyRing>(home.trustFile, (text) => keyRing(JSON.parse(text)), log);
      closers.push(() => ring.stop());
      const headKey = await followFile(home.signingKeyFile('gateway'), (text) => signingKey(JSON.parse(text)), log);
      closers.push(() => headKey.stop());
      const url = (await readFile(home.databaseUrlFile('gateway'), 'utf8')).trim();
      const migrations = GATEWAY_MIGRATIONS;
      const database = await untilDone(
        () =>
          openDatabase({
            url,
            migrations,
            applicationName: 'gateway',
            poolSize: surroundings.poolSize,
            caFile: surroundings.tls?.databaseCaFile,
          }),
        { signal: stopping.signal, report: waiting('database') },
      );
      const now = (): number => Date.now();
      const lists = openLists({ database, consumers, keyRing: ring.current, now, log });
      await untilDone(() => lists.reload(), { signal: stopping.signal, report: waiting('lists') });
      const grants = openGrants(database, ring.current, log);
      await untilDone(() => grants.reload(), { signal: stopping.signal, report: waiting('grants') });
      const gateway: Gateway = {
        mesh,
        consumers,
        recognitionNeeds: recognitionNeeds(mesh.arrangements),
        database,
        keyRing: ring.current,
        rereadKeys: ring.look,
        listInForce: (at) => lists.inForce(at),
        rereadLists: () => lists.reload(),
        grants,
        publisherTo: (unit) => accounts.get(unit)?.publisher,
        queueOf: (unit) => accounts.get(unit)?.copies,
        queuesIn: async (unit) => {
          const account = accounts.get(unit);
          return account?.connected() === true ? readQueues(account.connection, QUEUES) : undefined;
        },
        askUnit: async (unit, subject, body, traceparent) =>
          (await accounts.get(unit)?.asker.ask(subject, body, { traceparent })) ?? NOT_CONNECTED,
        log,
        now,
      };
      const own = await connect('gateway');
      const previews = openPreviews(gateway);
      opened = { gateway, lists, previews, own, ownConnected: watchConnection(own, 'gateway' as UnitId, log) };
      closers.push(
        followLists(
          lists,
          (reload) => {
            const subscription = own.subscribe(LISTS_SUBJECT, { callback: reload });
            return () => subscription.unsubscribe();
          },
          log,
        ),
      );
      heads = keepSigningHeads(gateway, headKey.current, surroundings.headEveryMs);
      reconciling = keepReconciling(gateway, surroundings.reconcileEveryMs);
      reviewing = keepReviewing(gateway);
      access = keepAccess(gateway);
      joining = keepJoining(gateway);
      for (const watch of [watchStragglers(gateway), watchListInForce(gateway)]) closers.push(() => watch.stop());
      closers.push(async () => {
        await own.drain().catch(() => undefined);
        await database.destroy();
      });
      await Promise.all(consumers.map((unit) => openAccount(unit, gateway, joined)));
    },
    gateway: () => ready(opened).gateway,
    lists: () => ready(opened).lists,
    previews: () => ready(opened).previews,
    announceLists: () => announce(ready(opened).own, LISTS_SUBJECT),
    readiness: async () => {
      if (!opened) return [{ name: 'gateway', ok: false, detail: 'waiting for its broker and database' }];
      const list = opened.gateway.listInForce(Date.now());
      return [
        await probeDatabase('database', opened.gateway.database),
        { name: 'broker', ok: opened.ownConnected(), ...(opened.ownConnected() ? {} : { detail: 'not connected' }) },
        { name: 'negative list', ok: list !== undefined, detail: describeLists(list?.version, opened.lists.refused()) },
        ...consumers.map((unit) => {
          const ok = accounts.get(unit)?.connected() ?? false;
          return { name: `account ${unit}`, ok, ...(ok ? {} : { detail: 'not connected' }) };
        }),
      ];
    },
    close: async () => {
      stopping.abort();
      // What it has begun needs accounts and database.
      await heads?.stop();
      await reconciling?.stop();
      await reviewing?.stop();
      await access?.stop();
      await joining?.stop();
      await opened?.previews.stop();
      for (const { connection, publisher, asker } of accounts.values()) {
        publisher.close();
        asker.close();
        await connection.drain().catch(() => undefined);
      }
      for (const close of closers) await close();
    },
  };
}

function ready<T>(opened: T | undefined): T {
  if (opened === undefined) throw new NotReadyError('the gateway waits for its broker and database');
  return opened;
}

function describeLists(inForce: string | undefined, refused: readonly string[]): string {
  const current = inForce ?? 'none is in force; offers wait';
  return refused.length === 0 ? current : `${current}; stored but not accepted: ${refused.join(', ')}`;
}
