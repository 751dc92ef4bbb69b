import type { ReactNode } from 'react';
import classes from './key-figures.module.css';

/** One number that stands for a whole. */
export interface KeyFigure {
  name: string;
  value: string;
  /** What it is a share of, or how it was come by. */
  note?: ReactNode;
}

/** The few numbers that are read first. */
export function KeyFigures({ figures }: { figures: readonly KeyFigure[] }): ReactNode {
  return (
    <dl className={classes['figures']}>
      {figures.map(({ name, value, note }) => (
        <div key={name} className={`panel ${classes['figure']}`}>
          <dt>{name}</dt>
          <dd className={`numeric ${classes['value']}`}>{value}</dd>
          {note !== undefined && <dd className={classes['note']}>{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
