import { type ReactNode, useId, useState } from 'react';
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useText } from '../words/text.tsx';
import { faultAt, RefusalNote } from './refusal-note.tsx';

interface ReasonedStepProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will become of it. */
  children?: ReactNode;
  /** On the button that does it. */
  doIt: string;
  /** What cannot be taken back. */
  grave?: boolean;
  /** Of the reason, in characters. */
  most: number;
  pending: boolean;
  error: unknown;
  onConfirm: (reason: string) => void;
}

/** Confirms a step of which the reason is kept with who took it and when. */
export function ReasonedStep(props: ReasonedStepProps): ReactNode {
  const { opened, onClose, title, children, doIt, grave = false, most, pending, error, onConfirm } = props;
  const say = useText();
  const form = useId();
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const missing = asked && reason.trim() === '' ? say({ zh: '请写明理由', en: 'A reason is needed' }) : undefined;
  const fault = faultAt(error, '/reason');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={!pending && reason === ''}
      closeButtonProps={{ 'aria-label': say({ zh: '关闭', en: 'Close' }) }}
      centered
      title={title}
    >
      <form
        id={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (reason.trim() !== '') onConfirm(reason.trim());
        }}
      >
        <Stack gap="sm">
          {children !== undefined && (
            <Text component="div" size="sm">
              {children}
            </Text>
          )}
          <Textarea
            label={say({ zh: '理由', en: 'Reason' })}
            description={say({ zh: '与何人、何时一并载入历史。', en: 'Kept with who and when.' })}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={missing ?? (fault && say(fault))}
            maxLength={most}
            required
            autosize
            minRows={2}
            maxRows={8}
            data-autofocus
          />
          <RefusalNote error={error} shown={['/reason']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} disabled={pending}>
              {say({ zh: '取消', en: 'Cancel' })}
            </Button>
            <Button type="submit" loading={pending} {...(grave ? { color: 'red.9' } : {})}>
              {doIt}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
