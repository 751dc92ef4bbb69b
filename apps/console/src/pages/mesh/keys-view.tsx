import { type ReactNode, useState } from 'react';
import { Anchor, Button, TextInput } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { BY_CURSOR, queries } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { Section } from '../../parts/section.tsx';
import { Tag } from '../../parts/tag.tsx';
import { UnitNames } from '../../parts/unit-names.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './mesh.module.css';

/** What a key has signed: the question after its revocation. */
export function KeysView(): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('kid') ?? '';
  const [kid, setKid] = useState(asked);
  return (
    <>
      <form
        className={`panel ${classes['form']}`}
        onSubmit={(event) => {
          event.preventDefault();
          setParameters({ look: 'keys', kid: kid.trim() });
        }}
      >
        <TextInput
          label={say({ zh: '密钥编号', en: 'Key' })}
          placeholder="ln.customs/20261121-9f3a"
          value={kid}
          onChange={({ currentTarget }) => setKid(currentTarget.value)}
          required
          spellCheck={false}
          autoComplete="off"
          w={320}
          maw="100%"
        />
        <Button type="submit" leftSection={<Icon name="search" size={16} />}>
          {say({ zh: '查询', en: 'Ask' })}
        </Button>
      </form>
      {asked === '' ? (
        <Empty title={say({ zh: '请先给出密钥编号', en: 'Say which key' })}>
          {say({
            zh: '密钥编号见“状态”中的各单位一栏。撤销一把密钥后，在此查明它签过什么、谁还持有。',
            en: 'Keys are named with their units under “State”. After one was revoked, what it signed and who holds it is found here.',
          })}
        </Empty>
      ) : (
        <Signed key={asked} kid={asked} />
      )}
    </>
  );
}

function Signed({ kid }: { kid: string }): ReactNode {
  const say = useText();
  const pages = queries.useInfiniteQuery(
    'get',
    '/api/v1/keys/{kid}/results',
    { params: { path: { kid }, query: { limit: 50 } } },
    BY_CURSOR,
  );
  return (
    <Answered query={pages} needed={['coordinator', 'auditor']}>
      {(told) => {
        const { owner, notBefore, notAfter, revokedAt, since } = told.pages[0]!;
        const results = told.pages.flatMap((page) => page.results);
        return (
          <>
            <Facts
              facts={[
                [say({ zh: '密钥', en: 'Key' }), <span className="code">{kid}</span>],
                [say({ zh: '属于', en: 'Of' }), say(unitName(owner))],
                [
                  say({ zh: '状态', en: 'State' }),
                  revokedAt === undefined ? (
                    <Tag tone="good">{say({ zh: '未撤销', en: 'Not revoked' })}</Tag>
                  ) : (
                    <Tag tone="bad">{say({ zh: '已撤销', en: 'Revoked' })}</Tag>
                  ),
                ],
                [say({ zh: '启用', en: 'From' }), <Moment at={notBefore} />],
                notAfter === undefined ? null : [say({ zh: '停用', en: 'Until' }), <Moment at={notAfter} />],
                revokedAt === undefined ? null : [say({ zh: '撤销于', en: 'Revoked' }), <Moment at={revokedAt} />],
              ]}
            />
            <Section
              title={say({ zh: '它签署的结果', en: 'What it signed' })}
              lead={
                <>
                  {say({ zh: '自 ', en: 'Since ' })}
                  <Moment at={since} />
                </>
              }
            >
              {results.length === 0 ? (
                <Empty title={say({ zh: '自该时起它没有签署任何结果', en: 'It has signed nothing since' })}>
                  {say({
                    zh: '由它签署、或以它的签名提供的版本会列在这里。',
                    en: 'Versions that it signed, or that were given under its signature, would be named here.',
                  })}
                </Empty>
              ) : (
                <>
                  <DataTable
                    caption={say({ zh: '它签署的结果', en: 'What it signed' })}
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
                      { heading: say({ zh: '签发', en: 'Issued' }), cell: ({ issuedAt }) => <Moment at={issuedAt} /> },
                      {
                        heading: say({ zh: '首次提供', en: 'First given' }),
                        cell: ({ disclosedAt }) => <Moment at={disclosedAt} />,
                      },
                      {
                        heading: say({ zh: '可疑之处', en: 'Suspicious' }),
                        cell: (result) =>
                          result.since === 'disclosed' ? (
                            <Tag tone="attention">{say({ zh: '签发时间可能倒填', en: 'may be backdated' })}</Tag>
                          ) : (
                            '—'
                          ),
                      },
                      {
                        heading: say({ zh: '已改签', en: 'Signed anew' }),
                        cell: ({ replacedAt }) => (replacedAt === null ? '—' : <Moment at={replacedAt} />),
                      },
                      {
                        heading: say({ zh: '仍持有的单位', en: 'Units that hold it' }),
                        cell: ({ holders }) => <UnitNames units={holders} />,
                      },
                    ]}
                  />
                  <More pages={pages} />
                </>
              )}
            </Section>
          </>
        );
      }}
    </Answered>
  );
}
