import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import type { FigureGroup, Figures } from './figures.ts';
import { type Apart, APART_NAMES, groupName } from './names.ts';
import { useShares } from './shares.ts';

interface ReportTableProps {
  by: Apart;
  groups: readonly FigureGroup[];
  total: Figures;
}

/** The figures of a report, told apart in one way. Its heading is repeated on every sheet. */
export function ReportTable({ by, groups, total }: ReportTableProps): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  const share = useShares();
  if (groups.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say({ zh: '没有数据。', en: 'There is nothing.' })}
      </Text>
    );
  const columns: { name: string; of: (figures: Figures) => string }[] = [
    { name: say({ zh: '结果', en: 'Results' }), of: ({ results }) => number(results) },
    { name: say({ zh: '办结', en: 'Available' }), of: ({ available }) => number(available) },
    { name: 'p50', of: ({ delay }) => (delay.p50 === null ? '—' : duration(delay.p50)) },
    { name: 'p90', of: ({ delay }) => (delay.p90 === null ? '—' : duration(delay.p90)) },
    { name: say({ zh: '互认', en: 'Recognised' }), of: ({ checks }) => number(checks.recognised) },
    { name: say({ zh: '须查', en: 'Required' }), of: ({ checks }) => number(checks.required) },
    {
      name: say({ zh: '互认率', en: 'Share' }),
      of: ({ checks }) => share(checks.recognised, checks.recognised + checks.required),
    },
    { name: say({ zh: '重复', en: 'Twice' }), of: ({ checks }) => number(checks.repeated) },
    { name: say({ zh: '节省工时', en: 'Hours saved' }), of: ({ hoursSaved }) => number(Math.round(hoursSaved)) },
    { name: say({ zh: '相左', en: 'Contradictions' }), of: ({ conflicts }) => number(conflicts) },
  ];
  return (
    <TableScroll>
      <Table miw={760} verticalSpacing={4} horizontalSpacing="xs" className="numeric" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say(APART_NAMES[by])}</Table.Th>
            {columns.map(({ name }) => (
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
              {columns.map(({ name, of }) => (
                <Table.Td key={name} ta="end">
                  {of(group)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
          {/* A row of the body: a foot would be repeated on every sheet, as a sum of none of them. */}
          <Table.Tr fw={600}>
            <Table.Th scope="row">{say({ zh: '合计', en: 'In all' })}</Table.Th>
            {columns.map(({ name, of }) => (
              <Table.Td key={name} ta="end">
                {of(total)}
              </Table.Td>
            ))}
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
