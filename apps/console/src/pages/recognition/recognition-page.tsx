import type { ReactNode } from 'react';
import { Anchor, Text } from '@mantine/core';
import { queries } from '../../api/client.ts';
import { KeyFigures } from '../../parts/key-figures.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { asked } from '../indicators/asked.ts';
import type { Figures, Indicators } from '../indicators/figures.ts';
import { SelectionBar } from '../indicators/selection-bar.tsx';
import { useSelection } from '../indicators/selection.ts';
import { useShares } from '../indicators/shares.ts';
import { ChecksByType, HoursAssumed } from './checks-by-type.tsx';
import { Reasons } from './reasons.tsx';
import { RepeatedAt } from './repeated-at.tsx';

const OFTEN = { refetchInterval: 15_000 };

/** What recognition spares the region, where goods are still inspected twice, and why. */
export default function RecognitionPage(): ReactNode {
  const say = useText();
  const { selection, select, query } = useSelection();
  const ask = (by: string) =>
    asked<'/api/v1/indicators'>(queries.useQuery('get', '/api/v1/indicators', { params: { query: { ...query, by } } }, OFTEN)); // prettier-ignore
  const byPort = ask('port');
  const byUnit = ask('unit');
  return (
    <>
      <PageHeader
        title={say({ zh: '监管互认', en: 'Recognition' })}
        lead={say({
          zh: '哪些查验因信赖其他单位的结果而免于再做，哪里仍重复查验，原因何在。',
          en: 'Which inspections are spared because another unit’s result is relied upon, where goods are still inspected twice, and why.',
        })}
      />
      <SelectionBar selection={selection} select={select} />
      <Answered query={byUnit} rows={12} needed={['coordinator', 'auditor']}>
        {(units) => (
          <>
            <Totals indicators={units} />
            {units.total.recognitions.decided === 0 ? (
              <Empty title={say({ zh: '此期间没有互认决定', en: 'Nothing was decided in this period' })}>
                {say({
                  zh: '单位请求互认后，这里按查验种类说明互认了多少、须查多少及原因。换一个期间，或去掉筛选。',
                  en: 'Once units ask for recognition, here is what was recognised and required, and why. Try another period, or fewer filters.',
                })}
              </Empty>
            ) : (
              <>
                <Section
                  title={say({ zh: '按查验种类', en: 'By type of check' })}
                  lead={say({
                    zh: '各单位请求互认的查验项：予以互认，或仍须查验。',
                    en: 'Checks that units asked about: recognised, or still required.',
                  })}
                >
                  <ChecksByType figures={units.total} hoursPerCheck={units.hoursPerCheck} />
                </Section>
                <Section
                  title={say({ zh: '未予互认的原因', en: 'Why checks were required' })}
                  lead={say({
                    zh: '一项须查的查验可有多个原因。',
                    en: 'A required check may have several reasons.',
                  })}
                >
                  <Reasons reasons={units.total.reasons} required={units.total.checks.required} />
                </Section>
                <Answered query={byPort} rows={6}>
                  {(ports) => <Repeated ports={ports} units={units} />}
                </Answered>
              </>
            )}
            <HoursAssumed hoursPerCheck={units.hoursPerCheck} />
          </>
        )}
      </Answered>
    </>
  );
}

function Totals({ indicators: { total, waiting } }: { indicators: Indicators }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const share = useShares();
  const { recognitions, checks } = total;
  const asked = checks.recognised + checks.required;
  return (
    <>
      <KeyFigures
        figures={[
          {
            name: say({ zh: '互认率', en: 'Checks recognised' }),
            value: share(checks.recognised, asked),
            note: say({
              zh: `${number(checks.recognised)} 项互认，${number(checks.required)} 项须查`,
              en: `${number(checks.recognised)} recognised, ${number(checks.required)} required`,
            }),
          },
          {
            name: say({ zh: '免于查验', en: 'Inspections avoided' }),
            value: number(checks.avoided),
            note: say({ zh: '仍有效的互认', en: 'by recognitions in force' }),
          },
          {
            name: say({ zh: '节省工时', en: 'Hours saved' }),
            value: number(Math.round(total.hoursSaved)),
            note: (
              <Anchor href="#hours" size="sm" underline="always">
                {say({ zh: '按假定工时估算', en: 'by assumed hours, not measured' })}
              </Anchor>
            ),
          },
          {
            name: say({ zh: '重复查验', en: 'Inspected twice' }),
            value: number(checks.repeated),
            note: say({ zh: '已有结果仍须查', en: 'required although a result was known' }),
          },
          {
            name: say({ zh: '重启', en: 'Reopened' }),
            value: number(recognitions.reopened),
            note: say({
              zh: `共 ${number(recognitions.decided)} 份决定`,
              en: `of ${number(recognitions.decided)} decisions`,
            }),
          },
        ]}
      />
      <Outcomes recognitions={recognitions} waiting={waiting} />
    </>
  );
}

function Outcomes({ recognitions, waiting }: { recognitions: Figures['recognitions']; waiting: number }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const { recognised, partial, refused } = recognitions;
  const [all, part, none] = [number(recognised), number(partial), number(refused)];
  return (
    <Text size="sm" c="dimmed" mb="md">
      {say({
        zh: `决定中：全部互认 ${all}，部分互认 ${part}，未予互认 ${none}。`,
        en: `Of the decisions ${all} recognised everything, ${part} a part, ${none} nothing.`,
      })}
      {waiting > 0 &&
        say({ zh: ` 尚有 ${number(waiting)} 份待计入。`, en: ` ${number(waiting)} are yet to be counted.` })}
    </Text>
  );
}

function Repeated({ ports, units }: { ports: Indicators; units: Indicators }): ReactNode {
  const say = useText();
  return (
    <Section
      title={say({ zh: '仍有重复查验之处', en: 'Where goods are still inspected twice' })}
      lead={say({
        zh: '已有结果而仍须查验的项数，最多的在前，并列其主要原因。',
        en: 'Checks that were required although a result was known, the most first, with the chief reasons of that place.',
      })}
    >
      <RepeatedAt by="port" groups={ports.groups} />
      <RepeatedAt by="unit" groups={units.groups} />
    </Section>
  );
}
