import { type ReactNode, useState } from 'react';
import { SegmentedControl, Text } from '@mantine/core';
import { queries } from '../../api/client.ts';
import { Actor, Actors } from '../../parts/actor.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { Entries } from './entries.tsx';
import { LIST_STATES } from './names.ts';
import classes from './negative-list.module.css';

/** One version of the list: who wrote and approved it, when it holds, and its entries or its text. */
export function ListView({ version }: { version: string }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const list = queries.useQuery('get', '/api/v1/lists/{version}', { params: { path: { version } } });
  return (
    <Answered query={list}>
      {({ state, effectiveFrom, receivedAt, authors, approvedBy, document, signature }) => (
        <>
          <Text component="div" size="sm" className={`panel ${classes['section']}`} mb="md">
            <FactList
              facts={[
                [
                  say({ zh: '版本', en: 'Version' }),
                  <>
                    <strong>{version}</strong> <Tag tone={LIST_STATES[state].tone}>{say(LIST_STATES[state].name)}</Tag>
                  </>,
                ],
                [say({ zh: '生效', en: 'In force from' }), <span className="numeric">{time(effectiveFrom)}</span>],
                [say({ zh: '起草', en: 'Written by' }), <Actors names={authors} />],
                [
                  say({ zh: '批准', en: 'Approved by' }),
                  <>
                    <Actor name={approvedBy} /> <span className="numeric">{time(receivedAt)}</span>
                  </>,
                ],
                [say({ zh: '签署密钥', en: 'Signed with' }), <span className="code">{keyOf(signature)}</span>],
              ]}
            />
          </Text>
          <TextOrEntries document={document} />
        </>
      )}
    </Answered>
  );
}

/** A list's text, as its entries or as it was written. */
export function TextOrEntries({ document }: { document: string }): ReactNode {
  const say = useText();
  const [form, setForm] = useState('entries');
  return (
    <>
      <SegmentedControl
        mb="sm"
        size="xs"
        aria-label={say({ zh: '显示方式', en: 'Shown as' })}
        value={form}
        onChange={setForm}
        data={[
          { value: 'entries', label: say({ zh: '条目', en: 'Entries' }) },
          { value: 'text', label: say({ zh: '原文', en: 'Text' }) },
        ]}
      />
      {form === 'entries' ? (
        <Entries document={document} />
      ) : (
        <pre
          className={`panel ${classes['source']}`}
          tabIndex={0}
          role="region"
          aria-label={say({ zh: '清单原文', en: 'The text of the list' })}
        >
          {document}
        </pre>
      )}
    </>
  );
}

/** The id of the key that a detached signature names. */
function keyOf(signature: string): string {
  try {
    const header = atob(signature.slice(0, signature.indexOf('.')).replaceAll('-', '+').replaceAll('_', '/'));
    return String((JSON.parse(header) as { kid?: unknown }).kid);
  } catch {
    return '—';
  }
}
