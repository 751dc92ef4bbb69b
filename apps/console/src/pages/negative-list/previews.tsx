import { type ReactNode, useState } from 'react';
import { Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { queries } from '../../api/client.ts';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { mayOne } from '../../session/roles.ts';
import { useSignedIn } from '../../session/session.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { Loading } from '../../states/loading.tsx';
import { Refused } from '../../states/refused.tsx';
import { State } from '../../states/state.tsx';
import { Working } from '../../states/working.tsx';
import { useFormats } from '../../words/formats.ts';
import { checkName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { type Preview, useFollowedPreview } from './follow-preview.ts';
import classes from './negative-list.module.css';

const RESULTS = ['week', '1000', '10000', '100000'] as const;

/** Previews of a draft: one can be begun, is followed, and tells what would change in traffic that was. */
export function Previews({ draftId, revision }: { draftId: string; revision: number }): ReactNode {
  const say = useText();
  const { time, number } = useFormats();
  const { person } = useSignedIn();
  const client = useQueryClient();
  const [scope, setScope] = useState<string>('week');
  const [chosen, setChosen] = useState<string>();
  const init = { params: { path: { draftId } } };
  const previews = queries.useQuery('get', '/api/v1/drafts/{draftId}/previews', init);
  const begin = queries.useMutation('post', '/api/v1/drafts/{draftId}/previews', {
    onSuccess: ({ previewId }) => {
      setChosen(previewId);
      void client.invalidateQueries({ queryKey: ['get', '/api/v1/drafts/{draftId}/previews', init] });
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" maw="80ch">
        {say({
          zh: '预演以网格中的真实业务问两份清单：各单位将少看到什么、多看到什么，当时的互认还能作出多少。不改变任何数据，也不留存内容。',
          en: 'A preview asks both lists about the traffic that was: what units would see less or more of, and how many recognitions could still be made. It changes nothing and keeps no contents.',
        })}
      </Text>
      {mayOne(person.roles, ['policy', 'policy-approver', 'coordinator']) && (
        <Group align="flex-end">
          <Select
            label={say({ zh: '预演哪些业务', en: 'Which traffic' })}
            data={RESULTS.map((value) => ({
              value,
              label:
                value === 'week'
                  ? say({ zh: '最近七天', en: 'The last seven days' })
                  : say({
                      zh: `最近 ${number(Number(value))} 份结果`,
                      en: `The last ${number(Number(value))} results`,
                    }),
            }))}
            value={scope}
            onChange={(value) => setScope(value ?? 'week')}
            allowDeselect={false}
          />
          <Button
            loading={begin.isPending}
            onClick={() => begin.mutate({ ...init, body: scope === 'week' ? {} : { results: Number(scope) } })}
          >
            {say({ zh: '开始预演', en: 'Begin a preview' })}
          </Button>
        </Group>
      )}
      <RefusalNote error={begin.error} />
      <Answered query={previews} rows={3}>
        {({ previews: found }) => {
          const shown = chosen ?? found[0]?.previewId;
          if (shown === undefined) {
            return (
              <Empty title={say({ zh: '尚未预演', en: 'Not previewed yet' })}>
                {say({ zh: '批准之前宜先预演。', en: 'Better see what it would do before it is approved.' })}
              </Empty>
            );
          }
          return (
            <>
              {found.length > 1 && (
                <Select
                  label={say({ zh: '哪一次预演', en: 'Which preview' })}
                  data={found.map(({ previewId, startedAt, revision: of }) => ({
                    value: previewId,
                    label: `${time(startedAt)} · r${of}`,
                  }))}
                  value={shown}
                  onChange={(value) => setChosen(value ?? undefined)}
                  allowDeselect={false}
                  w={300}
                />
              )}
              <Followed key={shown} previewId={shown} revision={revision} />
            </>
          );
        }}
      </Answered>
    </Stack>
  );
}

function Followed({ previewId, revision }: { previewId: string; revision: number }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const { preview, error } = useFollowedPreview(previewId);
  if (error !== undefined) return <Refused error={error} />;
  if (preview === undefined) return <Loading rows={3} />;
  const { state, progress, report } = preview;
  if (state === 'running') {
    const of = progress === null || progress.expected === 0 ? undefined : progress.results / progress.expected;
    const weighing = progress?.step === 'recognitions';
    return (
      <Working
        title={
          weighing
            ? say({ zh: '正在衡量互认', en: 'Weighing recognitions' })
            : say({ zh: '正在以两份清单裁定结果', en: 'Deciding results by both lists' })
        }
        {...(of === undefined || weighing ? {} : { done: Math.min(1, of) })}
        told={
          progress === null
            ? ''
            : say({
                zh: `结果 ${number(progress.results)} / ${number(progress.expected)}，互认 ${number(progress.recognitions)}`,
                en: `${number(progress.results)} / ${number(progress.expected)} results, ${number(progress.recognitions)} recognitions`,
              })
        }
      />
    );
  }
  if (report === null) {
    return (
      <State icon="fault" tone="bad" title={say({ zh: '预演未完成', en: 'The preview was not finished' })}>
        {say({ zh: '网关中断了预演，请再来一次。', en: 'The gateway broke it off; begin another one.' })}
      </State>
    );
  }
  return (
    <>
      {preview.revision !== revision && (
        <State
          icon="fault"
          tone="attention"
          title={say({
            zh: `预演的是 r${preview.revision}，草案现为 r${revision}`,
            en: `What was previewed is r${preview.revision}; the draft is r${revision} by now`,
          })}
        />
      )}
      <Report report={report} />
    </>
  );
}

function Report({ report }: { report: NonNullable<Preview['report']> }): ReactNode {
  const say = useText();
  const { time, number } = useFormats();
  const { verdict, results, changed, entries, recognitions, unreachable, from, to, listInForce } = report;
  return (
    <Stack gap="md">
      <div className={`panel ${classes['section']}`}>
        {verdict.map((each) => (
          <Text key={each.en} fw={600}>
            {say(each)}
          </Text>
        ))}
        <Text size="sm" mt={4}>
          {say({
            zh: `${number(results)} 份结果中，${number(changed.less)} 份将少示内容，${number(changed.more)} 份将多示内容。`,
            en: `Of ${number(results)} results ${number(changed.less)} would show less to somebody, ${number(changed.more)} more.`,
          })}
        </Text>
        <Text size="xs" c="dimmed" className="numeric">
          {time(from)} – {time(to)} · {say({ zh: `与 ${listInForce} 比较`, en: `compared with ${listInForce}` })}
        </Text>
        {recognitions.notReproduced + recognitions.notWeighed > 0 && (
          <Text size="xs" c="dimmed">
            {say({
              zh: `${number(recognitions.notReproduced)} 次互认按现行清单已不能复现，${number(recognitions.notWeighed)} 次未能衡量。`,
              en: `${number(recognitions.notReproduced)} recognitions are not reproduced by the list in force, ${number(recognitions.notWeighed)} could not be weighed.`,
            })}
          </Text>
        )}
      </div>
      {unreachable.length > 0 && (
        <State
          icon="fault"
          tone="attention"
          title={say({ zh: '有单位没有应答，宜重做', en: 'Some units did not answer; better repeat it' })}
        >
          {unreachable.map((unit) => say(unitName(unit))).join(say({ zh: '、', en: ', ' }))}
        </State>
      )}
      {recognitions.costs.length > 0 && (
        <Rows
          title={say({
            zh: `将失去的互认：${number(recognitions.lost)} / ${number(recognitions.made)}`,
            en: `Recognitions that would be lost: ${number(recognitions.lost)} of ${number(recognitions.made)}`,
          })}
          heads={[
            say({ zh: '条目', en: 'Entry' }),
            say({ zh: '字段', en: 'Field' }),
            say({ zh: '互认', en: 'Recognitions' }),
            say({ zh: '查验项目', en: 'Checks' }),
            say({ zh: '单位', en: 'Units' }),
          ]}
          rows={recognitions.costs.map(({ entry, path, recognitions: lost, checks, units }) => [
            entry,
            <span className="code">{path || '/'}</span>,
            number(lost),
            checks.map(({ type, count }) => `${say(checkName(type))} ${number(count)}`).join('、'),
            units.map(({ unit, count }) => `${say(unitName(unit))} ${number(count)}`).join('、'),
          ])}
        />
      )}
      {entries.length > 0 && (
        <Rows
          title={say({ zh: '谁将少看到、多看到什么', en: 'Who would see less, or more, of what' })}
          heads={[
            say({ zh: '条目', en: 'Entry' }),
            say({ zh: '接收单位', en: 'Unit' }),
            '±',
            say({ zh: '结果', en: 'Results' }),
            say({ zh: '字段', en: 'Fields' }),
          ]}
          rows={entries.map(({ entry, consumer, effect, results: count, fields }) => [
            entry,
            say(unitName(consumer)),
            effect === 'withheld' ? say({ zh: '不再提供', en: 'Withheld' }) : say({ zh: '开始提供', en: 'Shown' }),
            number(count),
            fields.map(({ path, results: in_ }) => (
              <div key={path}>
                <span className="code">{path || '/'}</span> {number(in_)}
              </div>
            )),
          ])}
        />
      )}
    </Stack>
  );
}

function Rows({ title, heads, rows }: { title: string; heads: readonly string[]; rows: ReactNode[][] }): ReactNode {
  return (
    <div className="panel table-scroll" tabIndex={0} role="region" aria-label={title}>
      <Table verticalSpacing="xs" horizontalSpacing="md" miw={640} captionSide="top">
        <Table.Caption>{title}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((cells, row) => (
            <Table.Tr key={row}>
              {cells.map((cell, column) => (
                <Table.Td key={column} className="numeric">
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
