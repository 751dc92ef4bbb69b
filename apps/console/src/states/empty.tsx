import type { ReactNode } from 'react';
import { State } from './state.tsx';

interface EmptyProps {
  /** That there is none. */
  title: string;
  /** What would be here, and how it comes here. */
  children: ReactNode;
  actions?: ReactNode;
}

/** Stands where there is nothing yet, or nothing that fits. */
export function Empty({ title, children, actions }: EmptyProps): ReactNode {
  return (
    <State icon="empty" title={title} actions={actions} role="status">
      {children}
    </State>
  );
}
