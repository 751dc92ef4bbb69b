import { hash } from 'node:crypto';
import type { EntityManager, MigrationInterface } from 'typeorm';
// Not by its index, which loads decorators, builders and drivers that the mesh has no use for.
import { DataSource } from 'typeorm/data-source/DataSource.js';
import { databaseTls } from './tls.ts';

export type { DataSource, EntityManager, MigrationInterface, QueryRunner } from 'typeorm';

/** One number for all: whoever migrates a database of the mesh holds this advisory lock. */
const MIGRATION_LOCK = 7_205_759;

/**
 * Opens a unit's (or the gateway's) database and brings its schema up to date.
 * Two processes that start together migrate one after the other.
 *
 * @param options.url may say how its server is verified, see {@link databaseTls}
 * @param options.caFile authorities that sign the server's certificate, if the URL names none
 * @throws the driver's error when the server is away or refuses; the caller decides whether to wait.
 */
export async function openDatabase(options: {
  url: string;
  migrations: (new () => MigrationInterface)[];
  applicationName: string;
  poolSize: number;
  caFile?: string | undefined;
}): Promise<DataSource> {
  const { url, ssl } = databaseTls(options.url, options.caFile);
  const source = new DataSource({
    type: 'postgres',
    url,
    ssl,
    migrations: options.migrations,
    applicationName: options.applicationName,
    // One connection holds the lock of a migration while another migrates.
    poolSize: Math.max(2, options.poolSize),
    connectTimeoutMS: 15_000,
    extra: { keepAlive: true, query_timeout: 60_000 },
    // The pool replaces a lost connection by itself; without a listener its 'error' event would end the process.
    poolErrorHandler: () => undefined,
  });
  await source.initialize();
  try {
    await migrate(source);
    return source;
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

async function migrate(source: DataSource): Promise<void> {
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
  }
}

/** A value that a statement can carry. Arrays are PostgreSQL arrays. */
export type SqlValue = string | number | boolean | null | Date | readonly string[];

/** Rows of one statement: few sizes, so that a connection plans each statement once and then only runs it. */
const ROWS_AT_ONCE = [64, 16, 4, 1];

/**
 * `insert into <into> values (…), (…) <suffix>`, however many rows: some at a time, by statements that each connection
 * prepares once. To parse and plan a statement of some hundred rows costs PostgreSQL as much as to store them.
 *
 * @param into the table and its columns
 * @param suffix a conflict clause or `returning`
 * @returns the rows that `returning` gave, of all statements
 * @throws the driver's error
 */
export async function insertRows<R = unknown>(
  manager: EntityManager,
  into: string,
  rows: readonly (readonly SqlValue[])[],
  suffix = '',
): Promise<R[]> {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return [];
  const returned: R[] = [];
  for (let start = 0; start < rows.length;) {
    const size = ROWS_AT_ONCE.find((each) => each <= rows.length - start)!;
    const text = `insert into ${into} values ${tuplesOf(size, width)} ${suffix}`;
    const values = rows.slice(start, start + size).flat();
    for (const row of await runPrepared<R>(manager, text, values)) returned.push(row);
    start += size;
  }
  return returned;
}

/** Of the driver's connection what TypeORM's own `query` cannot do: a statement with a name is planned once. */
interface Connection {
  query(statement: { name: string; text: string; values: readonly SqlValue[] }): Promise<{ rows: unknown[] }>;
}

/**
 * Runs a statement that each connection prepares the first time: for texts of which there are few, since a connection
 * keeps them all.
 *
 * @param on a transaction; or a database (or its manager), where the statement is a transaction by itself
 * @throws the driver's error
 */
export async function runPrepared<R>(
  on: EntityManager | DataSource,
  text: string,
  values: readonly SqlValue[],
): Promise<R[]> {
  const transaction = on instanceof DataSource ? undefined : on.queryRunner;
  const own = transaction === undefined ? ('dataSource' in on ? on.dataSource : on).createQueryRunner() : undefined;
  const runner = transaction ?? own!;
  try {
    const connection = (await runner.connect()) as Connection;
    const { rows } = await connection.query({ name: nameOf(text), text, values });
    return rows as R[];
  } finally {
    await own?.release();
  }
}

const memoised = <R>(work: (text: string) => R): ((text: string) => R) => {
  const known = new Map<string, R>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = work(text);
    known.set(text, result);
    return result;
  };
};

/** One name for one text: a connection that knows it under another text would refuse it. */
const nameOf = memoised((text) => hash('sha256', text, 'base64url'));

const tuplesOf = (rows: number, width: number): string => tuples(`${rows}x${width}`);
const tuples = memoised((shape) => {
  const [rows, width] = shape.split('x').map(Number);
  return placeholders(rows!, width!);
});

/** `($1,$2),($3,$4)`: the tuples of a multi-row statement. `casts` gives each column's type where it can't be inferred. */
export function placeholders(rows: number, width: number, casts?: readonly string[]): string {
  const tuples: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const cells: string[] = [];
    for (let column = 0; column < width; column += 1) {
      const cast = casts?.[column];
      cells.push(`$${row * width + column + 1}${cast ? `::${cast}` : ''}`);
    }
    tuples.push(`(${cells.join(',')})`);
  }
  return tuples.join(',');
}
