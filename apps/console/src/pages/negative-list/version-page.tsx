import { type ReactNode, useState } from 'react';
import { Button, Group, Select, Tabs } from '@mantine/core';
import { useParams, useSearchParams } from 'react-router';
import { queries } from '../../api/client.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { useText } from '../../words/text.tsx';
import { BeginDraft } from './begin-draft.tsx';
import { Changes } from './changes.tsx';
import { ListView } from './list-view.tsx';

/** One version of the list, and in what it differs from another. */
export default function Page(): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  const { version = '' } = useParams();
  const [place, setPlace] = useSearchParams();
  const [beginning, setBeginning] = useState(false);
  const lists = queries.useQuery('get', '/api/v1/lists');
  const taken = lists.data?.lists.map((each) => each.version) ?? [];
  const tab = place.get('tab') === 'changes' ? 'changes' : 'list';
  return (
    <>
      <PageHeader
        title={say({ zh: `负面清单 ${version}`, en: `Negative list ${version}` })}
        actions={
          taken.includes(version) &&
          mayOne(person.roles, ['policy']) && (
            <Button variant="default" onClick={() => setBeginning(true)}>
              {say({ zh: '以此版本起草', en: 'Begin a draft with it' })}
            </Button>
          )
        }
      />
      {beginning && <BeginDraft opened onClose={() => setBeginning(false)} from={version} taken={taken} />}
      <Tabs
        value={tab}
        onChange={(value) => setPlace(value === 'changes' ? { tab: value } : {}, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="list">{say({ zh: '清单', en: 'The list' })}</Tabs.Tab>
          <Tabs.Tab value="changes">{say({ zh: '差异', en: 'What it changed' })}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="list">
          <ListView version={version} />
        </Tabs.Panel>
        <Tabs.Panel value="changes">
          <Differences version={version} others={taken.filter((each) => each !== version)} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Differences({ version, others }: { version: string; others: readonly string[] }): ReactNode {
  const say = useText();
  const [since, setSince] = useState<string | null>(null);
  const changes = queries.useQuery('get', '/api/v1/lists/{version}/changes', {
    params: { path: { version }, query: since === null ? {} : { since } },
  });
  return (
    <>
      <Group mb="sm">
        <Select
          label={say({ zh: '与哪一版本比较', en: 'Compared with' })}
          placeholder={say({ zh: '前一版本', en: 'The one before' })}
          data={[...others]}
          value={since}
          onChange={setSince}
          clearable
          w={260}
        />
      </Group>
      <Answered query={changes}>{(found) => <Changes {...found} />}</Answered>
    </>
  );
}
