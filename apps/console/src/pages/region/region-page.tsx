import type { ReactNode } from 'react';
import { SegmentedControl } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { LocalizedText } from '@clearance/contracts/words';
import { type Answer, queries } from '../../api/client.ts';
import { KeyFigures } from '../../parts/key-figures.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { asked } from '../indicators/asked.ts';
import { daysOf, type Period, PERIODS } from '../indicators/periods.ts';
import { useShares } from '../indicators/shares.ts';
import { PERIOD_NAMES } from '../indicators/names.ts';
import { useNow } from '../indicators/use-now.ts';
import { AttentionList } from './attention-list.tsx';
import { whatNeedsAttention } from './attention.ts';
import { type Flow, flowed, inAll } from './flows.ts';
import { useFlows } from './follow-flows.ts';
import { HearingTag, LiveFlow } from './live-flow.tsx';
import { layOut } from './matrix.ts';
import { RelianceMatrix } from './reliance-matrix.tsx';
import { UnitsHealth } from './units-health.tsx';

const MATRIX_PERIODS = ['today', '7-days', '30-days'] as const satisfies readonly Period[];

/** The region at a glance: what needs attention, who relies on whom, what flows, and how its units are. */
export default function RegionPage(): ReactNode {
  const say = useText();
  const { flow, hearing } = useFlows();
  const units = asked<'/api/v1/units'>(queries.useQuery('get', '/api/v1/units', {}, { refetchInterval: 5_000 }));
  return (
    <>
      <PageHeader
        title={say({ zh: '区域总览', en: 'Region' })}
        lead={say({
          zh: '四省区各单位此刻交换什么、谁信赖谁的查验，以及现在需要处理的事。',
          en: 'What the units of the four provinces exchange at this moment, who relies on whose inspections, and what needs somebody now.',
        })}
        actions={<HearingTag hearing={hearing} />}
      />
      <ThisDay flow={flow} />
      <Attention units={units.data} failed={units.isError} />
      <Reliances units={units.data?.units ?? []} />
      <Section
        title={say({ zh: '实时流量', en: 'Live flow' })}
        lead={say({
          zh: '今日累计；绿色为近一分钟新增。计数随互认与确认在一秒左右内更新。',
          en: 'Of this day so far; in green what the last minute added. Counted within a second or so.',
        })}
      >
        <LiveFlow flow={flow} hearing={hearing} />
      </Section>
      <Section title={say({ zh: '各单位状况', en: 'The units' })}>
        <Answered query={units} needed={['coordinator', 'auditor']}>
          {(data) => <UnitsHealth units={data} />}
        </Answered>
      </Section>
    </>
  );
}

function ThisDay({ flow }: { flow: Flow }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  if (flow.last === undefined) return null;
  const day = inAll(flow.last);
  const minute = flowed(flow, 60_000);
  const perMinute = (count: number): string =>
    say({ zh: `近一分钟 +${number(count)}`, en: `+${number(count)} in the last minute` });
  const checks = day.recognised + day.required;
  return (
    <KeyFigures
      figures={[
        {
          name: say({ zh: '今日签发', en: 'Issued today' }),
          value: number(day.results),
          note: perMinute(minute.results),
        },
        {
          name: say({ zh: '今日办结', en: 'Available today' }),
          value: number(day.available),
          note: perMinute(minute.available),
        },
        {
          name: say({ zh: '互认决定', en: 'Recognitions' }),
          value: number(day.decided),
          note: perMinute(minute.decided),
        },
        {
          name: say({ zh: '互认率', en: 'Checks recognised' }),
          value: share(day.recognised, checks),
          note: say({
            zh: `${number(day.recognised)} / ${number(checks)} 项`,
            en: `${number(day.recognised)} of ${number(checks)}`,
          }),
        },
      ]}
    />
  );
}

const SOURCES = {
  units: { zh: '各单位状况', en: 'the units' },
  conflicts: { zh: '结论相左', en: 'contradictions' },
  overdue: { zh: '有条件共享申请', en: 'access requests' },
  reviews: { zh: '召回与补发', en: 'recalls' },
} as const satisfies Record<string, LocalizedText>;

type Units = Answer<'/api/v1/units'>;

function Attention({ units, failed }: { units: Units | undefined; failed: boolean }): ReactNode {
  const say = useText();
  const every = { refetchInterval: 15_000 };
  const conflicts = asked<'/api/v1/conflicts'>(queries.useQuery('get', '/api/v1/conflicts', {}, every));
  const overdue = asked<'/api/v1/access-requests'>(
    queries.useQuery('get', '/api/v1/access-requests', { params: { query: { overdue: 'true' } } }, every),
  );
  const reviews = asked<'/api/v1/reviews'>(queries.useQuery('get', '/api/v1/reviews', {}, every));
  const pending = (units === undefined && !failed) || [conflicts, overdue, reviews].some(({ isPending }) => isPending);
  const answered = {
    units: !failed,
    conflicts: !conflicts.isError,
    overdue: !overdue.isError,
    reviews: !reviews.isError,
  };
  const known = {
    ...(units === undefined ? {} : { units: units.units }),
    ...(conflicts.data === undefined ? {} : { conflicts: conflicts.data.conflicts }),
    ...(overdue.data === undefined ? {} : { overdue: overdue.data.requests }),
    ...(reviews.data === undefined ? {} : { reviews: reviews.data.reviews }),
  };
  const at = units?.at ?? conflicts.data?.at;
  return (
    <Section
      title={say({ zh: '现在需要处理', en: 'What needs attention now' })}
      lead={say({
        zh: '最要紧的在前；同类中最久的在前。',
        en: 'The gravest first; of one kind, what has been so the longest.',
      })}
    >
      <Answered
        query={{ data: pending ? undefined : known, isPending: pending, error: undefined, refetch: () => undefined }}
        rows={3}
      >
        {(data) => (
          <AttentionList
            matters={at === undefined ? [] : whatNeedsAttention(data, Date.parse(at))}
            at={at ?? ''}
            unasked={Object.entries(SOURCES).flatMap(([source, name]) =>
              answered[source as keyof typeof answered] ? [] : [name],
            )}
          />
        )}
      </Answered>
    </Section>
  );
}

function Reliances({ units }: { units: readonly { unit: string; issues: boolean }[] }): ReactNode {
  const say = useText();
  const [search, setSearch] = useSearchParams();
  const period = MATRIX_PERIODS.find((each) => each === search.get('period')) ?? '30-days';
  const query = { ...daysOf(period, useNow()), by: 'unit' };
  const indicators = asked<'/api/v1/indicators'>(
    queries.useQuery('get', '/api/v1/indicators', { params: { query } }, { refetchInterval: 15_000 }),
  );
  return (
    <Section
      title={say({ zh: '谁信赖谁', en: 'Who relies on whom' })}
      lead={say({
        zh: '互认的查验依据谁的结果。颜色越强，项数越多。',
        en: 'On whose results recognised checks rest. The stronger the shade, the more.',
      })}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={say({ zh: '期间', en: 'Period' })}
          value={period}
          onChange={(next) => setSearch({ period: next }, { replace: true })}
          data={PERIODS.filter((each) => MATRIX_PERIODS.some((one) => one === each)).map((each) => ({
            value: each,
            label: say(PERIOD_NAMES[each]),
          }))}
        />
      }
    >
      <Answered query={indicators} rows={10} needed={['coordinator', 'auditor']}>
        {({ groups }) => {
          const matrix = layOut(
            units,
            groups.flatMap(({ unit, reliesOn }) => (unit === undefined ? [] : [{ unit, reliesOn }])),
          );
          if (matrix.total > 0) return <RelianceMatrix matrix={matrix} />;
          return (
            <Empty title={say({ zh: '此期间没有互认', en: 'Nothing was recognised in this period' })}>
              {say({
                zh: '单位请求互认并得到肯定的决定后，这里显示依据了谁的结果。',
                en: 'Once a unit asks for recognition and is spared a check, here is on whose results.',
              })}
            </Empty>
          );
        }}
      </Answered>
    </Section>
  );
}
