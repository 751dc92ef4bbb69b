import type { ReactNode } from 'react';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A number as it is written on papers; an id of the mesh's own, which nobody reads out, by its two ends. */
export function Code({ value }: { value: string }): ReactNode {
  const brief = UUID.test(value) ? `${value.slice(0, 8)}…${value.slice(-6)}` : value;
  return (
    <span className="code" style={{ whiteSpace: 'nowrap' }} {...(brief === value ? {} : { title: value })}>
      {brief}
    </span>
  );
}
