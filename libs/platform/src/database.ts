import { DataSource, type EntityManager, type MigrationInterface } from 'typeorm';
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

/**
 * `insert into <into> values (…), (…) <suffix>` as one statement, however many rows (split below PostgreSQL's 65,535
 * parameters). `into` names the table and its columns, `suffix` a conflict clause or `returning`.
 *
 * @returns the rows that `returning` gave, of all statements.
 */
export async function insertRows<R = unknown>(
  manager: EntityManager,
  into: string,
  rows: readonly (readonly SqlValue[])[],
  suffix = '',
): Promise<R[]> {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return [];
  const perStatement = Math.min(1_000, Math.floor(65_000 / width));
  const returned: R[] = [];
  for (let start = 0; start < rows.length; start += perStatement) {
    const part = rows.slice(start, start + perStatement);
    const answer: unknown = await manager.query(
      `insert into ${into} values ${placeholders(part.length, width)} ${suffix}`,
      part.flat(),
    );
    if (Array.isArray(answer)) for (const row of answer as R[]) returned.push(row);
  }
  return returned;
}

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
