import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { Tag } from '../../parts/tag.tsx';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { CountBar } from './bars.tsx';
import { type Figures, TARGET_NAMES } from './figures.ts';
import { useShares } from './shares.ts';

/** The goals of clearance, and how many results were available in time; one of them cannot be told from results. */
export function Targets({ targets }: { targets: Figures['targets'] }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  return (
    <TableScroll>
      <Table miw={620} verticalSpacing={5} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '目标', en: 'Target' })}</Table.Th>
            <Table.Th scope="col" w="24%" aria-hidden="true" />
            <Table.Th scope="col" ta="end">
              {say({ zh: '达标率', en: 'Share within' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '时限内', en: 'Within' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '量得', en: 'Measured' })}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {targets.map(({ code, within, measured }) => (
            <Table.Tr key={code}>
              <Table.Th scope="row" fw={500}>
                {say(TARGET_NAMES[code])}
              </Table.Th>
              <Table.Td>
                <CountBar count={within} most={measured} />
              </Table.Td>
              <Table.Td ta="end">{share(within, measured)}</Table.Td>
              <Table.Td ta="end">{number(within)}</Table.Td>
              <Table.Td ta="end">{number(measured)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Th scope="row" fw={500}>
              {say({ zh: '旅客每人 40 秒', en: 'A traveller, 40 s' })}
            </Table.Th>
            <Table.Td colSpan={4}>
              <Tag>{say({ zh: '无法由结果得知', en: 'Cannot be told from results' })}</Tag>{' '}
              <Text component="span" size="sm" c="dimmed">
                {say({
                  zh: '结果只说明查验了多少人，不说明等候多久。',
                  en: 'They say how many were checked, not for how long they waited.',
                })}
              </Text>
            </Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
