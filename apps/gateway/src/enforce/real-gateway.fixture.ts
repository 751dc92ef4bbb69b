import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import {
  type AccessStatement,
  problem,
  type SignedStatement,
  type StreamName,
  type UnitId,
} from '@clearance/contracts';
import {
  connectUser,
  createPublisher,
  createSentMemory,
  ensureStreams,
  type MeshUser,
  type NatsConnection,
  type Publisher,
  type SentMemory,
  type Verdict,
} from '@clearance/messaging';
import { compileNegativeList, type Entry, parseNegativeList, turnsOf } from '@clearance/negative-list';
import { type DataSource, openDatabase } from '@clearance/platform';
import {
  issueToken,
  listRecordOf,
  type ResultClaims,
  signStatement,
  type VerificationKey,
} from '@clearance/provenance';
import { breakGlass } from '@clearance/provision';
import { setupMesh, type TestMesh } from '@clearance/testing';
import type { Gateway } from '../gateway.ts';
import { openGrants } from '../access/grants.ts';
import { appendLedger } from '../ledger/append-ledger.ts';
import type { ListInForce } from '../lists/list-in-force.ts';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import { discloseResults } from './disclose-results.ts';

/** A gateway of one test file over its own database and broker, and the accounts of its units. */
export interface RealGateway {
  mesh: TestMesh;
  gateway: Gateway;
  database: DataSource;
  /** Lines of the gateway's log. */
  lines: string[];
  /** A connection of a unit's own. */
  connectAs(unit: UnitId, user: MeshUser): Promise<NatsConnection>;
  /** Loses a stream of a unit's account, as a broker may; `layStreams` makes it anew. */
  loseStream(unit: UnitId, stream: StreamName): Promise<void>;
  /** The gateway's connection to an account. */
  account(unit: UnitId): { connection: NatsConnection; publisher: Publisher };
  /** The gateway starts anew: nothing is remembered of what went out. */
  forget(): Promise<void>;
  /** Makes the streams of a unit's account, as its service does. */
  layStreams(unit: UnitId, maxBytes?: number): Promise<void>;
  /** Signs a result of a unit; `content` adds to a small one. */
  sign(issuer: UnitId, claims: Pick<ResultClaims, 'resultId'> & Partial<ResultClaims>, content?: object): string;
  /** Signs what a unit says about access. */
  say<S extends AccessStatement>(unit: UnitId, statement: S): SignedStatement<S>;
  /** The gateway takes offers of a unit. */
  offer(issuer: UnitId, tokens: readonly string[]): Promise<Verdict[]>;
  cleanup(): Promise<void>;
}

const MIB = 1024 ** 2;
const listOf = (entries: readonly Entry[]): string =>
  JSON.stringify({
    apiVersion: 'clearance/v1',
    kind: 'NegativeList',
    version: '2026.11-1',
    effectiveFrom: '2026-01-01T00:00:00Z',
    entries,
  });

/** Opens it; call `cleanup` in `afterAll`. The list in force withholds nothing but what these entries say. */
export async function openRealGateway(units: readonly UnitId[], entries: readonly Entry[] = []): Promise<RealGateway> {
  const document = listOf(entries);
  const mesh = await setupMesh({ units });
  const connections: NatsConnection[] = [];
  const connectAs = async (unit: UnitId, user: MeshUser): Promise<NatsConnection> => {
    const credsFile = mesh.home.credsFile(unit, user);
    const connection = await connectUser({ url: mesh.natsUrl, credsFile, user, name: `${user} ${unit} spec` });
    connections.push(connection);
    return connection;
  };
  const loseStream = async (unit: UnitId, stream: StreamName): Promise<void> => {
    const creds = new TextEncoder().encode(await breakGlass(mesh.home, unit, Date.now()));
    const connection = await connect({ servers: mesh.natsUrl, authenticator: credsAuthenticator(creds) });
    await (await jetstreamManager(connection)).streams.delete(stream);
    await connection.close();
  };
  const database = await openDatabase({
    url: mesh.databaseUrls.get('gateway')!,
    migrations: GATEWAY_MIGRATIONS,
    applicationName: 'gateway spec',
    poolSize: 4,
  });
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const syncs = new Map<UnitId, NatsConnection>();
  const accounts = new Map<UnitId, { connection: NatsConnection; publisher: Publisher; copies: SentMemory }>();
  const layStreams = (unit: UnitId, maxBytes = 16 * MIB): Promise<void> =>
    ensureStreams(syncs.get(unit)!, ['OFFERS', 'COPIES', 'RECEIPTS', 'SETTLEMENTS'], { replicas: 1, maxBytes });
  const openMemories = async (): Promise<void> => {
    for (const [unit, account] of accounts) {
      account.copies = createSentMemory({ connection: account.connection, stream: 'COPIES', unit, log });
      // Its first look is done.
      await account.copies.crowded();
    }
  };
  for (const unit of units) {
    syncs.set(unit, await connectAs(unit, 'sync'));
    await layStreams(unit);
    const connection = await connectAs(unit, 'gateway');
    const copies = undefined as unknown as SentMemory;
    accounts.set(unit, { connection, publisher: createPublisher(connection), copies });
  }
  await openMemories();

  const signers = new Map(
    units.map((owner) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const verification: VerificationKey = { kid: `${owner}/1`, owner, suite: 'EdDSA', publicKey, notBefore: 0 };
      return [owner, { key: { kid: `${owner}/1`, suite: 'EdDSA' as const, privateKey }, verification }];
    }),
  );
  const ring = new Map([...signers.values()].map(({ verification }) => [verification.kid, verification]));
  const parsed = parseNegativeList(document);
  if (!parsed.ok) throw new Error('the list of the test is no list');
  const list: ListInForce = {
    version: '2026.11-1',
    effectiveFrom: 0,
    record: 'record',
    signature: { keyId: 'policy/1', at: 0 },
    compiled: compileNegativeList(parsed.list, units),
    turns: turnsOf(parsed.list, Infinity),
  };
  const signed = {
    version: list.version,
    document,
    signature: 'x..y',
    authors: ['drafter'],
    approvedBy: 'approver',
  };
  await database.transaction((transaction) =>
    appendLedger(transaction, [listRecordOf({ ...signed, effectiveFrom: 0, receivedAt: 0 })]),
  );
  const grants = openGrants(database, () => ring, log);
  await grants.reload();
  const gateway: Gateway = {
    mesh: mesh.mesh,
    consumers: units,
    recognitionNeeds: [],
    database,
    keyRing: () => ring,
    rereadKeys: async () => ring,
    listInForce: () => list,
    rereadLists: async () => undefined,
    grants,
    publisherTo: (unit) => accounts.get(unit)?.publisher,
    queuesIn: async () => undefined,
    queueOf: (unit) => accounts.get(unit)?.copies,
    askUnit: async () => ({ ok: false, problem: problem('not-ready') }),
    log,
    now: () => Date.now(),
  };
  return {
    mesh,
    gateway,
    database,
    lines,
    connectAs,
    loseStream,
    account: (unit) => accounts.get(unit)!,
    forget: openMemories,
    layStreams,
    sign: (issuer, claims, content = {}) =>
      issueToken(
        { issuer, version: 1, status: 'issued', issuedAt: '2026-11-21T03:12:00.123Z', ...claims },
        { reference: 'R-1', kind: 'customs.scan', ...content },
        signers.get(issuer)!.key,
        randomBytes,
      ),
    say: (unit, statement) => signStatement(statement, signers.get(unit)!.key),
    offer: (unit, tokens) => {
      const body = JSON.stringify({ results: tokens.map((token) => ({ token })) });
      return discloseResults(gateway, [{ unit, data: new TextEncoder().encode(body) }]);
    },
    cleanup: async () => {
      for (const { publisher } of accounts.values()) publisher.close();
      await Promise.all(connections.map((connection) => connection.close()));
      await database.destroy();
      await mesh.cleanup();
    },
  };
}
