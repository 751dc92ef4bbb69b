import type { ReactNode } from 'react';
import { Anchor, VisuallyHidden } from '@mantine/core';
import { parseUnitId, PROVINCES } from '@clearance/contracts/words';
import { agencyName, kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { SIGHT_WORDS, SightMark } from './sight-mark.tsx';
import type { Sight, Visibility } from './visibility.ts';
import classes from './visibility.module.css';
import { WITHHELD } from './waterfall.tsx';

interface MatrixProps {
  units: readonly string[];
  rows: readonly Visibility[];
  /** Shows what of a result was withheld from whom. */
  onAsk: (resultId: string) => void;
}

/** Results against units: who may see how much of what. */
export function VisibilityMatrix({ units, rows, onAsk }: MatrixProps): ReactNode {
  const say = useText();
  const provinces = Map.groupBy(units, (unit) => parseUnitId(unit).province);
  const opens = new Set([...provinces.values()].map(([first]) => first));
  const caption = say({ zh: '各单位所见', en: 'What each unit may see' });
  return (
    <div className="panel">
      <div className="table-scroll" role="region" aria-label={caption} tabIndex={0}>
        <table className={classes['matrix']}>
          <thead>
            <tr>
              <th rowSpan={2} scope="col" className={classes['name']}>
                {say({ zh: '结果', en: 'Result' })}
              </th>
              {[...provinces].map(([province, of]) => (
                <th key={province} colSpan={of.length} scope="colgroup" className={classes['province']}>
                  {provinceName(province, say)}
                </th>
              ))}
              <th rowSpan={2} scope="col" className={classes['province']}>
                <VisuallyHidden>{say({ zh: '依据', en: 'Why' })}</VisuallyHidden>
              </th>
            </tr>
            <tr>
              {units.map((unit) => (
                <th key={unit} scope="col" className={opens.has(unit) ? classes['province'] : undefined}>
                  <abbr title={say(unitName(unit))} style={{ textDecoration: 'none' }}>
                    {shortName(unit, say)}
                  </abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ result, sights }) => (
              <tr key={result.resultId}>
                <th scope="row" className={classes['name']}>
                  {say(result.kind === null ? WITHHELD : kindName(result.kind))}
                  {result.version > 1 && ` · v${result.version}`}
                </th>
                {units.map((unit) => {
                  const { sight, confirmed } = sights.get(unit) ?? { sight: 'none' as Sight, confirmed: false };
                  return (
                    <td key={unit} className={opens.has(unit) ? classes['province'] : undefined}>
                      <SightMark sight={sight} confirmed={confirmed} />
                      <VisuallyHidden>
                        {say(SIGHT_WORDS[sight])}
                        {!confirmed && sight !== 'none' && say({ zh: '，尚无回执', en: ', not confirmed' })}
                      </VisuallyHidden>
                    </td>
                  );
                })}
                <td className={classes['province']}>
                  <Anchor component="button" type="button" size="sm" onClick={() => onAsk(result.resultId)}>
                    {say({ zh: '依据', en: 'Why' })}
                    <VisuallyHidden>
                      {' '}
                      {say(result.kind === null ? WITHHELD : kindName(result.kind))} {say(unitName(result.issuer))}
                    </VisuallyHidden>
                  </Anchor>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className={classes['legend']} aria-hidden="true">
        {(['whole', 'in-part', 'issuer', 'none'] as const).map((sight) => (
          <li key={sight}>
            <SightMark sight={sight} confirmed /> {say(SIGHT_WORDS[sight])}
          </li>
        ))}
        <li>
          <SightMark sight="whole" confirmed={false} /> {say({ zh: '虚线：尚无回执', en: 'dashed: not confirmed yet' })}
        </li>
      </ul>
    </div>
  );
}

type Say = ReturnType<typeof useText>;

function provinceName(code: string, say: Say): string {
  const name = PROVINCES.find((province) => province.code === code)?.name;
  return name === undefined ? code : say({ zh: name.zh.replace(/省$|自治区$/u, ''), en: name.en });
}

function shortName(unit: string, say: Say): string {
  const { agency, role } = parseUnitId(unit);
  if (agency === undefined) return role;
  const short = {
    customs: { zh: '关', en: 'Cus' },
    inspection: { zh: '检', en: 'Insp' },
    border: { zh: '边', en: 'Bor' },
  };
  return say(short[agency] ?? agencyName(agency));
}
