import { type ReactNode, useState } from 'react';
import { Button, Code, Stack, Text, Timeline } from '@mantine/core';
import type { LocalizedText } from '@clearance/contracts/words';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { FactList } from '../../parts/fact-list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ReasonedStep } from '../../parts/reasoned-step.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Tag } from '../../parts/tag.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { kindName, unitName } from '../../words/names.ts';
import { purposeName } from '../../words/purposes.ts';
import { together } from '../../words/selectors.ts';
import { useText } from '../../words/text.tsx';
import { AnswerForm } from './answer-form.tsx';
import { DueTag } from './due-tag.tsx';
import classes from './access.module.css';
import { type Happened, stateOf, timelineOf } from './states.ts';

export type Request = Answer<'/api/v1/access-requests/{requestId}'>;

/** One request: what is asked, why and for how long; what the units said, as they signed it; and the owner's answer. */
export default function Page(): ReactNode {
  const say = useText();
  const { id = '' } = useParams();
  const request = queries.useQuery('get', '/api/v1/access-requests/{requestId}', {
    params: { path: { requestId: id } },
  });
  return (
    <>
      <PageHeader
        title={
          request.data === undefined
            ? say({ zh: '一份申请', en: 'A request' })
            : say({ zh: `申请 ${request.data.reference}`, en: `Request ${request.data.reference}` })
        }
        lead={
          request.data && (
            <>
              <Tag tone={stateOf(request.data.state).tone}>{say(stateOf(request.data.state).name)}</Tag>{' '}
              <DueTag request={request.data} />
            </>
          )
        }
      />
      <Answered query={request}>{(found) => <RequestView request={found} />}</Answered>
    </>
  );
}

function RequestView({ request }: { request: Request }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const { person } = useSignedIn();
  const ownsIt = mayOne(person.roles, ['unit']) && person.unit === request.owner;
  const { decision } = request;
  return (
    <Stack gap="md">
      <div className={classes['columns']}>
        <section
          className={`panel ${classes['section']}`}
          aria-label={say({ zh: '所申请的', en: 'What is asked for' })}
        >
          <Text component="h2" fw={600} mb="sm">
            {say({ zh: '所申请的', en: 'What is asked for' })}
          </Text>
          <Text component="div" size="sm">
            <FactList
              facts={[
                [say({ zh: '申请单位', en: 'Asked by' }), say(unitName(request.requester))],
                [say({ zh: '提供单位', en: 'Of' }), say(unitName(request.owner))],
                [say({ zh: '哪些结果', en: 'Which results' }), <About key="about" about={request.about} />],
                [say({ zh: '字段', en: 'Fields' }), <Paths key="paths" paths={request.paths} />],
                [say({ zh: '用途', en: 'Purpose' }), say(purposeName(request.purpose))],
                [say({ zh: '依据', en: 'Legal reference' }), request.legalReference],
                [say({ zh: '用至', en: 'Until' }), <span className="numeric">{time(request.until)}</span>],
                [
                  say({ zh: '答复期限', en: 'Answer due' }),
                  request.dueAt && <span className="numeric">{time(request.dueAt)}</span>,
                ],
              ]}
            />
          </Text>
          {decision !== undefined && decision.decision !== 'refused' && (
            <Text component="div" size="sm" mt="md">
              <Text fw={600} mb={6}>
                {say({ zh: '所授权的', en: 'What was granted' })}
              </Text>
              <FactList
                facts={[
                  [say({ zh: '字段', en: 'Fields' }), <Paths key="granted" paths={decision.paths ?? request.paths} />],
                  [
                    say({ zh: '用至', en: 'Until' }),
                    <span className="numeric">{time(decision.until ?? request.until)}</span>,
                  ],
                ]}
              />
            </Text>
          )}
        </section>
        <section className={`panel ${classes['section']}`} aria-label={say({ zh: '经过', en: 'What happened' })}>
          <Text component="h2" fw={600} mb="sm">
            {say({ zh: '经过', en: 'What happened' })}
          </Text>
          <Happenings request={request} />
          {request.state === 'open' && mayOne(person.roles, ['coordinator']) && person.roles !== undefined && (
            <Remind requestId={request.requestId} owner={request.owner} />
          )}
          {ownsIt && (request.state === 'granted' || request.state === 'granted-in-part') && (
            <Revoke requestId={request.requestId} />
          )}
        </section>
      </div>
      {ownsIt && request.state === 'open' && <AnswerForm request={request} />}
      <Said said={request.said} />
    </Stack>
  );
}

function About({ about }: { about: Request['about'] }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  if ('resultId' in about) {
    return (
      <>
        <span className="code">{about.resultId}</span>
        {about.version !== undefined && ` v${about.version}`}
      </>
    );
  }
  const narrowed = [about.container, about.declarationNumber, about.transportDocument].filter(Boolean).join(' · ');
  return (
    <>
      {say({ zh: '持续申请：', en: 'A standing query: ' })}
      {say(together(about.kinds.map(kindName)))}
      {narrowed !== '' && <span className="code"> {narrowed}</span>}
      {say({ zh: `，自 ${time(about.since)} 起签发的`, en: `, issued since ${time(about.since)}` })}
    </>
  );
}

function Paths({ paths }: { paths: readonly string[] }): ReactNode {
  return (
    <ul className={classes['paths']}>
      {paths.map((path) => (
        <li key={path} className="code">
          {path}
        </li>
      ))}
    </ul>
  );
}

const HAPPENED: Readonly<Record<Happened['what'], LocalizedText>> = {
  requested: { zh: '申请', en: 'Asked' },
  reminded: { zh: '已催办', en: 'Reminded' },
  escalated: { zh: '逾期，已通报', en: 'Not answered in time; told' },
  granted: { zh: '授权', en: 'Granted' },
  'granted-in-part': { zh: '部分授权', en: 'Granted in part' },
  refused: { zh: '不予授权', en: 'Refused' },
  revoked: { zh: '撤销', en: 'Revoked' },
  expired: { zh: '到期，已收回', en: 'Over; taken back' },
};

function Happenings({ request }: { request: Request }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const happened = timelineOf(request);
  return (
    <Timeline active={happened.length} bulletSize={14} lineWidth={2}>
      {happened.map(({ what, at, by, reason, rule }) => (
        <Timeline.Item key={`${what}-${at}`} title={say(HAPPENED[what])}>
          <Text size="sm">
            {by !== undefined && `${say(unitName(by))} · `}
            <span className="numeric">{time(at)}</span>
          </Text>
          {rule !== undefined && <Text size="sm">{say({ zh: `按规则 ${rule}`, en: `By the rule ${rule}` })}</Text>}
          {reason !== undefined && <Text size="sm">{reason}</Text>}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function Remind({ requestId, owner }: { requestId: string; owner: string }): ReactNode {
  const say = useText();
  const client = useQueryClient();
  const remind = queries.useMutation('post', '/api/v1/access-requests/{requestId}/reminders', {
    onSuccess: () => client.invalidateQueries({ queryKey: ['get', '/api/v1/access-requests/{requestId}'] }),
  });
  return (
    <Stack gap="sm" mt="md" align="flex-start">
      <Button
        variant="default"
        loading={remind.isPending}
        onClick={() => remind.mutate({ params: { path: { requestId } }, body: {} })}
      >
        {say({ zh: `催办${unitName(owner).zh}`, en: `Remind ${unitName(owner).en}` })}
      </Button>
      {remind.isSuccess && (
        <Text size="sm" role="status">
          {say({ zh: '已催办，其后台会收到通知。', en: 'Reminded; its backend is told.' })}
        </Text>
      )}
      <RefusalNote error={remind.error} />
    </Stack>
  );
}

function Revoke({ requestId }: { requestId: string }): ReactNode {
  const say = useText();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [key, setKey] = useState('');
  const revoke = queries.useMutation('post', '/api/v1/access-requests/{requestId}/revocation', {
    onSuccess: async () => {
      setOpened(false);
      await client.invalidateQueries();
    },
  });
  return (
    <>
      <Button
        variant="default"
        mt="md"
        onClick={() => {
          revoke.reset();
          setKey(crypto.randomUUID());
          setOpened(true);
        }}
      >
        {say({ zh: '撤销授权', en: 'Revoke the grant' })}
      </Button>
      {opened && (
        <ReasonedStep
          opened
          onClose={() => setOpened(false)}
          title={say({ zh: '撤销授权', en: 'Revoke the grant' })}
          doIt={say({ zh: '撤销', en: 'Revoke' })}
          grave
          most={1_000}
          pending={revoke.isPending}
          error={revoke.error}
          onConfirm={(reason) =>
            revoke.mutate({
              params: { path: { requestId }, header: { 'Idempotency-Key': key } },
              body: { reason },
            })
          }
        >
          {say({
            zh: '网关随即收回已提供的内容，不能恢复；对方须另行申请。',
            en: 'The gateway takes back what was shown. It cannot be undone; they would have to ask anew.',
          })}
        </ReasonedStep>
      )}
    </>
  );
}

function Said({ said }: { said: Request['said'] }): ReactNode {
  const say = useText();
  const statements = Object.entries(said).filter(([, each]) => each !== undefined);
  return (
    <details className={`panel ${classes['section']}`}>
      <summary>
        {say({
          zh: `各方签名的陈述（${statements.length}）`,
          en: `What the units said, as signed (${statements.length})`,
        })}
      </summary>
      {statements.map(([name, each]) => (
        <div key={name} className={classes['said']} tabIndex={0} role="region" aria-label={name}>
          <Code block>{JSON.stringify(each, null, 2)}</Code>
        </div>
      ))}
    </details>
  );
}
