import { type ReactNode, useMemo, useState } from 'react';
import { Group, Text, TextInput } from '@mantine/core';
import { AGENCIES, type Agency } from '@clearance/contracts/words';
import { FactList } from '../../parts/fact-list.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Empty } from '../../states/empty.tsx';
import { State } from '../../states/state.tsx';
import { useFormats } from '../../words/formats.ts';
import { agencyName } from '../../words/names.ts';
import { purposeName } from '../../words/purposes.ts';
import { kindPatternName, together, unitsInWords } from '../../words/selectors.ts';
import { useText } from '../../words/text.tsx';
import { className } from './names.ts';
import classes from './negative-list.module.css';
import { entriesWith, readEntries, type ShownEntry } from './read-entries.ts';

/** The entries of a list's text, each with what it withholds, from whom, when and why. */
export function Entries({ document }: { document: string }): ReactNode {
  const say = useText();
  const { number } = useFormats();
  const [sought, setSought] = useState('');
  const list = useMemo(() => readEntries(document), [document]);
  if (list === undefined) {
    return (
      <State icon="fault" tone="attention" title={say({ zh: '此文本还不是清单', en: 'This text is not a list yet' })}>
        {say({
          zh: '条目读不出来，请看原文与校验所列的问题。',
          en: 'No entries can be read from it; see the text, and what lint says of it.',
        })}
      </State>
    );
  }
  const shown = entriesWith(list.entries, sought);
  return (
    <>
      <Group mb="sm" justify="space-between" align="flex-end">
        <TextInput
          label={say({ zh: '查找条目', en: 'Find entries' })}
          placeholder={say({ zh: '编号、名称、依据、字段', en: 'Id, title, law, field' })}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          leftSection={<Icon name="search" size={16} />}
          w={300}
        />
        <Text size="sm" c="dimmed" role="status">
          {say({
            zh: `${number(shown.length)} / ${number(list.entries.length)} 条`,
            en: `${number(shown.length)} of ${number(list.entries.length)} entries`,
          })}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Empty title={say({ zh: '没有这样的条目', en: 'There is no such entry' })}>
          {say({
            zh: '清单没有写明的，一律共享。',
            en: 'Everything is shared unless an entry says otherwise.',
          })}
        </Empty>
      ) : (
        <div className={classes['entries']}>
          {shown.map((entry, index) => (
            <Entry key={`${entry.id}-${index}`} entry={entry} />
          ))}
        </div>
      )}
    </>
  );
}

function Entry({ entry }: { entry: ShownEntry }): ReactNode {
  const say = useText();
  const { tone, name } = className(entry.class);
  const agency = AGENCIES.find((each: Agency) => each === entry.owner);
  const paths = entry.fields.length === 0 ? undefined : entry.fields;
  return (
    <section className={`panel ${classes['entry']}`} aria-labelledby={`entry-${entry.id}`}>
      <Group gap="sm" mb={10} align="baseline">
        <Text component="h3" id={`entry-${entry.id}`} fw={600} fz="md">
          <span className="code">{entry.id}</span> {say(entry.title)}
        </Text>
        <Tag tone={tone}>{say(name)}</Tag>
      </Group>
      <Text component="div" size="sm">
        <FactList
          facts={[
            [say({ zh: '法律依据', en: 'Legal basis' }), entry.legalBasis],
            [say({ zh: '责任部门', en: 'Owner' }), agency === undefined ? entry.owner : say(agencyName(agency))],
            [say({ zh: '针对结果', en: 'Results' }), <ResultsOf key="results" entry={entry} />],
            [
              say({ zh: '字段', en: 'Fields' }),
              paths === undefined ? (
                say({ zh: '整份结果', en: 'The whole result' })
              ) : (
                <ul className={classes['paths']}>
                  {paths.map((path) => (
                    <li key={path} className="code">
                      {path}
                    </li>
                  ))}
                </ul>
              ),
            ],
            [say({ zh: '不向谁提供', en: 'Withheld from' }), say(unitsInWords(entry.consumers))],
            [
              say({ zh: '条件', en: 'Condition' }),
              entry.when === undefined ? undefined : <span className="code">{entry.when}</span>,
            ],
            [
              say({ zh: '可申请用途', en: 'May be asked for' }),
              entry.class !== 'conditional'
                ? say({ zh: '不可申请', en: 'No' })
                : entry.purposes.length === 0
                  ? say({ zh: '任何用途', en: 'For any purpose' })
                  : say(together(entry.purposes.map(purposeName))),
            ],
            [say({ zh: '有效期', en: 'Validity' }), <Validity key="validity" entry={entry} />],
          ]}
        />
      </Text>
    </section>
  );
}

function ResultsOf({ entry: { kinds, issuers } }: { entry: ShownEntry }): ReactNode {
  const say = useText();
  const everybody =
    ('except' in issuers && issuers.except.length === 0) || ('only' in issuers && issuers.only.includes('*'));
  const named = say(together(kinds.map(kindPatternName)));
  if (everybody) return named;
  const by = say(unitsInWords(issuers));
  return say({ zh: `${by}签发的：${named}`, en: `${named}, issued by ${by}` });
}

function Validity({ entry: { validFrom, validUntil } }: { entry: ShownEntry }): ReactNode {
  const say = useText();
  if (validFrom === undefined && validUntil === undefined) {
    return say({ zh: '与清单同', en: 'As long as the list' });
  }
  return (
    <span className="numeric">
      {validFrom ?? '…'} – {validUntil ?? '…'}
    </span>
  );
}
