import type { ReactNode } from 'react';
import { Anchor, Button, Checkbox, Group, Select, Table, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { purposeName } from '../../words/purposes.ts';
import { useText } from '../../words/text.tsx';
import { DueTag } from './due-tag.tsx';
import { STATES, stateOf } from './states.ts';

type Request = Answer<'/api/v1/access-requests'>['requests'][number];

const PAGE = 50;

/** Requests for conditional data: who asks whom for what, and what became of it. */
export default function Page(): ReactNode {
  const say = useText();
  const [place, setPlace] = useSearchParams();
  const state = STATES.find((each) => each === place.get('state'));
  const overdue = place.get('overdue') === 'true';
  const query = { limit: PAGE, ...(state && { state }), ...(overdue && { overdue: 'true' as const }) };
  const requests = queries.useInfiniteQuery(
    'get',
    '/api/v1/access-requests',
    { params: { query } },
    {
      pageParamName: 'cursor',
      initialPageParam: undefined,
      getNextPageParam: ({ cursor }: { cursor?: string }) => cursor,
    },
  );
  const filter = (name: 'state' | 'overdue', value: string | null): void => {
    const next = new URLSearchParams(place);
    if (value === null) next.delete(name);
    else next.set(name, value);
    setPlace(next, { replace: true });
  };
  return (
    <>
      <PageHeader
        title={say({ zh: '有条件共享', en: 'Access requests' })}
        lead={say({
          zh: '清单列为有条件共享的，单位说明用途、依据和期限申请，由签发单位决定；到期或撤销即收回。',
          en: 'What the list makes conditional a unit asks for, with purpose, law and an end; the issuing unit decides. What was shown is taken back at the end.',
        })}
      />
      <Group mb="md" align="flex-end" gap="lg">
        <Select
          label={say({ zh: '状态', en: 'State' })}
          placeholder={say({ zh: '全部', en: 'All' })}
          data={STATES.map((value) => ({ value, label: say(stateOf(value).name) }))}
          value={state ?? null}
          onChange={(value) => filter('state', value)}
          clearable
          clearButtonProps={{ 'aria-label': say({ zh: '清除', en: 'Clear' }) }}
          w={200}
        />
        <Checkbox
          label={say({ zh: '仅逾期未答复', en: 'Only those not answered in time' })}
          checked={overdue}
          onChange={(event) => filter('overdue', event.currentTarget.checked ? 'true' : null)}
          pb={8}
        />
      </Group>
      <Answered query={requests}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.requests);
          if (found.length === 0) return <None filtered={state !== undefined || overdue} />;
          return (
            <>
              <Rows requests={found} />
              {requests.hasNextPage && (
                <Button
                  mt="md"
                  variant="default"
                  loading={requests.isFetchingNextPage}
                  onClick={() => void requests.fetchNextPage()}
                >
                  {say({ zh: '更多', en: 'More' })}
                </Button>
              )}
            </>
          );
        }}
      </Answered>
    </>
  );
}

function None({ filtered }: { filtered: boolean }): ReactNode {
  const say = useText();
  return (
    <Empty
      title={
        filtered
          ? say({ zh: '没有符合条件的申请', en: 'No request fits' })
          : say({ zh: '没有申请', en: 'There are no requests' })
      }
    >
      {say({
        zh: '单位经其后台以 access.request 申请；网关按清单审查后列在这里。',
        en: 'Units ask through their backends, by access.request; what the gateway has judged by the list stands here.',
      })}
    </Empty>
  );
}

function Rows({ requests }: { requests: readonly Request[] }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  return (
    <div className="panel table-scroll" tabIndex={0} role="region" aria-label={say({ zh: '申请', en: 'Requests' })}>
      <Table verticalSpacing="xs" horizontalSpacing="md" miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say({ zh: '文号', en: 'Reference' })}</Table.Th>
            <Table.Th>{say({ zh: '申请单位', en: 'Asked by' })}</Table.Th>
            <Table.Th>{say({ zh: '提供单位', en: 'Of' })}</Table.Th>
            <Table.Th>{say({ zh: '用途', en: 'Purpose' })}</Table.Th>
            <Table.Th>{say({ zh: '状态', en: 'State' })}</Table.Th>
            <Table.Th>{say({ zh: '申请于', en: 'Asked' })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {requests.map((request) => (
            <Table.Tr key={request.requestId}>
              <Table.Td>
                <Anchor component={Link} to={`/access-requests/${request.requestId}`} fw={600}>
                  {request.reference}
                </Anchor>
              </Table.Td>
              <Table.Td>{say(unitName(request.requester))}</Table.Td>
              <Table.Td>{say(unitName(request.owner))}</Table.Td>
              <Table.Td>{say(purposeName(request.purpose))}</Table.Td>
              <Table.Td>
                <Tag tone={stateOf(request.state).tone}>{say(stateOf(request.state).name)}</Tag>{' '}
                <DueTag request={request} />
              </Table.Td>
              <Table.Td className="numeric">
                <Text size="sm">{time(request.requestedAt)}</Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
