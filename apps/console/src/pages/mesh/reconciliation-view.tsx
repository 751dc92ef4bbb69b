import { type ReactNode, useState } from 'react';
import { Button, Switch, Text, TextInput } from '@mantine/core';
import { type Posted, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag } from '../../parts/tag.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Empty } from '../../states/empty.tsx';
import { NoPermission } from '../../states/no-permission.tsx';
import { Working } from '../../states/working.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './mesh.module.css';

const DAY_MS = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Compares what was issued, disclosed and received, day by day, and repairs it where that is asked for. */
export function ReconciliationView(): ReactNode {
  const say = useText();
  const { person } = useSignedIn();
  const [from, setFrom] = useState(() => dayOf(Date.now() - DAY_MS));
  const [to, setTo] = useState(() => dayOf(Date.now()));
  const [repair, setRepair] = useState(false);
  const run = queries.useMutation('post', '/api/v1/reconciliations');
  if (!mayOne(person.roles, ['coordinator'])) return <NoPermission needed={['coordinator']} />;
  return (
    <>
      <form
        className={`panel ${classes['form']}`}
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate({ body: { from, to, repair } });
        }}
      >
        <TextInput
          type="date"
          label={say({ zh: '自（UTC 日）', en: 'From (UTC day)' })}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          required
        />
        <TextInput
          type="date"
          label={say({ zh: '至', en: 'To' })}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
          required
        />
        <Switch
          label={say({ zh: '能修复的即修复', en: 'Repair what can be repaired' })}
          checked={repair}
          onChange={({ currentTarget }) => setRepair(currentTarget.checked)}
          mb={8}
        />
        <Button type="submit" loading={run.isPending}>
          {say({ zh: '对账', en: 'Reconcile' })}
        </Button>
      </form>
      {run.isPending && (
        <Working title={say({ zh: '正在询问各单位并逐日比较', en: 'Asking the units and comparing, day by day' })} />
      )}
      <RefusalNote error={run.error} />
      {run.isIdle && (
        <Empty title={say({ zh: '尚未对账', en: 'Nothing has been reconciled here yet' })}>
          {say({
            zh: '网关每小时自行对账并修复昨日与今日；在此可按需核对其他日期，一次最多 31 天。',
            en: 'The gateway reconciles and repairs yesterday and today by itself, every hour; other days can be compared here, up to 31 at a time.',
          })}
        </Empty>
      )}
      {run.data !== undefined && !run.isPending && <Report report={run.data} />}
    </>
  );
}

function Report({ report }: { report: Posted<'/api/v1/reconciliations'> }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const { from, to, pairs, versions, differences, repaired, onTheirWay, unreachable } = report;
  return (
    <>
      <Section title={say({ zh: `${from} 至 ${to} 的对账`, en: `Reconciled: ${from} to ${to}` })}>
        <Facts
          facts={[
            [
              say({ zh: '结论', en: 'Found' }),
              differences.length === 0 ? (
                <Tag tone="good">{say({ zh: '各方一致', en: 'Everybody agrees' })}</Tag>
              ) : differences.some(({ alarm }) => alarm) ? (
                <Tag tone="bad">{say({ zh: '有警报', en: 'Alarms' })}</Tag>
              ) : (
                <Tag tone="attention">{say({ zh: '有差异', en: 'Differences' })}</Tag>
              ),
            ],
            [say({ zh: '版本', en: 'Versions' }), number(versions)],
            [say({ zh: '签发 × 接收 × 日', en: 'Issuers × receivers × days' }), number(pairs)],
            [say({ zh: '在途', en: 'On their way' }), number(onTheirWay)],
            [say({ zh: '已着手修复', en: 'Set going again' }), number(repaired)],
            [
              say({ zh: '未应答的单位', en: 'Units that did not answer' }),
              unreachable.map((unit) => say(unitName(unit))).join(say({ zh: '、', en: ', ' })) || '—',
            ],
          ]}
        />
      </Section>
      {differences.length > 0 && (
        <Section title={say({ zh: '差异', en: 'Differences' })}>
          <DataTable
            caption={say({ zh: '差异', en: 'Differences' })}
            rows={differences}
            rowKey={({ code, issuer, receiver, day }) => [code, issuer, receiver, day].join(' ')}
            columns={[
              {
                heading: say({ zh: '差异', en: 'Difference' }),
                cell: ({ code, message, alarm }) => (
                  <>
                    <Tag tone={alarm ? 'bad' : 'attention'}>{code}</Tag>
                    <Text size="sm" mt={4}>
                      {say(message)}
                    </Text>
                  </>
                ),
              },
              { heading: say({ zh: '日', en: 'Day' }), cell: ({ day }) => day },
              { heading: say({ zh: '签发', en: 'Issuer' }), cell: ({ issuer }) => say(unitName(issuer)) },
              {
                heading: say({ zh: '接收', en: 'Receiver' }),
                cell: ({ receiver }) => (receiver === null ? '—' : say(unitName(receiver))),
              },
              { heading: say({ zh: '版本', en: 'Versions' }), numeric: true, cell: ({ count }) => number(count) },
              {
                heading: say({ zh: '已着手修复', en: 'Set going' }),
                numeric: true,
                cell: (difference) => number(difference.repaired),
              },
              {
                heading: say({ zh: '例', en: 'Examples' }),
                cell: ({ examples }) =>
                  examples.slice(0, 3).map(({ resultId, version }) => (
                    <div key={`${resultId}:${version}`} className="code">
                      {resultId} v{version}
                    </div>
                  )),
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}
