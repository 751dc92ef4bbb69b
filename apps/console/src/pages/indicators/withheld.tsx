import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { CountBar } from './bars.tsx';
import type { Figures } from './figures.ts';

/** What the list took from copies, entry by entry. */
export function Withheld({ withheld }: { withheld: Figures['withheld'] }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  if (withheld.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say({ zh: '此期间没有因清单而减少的副本。', en: 'No copy showed less in this period.' })}
      </Text>
    );
  const ranked = withheld.toSorted((one, other) => other.copies - one.copies);
  const most = ranked[0]?.copies ?? 0;
  return (
    <TableScroll>
      <Table miw={420} verticalSpacing={5} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '条目', en: 'Entry' })}</Table.Th>
            <Table.Th scope="col" w="50%" aria-hidden="true" />
            <Table.Th scope="col" ta="end">
              {say({ zh: '副本', en: 'Copies' })}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ranked.map(({ entry, copies }) => (
            <Table.Tr key={entry}>
              <Table.Th scope="row" fw={500} className="code">
                {entry}
              </Table.Th>
              <Table.Td>
                <CountBar count={copies} most={most} />
              </Table.Td>
              <Table.Td ta="end">{number(copies)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
