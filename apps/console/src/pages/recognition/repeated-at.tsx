import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { reasonText } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { CountBar } from '../indicators/bars.tsx';
import type { FigureGroup } from '../indicators/figures.ts';
import { groupName } from '../indicators/names.ts';
import { useShares } from '../indicators/shares.ts';
import { whereRepeated } from './where-repeated.ts';

/** Where checks are repeated, per port or per unit. */
export function RepeatedAt({ by, groups }: { by: 'port' | 'unit'; groups: readonly FigureGroup[] }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  const places = whereRepeated(groups);
  const title = by === 'port' ? say({ zh: '口岸', en: 'Port' }) : say({ zh: '单位', en: 'Unit' });
  if (places.length === 0)
    return (
      <Text size="sm" mb="sm">
        {by === 'port'
          ? say({ zh: '没有口岸重复查验。', en: 'At no port were goods inspected twice.' })
          : say({ zh: '没有单位重复查验。', en: 'No unit inspected goods twice.' })}
      </Text>
    );
  const most = places[0]?.checks.repeated ?? 0;
  const nameOf = (place: FigureGroup): string => say(groupName(by, place));
  return (
    <TableScroll>
      <Table miw={760} verticalSpacing={5} mb="md" className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w="22%">
              {title}
            </Table.Th>
            <Table.Th scope="col" w="16%" aria-hidden="true" />
            <Table.Th scope="col" ta="end">
              {say({ zh: '重复', en: 'Twice' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '占所问', en: 'Of all asked' })}
            </Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '重启', en: 'Reopened' })}
            </Table.Th>
            <Table.Th scope="col" w="36%">
              {say({ zh: '主要原因', en: 'Chief reasons' })}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {places.map((place) => (
            <Table.Tr key={String(place[by])}>
              <Table.Th scope="row" fw={500}>
                {nameOf(place)}
              </Table.Th>
              <Table.Td>
                <CountBar count={place.checks.repeated} most={most} />
              </Table.Td>
              <Table.Td ta="end">{number(place.checks.repeated)}</Table.Td>
              <Table.Td ta="end">
                {share(place.checks.repeated, place.checks.recognised + place.checks.required)}
              </Table.Td>
              <Table.Td ta="end">{number(place.recognitions.reopened)}</Table.Td>
              <Table.Td>
                {place.chief.map(({ code, checks }) => (
                  <div key={code}>
                    {say(reasonText(code))}{' '}
                    <Text component="span" c="dimmed" size="sm">
                      {number(checks)}
                    </Text>
                  </div>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
