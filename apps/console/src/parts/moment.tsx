import type { ReactNode } from 'react';
import { useFormats } from '../words/formats.ts';

interface MomentProps {
  /** RFC 3339. */
  at: string;
  /** Only the day, or only the hour of it. */
  as?: 'time' | 'day' | 'clock';
}

/** A time as people read it; as it was told for programs. */
export function Moment({ at, as = 'time' }: MomentProps): ReactNode {
  const formats = useFormats();
  return (
    <time dateTime={at} className="numeric" style={{ whiteSpace: 'nowrap' }}>
      {formats[as](at)}
    </time>
  );
}
