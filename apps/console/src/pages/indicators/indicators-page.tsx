import type { ReactNode } from 'react';
import { Anchor, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { queries } from '../../api/client.ts';
import { KeyFigures } from '../../parts/key-figures.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { Amounts } from './amounts.tsx';
import { asked } from './asked.ts';
import { Conflicts } from './conflicts.tsx';
import { CsvButton } from './csv-button.tsx';
import { Delays } from './delays.tsx';
import type { Indicators } from './figures.ts';
import { APART, APART_NAMES } from './names.ts';
import { dayAt, eachDay } from './periods.ts';
import { SelectionBar } from './selection-bar.tsx';
import { type SelectionQuery, useSelection } from './selection.ts';
import { Targets } from './targets.tsx';
import { useNow } from './use-now.ts';
import { Withheld } from './withheld.tsx';

const OFTEN = { refetchInterval: 15_000 };

/** How the region does against what it has promised. */
export default function IndicatorsPage(): ReactNode {
  const say = useText();
  const { selection, select, query } = useSelection();
  const [search, setSearch] = useSearchParams();
  const by = APART.find((each) => each === search.get('by')) ?? 'port';
  const apart = asked<'/api/v1/indicators'>(
    queries.useQuery('get', '/api/v1/indicators', { params: { query: { ...query, by } } }, OFTEN),
  );
  const byDay = asked<'/api/v1/indicators'>(
    queries.useQuery('get', '/api/v1/indicators', { params: { query: { ...query, by: 'day' } } }, OFTEN),
  );
  const setBy = (next: string): void =>
    setSearch((before) => new URLSearchParams([...[...before].filter(([name]) => name !== 'by'), ['by', next]]), {
      replace: true,
    });
  const month = dayAt(useNow()).slice(0, 7);
  return (
    <>
      <PageHeader
        title={say({ zh: '运行指标', en: 'Indicators' })}
        lead={say({
          zh: '时限目标、可用时延、每日数量、不予共享与相左的结论。目标针对整个通关；这里量的是其中网格的一段。',
          en: 'Targets, delays, amounts by day, what is withheld, and contradictions. The targets are those of clearance; measured is the mesh’s part of it.',
        })}
        actions={
          <Group gap="xs">
            <Button variant="default" component={Link} to={`/reports/${month}`}>
              {say({ zh: '月度报告', en: 'Monthly report' })}
            </Button>
            <CsvButton
              path="/api/v1/indicators"
              query={{ ...query, by }}
              name={`indicators-${query.from}-${query.to}-${by}`}
            />
          </Group>
        }
      />
      <SelectionBar selection={selection} select={select} />
      <Answered query={apart} rows={12} needed={['coordinator', 'auditor']}>
        {(indicators) => (
          <>
            <Totals indicators={indicators} />
            <Section
              title={say({ zh: '时限目标', en: 'Targets' })}
              lead={say({
                zh: '从最后一次查验到所有有权单位均可依据其结果。',
                en: 'From the last examination until every entitled unit can rely on the result.',
              })}
            >
              <Targets targets={indicators.total.targets} />
            </Section>
            <Section
              title={say({ zh: '可用时延', en: 'Delays' })}
              lead={say({
                zh: '百分之 50、90、99 的结果在此时长内可用（取分级上限）。',
                en: 'Within this time 50, 90 and 99 of a hundred results were available (the next higher bound of a class).',
              })}
              actions={
                <SegmentedControl
                  size="xs"
                  aria-label={say({ zh: '区分方式', en: 'Told apart by' })}
                  value={by}
                  onChange={setBy}
                  data={APART.map((value) => ({ value, label: say(APART_NAMES[value]) }))}
                />
              }
            >
              {indicators.groups.length === 0 ? <NothingYet /> : <Delays by={by} indicators={indicators} />}
            </Section>
          </>
        )}
      </Answered>
      <Section title={say({ zh: '每日数量', en: 'Amounts by day' })}>
        <Answered query={byDay} rows={6}>
          {({ groups, from, to }) => <Amounts groups={groups} days={eachDay({ from, to })} />}
        </Answered>
      </Section>
      {apart.data !== undefined && (
        <Section
          title={say({ zh: '不予共享', en: 'Withheld' })}
          lead={say({
            zh: '依负面清单各条目而内容减少的副本数。',
            en: 'Copies that show less, by entry of the negative list.',
          })}
        >
          <Withheld withheld={apart.data.total.withheld} />
        </Section>
      )}
      <ConflictsSection query={query} />
    </>
  );
}

function Totals({ indicators: { total, waiting } }: { indicators: Indicators }): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  const { p90, measured } = total.delay;
  return (
    <>
      <KeyFigures
        figures={[
          {
            name: say({ zh: '结果', en: 'Results' }),
            value: number(total.results),
            note: say({
              zh: `修改 ${number(total.amendments)}，撤销 ${number(total.revocations)}`,
              en: `${number(total.amendments)} amended, ${number(total.revocations)} revoked`,
            }),
          },
          {
            name: say({ zh: '办结', en: 'Available' }),
            value: number(total.available),
            note: say({ zh: '各有权单位均已确认', en: 'confirmed by every entitled unit' }),
          },
          {
            name: say({ zh: '九成结果可用于', en: 'Nine in ten within' }),
            value: p90 === null ? '—' : duration(p90),
            note: say({ zh: `量得 ${number(measured)} 份`, en: `${number(measured)} measured` }),
          },
          {
            name: say({ zh: '结论相左', en: 'Contradictions' }),
            value: number(total.conflicts),
            note: (
              <Anchor href="#conflicts" size="sm" underline="always">
                {say({ zh: '见下', en: 'below' })}
              </Anchor>
            ),
          },
        ]}
      />
      {waiting > 0 && (
        <Text size="sm" c="dimmed" mb="md">
          {say({ zh: `尚有 ${number(waiting)} 份待计入。`, en: `${number(waiting)} are yet to be counted.` })}
        </Text>
      )}
    </>
  );
}

function NothingYet(): ReactNode {
  const say = useText();
  return (
    <Empty title={say({ zh: '此期间没有数据', en: 'There is nothing in this period' })}>
      {say({ zh: '换一个期间，或去掉筛选。', en: 'Try another period, or fewer filters.' })}
    </Empty>
  );
}

function ConflictsSection({ query }: { query: SelectionQuery }): ReactNode {
  const say = useText();
  const conflicts = asked<'/api/v1/conflicts'>(
    queries.useQuery('get', '/api/v1/conflicts', { params: { query } }, OFTEN),
  );
  return (
    <Section
      id="conflicts"
      title={say({ zh: '结论相左', en: 'Contradictions' })}
      lead={say({
        zh: '对同一货物做同一查验而结论不同的单位；最近的在前。',
        en: 'Units that made the same check of the same goods and did not find the same, the latest first.',
      })}
    >
      <Answered query={conflicts} rows={4}>
        {(data) => <Conflicts conflicts={data} />}
      </Answered>
    </Section>
  );
}
