import type { Answer, paths } from '../../api/client.ts';

/** What {@link asked} needs of a query of TanStack's. */
interface Query {
  data: unknown;
  error: unknown;
  isPending: boolean;
  isError: boolean;
  refetch: () => unknown;
}

/** A query whose answer is of a known form. */
export type Asked<Path extends keyof paths> = Omit<Query, 'data'> & { data: Answer<Path> | undefined };

/**
 * A query with the answer as the gateway describes it: the client's own types take `readonly` lists apart, and leave the form
 * of an answer open where another may be asked for.
 */
export function asked<Path extends keyof paths>(query: Query): Asked<Path> {
  return query as Asked<Path>;
}
