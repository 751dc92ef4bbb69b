import { type ReactNode, useId, useRef, useState } from 'react';
import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { Actors } from '../../parts/actor.tsx';
import { Icon } from '../../parts/icon.tsx';
import { RefusalNote } from '../../parts/refusal-note.tsx';
import { Tag, type Tone } from '../../parts/tag.tsx';
import { Unsaved } from '../../parts/unsaved.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import classes from './editor.module.css';
import { inOrder, marksOf, offsetOf } from './finding-places.ts';
import { type Draft, type DraftText, useDraftText } from './use-draft-text.ts';

const LINE_PX = 20;

/** The text of an open draft, kept and linted as it is written, with what lint says beside it. */
export function Editor({ draft }: { draft: Draft }): ReactNode {
  const say = useText();
  const [reason, setReason] = useState('');
  const writing = useDraftText(draft, reason);
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const [status, label] = [useId(), useId()];
  const { text, kept, keeping, write } = writing;
  const marks = marksOf(kept.findings);
  const needed = keeping.state === 'waiting' && reason.trim() === '';
  const goTo = (line: number, column: number): void => {
    const field = area.current;
    if (field === null) return;
    const offset = offsetOf(text, line, column);
    field.focus();
    field.setSelectionRange(offset, Math.max(offset, text.indexOf('\n', offset)));
    field.scrollTop = Math.max(0, (line - 5) * LINE_PX);
  };
  return (
    <>
      <Unsaved when={keeping.state !== 'kept'} />
      <TextInput
        mb="sm"
        label={say({ zh: '修改理由', en: 'Why it is changed' })}
        description={say({
          zh: '与每次保存一并载入历史；写明后，停笔即自动保存并校验。',
          en: 'Kept with each change. With a reason given, the text is kept and linted whenever writing pauses.',
        })}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={needed && say({ zh: '写明理由后才保存', en: 'Nothing is kept before a reason is given' })}
        maxLength={2_000}
        required
      />
      <ConflictNote writing={writing} />
      {keeping.state === 'failed' && (
        <Group mb="sm" align="flex-end">
          <RefusalNote error={keeping.error} />
          <Button variant="default" onClick={writing.retry}>
            {say({ zh: '再试一次', en: 'Try again' })}
          </Button>
        </Group>
      )}
      <div className={classes['columns']}>
        <div>
          <Group justify="space-between" mb={6}>
            <Text component="label" htmlFor={`${label}-text`} fw={600} size="sm">
              {say({ zh: '清单正文', en: 'The text of the list' })}
            </Text>
            <Text size="sm" id={status} role="status">
              <KeptHow writing={writing} />
            </Text>
          </Group>
          <div className={`panel ${classes['editor']}`}>
            <div ref={gutter} className={classes['gutter']} aria-hidden="true">
              {text.split('\n').map((_, index) => {
                const mark = marks.get(index + 1);
                return (
                  <div key={index} className={mark && classes[mark]}>
                    {mark === undefined ? '' : '● '}
                    {index + 1}
                  </div>
                );
              })}
            </div>
            <textarea
              ref={area}
              id={`${label}-text`}
              className={classes['text']}
              value={text}
              onChange={(event) => write(event.currentTarget.value)}
              onScroll={(event) => {
                if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop;
              }}
              spellCheck={false}
              autoCapitalize="off"
              wrap="off"
              aria-describedby={status}
              aria-invalid={kept.findings.some(({ severity }) => severity === 'error')}
            />
          </div>
        </div>
        <Findings findings={kept.findings} goTo={goTo} />
      </div>
    </>
  );
}

function KeptHow({ writing: { keeping, kept } }: { writing: DraftText }): ReactNode {
  const say = useText();
  const { clock } = useFormats();
  const tones: Record<typeof keeping.state, Tone> = {
    kept: 'good',
    waiting: 'attention',
    keeping: 'told',
    conflict: 'bad',
    failed: 'bad',
  };
  const words = {
    kept: {
      zh: `已保存 r${kept.revision} · ${clock(kept.changedAt)}`,
      en: `Kept r${kept.revision} · ${clock(kept.changedAt)}`,
    },
    waiting: { zh: '尚未保存', en: 'Not kept yet' },
    keeping: { zh: '正在保存并校验', en: 'Being kept and linted' },
    conflict: { zh: '他人已改动，未保存', en: 'Not kept: somebody changed it' },
    failed: { zh: '未能保存', en: 'Could not be kept' },
  };
  return <Tag tone={tones[keeping.state]}>{say(words[keeping.state])}</Tag>;
}

function ConflictNote({ writing: { keeping, takeTheirs, keepMine } }: { writing: DraftText }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  if (keeping.state !== 'conflict') return null;
  const { revision, changedAt, authors, document } = keeping.theirs;
  return (
    <Alert
      mb="sm"
      role="alert"
      variant="outline"
      color="red"
      icon={<Icon name="fault" />}
      title={say({ zh: '他人已改动此草案', en: 'Somebody else has changed this draft' })}
    >
      <Text size="sm">
        {say({
          zh: `现为 r${revision}（${time(changedAt)}）。您的文字尚在本页，没有覆盖对方的改动。`,
          en: `It is r${revision} now (${time(changedAt)}). Your text is still here, and theirs has not been overwritten.`,
        })}{' '}
        {say({ zh: '作者：', en: 'Written by ' })}
        <Actors names={authors} />
      </Text>
      <details>
        <summary>{say({ zh: '看对方的正文', en: 'Read their text' })}</summary>
        <pre className={classes['text']} style={{ maxHeight: 240 }} tabIndex={0}>
          {document}
        </pre>
      </details>
      <Group mt="sm">
        <Button onClick={takeTheirs}>{say({ zh: '载入对方的正文', en: 'Go on from theirs' })}</Button>
        <Button variant="default" onClick={keepMine}>
          {say({ zh: '我已看过，以我的文字为准', en: 'I have read it; keep mine' })}
        </Button>
      </Group>
    </Alert>
  );
}

/** What lint says, each with its place, to which it leads. */
export function Findings({
  findings,
  goTo,
}: {
  findings: Draft['findings'];
  goTo?: (line: number, column: number) => void;
}): ReactNode {
  const say = useText();
  const heading = useId();
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return (
    <section aria-labelledby={heading}>
      <Text component="h3" id={heading} fw={600} size="sm" mb={6}>
        {say({
          zh: `校验：${errors} 处错误，${findings.length - errors} 处提醒`,
          en: `Lint: ${errors} errors, ${findings.length - errors} warnings`,
        })}
      </Text>
      {findings.length === 0 && <Tag tone="good">{say({ zh: '没有问题', en: 'Nothing to be said' })}</Tag>}
      <ul className={classes['findings']}>
        {inOrder(findings).map(({ severity, code, line, column, entry, message }, index) => (
          <li key={`${code}-${line}-${column}-${index}`}>
            <button type="button" className={classes['finding']} onClick={() => goTo?.(line, column)}>
              <span className={classes['place']}>
                <Tag tone={severity === 'error' ? 'bad' : 'attention'}>
                  {severity === 'error' ? say({ zh: '错误', en: 'Error' }) : say({ zh: '提醒', en: 'Warning' })}
                </Tag>
                <span className="numeric">
                  {say({ zh: `${line} 行 ${column} 列`, en: `line ${line}, column ${column}` })}
                </span>
                <span className="code">{[entry, code].filter(Boolean).join(' · ')}</span>
              </span>
              {say(message)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
