import type { ReactNode } from 'react';
import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { type Answer, BY_CURSOR, queries } from '../../api/client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { UnitNames } from '../../parts/unit-names.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { kindName, statusName, unitName } from '../../words/names.ts';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { EvidenceButton } from './evidence-button.tsx';
import { ExportButtons } from './export-buttons.tsx';
import { LedgerPlace } from './ledger-place.tsx';
import { WithheldList } from './withheld-list.tsx';

type Shown = Answer<'/api/v1/ledger/shown'>['rows'][number];
type Withheld = Answer<'/api/v1/ledger/withheld'>['rows'][number];
type Conditions = Readonly<Record<string, string>>;

const PAGE = 50;

/** All that one unit was given in a period. */
export function ShownRows({ conditions }: { conditions: Conditions }): ReactNode {
  const say = useText();
  const { consumer = '' } = conditions;
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/ledger/shown',
    { params: { query: { ...conditions, consumer, limit: PAGE } } },
    BY_CURSOR,
  );
  const name = say(unitName(consumer));
  return (
    <Answered query={pages} needed={['auditor', 'coordinator']}>
      {(told) => (
        <Rows
          title={say({ zh: `${name}得到的结果`, en: `What ${name} was given` })}
          question="shown"
          conditions={conditions}
          rows={told.pages.flatMap(({ rows }) => rows)}
          upTo={told.pages[0]?.upTo ?? 0}
          pages={pages}
          columns={[
            {
              heading: say({ zh: '证据', en: 'Evidence' }),
              cell: (row: Shown) => <EvidenceButton {...row} consumer={consumer} />,
            },
          ]}
        />
      )}
    </Answered>
  );
}

/** All of which something was withheld under one entry in a period. */
export function WithheldRows({ conditions }: { conditions: Conditions }): ReactNode {
  const say = useText();
  const { entry = '' } = conditions;
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/ledger/withheld',
    { params: { query: { ...conditions, entry, limit: PAGE } } },
    BY_CURSOR,
  );
  return (
    <Answered query={pages} needed={['auditor', 'coordinator']}>
      {(told) => (
        <Rows
          title={say({ zh: `依 ${entry} 不予提供的`, en: `Withheld under ${entry}` })}
          question="withheld"
          conditions={conditions}
          rows={told.pages.flatMap(({ rows }) => rows)}
          upTo={told.pages[0]?.upTo ?? 0}
          pages={pages}
          columns={[
            {
              heading: say({ zh: '接收单位', en: 'Given to' }),
              cell: ({ consumers }: Withheld) => <UnitNames units={consumers} />,
            },
          ]}
        />
      )}
    </Answered>
  );
}

interface RowsProps<Row extends Shown> {
  title: string;
  question: 'shown' | 'withheld';
  conditions: Conditions;
  rows: readonly Row[];
  upTo: number;
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  columns: readonly Column<Row>[];
}

function Rows<Row extends Shown>({
  title,
  question,
  conditions,
  rows,
  upTo,
  pages,
  columns,
}: RowsProps<Row>): ReactNode {
  const say = useText();
  const { number } = useFormats();
  return (
    <Section
      title={title}
      lead={say({
        zh: `按台账第 ${number(upTo)} 行时的状况回答；最后几秒尚未签署的行不在导出之列。`,
        en: `Answered as the ledger stood at row ${number(upTo)}; rows of the last seconds that are not signed yet are not exported.`,
      })}
      actions={<ExportButtons question={question} conditions={conditions} />}
    >
      {rows.length === 0 && !pages.hasNextPage ? (
        <Empty title={say({ zh: '没有这样的记录', en: 'There is no such row' })}>
          {say({
            zh: '台账中没有符合全部条件的行；可放宽时段或条件。',
            en: 'No row of the ledger fulfils all conditions; try a longer period or fewer of them.',
          })}
        </Empty>
      ) : (
        <>
          <DataTable
            caption={title}
            rows={rows}
            rowKey={({ ledger }) => String(ledger.sequence)}
            columns={[
              {
                heading: say({ zh: '判定', en: 'Decided' }),
                cell: ({ decidedAt, listVersion }) => (
                  <>
                    <Moment at={decidedAt} />
                    <Text size="xs" c="dimmed">
                      {say({ zh: '清单', en: 'list' })} {listVersion}
                    </Text>
                  </>
                ),
              },
              {
                heading: say({ zh: '结果', en: 'Result' }),
                cell: ({ resultId, issuer, kind, version, status }) => (
                  <>
                    <Anchor component={Link} to={`/consignments/${resultId}`} size="sm">
                      {say(unitName(issuer))} {say(kindName(kind))}
                    </Anchor>
                    <Text size="xs" c="dimmed">
                      v{version} {say(statusName(status))}
                    </Text>
                  </>
                ),
              },
              {
                heading: say({ zh: '不予提供', en: 'Withheld' }),
                cell: ({ withheld }) => <WithheldList withheld={withheld} />,
              },
              { heading: say({ zh: '台账', en: 'Ledger' }), cell: ({ ledger }) => <LedgerPlace {...ledger} /> },
              ...columns,
            ]}
          />
          <More pages={pages} />
        </>
      )}
    </Section>
  );
}
