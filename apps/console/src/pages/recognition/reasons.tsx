import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { reasonText } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { CountBar } from '../indicators/bars.tsx';
import type { Figures } from '../indicators/figures.ts';
import { useShares } from '../indicators/shares.ts';

/** Why checks were required, the most frequent reason first. */
export function Reasons({ reasons, required }: { reasons: Figures['reasons']; required: number }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  if (reasons.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say({ zh: '没有须查的查验。', en: 'No check was required.' })}
      </Text>
    );
  const ranked = reasons.toSorted((one, other) => other.checks - one.checks);
  const most = ranked[0]?.checks ?? 0;
  return (
    <TableScroll>
      <Table miw={620} verticalSpacing={5} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '原因', en: 'Reason' })}</Table.Th>
            <Table.Th scope="col" w="24%" aria-hidden="true" />
            <Table.Th scope="col" ta="end">
              {say({ zh: '项数', en: 'Checks' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '占须查项', en: 'Of required' })}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ranked.map(({ code, checks }) => (
            <Table.Tr key={code}>
              <Table.Th scope="row" fw={500}>
                {say(reasonText(code))}{' '}
                <Text component="span" size="sm" c="dimmed" className="code">
                  {code}
                </Text>
              </Table.Th>
              <Table.Td>
                <CountBar count={checks} most={most} />
              </Table.Td>
              <Table.Td ta="end">{number(checks)}</Table.Td>
              <Table.Td ta="end">{share(checks, required)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
