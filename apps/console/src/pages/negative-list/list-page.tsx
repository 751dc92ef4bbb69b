import { type ReactNode, useState } from 'react';
import { Anchor, Button, Group, Table, Tabs, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { Actor, Actors } from '../../parts/actor.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tag } from '../../parts/tag.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { BeginDraft } from './begin-draft.tsx';
import { ListView } from './list-view.tsx';
import { LIST_STATES } from './names.ts';
import { Recalls } from './recalls.tsx';

type Listed = Answer<'/api/v1/lists'>['lists'][number];

const TABS = ['in-force', 'versions', 'recalls'] as const;

/** The negative list: the one in force, those before and after it, and what was taken back when one began. */
export default function Page(): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  const [place, setPlace] = useSearchParams();
  const [beginning, setBeginning] = useState(false);
  const lists = queries.useQuery('get', '/api/v1/lists');
  const tab = TABS.find((each) => each === place.get('tab')) ?? 'in-force';
  const inForce = lists.data?.lists.find((each) => each.inForce);
  const taken = lists.data?.lists.map(({ version }) => version) ?? [];
  return (
    <>
      <PageHeader
        title={say({ zh: '负面清单', en: 'Negative list' })}
        lead={say({
          zh: '以共享为原则，不共享为例外：清单没有写明的，一律共享。',
          en: 'Everything is shared unless the list says otherwise, and what it says is obeyed to the field.',
        })}
        actions={
          <Group gap="sm">
            <Button component={Link} to="/negative-list/drafts" variant="default">
              {say({ zh: '草案', en: 'Drafts' })}
            </Button>
            {inForce !== undefined && mayOne(person.roles, ['policy']) && (
              <Button onClick={() => setBeginning(true)}>{say({ zh: '起草新清单', en: 'Begin a draft' })}</Button>
            )}
          </Group>
        }
      />
      {inForce !== undefined && beginning && (
        <BeginDraft opened onClose={() => setBeginning(false)} from={inForce.version} taken={taken} />
      )}
      <Tabs
        value={tab}
        onChange={(value) => setPlace(value === null || value === 'in-force' ? {} : { tab: value }, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="in-force">{say({ zh: '现行清单', en: 'In force' })}</Tabs.Tab>
          <Tabs.Tab value="versions">{say({ zh: '各版本', en: 'Versions' })}</Tabs.Tab>
          <Tabs.Tab value="recalls">{say({ zh: '收回与补发', en: 'Recalls and catch-ups' })}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="in-force">
          <Answered query={lists}>
            {() => (inForce === undefined ? <NoneInForce /> : <ListView version={inForce.version} />)}
          </Answered>
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <Answered query={lists}>{({ lists: found }) => <Versions lists={found} />}</Answered>
        </Tabs.Panel>
        <Tabs.Panel value="recalls">
          <Recalls />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function NoneInForce(): ReactNode {
  const say = useText();
  return (
    <Empty title={say({ zh: '没有现行清单', en: 'No list is in force' })}>
      {say({
        zh: '没有清单便无法判断可否共享：结果等候，直到有清单生效。',
        en: 'Without one nothing can be judged shareable: results wait until a list is in force.',
      })}
    </Empty>
  );
}

function Versions({ lists }: { lists: readonly Listed[] }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  if (lists.length === 0) return <NoneInForce />;
  return (
    <div className="panel table-scroll" tabIndex={0} role="region" aria-label={say({ zh: '各版本', en: 'Versions' })}>
      <Table verticalSpacing="xs" horizontalSpacing="md" miw={680}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say({ zh: '版本', en: 'Version' })}</Table.Th>
            <Table.Th>{say({ zh: '状态', en: 'State' })}</Table.Th>
            <Table.Th>{say({ zh: '生效', en: 'In force from' })}</Table.Th>
            <Table.Th>{say({ zh: '起草', en: 'Written by' })}</Table.Th>
            <Table.Th>{say({ zh: '批准', en: 'Approved by' })}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lists.map(({ version, state, effectiveFrom, authors, approvedBy, receivedAt }) => (
            <Table.Tr key={version}>
              <Table.Td>
                <Anchor component={Link} to={`/negative-list/${encodeURIComponent(version)}`} fw={600}>
                  {version}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Tag tone={LIST_STATES[state].tone}>{say(LIST_STATES[state].name)}</Tag>
              </Table.Td>
              <Table.Td className="numeric">{time(effectiveFrom)}</Table.Td>
              <Table.Td>
                <Actors names={authors} />
              </Table.Td>
              <Table.Td>
                <Actor name={approvedBy} />
                <Text size="xs" c="dimmed" className="numeric">
                  {time(receivedAt)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
