import type { ReactNode } from 'react';
import { Anchor, Button, Table } from '@mantine/core';
import { Link } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { Actors } from '../../parts/actor.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { DRAFT_STATES } from './names.ts';

type Drafts = Answer<'/api/v1/drafts'>;

const PAGE = 50;

/** Drafts of the list, those that were changed last first. */
export default function Page(): ReactNode {
  const say = useText();
  const drafts = queries.useInfiniteQuery(
    'get',
    '/api/v1/drafts',
    { params: { query: { limit: PAGE } } },
    { pageParamName: 'cursor', initialPageParam: undefined, getNextPageParam: (page: Drafts) => page.cursor },
  );
  return (
    <>
      <PageHeader
        title={say({ zh: '清单草案', en: 'Drafts of the list' })}
        lead={say({
          zh: '一人起草，第二人批准。起草、校验、看差异、预演、提交，直到按时生效。',
          en: 'One writes, a second person approves. Written, linted, compared, previewed and submitted, until it is in force.',
        })}
        actions={
          <Button component={Link} to="/negative-list" variant="default">
            {say({ zh: '现行清单', en: 'The list in force' })}
          </Button>
        }
      />
      <Answered query={drafts}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.drafts);
          if (found.length === 0) return <None />;
          return (
            <>
              <Rows drafts={found} />
              {drafts.hasNextPage && (
                <Button
                  mt="md"
                  variant="default"
                  loading={drafts.isFetchingNextPage}
                  onClick={() => void drafts.fetchNextPage()}
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

function None(): ReactNode {
  const say = useText();
  return (
    <Empty title={say({ zh: '没有草案', en: 'There is no draft' })}>
      {say({
        zh: '清单起草人从现行清单起草新版本。',
        en: 'Whoever drafts the list begins one with the entries of the list in force.',
      })}
    </Empty>
  );
}

function Rows({ drafts }: { drafts: Drafts['drafts'] }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  return (
    <div className="panel table-scroll" tabIndex={0} role="region" aria-label={say({ zh: '草案', en: 'Drafts' })}>
      <Table verticalSpacing="xs" horizontalSpacing="md" miw={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say({ zh: '草案', en: 'Draft' })}</Table.Th>
            <Table.Th>{say({ zh: '状态', en: 'State' })}</Table.Th>
            <Table.Th>{say({ zh: '起草人', en: 'Written by' })}</Table.Th>
            <Table.Th>{say({ zh: '最后改动', en: 'Changed' })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drafts.map(({ draftId, revision, state, authors, changedAt, version }) => (
            <Table.Tr key={draftId}>
              <Table.Td>
                <Anchor component={Link} to={`/negative-list/drafts/${draftId}`} className="code">
                  {draftId}
                </Anchor>{' '}
                r{revision}
              </Table.Td>
              <Table.Td>
                <Tag tone={DRAFT_STATES[state].tone}>{say(DRAFT_STATES[state].name)}</Tag>{' '}
                {version !== null && (
                  <Anchor component={Link} to={`/negative-list/${encodeURIComponent(version)}`}>
                    {version}
                  </Anchor>
                )}
              </Table.Td>
              <Table.Td>
                <Actors names={authors} />
              </Table.Td>
              <Table.Td className="numeric">{time(changedAt)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
