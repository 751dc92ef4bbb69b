import type { ReactNode } from 'react';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useFormats } from '../../words/formats.ts';
import { kindName, statusName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { type Journey, secondsToSettle } from './timeline.ts';
import { WITHHELD } from './waterfall.tsx';

/** What the drawing shows, in figures: when each version was submitted, and how long after that each step was. */
export function JourneysTable({ journeys }: { journeys: readonly Journey[] }): ReactNode {
  const say = useText();
  const { duration } = useFormats();
  const since = (journey: Journey, at: number | undefined): ReactNode =>
    at === undefined ? '—' : `+${duration((at - journey.submitted) / 1_000)}`;
  const columns: Column<Journey>[] = [
    { heading: say({ zh: '单位', en: 'Unit' }), cell: ({ unit }) => say(unitName(unit)) },
    {
      heading: say({ zh: '结果', en: 'Result' }),
      cell: ({ kind, version, status }) =>
        `${say(kind === null ? WITHHELD : kindName(kind))} · v${version} ${say(statusName(status))}`,
    },
    {
      heading: say({ zh: '查验', en: 'Examined' }),
      cell: ({ examined }) => (examined === undefined ? '—' : <Moment at={new Date(examined).toISOString()} />),
    },
    {
      heading: say({ zh: '提交', en: 'Submitted' }),
      cell: ({ submitted }) => <Moment at={new Date(submitted).toISOString()} />,
    },
    {
      heading: say({ zh: '送网关', en: 'Offered' }),
      numeric: true,
      cell: (journey) => since(journey, journey.offered),
    },
    { heading: say({ zh: '判定', en: 'Decided' }), numeric: true, cell: (journey) => since(journey, journey.decided) },
    {
      heading: say({ zh: '回执', en: 'Receipts' }),
      numeric: true,
      cell: ({ received, submitted }) => {
        if (received.length === 0) return '—';
        const times = received.map(({ at }) => (at - submitted) / 1_000);
        return `${received.length}（+${duration(Math.min(...times))} … +${duration(Math.max(...times))}）`;
      },
    },
    {
      heading: say({ zh: '办结', en: 'Settled' }),
      numeric: true,
      cell: (journey) => {
        const seconds = secondsToSettle(journey);
        return seconds === undefined ? say({ zh: '未办结', en: 'not settled' }) : `+${duration(seconds)}`;
      },
    },
  ];
  return (
    <DataTable
      caption={say({ zh: '各结果经过', en: 'How each result went' })}
      columns={columns}
      rows={journeys}
      rowKey={({ resultId, version }) => `${resultId}:${version}`}
    />
  );
}
