import type { ReactNode } from 'react';
import classes from './facts.module.css';

/** A term, and what it is here; null where there is nothing to say. */
export type Fact = readonly [term: string, description: ReactNode] | null;

/** What is known of one thing, as a list of terms. */
export function Facts({ facts }: { facts: readonly Fact[] }): ReactNode {
  return (
    <dl className={`panel ${classes['facts']}`}>
      {facts.flatMap((fact) =>
        fact === null
          ? []
          : [
              <div key={fact[0]}>
                <dt>{fact[0]}</dt>
                <dd>{fact[1]}</dd>
              </div>,
            ],
      )}
    </dl>
  );
}
