import type { ReactNode } from 'react';
import { type Withheld, withheldFields } from '../../parts/withheld-fields.ts';
import { useText } from '../../words/text.tsx';
import classes from './ledger.module.css';

/** What a view did not show: each entry with its legal basis and the fields that it took. */
export function WithheldList({ withheld }: { withheld: readonly Withheld[] }): ReactNode {
  const say = useText();
  if (withheld.length === 0) return say({ zh: '全部可见', en: 'All of it shown' });
  const entries = Map.groupBy(withheldFields(withheld), ({ entry }) => entry);
  return (
    <ul className={classes['withheld']}>
      {[...entries].map(([entry, fields]) => (
        <li key={entry}>
          <strong className="code">{entry}</strong>{' '}
          {fields.map(({ path, places }, index) => (
            <span key={path}>
              {index > 0 && say({ zh: '、', en: ', ' })}
              <span className="code">{path === '' ? say({ zh: '整份结果', en: 'the whole result' }) : path}</span>
              {places > 1 && ` ×${places}`}
            </span>
          ))}
          <span className={classes['basis']}>{fields[0]!.legalBasis}</span>
        </li>
      ))}
    </ul>
  );
}
