import type { ReactNode } from 'react';
import { Text } from '@mantine/core';
import { DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { checkName, outcomeName, placeName, reasonText, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import type { RecognitionMark } from './timeline.ts';

const TONES: Readonly<Record<string, Tone>> = { recognised: 'good', partial: 'attention', refused: 'plain' };

/** What units decided not to do again, and what they had to, with why. */
export function RecognitionsTable({ recognitions }: { recognitions: readonly RecognitionMark[] }): ReactNode {
  const say = useText();
  const list = (texts: readonly string[]): string => texts.join(say({ zh: '、', en: ', ' }));
  return (
    <DataTable
      caption={say({ zh: '互认决定', en: 'Recognitions' })}
      rows={recognitions}
      rowKey={({ recognitionId }) => recognitionId}
      columns={[
        {
          heading: say({ zh: '单位', en: 'Unit' }),
          cell: ({ unit, step }) => (
            <>
              {say(unitName(unit))}
              {step.location !== undefined && (
                <Text size="xs" c="dimmed">
                  {say(placeName(step.location))}
                </Text>
              )}
            </>
          ),
        },
        { heading: say({ zh: '时间', en: 'Decided' }), cell: ({ step }) => <Moment at={step.at} /> },
        {
          heading: say({ zh: '决定', en: 'Outcome' }),
          cell: ({ step: { outcome = 'refused' }, reopened }) => (
            <>
              <Tag tone={TONES[outcome] ?? 'plain'}>{say(outcomeName(outcome))}</Tag>
              {reopened !== undefined && (
                <div style={{ marginTop: 4 }}>
                  <Tag tone="bad">{say({ zh: '已重新审查', en: 'Reopened' })}</Tag>
                </div>
              )}
            </>
          ),
        },
        {
          heading: say({ zh: '免于重复的查验', en: 'Not to be repeated' }),
          cell: ({ step: { recognised = [] } }) =>
            recognised.length === 0 ? '—' : list(recognised.map((check) => say(checkName(check)))),
        },
        {
          heading: say({ zh: '仍须查验及原因', en: 'Still required, and why' }),
          cell: ({ step: { required = [] } }) =>
            required.length === 0
              ? '—'
              : required.map(({ check, reasons }) => (
                  <div key={check}>
                    <strong>{say(checkName(check))}</strong>
                    {say({ zh: '：', en: ': ' })}
                    {reasons.map((code) => say(reasonText(code, check))).join(say({ zh: '；', en: '; ' }))}
                  </div>
                )),
        },
      ]}
    />
  );
}
