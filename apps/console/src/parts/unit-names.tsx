import type { ReactNode } from 'react';
import { unitName } from '../words/names.ts';
import { useText } from '../words/text.tsx';

/** As many are named at once; of more, how many, and the names on asking. */
const MOST = 4;

/** Several units, in little room. */
export function UnitNames({ units }: { units: readonly string[] }): ReactNode {
  const say = useText();
  if (units.length === 0) return '—';
  const names = units.map((unit) => say(unitName(unit))).join(say({ zh: '、', en: ', ' }));
  if (units.length <= MOST) return names;
  return (
    <details>
      <summary>{say({ zh: `${units.length} 个单位`, en: `${units.length} units` })}</summary>
      {names}
    </details>
  );
}
