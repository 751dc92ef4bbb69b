import type { ReactNode } from 'react';
import { Table } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import type { FigureGroup, Figures } from './figures.ts';
import { type Apart, APART_NAMES, groupName } from './names.ts';

interface DelaysProps {
  by: Apart;
  indicators: { groups: readonly FigureGroup[]; total: Figures };
}

/** How long it took until everybody could rely on results, and how many there were. */
export function Delays({ by, indicators: { groups, total } }: DelaysProps): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  const cells = ({ results, available, delay }: Figures): ReactNode => (
    <>
      <Table.Td ta="end">{number(results)}</Table.Td>
      <Table.Td ta="end">{number(available)}</Table.Td>
      <Table.Td ta="end">{number(delay.measured)}</Table.Td>
      {[delay.p50, delay.p90, delay.p99].map((seconds, at) => (
        <Table.Td key={at} ta="end">
          {seconds !== null ? duration(seconds) : delay.measured > 0 ? say({ zh: '超出分级', en: 'beyond' }) : '—'}
        </Table.Td>
      ))}
    </>
  );
  return (
    <TableScroll>
      <Table miw={680} verticalSpacing={5} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say(APART_NAMES[by])}</Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '结果', en: 'Results' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '办结', en: 'Available' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '量得', en: 'Measured' })}
            </Table.Th>
            {['p50', 'p90', 'p99'].map((name) => (
              <Table.Th key={name} scope="col" ta="end">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <Table.Tr key={String(group[by])}>
              <Table.Th scope="row" fw={500}>
                {say(groupName(by, group))}
              </Table.Th>
              {cells(group)}
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th scope="row">{say({ zh: '合计', en: 'In all' })}</Table.Th>
            {cells(total)}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </TableScroll>
  );
}
