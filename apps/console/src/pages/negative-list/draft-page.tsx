import { type ReactNode, useState } from 'react';
import { Button, Group, Tabs, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { calls, queries } from '../../api/client.ts';
import { Actors } from '../../parts/actor.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ReasonedStep } from '../../parts/reasoned-step.tsx';
import { Tag } from '../../parts/tag.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { Approve, Approved } from './approve.tsx';
import { Changes } from './changes.tsx';
import { DraftHistory } from './draft-history.tsx';
import { Editor, Findings } from './editor.tsx';
import { TextOrEntries } from './list-view.tsx';
import { DRAFT_STATES } from './names.ts';
import { Previews } from './previews.tsx';
import { type Draft, etagOf } from './use-draft-text.ts';

const TABS = ['text', 'changes', 'preview', 'approve', 'history'] as const;

/** One draft of the list: written, linted, compared, previewed, submitted, and approved by a second person. */
export default function Page(): ReactNode {
  const { draftId = '' } = useParams();
  const say = useText();
  const draft = queries.useQuery('get', '/api/v1/drafts/{draftId}', { params: { path: { draftId } } });
  return (
    <>
      {draft.data === undefined && <PageHeader title={say({ zh: '一份草案', en: 'A draft' })} />}
      <Answered query={draft}>{(found) => <DraftView key={found.draftId} draft={found} />}</Answered>
    </>
  );
}

function DraftView({ draft }: { draft: Draft }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const { person } = useSignedIn();
  const [place, setPlace] = useSearchParams();
  const { state, revision, draftId, authors, changedAt } = draft;
  const approves = state === 'submitted' && mayOne(person.roles, ['policy-approver']);
  const tab = TABS.find((each) => each === place.get('tab') && (each !== 'approve' || approves)) ?? 'text';
  return (
    <>
      <PageHeader
        title={say({ zh: '清单草案', en: 'A draft of the list' })}
        lead={
          <>
            <Tag tone={DRAFT_STATES[state].tone}>{say(DRAFT_STATES[state].name)}</Tag>{' '}
            <span className="code">{draftId}</span> r{revision} · {time(changedAt)} · <Actors names={authors} />
          </>
        }
        actions={<Steps draft={draft} />}
      />
      {draft.version !== null && (
        <Group mb="md">
          <Approved version={draft.version} />
          <Button component={Link} to={`/negative-list/${encodeURIComponent(draft.version)}`} variant="default">
            {say({ zh: '看这份清单', en: 'See the list' })}
          </Button>
        </Group>
      )}
      <Tabs
        value={tab}
        onChange={(value) => setPlace(value === null || value === 'text' ? {} : { tab: value }, { replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="text">{say({ zh: '正文与校验', en: 'Text and lint' })}</Tabs.Tab>
          <Tabs.Tab value="changes">{say({ zh: '差异', en: 'What it changes' })}</Tabs.Tab>
          <Tabs.Tab value="preview">{say({ zh: '预演', en: 'Preview' })}</Tabs.Tab>
          {approves && <Tabs.Tab value="approve">{say({ zh: '批准', en: 'Approve' })}</Tabs.Tab>}
          <Tabs.Tab value="history">{say({ zh: '经过', en: 'History' })}</Tabs.Tab>
        </Tabs.List>
        {/* What is written stays while another tab is looked at. */}
        <Tabs.Panel value="text">
          {state === 'open' && mayOne(person.roles, ['policy']) ? (
            <Editor draft={draft} />
          ) : (
            <>
              <Findings findings={draft.findings} />
              <div style={{ marginTop: 16 }}>
                <TextOrEntries document={draft.document} />
              </div>
            </>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="changes">{tab === 'changes' && <DraftChanges draft={draft} />}</Tabs.Panel>
        <Tabs.Panel value="preview">
          {tab === 'preview' && <Previews draftId={draftId} revision={revision} />}
        </Tabs.Panel>
        {approves && (
          <Tabs.Panel value="approve">
            <Approve draft={draft} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="history">
          {tab === 'history' && <DraftHistory draftId={draftId} revision={revision} />}
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function DraftChanges({ draft: { draftId, findings } }: { draft: Draft }): ReactNode {
  const say = useText();
  const changes = queries.useQuery(
    'get',
    '/api/v1/drafts/{draftId}/changes',
    { params: { path: { draftId } } },
    { staleTime: 0 },
  );
  return (
    <>
      {findings.some(({ severity }) => severity === 'error') && (
        <Text size="sm" mb="sm">
          {say({
            zh: '校验还有错误；差异按清单实际会怎样做列出，读不出来的不列。',
            en: 'Lint still finds errors; what differs is told as far as the text can be read.',
          })}
        </Text>
      )}
      <Answered query={changes}>{(found) => <Changes {...found} />}</Answered>
    </>
  );
}

type Step = 'submit' | 'withdraw' | 'return';

/** What can be done with the draft now, by whoever is signed in. */
function Steps({ draft }: { draft: Draft }): ReactNode {
  const say = useText();
  const client = useQueryClient();
  const { person } = useSignedIn();
  const [step, setStep] = useState<Step>();
  const [error, setError] = useState<unknown>();
  const [pending, setPending] = useState(false);
  const writes = mayOne(person.roles, ['policy']);
  const approves = mayOne(person.roles, ['policy-approver']);
  const refused = draft.findings.some(({ severity }) => severity === 'error');
  const texts = {
    submit: { zh: '提交审批', en: 'Submit' },
    withdraw: { zh: '撤回草案', en: 'Withdraw' },
    return: { zh: '退回修改', en: 'Return' },
  };
  const told = {
    submit: { zh: '提交后不能再改，除非审批人退回。', en: 'It cannot be changed after that, unless it is returned.' },
    withdraw: { zh: '草案就此终止，不会生效。', en: 'The draft ends here; nothing becomes of it.' },
    return: { zh: '草案回到起草人手中修改。', en: 'Its authors may change it again.' },
  };
  const take = (reason: string): void => {
    const init = {
      params: { path: { draftId: draft.draftId }, header: { 'If-Match': etagOf(draft) } },
      body: { reason },
    };
    setPending(true);
    setError(undefined);
    const call =
      step === 'submit'
        ? calls.POST('/api/v1/drafts/{draftId}/submit', init)
        : step === 'withdraw'
          ? calls.POST('/api/v1/drafts/{draftId}/withdraw', init)
          : calls.POST('/api/v1/drafts/{draftId}/return', init);
    call
      .then(() => setStep(undefined), setError)
      .finally(() => {
        setPending(false);
        // A refusal, too, may mean that the draft is no longer what it was.
        void client.invalidateQueries({
          predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/v1/drafts'),
        });
      });
  };
  const open = (next: Step): void => {
    setError(undefined);
    setStep(next);
  };
  return (
    <Group gap="sm">
      {writes && (draft.state === 'open' || draft.state === 'submitted') && (
        <Button variant="default" onClick={() => open('withdraw')}>
          {say(texts.withdraw)}
        </Button>
      )}
      {approves && draft.state === 'submitted' && (
        <Button variant="default" onClick={() => open('return')}>
          {say(texts.return)}
        </Button>
      )}
      {writes && draft.state === 'open' && (
        <Button
          onClick={() => open('submit')}
          disabled={refused}
          {...(refused
            ? { title: say({ zh: '校验有错误，不能提交', en: 'Lint finds errors: it cannot be submitted' }) }
            : {})}
        >
          {say(texts.submit)}
        </Button>
      )}
      {step !== undefined && (
        <ReasonedStep
          opened
          onClose={() => setStep(undefined)}
          title={say(texts[step])}
          doIt={say(texts[step])}
          grave={step === 'withdraw'}
          most={2_000}
          pending={pending}
          error={error}
          onConfirm={take}
        >
          {say(told[step])}
        </ReasonedStep>
      )}
    </Group>
  );
}
