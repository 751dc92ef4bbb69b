import { type ReactNode, useState } from 'react';
import { Button, Group } from '@mantine/core';
import { queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';

/** Lines before one asks for all of them. */
const AT_FIRST = 12;

/** How often what was withheld under an entry, from whom. */
export function WithheldSummary({ conditions }: { conditions: Readonly<Record<string, string>> }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [whole, setWhole] = useState(false);
  const { entry = '' } = conditions;
  const summary = queries.useQuery('get', '/api/v1/ledger/withheld/summary', {
    params: { query: { ...conditions, entry } },
  });
  return (
    <Answered query={summary} rows={4} needed={['auditor', 'coordinator']}>
      {({ rows, views, counts }) =>
        rows === 0 ? null : (
          <Section
            title={say({ zh: `依 ${entry} 不予提供的次数`, en: `How often ${entry} withheld what` })}
            lead={say({
              zh: `${number(rows)} 行，共 ${number(views)} 份副本。`,
              en: `${number(rows)} rows, ${number(views)} copies.`,
            })}
          >
            <DataTable
              caption={say({ zh: '次数', en: 'Counts' })}
              rows={whole ? counts : counts.slice(0, AT_FIRST)}
              rowKey={({ consumer, issuer, kind, path }) => [consumer, issuer, kind, path].join(' ')}
              columns={[
                { heading: say({ zh: '接收单位', en: 'Given to' }), cell: ({ consumer }) => say(unitName(consumer)) },
                { heading: say({ zh: '签发单位', en: 'Issued by' }), cell: ({ issuer }) => say(unitName(issuer)) },
                { heading: say({ zh: '类别', en: 'Kind' }), cell: ({ kind }) => say(kindName(kind)) },
                {
                  heading: say({ zh: '字段', en: 'Field' }),
                  cell: ({ path }) => (
                    <span className="code">{path === '' ? say({ zh: '整份结果', en: 'the whole result' }) : path}</span>
                  ),
                },
                { heading: say({ zh: '副本', en: 'Copies' }), numeric: true, cell: (count) => number(count.views) },
                { heading: say({ zh: '处', en: 'Places' }), numeric: true, cell: (count) => number(count.places) },
              ]}
            />
            {!whole && counts.length > AT_FIRST && (
              <Group justify="center" mt="sm">
                <Button variant="default" onClick={() => setWhole(true)}>
                  {say({ zh: `全部 ${number(counts.length)} 项`, en: `All ${number(counts.length)}` })}
                </Button>
              </Group>
            )}
          </Section>
        )
      }
    </Answered>
  );
}
