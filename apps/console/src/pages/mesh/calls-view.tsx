import { type ReactNode, useState } from 'react';
import { Button, Text, TextInput } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { BY_CURSOR, queries } from '../../api/client.ts';
import { Actor } from '../../parts/actor.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { mayOne, ROLE_NAMES } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { NoPermission } from '../../states/no-permission.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './mesh.module.css';

/** Who called the gateway, what for, and what they were answered. */
export function CallsView(): ReactNode {
  const { person } = useSignedIn();
  if (!mayOne(person.roles, ['auditor'])) return <NoPermission needed={['auditor']} />;
  return <Calls />;
}

function Calls(): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [parameters, setParameters] = useSearchParams();
  const [subject, setSubject] = useState(parameters.get('subject') ?? '');
  const [route, setRoute] = useState(parameters.get('route') ?? '');
  const asked = Object.fromEntries(
    ['subject', 'route'].flatMap((name) => {
      const value = parameters.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/audit/calls',
    { params: { query: { ...asked, limit: 50 } } },
    BY_CURSOR,
  );
  return (
    <>
      <form
        className={`panel ${classes['form']}`}
        onSubmit={(event) => {
          event.preventDefault();
          setParameters({
            look: 'calls',
            ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
            ...(route.trim() === '' ? {} : { route: route.trim() }),
          });
        }}
      >
        <TextInput
          label={say({ zh: '调用者（签发者#主体）', en: 'Caller (issuer#subject)' })}
          placeholder="clearance-mesh#local-policy"
          value={subject}
          onChange={({ currentTarget }) => setSubject(currentTarget.value)}
          spellCheck={false}
          w={280}
        />
        <TextInput
          label={say({ zh: '路径', en: 'Route' })}
          placeholder="/api/v1/lists/{version}"
          value={route}
          onChange={({ currentTarget }) => setRoute(currentTarget.value)}
          spellCheck={false}
          w={280}
        />
        <Button type="submit" leftSection={<Icon name="search" size={16} />}>
          {say({ zh: '查询', en: 'Ask' })}
        </Button>
      </form>
      <Section title={say({ zh: '接口调用', en: 'Calls' })} lead={say({ zh: '最新的在前。', en: 'The newest first.' })}>
        <Answered query={pages} needed={['auditor']}>
          {(told) => {
            const calls = told.pages.flatMap((page) => page.calls);
            if (calls.length === 0) {
              return (
                <Empty title={say({ zh: '没有这样的调用', en: 'There is no such call' })}>
                  {say({
                    zh: '对网关接口的每一次调用都会记录在此，写操作在执行之前就已记录。',
                    en: 'Every call of the gateway’s API is recorded here; what writes, before it is done.',
                  })}
                </Empty>
              );
            }
            return (
              <>
                <DataTable
                  caption={say({ zh: '接口调用', en: 'Calls' })}
                  rows={calls}
                  rowKey={({ callId, at, status }) => `${callId}:${at}:${status}`}
                  columns={[
                    { heading: say({ zh: '时间', en: 'Time' }), cell: ({ at }) => <Moment at={at} /> },
                    {
                      heading: say({ zh: '调用者', en: 'Caller' }),
                      cell: ({ subject: by, roles, unit }) => (
                        <>
                          {by === null ? say({ zh: '未登录', en: 'Not signed in' }) : <Actor name={by} />}
                          <Text size="xs" c="dimmed">
                            {[
                              ...roles.map((role) => say(ROLE_NAMES[role])),
                              ...(unit === null ? [] : [say(unitName(unit))]),
                            ].join(say({ zh: '、', en: ', ' }))}
                          </Text>
                        </>
                      ),
                    },
                    {
                      heading: say({ zh: '调用', en: 'Call' }),
                      cell: ({ method, route: of, resources }) => (
                        <>
                          <span className="code">
                            {method} {of ?? say({ zh: '（无此路径）', en: '(no such route)' })}
                          </span>
                          {Object.entries(resources).map(([name, value]) => (
                            <Text key={name} size="xs" c="dimmed" className="code">
                              {name}={value}
                            </Text>
                          ))}
                        </>
                      ),
                    },
                    {
                      heading: say({ zh: '应答', en: 'Answer' }),
                      cell: ({ status, times }) => (
                        <>
                          <Tag tone={toneOf(status)}>{status ?? say({ zh: '未知', en: 'unknown' })}</Tag>
                          {times > 1 && ` ×${number(times)}`}
                        </>
                      ),
                    },
                    {
                      heading: say({ zh: '用时', en: 'Took' }),
                      numeric: true,
                      cell: ({ durationMs }) => (durationMs === null ? '—' : `${number(durationMs)} ms`),
                    },
                    {
                      heading: say({ zh: '请求编号', en: 'Request-Id' }),
                      cell: ({ callId }) => <span className="code">{callId.slice(-12)}</span>,
                    },
                  ]}
                />
                <More pages={pages} />
              </>
            );
          }}
        </Answered>
      </Section>
    </>
  );
}

function toneOf(status: number | null): Tone {
  if (status === null || status >= 500) return 'bad';
  return status >= 400 ? 'attention' : 'good';
}
