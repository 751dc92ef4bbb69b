import type { ReactNode } from 'react';
import { useFormats } from '../../words/formats.ts';

/** Where something stands in the ledger: its row, and the beginning of that row's hash. */
export function LedgerPlace({ sequence, hash }: { sequence: number; hash: string }): ReactNode {
  const { number } = useFormats();
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span className="numeric">#{number(sequence)}</span>{' '}
      <span className="code" title={hash}>
        {hash.slice(0, 8)}…
      </span>
    </span>
  );
}
