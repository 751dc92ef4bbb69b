import type { ReactNode } from 'react';
import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Answer } from '../../api/client.ts';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { checkName, placeName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { NOT_TOLD } from './names.ts';

type Told = Answer<'/api/v1/conflicts'>;

/** Units that contradict each other about the same goods. */
export function Conflicts({ conflicts: { conflicts, more } }: { conflicts: Told }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  if (conflicts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say({ zh: '此期间没有相左的结论。', en: 'Nobody contradicts anybody in this period.' })}
      </Text>
    );
  const issuers = (sides: readonly { issuer: string }[]): string =>
    [...new Set(sides.map(({ issuer }) => say(unitName(issuer))))].join(say({ zh: '、', en: ', ' }));
  return (
    <>
      <TableScroll>
        <Table miw={820} verticalSpacing={5}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{say({ zh: '时间', en: 'When' })}</Table.Th>
              <Table.Th scope="col">{say({ zh: '查验', en: 'Check' })}</Table.Th>
              <Table.Th scope="col">{say({ zh: '口岸', en: 'Port' })}</Table.Th>
              <Table.Th scope="col">{say({ zh: '合格', en: 'Conformant' })}</Table.Th>
              <Table.Th scope="col">{say({ zh: '不合格', en: 'Not conformant' })}</Table.Th>
              <Table.Th scope="col">{say({ zh: '货物', en: 'Goods' })}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {conflicts.map(({ consignmentId, at, check, port, container, conformant, nonConformant }) => (
              <Table.Tr key={`${consignmentId} ${check} ${container} ${at}`}>
                <Table.Td className="numeric">{time(at)}</Table.Td>
                <Table.Td>{say(checkName(check))}</Table.Td>
                <Table.Td>{say(port === null ? NOT_TOLD : placeName(port))}</Table.Td>
                <Table.Td>{issuers(conformant)}</Table.Td>
                <Table.Td>{issuers(nonConformant)}</Table.Td>
                <Table.Td>
                  <Anchor component={Link} to={`/consignments/${consignmentId}`} size="sm" className="code">
                    {container ?? consignmentId.slice(0, 8)}
                  </Anchor>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
      {more && (
        <Text size="sm" c="dimmed" mt={4}>
          {say({
            zh: '还有更多结果未及比对；缩短期间可见其余。',
            en: 'More results with something amiss than were compared; a shorter period shows the rest.',
          })}
        </Text>
      )}
    </>
  );
}
