import { QueryClient } from '@tanstack/react-query';
import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueries from 'openapi-react-query';
import { bearerRefused, bearerToken } from '../session/bearer.ts';
import { RefusedCall, refusalOf, unreachable } from './refused-call.ts';
import type { components, paths } from './schema.d.ts';

export type { Answer, Posted } from './answer.ts';
export type { components, paths };

const asWhoIsSignedIn: Middleware = {
  onRequest: ({ request }) => {
    const token = bearerToken();
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
    return request;
  },
  onResponse: async ({ response }) => {
    if (response.ok) return;
    if (response.status === 401) bearerRefused();
    throw await refusalOf(response);
  },
  onError: ({ error }) => {
    // What a page gave up itself is no fault of anybody's.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return unreachable();
  },
};

/** Calls of the gateway, typed by its own description. @throws RefusedCall */
export const calls = createFetchClient<paths>({ baseUrl: '/' });
calls.use(asWhoIsSignedIn);

/** The same as queries: `queries.useQuery('get', '/api/v1/reviews')`. */
export const queries = createQueries(calls);

/**
 * How lists go on where a page ends: `queries.useInfiniteQuery('get', path, init, BY_CURSOR)`. The first page is asked for
 * without a cursor, which is what null becomes.
 */
export const BY_CURSOR = {
  pageParamName: 'cursor',
  initialPageParam: null,
  getNextPageParam: ({ cursor }: { cursor?: string }): string | undefined => cursor,
} as const;

const MOST_TRIES = 3;

/** What is fetched is kept while it is looked at. Only what may pass by itself is tried again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < MOST_TRIES && mayPass(error),
        retryDelay: (failures, error) => {
          const told = (error as unknown as RefusedCall).retryAfter;
          return told === undefined ? Math.min(8_000, 500 * 2 ** failures) : told * 1_000;
        },
      },
    },
  });
}

function mayPass(error: unknown): boolean {
  return error instanceof RefusedCall && ['unreachable', 'not-ready', 'slow-down', 'internal'].includes(error.code);
}
