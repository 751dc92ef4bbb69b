import type { ReactNode } from 'react';
import { type Answer, BY_CURSOR, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { State } from '../../states/state.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { LedgerPlace } from './ledger-place.tsx';

type HeadsAnswer = Answer<'/api/v1/ledger/heads'>;

/** How far the ledger is signed, and whether it still is what was signed. */
export function Heads(): ReactNode {
  const say = useText();
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/ledger/heads',
    { params: { query: { limit: 20 } } },
    BY_CURSOR,
  );
  return (
    <Answered query={pages} needed={['auditor', 'coordinator']}>
      {(told) => {
        const [first] = told.pages;
        const heads = told.pages.flatMap((page) => page.heads);
        if (first === undefined || heads.length === 0) {
          return (
            <Section title={say({ zh: '台账头', en: 'Heads' })}>
              <Empty title={say({ zh: '尚未签署台账头', en: 'No head has been signed yet' })}>
                {say({
                  zh: '台账有了第一行之后，网关每十秒签署一次台账头，各单位各自留存。',
                  en: 'Once the ledger has a row the gateway signs its head every ten seconds, and every unit keeps it.',
                })}
              </Empty>
            </Section>
          );
        }
        return (
          <>
            <Verification answer={first} heads={heads} />
            <Section title={say({ zh: '已签署的台账头', en: 'Signed heads' })}>
              <HeadsTable heads={heads} />
              <More pages={pages} />
            </Section>
          </>
        );
      }}
    </Answered>
  );
}

function Verification({
  answer: { end, unsigned },
  heads,
}: {
  answer: HeadsAnswer;
  heads: HeadsAnswer['heads'];
}): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const amiss = heads.filter(({ verified, stands }) => !verified || !stands);
  const newest = heads[0]!;
  return (
    <Section
      title={say({ zh: '核验状态', en: 'Verification' })}
      lead={say({
        zh: '这是网关对自己台账的说法。独立核验请运行 mesh verify ledger，它与各单位留存的台账头对照。',
        en: 'This is the gateway’s word about its own ledger. Independently of it, mesh verify ledger compares with the heads that units keep.',
      })}
    >
      {amiss.length > 0 && (
        <State
          icon="fault"
          tone="bad"
          role="alert"
          title={say({
            zh: `${amiss.length} 个台账头不成立：台账可能被改动`,
            en: `${amiss.length} heads do not hold: the ledger may have been changed`,
          })}
        >
          {say({
            zh: '请保持数据库原样，并按运行手册处理（runbook：LedgerContradicted）。',
            en: 'Keep the database as it is and follow the runbook.',
          })}
        </State>
      )}
      <div style={{ marginTop: amiss.length > 0 ? 12 : 0 }}>
        <Facts
          facts={[
            [
              say({ zh: '所列台账头', en: 'Heads listed here' }),
              amiss.length === 0 ? (
                <Tag tone="good">
                  {say({ zh: `${number(heads.length)} 个均成立`, en: `all ${number(heads.length)} hold` })}
                </Tag>
              ) : (
                <Tag tone="bad">{say({ zh: '有不成立者', en: 'not all hold' })}</Tag>
              ),
            ],
            [say({ zh: '台账末行', en: 'Last row' }), end === null ? '—' : <LedgerPlace {...end} />],
            [say({ zh: '最近签署', en: 'Signed last' }), <Moment at={newest.at} />],
            [
              say({ zh: '其后尚未签署', en: 'Not signed yet' }),
              say({ zh: `${number(unsigned)} 行`, en: `${number(unsigned)} rows` }),
            ],
          ]}
        />
      </div>
    </Section>
  );
}

function HeadsTable({ heads }: { heads: HeadsAnswer['heads'] }): ReactNode {
  const say = useText();
  return (
    <DataTable
      caption={say({ zh: '已签署的台账头', en: 'Signed heads' })}
      rows={heads}
      rowKey={({ sequence }) => String(sequence)}
      columns={[
        { heading: say({ zh: '至第几行', en: 'Up to row' }), cell: (head) => <LedgerPlace {...head} /> },
        { heading: say({ zh: '签署', en: 'Signed' }), cell: ({ at }) => <Moment at={at} /> },
        {
          heading: say({ zh: '密钥', en: 'Key' }),
          cell: ({ keyId }) => (keyId === null ? '—' : <span className="code">{keyId}</span>),
        },
        {
          heading: say({ zh: '签名', en: 'Signature' }),
          cell: ({ verified }) =>
            verified ? (
              <Tag tone="good">{say({ zh: '有效', en: 'holds' })}</Tag>
            ) : (
              <Tag tone="bad">{say({ zh: '无效', en: 'does not hold' })}</Tag>
            ),
        },
        {
          heading: say({ zh: '与台账', en: 'Against the ledger' }),
          cell: ({ stands }) =>
            stands ? (
              <Tag tone="good">{say({ zh: '相符', en: 'as signed' })}</Tag>
            ) : (
              <Tag tone="bad">{say({ zh: '不符', en: 'contradicted' })}</Tag>
            ),
        },
      ]}
    />
  );
}
