import type { ReactNode } from 'react';
import type { LocalizedText } from '@clearance/contracts/words';
import { type Answer, BY_CURSOR, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { ExportButtons } from './export-buttons.tsx';
import classes from './ledger.module.css';
import { LedgerPlace } from './ledger-place.tsx';

type Row = Answer<'/api/v1/ledger/rows'>['rows'][number];
type Entry = Row['entry'];

const TYPE_NAMES: Readonly<Record<Entry['type'], LocalizedText>> = {
  disclosure: { zh: '提供', en: 'Disclosure' },
  list: { zh: '清单生效', en: 'List' },
  grant: { zh: '授权', en: 'Grant' },
  'grant-end': { zh: '授权终止', en: 'Grant ended' },
};

/** The rows of the ledger as they are. */
export function RawRows({ conditions }: { conditions: Readonly<Record<string, string>> }): ReactNode {
  const say = useText();
  const bounds = Object.fromEntries(Object.entries(conditions).map(([name, value]) => [name, Number(value)]));
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/ledger/rows',
    { params: { query: { ...bounds, limit: 50 } } },
    BY_CURSOR,
  );
  return (
    <Answered query={pages} needed={['auditor', 'coordinator']}>
      {(told) => {
        const rows = told.pages.flatMap((page) => page.rows);
        return (
          <Section
            title={say({ zh: '原始行', en: 'Rows' })}
            actions={<ExportButtons question="rows" conditions={conditions} />}
          >
            {rows.length === 0 ? (
              <Empty title={say({ zh: '此范围内没有行', en: 'There is no row in this range' })}>
                {say({
                  zh: '每次向单位提供结果、每份清单与授权都各占一行，行号自 1 起。',
                  en: 'Every disclosure, list and grant is a row, numbered from 1.',
                })}
              </Empty>
            ) : (
              <>
                <DataTable
                  caption={say({ zh: '台账行', en: 'Rows of the ledger' })}
                  rows={rows}
                  rowKey={({ sequence }) => String(sequence)}
                  columns={[
                    { heading: say({ zh: '台账', en: 'Ledger' }), cell: (row) => <LedgerPlace {...row} /> },
                    { heading: say({ zh: '种类', en: 'Type' }), cell: ({ entry }) => say(TYPE_NAMES[entry.type]) },
                    {
                      heading: say({ zh: '时间', en: 'Time' }),
                      cell: ({ entry }) => <Moment at={'decidedAt' in entry ? entry.decidedAt : entry.receivedAt} />,
                    },
                    { heading: say({ zh: '内容', en: 'What' }), cell: ({ entry }) => <What entry={entry} /> },
                  ]}
                />
                <More pages={pages} />
              </>
            )}
          </Section>
        );
      }}
    </Answered>
  );
}

function What({ entry }: { entry: Entry }): ReactNode {
  const say = useText();
  return (
    <>
      {summaryOf(entry, say)}
      <details>
        <summary>{say({ zh: '记录全文', en: 'The record' })}</summary>
        <pre className={classes['json']}>{JSON.stringify(entry, null, 2)}</pre>
      </details>
    </>
  );
}

function summaryOf(entry: Entry, say: ReturnType<typeof useText>): string {
  switch (entry.type) {
    case 'disclosure': {
      const { issuer, kind, version, consumers, withheld } = entry;
      const what = `${say(unitName(issuer))} ${say(kindName(kind))} v${version}`;
      return say({
        zh: `${what} → ${consumers.length} 个单位，${withheld.length} 处不予提供`,
        en: `${what} → ${consumers.length} units, ${withheld.length} places withheld`,
      });
    }
    case 'list':
      return say({ zh: `清单 ${entry.version}`, en: `List ${entry.version}` });
    case 'grant':
      return `${say(unitName(entry.owner))} → ${say(unitName(entry.requester))}`;
    case 'grant-end':
      return entry.requestId;
    default:
      return entry satisfies never;
  }
}
