import { type ReactNode, useEffect, useRef } from 'react';
import { Alert, List, Text } from '@mantine/core';
import { RefusedCall } from '../api/refused-call.ts';
import { useText } from '../words/text.tsx';
import { Icon } from './icon.tsx';

interface RefusalNoteProps {
  /** Of a mutation: nothing is shown for none. */
  error: unknown;
  /** Faults that are shown at their fields; the others are listed here. */
  shown?: readonly string[];
}

/** What became of something that was tried and refused, beside what was written for it, which stays. */
export function RefusalNote({ error, shown = [] }: RefusalNoteProps): ReactNode {
  const say = useText();
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null && error !== undefined) note.current?.focus();
  }, [error]);
  if (error === null || error === undefined) return null;
  if (!(error instanceof RefusedCall)) throw error;
  const faults = error.faults.filter(({ pointer }) => !shown.includes(pointer));
  return (
    <Alert
      ref={note}
      tabIndex={-1}
      role="alert"
      variant="outline"
      color="red"
      icon={<Icon name="fault" />}
      title={say(error.detail)}
    >
      {faults.length > 0 && (
        <List size="sm">
          {faults.map(({ pointer, message }) => (
            <List.Item key={pointer + message.en}>
              <span className="code">{pointer}</span> {say(message)}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="xs" c="dimmed">
        <span className="code">{error.status === undefined ? error.code : `${error.status} ${error.code}`}</span>
        {error.requestId !== undefined && (
          <>
            {' · '}
            {say({ zh: '请求编号', en: 'Request-Id' })} <span className="code">{error.requestId}</span>
          </>
        )}
      </Text>
    </Alert>
  );
}

/** What is wrong with one field of what was sent, if anything. */
export function faultAt(error: unknown, ...pointers: string[]): { zh: string; en: string } | undefined {
  if (!(error instanceof RefusedCall)) return undefined;
  const faults = error.faults.filter(({ pointer }) =>
    pointers.some((each) => pointer === each || pointer.startsWith(`${each}/`)),
  );
  if (faults.length === 0) return undefined;
  return {
    zh: faults.map(({ message }) => message.zh).join('；'),
    en: faults.map(({ message }) => message.en).join('; '),
  };
}
