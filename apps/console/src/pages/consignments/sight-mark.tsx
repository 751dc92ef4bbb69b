import type { ReactNode } from 'react';
import type { LocalizedText } from '@clearance/contracts/words';
import type { Sight } from './visibility.ts';
import classes from './visibility.module.css';

/** What a unit holds of a result, in a word. */
export const SIGHT_WORDS: Readonly<Record<Sight, LocalizedText>> = {
  issuer: { zh: '签发单位', en: 'issuer' },
  whole: { zh: '全部可见', en: 'all of it' },
  'in-part': { zh: '部分不予共享', en: 'not all of it' },
  none: { zh: '未提供', en: 'not given' },
};

/** The same as a mark: full, half, own, none. */
export function SightMark({ sight, confirmed }: { sight: Sight; confirmed: boolean }): ReactNode {
  const ring = `${classes['ring']} ${confirmed ? '' : classes['unconfirmed']}`;
  return (
    <svg width={18} height={18} viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      {sight === 'whole' && (
        <>
          <circle cx={9} cy={9} r={7} className={ring} />
          <circle cx={9} cy={9} r={4.5} className={classes['filled']} />
        </>
      )}
      {sight === 'in-part' && (
        <>
          <circle cx={9} cy={9} r={7} className={ring} />
          <path d="M9 4.5a4.5 4.5 0 0 0 0 9z" className={classes['filled']} />
        </>
      )}
      {sight === 'issuer' && <rect x={4} y={4} width={10} height={10} rx={2} className={classes['own']} />}
      {sight === 'none' && <path d="M5 9h8" className={classes['none']} />}
    </svg>
  );
}
