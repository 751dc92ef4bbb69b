import type { ReactNode } from 'react';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './mesh.module.css';
import { type Readiness, readReadiness } from './read-readiness.ts';

const EVERY_MS = 10_000;

/** How the gateway is, and what waits where. */
export function StateView(): ReactNode {
  return (
    <>
      <ReadinessSection />
      <UnitsSection />
    </>
  );
}

function ReadinessSection(): ReactNode {
  const say = useText();
  const readiness = useQuery({ queryKey: ['readyz'], queryFn: readReadiness, refetchInterval: EVERY_MS });
  return (
    <Section title={say({ zh: '网关就绪', en: 'Readiness of the gateway' })}>
      <Answered query={readiness} rows={2}>
        {({ status, checks }) => (
          <div className="panel">
            <div className={classes['status']}>
              {status === 'ready' ? (
                <Tag tone="good">{say({ zh: '可以服务', en: 'Ready' })}</Tag>
              ) : (
                <Tag tone="bad">{say({ zh: '尚不可服务', en: 'Not ready' })}</Tag>
              )}
              <Text size="sm" c="dimmed">
                {say({
                  zh: `${checks.filter(({ ok }) => ok).length} / ${checks.length} 项具备`,
                  en: `${checks.filter(({ ok }) => ok).length} of ${checks.length} parts are there`,
                })}
              </Text>
            </div>
            <ul className={classes['checks']}>
              {checks.map((check) => (
                <Check key={check.name} check={check} />
              ))}
            </ul>
          </div>
        )}
      </Answered>
    </Section>
  );
}

const CHECK_WORDS: Readonly<Record<string, { zh: string; en: string }>> = {
  database: { zh: '数据库', en: 'Database' },
  broker: { zh: '消息服务', en: 'Broker' },
  'negative list': { zh: '负面清单', en: 'Negative list' },
};

function Check({ check: { name, ok, detail } }: { check: Readiness['checks'][number] }): ReactNode {
  const say = useText();
  const account = /^account (.+)$/.exec(name)?.[1];
  const word =
    account === undefined
      ? (CHECK_WORDS[name] ?? { zh: name, en: name })
      : { zh: `${unitName(account).zh}账户`, en: `Account of ${unitName(account).en}` };
  return (
    <li>
      <Tag tone={ok ? 'good' : 'bad'}>{say(word)}</Tag>
      {detail !== undefined && <span className={classes['detail']}>{detail}</span>}
      {!ok && <span className={classes['detail']}>{say({ zh: '不具备', en: 'missing' })}</span>}
    </li>
  );
}

type Unit = Answer<'/api/v1/units'>['units'][number];

function UnitsSection(): ReactNode {
  const say = useText();
  const units = queries.useQuery('get', '/api/v1/units', {}, { refetchInterval: EVERY_MS });
  return (
    <Section
      title={say({ zh: '各单位', en: 'Units' })}
      lead={say({
        zh: '连接、各工作队列中等待的消息、未回执与未办结的版本、网关无法使用的消息、签名密钥。每十秒更新。',
        en: 'Connection, messages that wait in each work queue, versions not confirmed and not settled, messages the gateway could not use, keys. Renewed every ten seconds.',
      })}
    >
      <Answered query={units} rows={13} needed={['coordinator', 'auditor']}>
        {(told) => <UnitsTable units={told.units} />}
      </Answered>
    </Section>
  );
}

/** The work queues, in the order in which a result passes them. */
const QUEUES = [
  { stream: 'OFFERS', name: { zh: '待判定', en: 'Offers' } },
  { stream: 'COPIES', name: { zh: '待接收', en: 'Copies' } },
  { stream: 'RECEIPTS', name: { zh: '待收回执', en: 'Receipts' } },
] as const;

function UnitsTable({ units }: { units: readonly Unit[] }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [, setParameters] = useSearchParams();
  return (
    <DataTable
      caption={say({ zh: '各单位', en: 'Units' })}
      rows={units}
      rowKey={({ unit }) => unit}
      columns={[
        { heading: say({ zh: '单位', en: 'Unit' }), cell: ({ unit }) => say(unitName(unit)) },
        {
          heading: say({ zh: '连接', en: 'Connection' }),
          cell: ({ connected }) =>
            connected ? (
              <Tag tone="good">{say({ zh: '已连接', en: 'Connected' })}</Tag>
            ) : (
              <Tag tone="bad">{say({ zh: '未连接', en: 'Away' })}</Tag>
            ),
        },
        ...QUEUES.map(({ stream, name }) => ({
          heading: say(name),
          numeric: true,
          cell: ({ queues }: Unit) => {
            const queue = queues?.find((each) => each.stream === stream);
            if (queue === undefined) return '—';
            return queue.messages === 0 ? 0 : <Waiting count={queue.messages} since={queue.oldestAt} />;
          },
        })),
        {
          heading: say({ zh: '未回执', en: 'Not confirmed' }),
          numeric: true,
          cell: ({ unconfirmed: { versions, since } }) => <Waiting count={versions} since={since} />,
        },
        {
          heading: say({ zh: '未办结', en: 'Not settled' }),
          numeric: true,
          cell: ({ unsettled: { versions, since } }) => <Waiting count={versions} since={since} />,
        },
        {
          heading: say({ zh: '死信', en: 'Dead letters' }),
          numeric: true,
          cell: ({ deadLetters }) =>
            deadLetters === 0 ? 0 : <Tag tone="bad">{say({ zh: number(deadLetters), en: number(deadLetters) })}</Tag>,
        },
        {
          heading: say({ zh: '密钥', en: 'Keys' }),
          cell: ({ keys }) =>
            keys.map(({ keyId, state }) => (
              <div key={keyId} className={classes['key']}>
                <button
                  type="button"
                  className={`code ${classes['link']}`}
                  onClick={() => setParameters({ look: 'keys', kid: keyId })}
                >
                  {keyId.split('/').at(-1)}
                </button>
                {state === 'revoked' && <Tag tone="bad">{say({ zh: '已撤销', en: 'revoked' })}</Tag>}
                {state === 'rotated-out' && <Tag>{say({ zh: '已轮换', en: 'rotated out' })}</Tag>}
              </div>
            )),
        },
      ]}
    />
  );
}

function Waiting({ count, since }: { count: number; since: string | null }): ReactNode {
  const { number } = useFormats();
  return (
    <>
      {number(count)}
      {since !== null && (
        <Text size="xs" c="dimmed">
          <Moment at={since} as="clock" />
        </Text>
      )}
    </>
  );
}
