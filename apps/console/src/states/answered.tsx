import type { ReactNode } from 'react';
import type { Role } from '../session/roles.ts';
import { Loading } from './loading.tsx';
import { Refused } from './refused.tsx';

interface AnsweredProps<Data> {
  /** A query of TanStack's. */
  query: { data: Data | undefined; error: unknown; isPending: boolean; refetch: () => unknown };
  /** Lines of the skeleton. */
  rows?: number;
  /** Who may ask, for whoever may not. */
  needed?: readonly Role[];
  children: (data: Data) => ReactNode;
}

/** What is asked of the gateway, in whichever state it is. What was there stays while it is asked for again. */
export function Answered<Data>({ query, rows, needed, children }: AnsweredProps<Data>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading {...(rows === undefined ? {} : { rows })} />;
  return (
    <Refused error={query.error} retry={() => void query.refetch()} {...(needed === undefined ? {} : { needed })} />
  );
}
