import type { ReactNode } from 'react';
import { Table } from '@mantine/core';
import type { LocalizedText } from '@clearance/contracts/words';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { Loading } from '../../states/loading.tsx';
import { Refused } from '../../states/refused.tsx';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { barsOf, type Flow, FLOW_FIGURES, type FlowFigure, flowed, inAll, KEPT_FOR_MS } from './flows.ts';
import { inRegionOrder } from './matrix.ts';
import type { Hearing } from './follow-flows.ts';
import classes from './live-flow.module.css';

const MINUTE_MS = 60_000;

const FIGURE_NAMES: Readonly<Record<FlowFigure, LocalizedText>> = {
  results: { zh: '签发', en: 'Issued' },
  available: { zh: '办结', en: 'Available' },
  decided: { zh: '互认决定', en: 'Decisions' },
  recognised: { zh: '互认项', en: 'Recognised' },
  required: { zh: '须查项', en: 'Required' },
};

/** Whether what is shown is of this very moment. */
export function HearingTag({ hearing }: { hearing: Hearing }): ReactNode {
  const say = useText();
  const [tone, text] = hearingText(hearing);
  return (
    <span role="status">
      <Tag tone={tone}>{say(text)}</Tag>
    </span>
  );
}

function hearingText(hearing: Hearing): [Tone, LocalizedText] {
  switch (hearing) {
    case 'beginning':
      return ['plain', { zh: '正在接通', en: 'Connecting' }];
    case 'heard':
      return ['good', { zh: '实时', en: 'Live' }];
    case 'lost':
      return ['attention', { zh: '中断，正在重连', en: 'Interrupted, connecting again' }];
    default:
      return ['bad', { zh: '未获准', en: 'Not permitted' }];
  }
}

/** This day per unit, and what has just come. */
export function LiveFlow({ flow, hearing }: { flow: Flow; hearing: Hearing }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  if (typeof hearing === 'object') return <Refused error={hearing.refused} />;
  if (flow.last === undefined) return <Loading rows={6} />;
  const units = flow.last.units.toSorted((one, other) => inRegionOrder(one.unit, other.unit));
  const minute = flowed(flow, MINUTE_MS);
  const day = inAll(flow.last);
  const highest = Math.max(1, ...flow.last.units.flatMap(({ unit }) => barsOf(flow, unit, 'results')));
  return (
    <TableScroll>
      <Table className={`numeric ${classes['flow']}`} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '单位', en: 'Unit' })}</Table.Th>
            <Table.Th scope="col">{say({ zh: '近五分钟签发', en: 'Issued, last 5 min' })}</Table.Th>
            {FLOW_FIGURES.map((figure) => (
              <Table.Th key={figure} scope="col" ta="end">
                {say(FIGURE_NAMES[figure])}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {units.map((each) => {
            const recent = flowed(flow, MINUTE_MS, each.unit);
            return (
              <Table.Tr key={each.unit}>
                <Table.Th scope="row" fw={500}>
                  {say(unitName(each.unit))}
                </Table.Th>
                <Table.Td>
                  <Strip
                    bars={barsOf(flow, each.unit, 'results')}
                    highest={highest}
                    count={flowed(flow, KEPT_FOR_MS, each.unit).results}
                  />
                </Table.Td>
                {FLOW_FIGURES.map((figure) => (
                  <Table.Td key={figure} ta="end">
                    {number(each[figure])} <Gained count={recent[figure]} />
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row" colSpan={2}>
              {say({ zh: '全区域（＋为近一分钟）', en: 'The region (+ in the last minute)' })}
            </Table.Th>
            {FLOW_FIGURES.map((figure) => (
              <Table.Td key={figure} ta="end" fw={600}>
                {number(day[figure])} <Gained count={minute[figure]} />
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </TableScroll>
  );
}

/** What came in the last minute; the place is kept when nothing did, so that numbers stand still. */
function Gained({ count }: { count: number }): ReactNode {
  const { number } = useFormats();
  return <span className={classes['gained']}>{count > 0 ? `+${number(count)}` : ''}</span>;
}

function Strip({ bars, highest, count }: { bars: readonly number[]; highest: number; count: number }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const label = say({ zh: `近五分钟 ${number(count)} 份`, en: `${number(count)} in the last five minutes` });
  return (
    <svg className={classes['strip']} viewBox={`0 0 ${bars.length * 4} 20`} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1="0" y1="19.5" x2={bars.length * 4} y2="19.5" />
      {bars.map((bar, at) => {
        const height = (bar / highest) * 18;
        return bar > 0 && <rect key={at} x={at * 4} y={19 - height} width={3} height={height} />;
      })}
    </svg>
  );
}
