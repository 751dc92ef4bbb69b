import type { ReactNode } from 'react';
import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { EvidenceButton } from './evidence-button.tsx';
import { LedgerPlace } from './ledger-place.tsx';
import { WithheldList } from './withheld-list.tsx';

type WhoSawAnswer = Answer<'/api/v1/ledger/who-saw'>;
type Verdict = WhoSawAnswer['answers'][number]['ever'];

const VERDICTS: Readonly<Record<Verdict, { tone: Tone; zh: string; en: string }>> = {
  shown: { tone: 'told', zh: '看到全部', en: 'Saw it' },
  'in-part': { tone: 'attention', zh: '看到部分', en: 'Saw a part' },
  withheld: { tone: 'plain', zh: '未看到', en: 'Did not see it' },
};

/** Who was shown one field of a result, in each of its versions. */
export function WhoSaw({ conditions }: { conditions: Readonly<Record<string, string>> }): ReactNode {
  const { resultId = '', path = '', consumer } = conditions;
  const query = { resultId, path, ...(consumer === undefined ? {} : { consumer }) };
  const answer = queries.useQuery('get', '/api/v1/ledger/who-saw', { params: { query } });
  return (
    <Answered query={answer} needed={['auditor', 'coordinator']}>
      {(told) => <Views told={told} />}
    </Answered>
  );
}

function Views({ told: { resultId, issuer, kind, path, answers } }: { told: WhoSawAnswer }): ReactNode {
  const say = useText();
  const rows = answers.flatMap(({ views, ...answer }) => views.map((view) => ({ ...answer, view })));
  return (
    <Section
      title={say({
        zh: `谁看到了${path === '' ? '整份结果' : ` ${path}`}`,
        en: `Who saw ${path === '' ? 'the whole result' : path}`,
      })}
      lead={
        <>
          {say(unitName(issuer))} · {say(kindName(kind))} ·{' '}
          <Anchor component={Link} to={`/consignments/${resultId}`} size="sm">
            {say({ zh: '所属的票', en: 'its consignment' })}
          </Anchor>
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty title={say({ zh: '没有向任何单位提供过', en: 'It was given to nobody' })}>
          {say({
            zh: '网关判定并提供之后，每一份副本在此各占一行。',
            en: 'Once the gateway has decided and given it, every copy is a line here.',
          })}
        </Empty>
      ) : (
        <DataTable
          caption={say({ zh: '各单位所见', en: 'What each unit saw' })}
          rows={rows}
          rowKey={({ consumer, version, view }) => `${consumer}:${version}:${view.ledger.sequence}`}
          columns={[
            { heading: say({ zh: '单位', en: 'Unit' }), cell: ({ consumer }) => say(unitName(consumer)) },
            { heading: say({ zh: '版本', en: 'Version' }), cell: ({ version }) => `v${version}` },
            {
              heading: say({ zh: '所见', en: 'Seen' }),
              cell: ({ view: { verdict } }) => <Tag tone={VERDICTS[verdict].tone}>{say(VERDICTS[verdict])}</Tag>,
            },
            {
              heading: say({ zh: '不予提供', en: 'Withheld' }),
              cell: ({ view }) => (view.withheld.length === 0 ? '—' : <WithheldList withheld={view.withheld} />),
            },
            {
              heading: say({ zh: '判定', en: 'Decided' }),
              cell: ({ view }) => (
                <>
                  <Moment at={view.decidedAt} />
                  <Text size="xs" c="dimmed">
                    {say({ zh: '清单', en: 'list' })} {view.listVersion}
                  </Text>
                </>
              ),
            },
            {
              heading: say({ zh: '回执', en: 'Confirmed' }),
              cell: ({ view: { receiptAt } }) => (receiptAt === null ? '—' : <Moment at={receiptAt} as="clock" />),
            },
            { heading: say({ zh: '台账', en: 'Ledger' }), cell: ({ view }) => <LedgerPlace {...view.ledger} /> },
            {
              heading: say({ zh: '证据', en: 'Evidence' }),
              cell: ({ consumer, version, view: { tokenDigest } }) => (
                <EvidenceButton resultId={resultId} consumer={consumer} version={version} tokenDigest={tokenDigest} />
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
