import type { ReactNode } from 'react';
import { Button, Group, Select, Text } from '@mantine/core';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { type Answer, queries } from '../../api/client.ts';
import { KeyFigures } from '../../parts/key-figures.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { checkName, placeName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { asked } from './asked.ts';
import { CsvButton } from './csv-button.tsx';
import { latestMonths } from './periods.ts';
import { ReportTable } from './report-table.tsx';
import { PlaceFilters } from './selection-bar.tsx';
import { useShares } from './shares.ts';
import { Targets } from './targets.tsx';
import { useNow } from './use-now.ts';
import { Withheld } from './withheld.tsx';
import './report.css';

type Report = Answer<'/api/v1/reports/{month}'>;

/** Months that are offered. */
const MONTHS = 24;

/** The report of a month, as it is read on paper. */
export default function ReportPage(): ReactNode {
  const say = useText();
  const navigate = useNavigate();
  const { month = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const [port, unit] = [search.get('port') ?? undefined, search.get('unit') ?? undefined];
  const query = { ...(port === undefined ? {} : { port }), ...(unit === undefined ? {} : { unit }) };
  const report = asked<'/api/v1/reports/{month}'>(
    queries.useQuery('get', '/api/v1/reports/{month}', { params: { path: { month }, query } }),
  );
  const select = (name: 'port' | 'unit', value: string | null): void =>
    setSearch(
      (before) =>
        new URLSearchParams([
          ...[...before].filter(([each]) => each !== name),
          ...(value === null ? [] : [[name, value]]),
        ]),
      { replace: true },
    );
  const months = latestMonths(MONTHS, useNow());
  return (
    <div className="report">
      <PageHeader
        title={say({ zh: `${month} 月度运行报告`, en: `Report of ${month}` })}
        lead={say({
          zh: `东北通关协作网格${port === undefined ? '' : ` · ${placeName(port).zh}`}${unit === undefined ? '' : ` · ${unitName(unit).zh}`}`,
          en: `Northeast clearance mesh${port === undefined ? '' : ` · ${placeName(port).en}`}${unit === undefined ? '' : ` · ${unitName(unit).en}`}`,
        })}
        actions={
          <Group gap="xs" className="no-print">
            <CsvButton
              path={`/api/v1/reports/${month}`}
              query={query}
              name={['report', month, port, unit].filter((each) => each !== undefined).join('-')}
            />
            <Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>
          </Group>
        }
      />
      <Group gap="sm" mb="md" className="no-print">
        <Select
          w={150}
          aria-label={say({ zh: '月份', en: 'Month' })}
          value={month}
          data={months.includes(month) ? months : [month, ...months]}
          allowDeselect={false}
          onChange={(next) => void navigate({ pathname: `/reports/${next ?? month}`, search: `?${search}` })}
        />
        <PlaceFilters selection={{ port, unit }} select={select} />
      </Group>
      <Answered query={report} rows={16} needed={['coordinator', 'auditor']}>
        {(data) => <Told report={data} />}
      </Answered>
    </div>
  );
}

function Told({ report }: { report: Report }): ReactNode {
  const say = useText();
  const { total, byPort, byUnit, byDay } = report;
  return (
    <>
      <Standing report={report} />
      <Headlines report={report} />
      <Section title={say({ zh: '时限目标', en: 'Targets' })}>
        <Targets targets={total.targets} />
      </Section>
      <Section title={say({ zh: '各口岸', en: 'Per port' })}>
        <ReportTable by="port" groups={byPort} total={total} />
      </Section>
      <Section title={say({ zh: '各单位', en: 'Per unit' })}>
        <ReportTable by="unit" groups={byUnit} total={total} />
      </Section>
      <div className="new-sheet">
        <Section title={say({ zh: '各日', en: 'Per day' })}>
          <ReportTable by="day" groups={byDay} total={total} />
        </Section>
      </div>
      <Section title={say({ zh: '不予共享', en: 'Withheld' })}>
        <Withheld withheld={total.withheld} />
      </Section>
      <Notes report={report} />
    </>
  );
}

/** Whether the month is over and all of it is counted. */
function Standing({ report: { at, complete, waiting, moreConflicts } }: { report: Report }): ReactNode {
  const say = useText();
  const { time, number } = useFormats();
  const parts = [
    say({ zh: `${time(at)} 读取。`, en: `Read at ${time(at)} Beijing time. ` }),
    complete
      ? ''
      : say({
          zh: '本月尚未结束或尚未计完，数字还会变。',
          en: 'The month is not over or not all counted: figures will change. ',
        }),
    waiting > 0 ? say({ zh: `${number(waiting)} 份待计入。`, en: `${number(waiting)} are yet to be counted. ` }) : '',
    moreConflicts ? say({ zh: '相左的结论未全部比对。', en: 'Not all contradictions were compared.' }) : '',
  ];
  return (
    <Text size="sm" c="dimmed" mb="md">
      {parts.join('')}
    </Text>
  );
}

function Headlines({ report: { total } }: { report: Report }): ReactNode {
  const say = useText();
  const { number, duration } = useFormats();
  const share = useShares();
  const { checks, delay } = total;
  return (
    <KeyFigures
      figures={[
        { name: say({ zh: '结果', en: 'Results' }), value: number(total.results) },
        { name: say({ zh: '办结', en: 'Available' }), value: number(total.available) },
        {
          name: say({ zh: '九成结果可用于', en: 'Nine in ten within' }),
          value: delay.p90 === null ? '—' : duration(delay.p90),
        },
        {
          name: say({ zh: '互认率', en: 'Checks recognised' }),
          value: share(checks.recognised, checks.recognised + checks.required),
        },
        { name: say({ zh: '免于查验', en: 'Inspections avoided' }), value: number(checks.avoided) },
        {
          name: say({ zh: '节省工时（假定）', en: 'Hours saved (assumed)' }),
          value: number(Math.round(total.hoursSaved)),
        },
        { name: say({ zh: '结论相左', en: 'Contradictions' }), value: number(total.conflicts) },
      ]}
    />
  );
}

function Notes({ report: { hoursPerCheck } }: { report: Report }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const hours = Object.entries(hoursPerCheck).map(([check, each]) => `${say(checkName(check))} ${number(each)}`);
  return (
    <Section title={say({ zh: '说明', en: 'Notes' })}>
      <Text size="sm">
        {say({
          zh: `日为北京时间。结果计在签发地、签发单位与签发之日，互认计在作出决定之时与地。时延自最后一次查验起，至所有有权单位首次均已确认。目标针对整个通关，此处只量网格的一段。节省的工时按假定的每项工时（小时）估算，未经实测：${hours.join('，')}。`,
          en: `Days are of Beijing time. Results are counted at the port, by the unit and on the day of their issue, recognitions where and when they were decided. A delay is from the last examination until every entitled unit had confirmed for the first time. The targets are those of clearance; measured is the mesh’s part of it. Hours saved are avoided checks, each by assumed hours that nobody measured: ${hours.join(', ')}.`,
        })}
      </Text>
    </Section>
  );
}
