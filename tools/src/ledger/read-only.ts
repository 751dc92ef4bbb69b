import pg from 'pg';

/** A database as it is at one moment; nothing can be written through it. */
export interface Snapshot {
  query<R>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  close(): Promise<void>;
}

/**
 * Opens a database for reading and holds on to how it is now: what services write meanwhile is not seen.
 *
 * @throws the driver's error when the server is away or refuses
 */
export async function openSnapshot(url: string): Promise<Snapshot> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true });
  // A connection that breaks while nothing is asked would end the process; the next query tells.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    // The first statement fixes the moment.
    await client.query('select 1');
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    query: async <R>(sql: string, parameters: readonly unknown[] = []) =>
      (await client.query(sql, [...parameters])).rows as R[],
    close: () => client.end(),
  };
}
