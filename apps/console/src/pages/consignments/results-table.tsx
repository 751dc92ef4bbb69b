import type { ReactNode } from 'react';
import { Anchor } from '@mantine/core';
import type { Conclusion } from '@clearance/contracts/words';
import { DataTable } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { useSignedIn } from '../../session/session.tsx';
import { traceAddress } from '../../session/sign-in-terms.ts';
import { useFormats } from '../../words/formats.ts';
import { conclusionName, kindName, placeName, statusName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import type { ResultVersion } from './timeline.ts';
import { WITHHELD } from './waterfall.tsx';

const TONES: Readonly<Record<Conclusion, Tone>> = {
  released: 'good',
  conditional: 'attention',
  detained: 'bad',
  refused: 'bad',
  'examination-required': 'attention',
};

/** Every version of every result of a consignment. */
export function ResultsTable({ results }: { results: readonly ResultVersion[] }): ReactNode {
  const say = useText();
  const { terms } = useSignedIn();
  const { duration } = useFormats();
  return (
    <DataTable
      caption={say({ zh: '监管结果', en: 'Results' })}
      rows={results}
      rowKey={({ resultId, version }) => `${resultId}:${version}`}
      columns={[
        { heading: say({ zh: '单位', en: 'Unit' }), cell: ({ issuer }) => say(unitName(issuer)) },
        {
          heading: say({ zh: '类别', en: 'Kind' }),
          cell: ({ kind }) => say(kind === null ? WITHHELD : kindName(kind)),
        },
        {
          heading: say({ zh: '地点', en: 'Place' }),
          cell: ({ location }) => (location === null ? '—' : say(placeName(location))),
        },
        {
          heading: say({ zh: '结论', en: 'Conclusion' }),
          cell: ({ conclusion }) =>
            conclusion === null ? (
              '—'
            ) : (
              <Tag tone={TONES[conclusion as Conclusion] ?? 'plain'}>{say(conclusionName(conclusion))}</Tag>
            ),
        },
        {
          heading: say({ zh: '版本', en: 'Version' }),
          cell: ({ version, status }) =>
            status === 'revoked' ? (
              <Tag tone="bad">{`v${version} ${say(statusName(status))}`}</Tag>
            ) : (
              `v${version} ${say(statusName(status))}`
            ),
        },
        { heading: say({ zh: '签发', en: 'Issued' }), cell: ({ issuedAt }) => <Moment at={issuedAt} /> },
        {
          heading: say({ zh: '办结', en: 'Settled' }),
          cell: ({ issuedAt, settledAt }) => {
            if (settledAt === null) return <Tag tone="attention">{say({ zh: '待回执', en: 'Receipts missing' })}</Tag>;
            const after = duration((Date.parse(settledAt) - Date.parse(issuedAt)) / 1_000);
            return <span className="numeric">{say({ zh: `${after}后`, en: `after ${after}` })}</span>;
          },
        },
        {
          heading: say({ zh: '链路', en: 'Trace' }),
          cell: ({ traceId }) => {
            if (traceId === null) return '—';
            const address = traceAddress(terms, traceId);
            const brief = traceId.slice(0, 8);
            if (address === undefined) return <span className="code">{brief}</span>;
            return (
              <Anchor href={address} target="_blank" rel="noreferrer" fz="sm" style={{ whiteSpace: 'nowrap' }}>
                <span className="code">{brief}</span> <Icon name="outside" size={13} />
              </Anchor>
            );
          },
        },
      ]}
    />
  );
}
