import { type ReactNode, useState } from 'react';
import { Anchor, Button, SegmentedControl, VisuallyHidden } from '@mantine/core';
import { Link, useParams, useSearchParams } from 'react-router';
import type { LocalizedText } from '@clearance/contracts/words';
import { queries } from '../../api/client.ts';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Moment } from '../../parts/moment.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { placeName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { JourneysTable } from './journeys-table.tsx';
import { knownBy } from './known-by.ts';
import { RecognitionsTable } from './recognitions-table.tsx';
import { ResultDrawer } from './result-drawer.tsx';
import { ResultsTable } from './results-table.tsx';
import { journeysOf, type Timeline } from './timeline.ts';
import { unitsSeeing, visibilityOf } from './visibility.ts';
import { VisibilityMatrix } from './visibility-matrix.tsx';
import { WaterfallChart } from './waterfall.tsx';

/** One consignment through agencies and provinces. */
export default function ConsignmentPage(): ReactNode {
  const say = useText();
  const { id = '' } = useParams();
  const timeline = queries.useQuery('get', '/api/v1/consignments/{id}/timeline', { params: { path: { id } } });
  const name = timeline.data === undefined ? undefined : knownBy(timeline.data.consignment)[0]?.value;
  return (
    <>
      <Anchor component={Link} to="/consignments" size="sm">
        ← {say({ zh: '全部票', en: 'All consignments' })}
      </Anchor>
      <PageHeader
        title={say({ zh: `票 ${name ?? ''}`, en: `Consignment ${name ?? ''}` }).trim()}
        actions={
          <Button
            variant="default"
            leftSection={<Icon name="again" size={16} />}
            loading={timeline.isRefetching}
            onClick={() => void timeline.refetch()}
          >
            {say({ zh: '刷新', en: 'Refresh' })}
          </Button>
        }
      />
      <Answered query={timeline} rows={12} needed={['coordinator', 'auditor']}>
        {(told) => <Told timeline={told} />}
      </Answered>
    </>
  );
}

function Told({ timeline }: { timeline: Timeline }): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const { journeys, recognitions } = journeysOf(timeline);
  const rows = visibilityOf(timeline);
  const asked = rows.find(({ result }) => result.resultId === parameters.get('result'))?.result;
  const ask = (resultId: string | undefined): void =>
    setParameters(
      (before) => {
        if (resultId === undefined) before.delete('result');
        else before.set('result', resultId);
        return before;
      },
      { preventScrollReset: true },
    );
  return (
    <>
      <KnownBy timeline={timeline} />
      <Section title={say({ zh: '监管结果', en: 'Results' })}>
        <ResultsTable results={timeline.results} />
      </Section>
      <Course journeys={journeys} recognitions={recognitions} />
      <Section title={say({ zh: '互认决定', en: 'Recognitions' })}>
        {recognitions.length === 0 ? (
          <Empty
            title={say({ zh: '尚无单位就此票作出互认决定', en: 'No unit has decided about recognising any of it yet' })}
          >
            {say({
              zh: '单位查询“哪些查验可免”时，其决定与理由会出现在这里。',
              en: 'When a unit asks what it need not inspect again, its decision and reasons appear here.',
            })}
          </Empty>
        ) : (
          <RecognitionsTable recognitions={recognitions} />
        )}
      </Section>
      <Section
        title={say({ zh: '各单位所见', en: 'What each unit may see' })}
        lead={say({
          zh: '每份结果最新版本依当时清单向各单位提供了多少；“依据”列出不予共享的字段、条目与法律依据。',
          en: 'How much of each result’s newest version every unit was given; “Why” names the withheld fields with entry and legal basis.',
        })}
      >
        <VisibilityMatrix units={unitsSeeing(timeline)} rows={rows} onAsk={ask} />
      </Section>
      <ResultDrawer result={asked} onClose={() => ask(undefined)} />
    </>
  );
}

function KnownBy({ timeline: { consignment, more } }: { timeline: Timeline }): ReactNode {
  const say = useText();
  const { duration } = useFormats();
  const { declarationNumbers, transportDocuments, containers, issuers, locations } = consignment;
  const list = (names: readonly LocalizedText[]): string => names.map(say).join(say({ zh: '、', en: ', ' })) || '—';
  const links = (values: readonly string[]): ReactNode =>
    values.length === 0
      ? '—'
      : values.map((value) => (
          <div key={value}>
            <Anchor component={Link} to={`/consignments?q=${encodeURIComponent(value)}`} className="code">
              {value}
            </Anchor>
          </div>
        ));
  const seconds = (Date.parse(consignment.lastAt) - Date.parse(consignment.firstAt)) / 1_000;
  return (
    <Facts
      facts={[
        [say({ zh: '报关单号', en: 'Declarations' }), links(declarationNumbers)],
        [say({ zh: '运单号', en: 'Transport documents' }), links(transportDocuments)],
        [say({ zh: '箱号', en: 'Containers' }), links(containers)],
        [say({ zh: '经手单位', en: 'Units' }), list(issuers.map(unitName))],
        [say({ zh: '地点', en: 'Places' }), list(locations.map(placeName))],
        [
          say({ zh: '查验时间', en: 'Examined' }),
          <>
            <Moment at={consignment.firstAt} />
            {seconds > 0 && (
              <>
                {' – '}
                <Moment at={consignment.lastAt} />
                {say({ zh: `（历时 ${duration(seconds)}）`, en: ` (over ${duration(seconds)})` })}
              </>
            )}
          </>,
        ],
        [
          say({ zh: '结果', en: 'Results' }),
          <>
            {consignment.results}{' '}
            {consignment.unsettled === 0 ? (
              <Tag tone="good">{say({ zh: '全部办结', en: 'All settled' })}</Tag>
            ) : (
              <Tag tone="attention">
                {say({ zh: `${consignment.unsettled} 份未办结`, en: `${consignment.unsettled} not settled` })}
              </Tag>
            )}
            {more && ` ${say({ zh: '（只列最新部分）', en: '(the newest are told)' })}`}
          </>,
        ],
        [say({ zh: '票编号', en: 'Id' }), <span className="code">{consignment.consignmentId}</span>],
      ]}
    />
  );
}

function Course({ journeys, recognitions }: ReturnType<typeof journeysOf>): ReactNode {
  const say = useText();
  const [form, setForm] = useState<'drawing' | 'table'>('drawing');
  const table = <JourneysTable journeys={journeys} />;
  return (
    <Section
      title={say({ zh: '经过', en: 'Timeline' })}
      lead={say({
        zh: '按单位分组：每份结果从提交、送网关、判定、送达到办结各用多久，何时被互认或重新审查。',
        en: 'By unit: how long each result took from submission by way of the gateway to the last receipt; where it was recognised or reopened.',
      })}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={say({ zh: '形式', en: 'Form' })}
          value={form}
          onChange={(value) => setForm(value as typeof form)}
          data={[
            { value: 'drawing', label: say({ zh: '图', en: 'Drawing' }) },
            { value: 'table', label: say({ zh: '表', en: 'Table' }) },
          ]}
        />
      }
    >
      {form === 'table' ? (
        table
      ) : (
        <>
          <WaterfallChart journeys={journeys} recognitions={recognitions} />
          <VisuallyHidden>{table}</VisuallyHidden>
        </>
      )}
    </Section>
  );
}
