import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { Text } from '@mantine/core';
import type { Agency } from '@clearance/contracts/words';
import { AGENCIES, PROVINCES } from '@clearance/contracts/words';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { agencyName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { useShares } from '../indicators/shares.ts';
import { type Matrix, partsOf, shadeLimits, shadeOf } from './matrix.ts';
import classes from './reliance-matrix.module.css';

/** One cell: who relies on whom. */
interface Pair {
  unit: string;
  issuer: string;
}

/** Who relies on whom. One cell is reached by Tab, the others from there by the arrows; below is told what it means. */
export function RelianceMatrix({ matrix }: { matrix: Matrix }): ReactNode {
  const say = useText();
  const units = matrix.rows.flatMap(({ units: each }) => each);
  const issuers = matrix.columns.flatMap(({ units: each }) => each);
  const [told, setTold] = useState<Pair>();
  const [reached, setReached] = useState({ row: 0, column: 0 });
  const table = useRef<HTMLTableElement>(null);

  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.min(units.length - 1, Math.max(0, reached.row + step.row));
    const column = Math.min(issuers.length - 1, Math.max(0, reached.column + step.column));
    table.current?.querySelector<HTMLButtonElement>(`[data-cell="${row}-${column}"]`)?.focus();
  };

  return (
    <>
      <TableScroll>
        <table ref={table} className={classes['matrix']} onMouseLeave={() => setTold(undefined)}>
          <caption className={classes['caption']}>
            {say({
              zh: '行：作出互认决定的单位；列：签发结果的单位；数字：据以互认的查验项数',
              en: 'Rows: who decides; columns: who issued the result; numbers: checks recognised by it',
            })}
          </caption>
          <Columns matrix={matrix} />
          {matrix.rows.map(({ province, units: members }) => (
            <tbody key={province ?? members[0]}>
              {members.map((unit, member) => (
                <tr key={unit}>
                  {member === 0 && (
                    <th scope="rowgroup" rowSpan={members.length} className={classes['province']}>
                      <ProvinceName province={province} />
                    </th>
                  )}
                  <th scope="row" className={classes['agency']}>
                    <AgencyOf unit={unit} />
                  </th>
                  {issuers.map((issuer, column) => {
                    const row = units.indexOf(unit);
                    return (
                      <Cell
                        key={issuer}
                        matrix={matrix}
                        pair={{ unit, issuer }}
                        place={`${row}-${column}`}
                        reachable={row === reached.row && column === reached.column}
                        onKeyDown={move}
                        tell={() => setTold({ unit, issuer })}
                        reach={() => {
                          setReached({ row, column });
                          setTold({ unit, issuer });
                        }}
                      />
                    );
                  })}
                  <Sum checks={matrix.ofUnit(unit)} />
                </tr>
              ))}
            </tbody>
          ))}
          <tfoot>
            <tr>
              <th scope="row" colSpan={2} className={classes['sumName']}>
                {say({ zh: '合计', en: 'In all' })}
              </th>
              {issuers.map((issuer) => (
                <Sum key={issuer} checks={matrix.ofIssuer(issuer)} />
              ))}
              <Sum checks={matrix.total} />
            </tr>
          </tfoot>
        </table>
      </TableScroll>
      <Told matrix={matrix} pair={told} />
      <Legend most={matrix.most} />
    </>
  );
}

const STEPS: Readonly<Record<string, { row: number; column: number }>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

function Columns({ matrix }: { matrix: Matrix }): ReactNode {
  const say = useText();
  return (
    <thead>
      <tr>
        <td colSpan={2} rowSpan={2} className={classes['corner']} />
        {matrix.columns.map(({ province, units }) => (
          <th key={province ?? units[0]} scope="colgroup" colSpan={units.length} className={classes['provinceAbove']}>
            <ProvinceName province={province} />
          </th>
        ))}
        <th scope="col" rowSpan={2} className={classes['sumName']}>
          {say({ zh: '合计', en: 'In all' })}
        </th>
      </tr>
      <tr>
        {matrix.columns
          .flatMap(({ units }) => units)
          .map((issuer) => (
            <th key={issuer} scope="col" className={classes['agencyAbove']}>
              <AgencyOf unit={issuer} />
            </th>
          ))}
      </tr>
    </thead>
  );
}

interface CellProps {
  matrix: Matrix;
  pair: Pair;
  place: string;
  reachable: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  tell: () => void;
  reach: () => void;
}

function Cell({ matrix, pair, place, reachable, onKeyDown, tell, reach }: CellProps): ReactNode {
  const { number } = useFormats();
  const checks = matrix.checks(pair.unit, pair.issuer);
  return (
    <td
      className={classes['cell']}
      data-shade={shadeOf(checks, matrix.most)}
      data-own={pair.unit === pair.issuer || undefined}
    >
      <button
        type="button"
        tabIndex={reachable ? 0 : -1}
        data-cell={place}
        onKeyDown={onKeyDown}
        onMouseEnter={tell}
        onFocus={reach}
      >
        {number(checks)}
      </button>
    </td>
  );
}

function Sum({ checks }: { checks: number }): ReactNode {
  const { number } = useFormats();
  return <td className={`numeric ${classes['sum']}`}>{number(checks)}</td>;
}

function ProvinceName({ province }: { province: string | undefined }): ReactNode {
  const say = useText();
  const known = PROVINCES.find(({ code }) => code === province);
  if (known === undefined) return province ?? '';
  return say({ zh: known.name.zh.replace(/省$|自治区$/u, ''), en: known.name.en });
}

function AgencyOf({ unit }: { unit: string }): ReactNode {
  const say = useText();
  const { agency } = partsOf(unit);
  const known = AGENCIES.find((each) => each === agency) as Agency | undefined;
  return known === undefined ? say(unitName(unit)) : say(agencyName(known));
}

function Told({ matrix, pair }: { matrix: Matrix; pair: Pair | undefined }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  if (pair === undefined)
    return (
      <Text size="sm" c="dimmed" className={classes['told']!}>
        {say({
          zh: '指向或用方向键移到一格，可见其占比。',
          en: 'Point at a cell, or move to it with the arrow keys, to see its share.',
        })}
      </Text>
    );
  const { unit, issuer } = pair;
  const checks = matrix.checks(unit, issuer);
  const ofUnit = share(checks, matrix.ofUnit(unit));
  const ofAll = share(checks, matrix.total);
  const names = { unit: unitName(unit), issuer: unitName(issuer) };
  return (
    <Text size="sm" className={classes['told']!} aria-live="polite">
      {checks === 0
        ? say({
            zh: `${names.unit.zh}未据${names.issuer.zh}的结果互认任何查验。`,
            en: `${names.unit.en} recognised nothing by results of ${names.issuer.en}.`,
          })
        : say({
            zh: `${names.unit.zh}据${names.issuer.zh}的结果互认 ${number(checks)} 项查验：占其互认的 ${ofUnit}，占全区域的 ${ofAll}。`,
            en: `${names.unit.en} recognised ${number(checks)} checks by results of ${names.issuer.en}: ${ofUnit} of what it recognised, ${ofAll} of the region’s.`,
          })}
    </Text>
  );
}

function Legend({ most }: { most: number }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  return (
    <div className={classes['legend']}>
      <span>{say({ zh: '项数', en: 'Checks' })}</span>
      <ul>
        <li data-shade={0}>0</li>
        {shadeLimits(most).map(({ shade, from, to }) => (
          <li key={shade} data-shade={shade}>
            {from === to ? number(from) : `${number(from)}–${number(to)}`}
          </li>
        ))}
      </ul>
      <span className={classes['ownSign']} aria-hidden="true" />
      <span>{say({ zh: '单位自己的结果', en: 'a unit’s own results' })}</span>
    </div>
  );
}
