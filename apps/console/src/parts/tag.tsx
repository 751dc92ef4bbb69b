import type { ReactNode } from 'react';
import classes from './tag.module.css';
import type { Tone } from './tone.ts';

export type { Tone };

/** A state in a word or two. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }): ReactNode {
  return <span className={`${classes['tag']} ${classes[tone]}`}>{children}</span>;
}
