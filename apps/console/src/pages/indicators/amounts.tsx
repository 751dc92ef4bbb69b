import { type ReactNode, useState } from 'react';
import { Button, Table } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { DayChart } from './bars.tsx';
import type { FigureGroup } from './figures.ts';

/** How much there was on each day; days of which nothing is counted are days of nothing. */
export function Amounts({ groups, days }: { groups: readonly FigureGroup[]; days: readonly string[] }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [told, setTold] = useState(false);
  const byDay = new Map(groups.map((group) => [group.day, group]));
  const names = {
    first: say({ zh: '签发版本', en: 'Versions issued' }),
    second: say({ zh: '互认的查验', en: 'Checks recognised' }),
  };
  const each = days.map((day) => {
    const group = byDay.get(day);
    const first = group === undefined ? 0 : group.results + group.amendments + group.revocations;
    return { day, first, second: group?.checks.recognised ?? 0, available: group?.available ?? 0 };
  });
  return (
    <>
      <DayChart days={each} title={say({ zh: '每日数量', en: 'Amounts by day' })} names={names} />
      <Button
        className="no-print"
        variant="subtle"
        size="compact-sm"
        mt={4}
        onClick={() => setTold(!told)}
        aria-expanded={told}
      >
        {told ? say({ zh: '收起表格', en: 'Hide the table' }) : say({ zh: '以表格查看', en: 'As a table' })}
      </Button>
      {told && (
        <TableScroll>
          <Table miw={480} verticalSpacing={4} className="numeric">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{say({ zh: '日', en: 'Day' })}</Table.Th>
                <Table.Th scope="col" ta="end">
                  {names.first}
                </Table.Th>
                <Table.Th scope="col" ta="end">
                  {say({ zh: '办结', en: 'Available' })}
                </Table.Th>
                <Table.Th scope="col" ta="end">
                  {names.second}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {each.map(({ day, first, second, available }) => (
                <Table.Tr key={day}>
                  <Table.Th scope="row" fw={500}>
                    {day}
                  </Table.Th>
                  <Table.Td ta="end">{number(first)}</Table.Td>
                  <Table.Td ta="end">{number(available)}</Table.Td>
                  <Table.Td ta="end">{number(second)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
      )}
    </>
  );
}
