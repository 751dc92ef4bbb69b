import type { ReactNode } from 'react';
import classes from './tag.module.css';

/** What a state means for the reader: well; to be looked at; amiss; neither; for information. */
export type Tone = 'good' | 'attention' | 'bad' | 'plain' | 'told';

/** A state in a word or two. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }): ReactNode {
  return <span className={`${classes['tag']} ${classes[tone]}`}>{children}</span>;
}
