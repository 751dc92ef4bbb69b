import type { ReactNode } from 'react';
import { Anchor, Group, Select, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { AGENCIES, type LocalizedText, PROVINCES } from '@clearance/contracts/words';
import { BY_CURSOR, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { UnitNames } from '../../parts/unit-names.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './mesh.module.css';

const UNITS = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency) => `${code}.${agency}`));

/** From when on waiting is worth being told of: ISO 8601. */
const AGES: readonly { value: string; name: LocalizedText }[] = [
  { value: 'PT0S', name: { zh: '全部', en: 'All' } },
  { value: 'PT1M', name: { zh: '超过 1 分钟', en: 'Over a minute' } },
  { value: 'PT5M', name: { zh: '超过 5 分钟', en: 'Over 5 minutes' } },
  { value: 'PT1H', name: { zh: '超过 1 小时', en: 'Over an hour' } },
  { value: 'P1D', name: { zh: '超过 1 天', en: 'Over a day' } },
];
const USUAL_AGE = 'PT5M';

/** Which unit has not confirmed what, and for how long. */
export function StragglersView(): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const unit = parameters.get('unit');
  const olderThan = AGES.find(({ value }) => value === parameters.get('olderThan'))?.value ?? USUAL_AGE;
  const ask = (name: string, value: string | null): void =>
    setParameters((before) => {
      if (value === null) before.delete(name);
      else before.set(name, value);
      return before;
    });
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/stragglers',
    { params: { query: { olderThan, ...(unit === null ? {} : { unit }) } } },
    { ...BY_CURSOR, refetchInterval: 15_000 },
  );
  return (
    <>
      <Group className={`panel ${classes['form']}`}>
        <Select
          label={say({ zh: '单位', en: 'Unit' })}
          placeholder={say({ zh: '全部', en: 'All' })}
          data={UNITS.map((each) => ({ value: each, label: say(unitName(each)) }))}
          value={unit}
          onChange={(value) => ask('unit', value)}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': say({ zh: '不限单位', en: 'Any unit' }) }}
        />
        <Select
          label={say({ zh: '已等待', en: 'Waiting for' })}
          data={AGES.map(({ value, name }) => ({ value, label: say(name) }))}
          value={olderThan}
          onChange={(value) => ask('olderThan', value)}
          allowDeselect={false}
        />
      </Group>
      <Answered query={pages} needed={['coordinator', 'auditor']}>
        {(told) => {
          const results = told.pages.flatMap((page) => page.results);
          const stragglers = told.pages[0]?.stragglers ?? [];
          if (stragglers.length === 0) {
            return (
              <Empty title={say({ zh: '没有迟迟未回执的单位', en: 'Nobody is behind' })}>
                {say({
                  zh: '网关提供了副本、单位却在所选时限内仍未回执的，会列在这里。',
                  en: 'A unit that was given a copy and has not confirmed it in that time would be named here.',
                })}
              </Empty>
            );
          }
          return (
            <>
              <Section title={say({ zh: '未回执的单位', en: 'Units that have not confirmed' })}>
                <StragglersTable stragglers={stragglers} />
              </Section>
              <Section title={say({ zh: '未回执的结果', en: 'What is not confirmed' })}>
                <DataTable
                  caption={say({ zh: '未回执的结果', en: 'What is not confirmed' })}
                  rows={results}
                  rowKey={({ resultId, version }) => `${resultId}:${version}`}
                  columns={[
                    {
                      heading: say({ zh: '结果', en: 'Result' }),
                      cell: ({ resultId, issuer, kind, version }) => (
                        <Anchor component={Link} to={`/consignments/${resultId}`} size="sm">
                          {say(unitName(issuer))} {say(kindName(kind))} v{version}
                        </Anchor>
                      ),
                    },
                    {
                      heading: say({ zh: '提供', en: 'Given' }),
                      cell: ({ disclosedAt }) => <Moment at={disclosedAt} />,
                    },
                    {
                      heading: say({ zh: '等待', en: 'Waiting for' }),
                      cell: ({ waitingFor }) => <UnitNames units={waitingFor} />,
                    },
                  ]}
                />
                <More pages={pages} />
              </Section>
            </>
          );
        }}
      </Answered>
    </>
  );
}

interface Straggler {
  unit: string;
  waiting: number;
  oldestSince: string;
  ageSeconds: number;
}

function StragglersTable({ stragglers }: { stragglers: readonly Straggler[] }): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  return (
    <DataTable
      caption={say({ zh: '未回执的单位', en: 'Units that have not confirmed' })}
      rows={stragglers}
      rowKey={({ unit }) => unit}
      columns={[
        { heading: say({ zh: '单位', en: 'Unit' }), cell: ({ unit }) => say(unitName(unit)) },
        { heading: say({ zh: '版本', en: 'Versions' }), numeric: true, cell: ({ waiting }) => number(waiting) },
        {
          heading: say({ zh: '最久者自', en: 'The oldest since' }),
          cell: ({ oldestSince, ageSeconds }) => (
            <>
              <Moment at={oldestSince} />{' '}
              <Text span size="xs" c="dimmed">
                {duration(ageSeconds)}
              </Text>
            </>
          ),
        },
      ]}
    />
  );
}
