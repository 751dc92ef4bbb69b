import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { DisclosureRecord } from '@clearance/contracts';
import { type DataSource, openDatabase } from '@clearance/platform';
import { type KeyRing, type SigningKey } from '@clearance/provenance';
import { dropDatabases, provisionDatabases, removeHome } from '@clearance/provision';
import { temporaryHome, testServers } from '@clearance/testing';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';

/** A gateway's database of one test file's own. */
export interface LedgerDatabase {
  database: DataSource;
  /** Removes every row, past the trigger that forbids it. */
  empty(): Promise<void>;
  /** Changes the ledger as somebody does who owns the database. */
  tamper(...statements: string[]): Promise<void>;
  drop(): Promise<void>;
}

const APPEND_ONLY = ['ledger', 'signed_head', 'list_event'];

/** Makes the gateway's tables in a database of their own. */
export async function ledgerDatabase(): Promise<LedgerDatabase> {
  const home = await temporaryHome();
  const databases = { adminUrl: testServers().databaseUrl, prefix: `g_${randomBytes(5).toString('hex')}` };
  const urls = await provisionDatabases(home, ['gateway'], databases);
  const database = await openDatabase({
    url: urls.get('gateway')!,
    migrations: GATEWAY_MIGRATIONS,
    applicationName: 'ledger tests',
    poolSize: 4,
  });
  const tamper = async (...statements: string[]): Promise<void> => {
    for (const table of APPEND_ONLY) await database.query(`alter table ${table} disable trigger user`);
    for (const statement of statements) await database.query(statement);
    for (const table of APPEND_ONLY) await database.query(`alter table ${table} enable trigger user`);
  };
  return {
    database,
    tamper,
    empty: () => tamper('truncate ledger, ledger_head, signed_head, negative_list, list_event, access_request'),
    drop: async () => {
      await database.destroy();
      await dropDatabases(['gateway'], databases);
      await removeHome(home);
    },
  };
}

const pair = generateKeyPairSync('ed25519');
export const GATEWAY_KEY: SigningKey = { kid: 'gateway/1', suite: 'EdDSA', privateKey: pair.privateKey };
export const GATEWAY_RING: KeyRing = new Map([
  ['gateway/1', { kid: 'gateway/1', owner: 'gateway', suite: 'EdDSA', publicKey: pair.publicKey, notBefore: 0 }],
]);

/** What two units were shown of a result, told from others by its number. */
export function disclosure(number: number, changes: Partial<DisclosureRecord> = {}): DisclosureRecord {
  return {
    type: 'disclosure',
    resultId: `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`,
    version: 1,
    status: 'issued',
    issuer: 'ln.customs',
    kind: 'customs.scan',
    listVersion: '2026.11-1',
    listRecord: '0'.repeat(64),
    consumers: ['hl.customs', 'jl.customs'],
    withheld: [],
    tokenDigest: 'A'.repeat(43),
    decidedAt: '2026-11-21T08:00:00.000Z',
    ...changes,
  };
}
