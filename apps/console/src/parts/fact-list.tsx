import { Fragment, type ReactNode } from 'react';
import classes from './fact-list.module.css';

/** A fact: what it is called, and what it is. */
export type Fact = readonly [name: string, value: ReactNode];

/** Facts about one thing, name beside value. Those without a value are left out. */
export function FactList({ facts }: { facts: readonly Fact[] }): ReactNode {
  return (
    <dl className={classes['facts']}>
      {facts.map(([name, value]) =>
        value === undefined || value === null || value === '' ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
