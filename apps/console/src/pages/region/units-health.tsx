import type { ReactNode } from 'react';
import { Table, Text } from '@mantine/core';
import type { Answer } from '../../api/client.ts';
import { Tag } from '../../parts/tag.tsx';
import { TableScroll } from '../../parts/table-scroll.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { UNCONFIRMED_AFTER_MS, UNSETTLED_AFTER_MS } from './attention.ts';

type Units = Answer<'/api/v1/units'>;
type Unit = Units['units'][number];

/** How each unit is: whether it is there, and what waits for it or because of it. */
export function UnitsHealth({ units: { units, at } }: { units: Units }): ReactNode {
  const say = useText();
  return (
    <TableScroll>
      <Table miw={820} verticalSpacing={4} className="numeric">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{say({ zh: '单位', en: 'Unit' })}</Table.Th>
            <Table.Th scope="col">{say({ zh: '连接', en: 'Connection' })}</Table.Th>
            <Table.Th scope="col">{say({ zh: '队列中等待', en: 'Waiting in queues' })}</Table.Th>
            <Table.Th scope="col">{say({ zh: '未确认副本', en: 'Copies unconfirmed' })}</Table.Th>
            <Table.Th scope="col">{say({ zh: '未办结', en: 'Not settled' })}</Table.Th>
            <Table.Th scope="col" ta="end">
              {say({ zh: '死信', en: 'Dead letters' })}
            </Table.Th>
            <Table.Th scope="col">{say({ zh: '密钥', en: 'Keys' })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {units.map((each) => (
            <Table.Tr key={each.unit}>
              <Table.Th scope="row" fw={500}>
                {say(unitName(each.unit))}
              </Table.Th>
              <Table.Td>
                {each.connected ? (
                  <Tag tone="good">{say({ zh: '已连接', en: 'Connected' })}</Tag>
                ) : (
                  <Tag tone="bad">{say({ zh: '未连接', en: 'Not connected' })}</Tag>
                )}
              </Table.Td>
              <Table.Td>
                <Queued queues={each.queues} at={at} />
              </Table.Td>
              <Table.Td>
                <Waiting {...each.unconfirmed} at={at} late={UNCONFIRMED_AFTER_MS} />
              </Table.Td>
              <Table.Td>
                {each.issues ? <Waiting {...each.unsettled} at={at} late={UNSETTLED_AFTER_MS} /> : <Nothing />}
              </Table.Td>
              <Table.Td ta="end">{each.deadLetters > 0 ? <Tag tone="bad">{each.deadLetters}</Tag> : '0'}</Table.Td>
              <Table.Td>
                <Keys unit={each} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function Nothing(): ReactNode {
  return (
    <Text component="span" c="dimmed">
      —
    </Text>
  );
}

function Queued({ queues, at }: { queues: Unit['queues']; at: string }): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  if (queues === null) return <Tag tone="attention">{say({ zh: '读不到', en: 'Cannot be read' })}</Tag>;
  const messages = queues.reduce((sum, queue) => sum + queue.messages, 0);
  if (messages === 0) return '0';
  const oldest = queues.flatMap(({ oldestAt }) => oldestAt ?? []).sort()[0];
  if (oldest === undefined) return number(messages);
  const age = duration(Math.max(0, Date.parse(at) - Date.parse(oldest)) / 1_000);
  return say({ zh: `${number(messages)} · 最久 ${age}`, en: `${number(messages)} · oldest ${age}` });
}

interface WaitingProps {
  versions: number;
  since: string | null;
  at: string;
  /** From when it is told as late, ms. */
  late: number;
}

function Waiting({ versions, since, at, late }: WaitingProps): ReactNode {
  const { number, duration } = useFormats();
  if (versions === 0) return '0';
  const age = since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(since));
  const text = since === null ? number(versions) : `${number(versions)} · ${duration(age / 1_000)}`;
  return age > late ? <Tag tone="attention">{text}</Tag> : text;
}

function Keys({ unit: { keys, issues } }: { unit: Unit }): ReactNode {
  const say = useText();
  if (keys.length === 0 && !issues) return <Nothing />;
  const valid = keys.filter(({ state }) => state === 'valid').length;
  const revoked = keys.filter(({ state }) => state === 'revoked').length;
  return (
    <>
      {valid === 0 && issues ? (
        <Tag tone="bad">{say({ zh: '无有效密钥', en: 'None valid' })}</Tag>
      ) : (
        say({ zh: `有效 ${valid}`, en: `${valid} valid` })
      )}
      {revoked > 0 && (
        <>
          {' '}
          <Tag tone="attention">{say({ zh: `撤销 ${revoked}`, en: `${revoked} revoked` })}</Tag>
        </>
      )}
    </>
  );
}
