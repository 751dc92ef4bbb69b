import { type ReactNode, useState } from 'react';
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { queries } from '../../api/client.ts';
import { faultAt, RefusalNote } from '../../parts/refusal-note.tsx';
import { useText } from '../../words/text.tsx';
import { asBeijingTime, beginningOfTomorrow, nextVersion } from './new-version.ts';

interface BeginDraftProps {
  opened: boolean;
  onClose: () => void;
  /** The version whose entries the draft begins with. */
  from: string;
  /** Versions that there are: none may be used again. */
  taken: readonly string[];
}

/** Asks what a new draft is to be called and from when it is to hold, and begins it with the entries of a list that there is. */
export function BeginDraft({ opened, onClose, from, taken }: BeginDraftProps): ReactNode {
  const say = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [begins, setBegins] = useState(() => beginningOfTomorrow(Date.now()));
  const [version, setVersion] = useState(() => nextVersion(beginningOfTomorrow(Date.now()), taken));
  const [reason, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const begin = queries.useMutation('post', '/api/v1/drafts/restore', {
    onSuccess: ({ draftId }) => {
      void client.invalidateQueries({ queryKey: ['get', '/api/v1/drafts'] });
      void navigate(`/negative-list/drafts/${draftId}`);
    },
  });
  const missing = (value: string): string | undefined =>
    asked && value.trim() === '' ? say({ zh: '必填', en: 'Needed' }) : undefined;
  const told = (pointer: string): string | undefined => {
    const fault = faultAt(begin.error, pointer);
    return fault && say(fault);
  };
  const used = taken.includes(version.trim())
    ? say({ zh: '此版本号已用过', en: 'This version was used before' })
    : undefined;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      closeOnClickOutside={reason === ''}
      closeButtonProps={{ 'aria-label': say({ zh: '关闭', en: 'Close' }) }}
      title={say({ zh: `以 ${from} 的条目起草`, en: `A draft with the entries of ${from}` })}
      centered
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if ([version, begins, reason].some((value) => value.trim() === '') || used !== undefined) return;
          begin.mutate({
            body: {
              restore: from,
              version: version.trim(),
              effectiveFrom: asBeijingTime(begins),
              reason: reason.trim(),
            },
          });
        }}
      >
        <Stack gap="sm">
          <Text size="sm">
            {say({
              zh: '旧清单本身不变；草案是新版本，须经第二人批准才生效。',
              en: 'That list stays as it is; the draft is a new version, and holds once a second person has approved it.',
            })}
          </Text>
          <TextInput
            type="datetime-local"
            label={say({ zh: '生效时间（北京时间）', en: 'In force from (Beijing time)' })}
            description={say({ zh: '须晚于已有各清单。', en: 'Later than all lists that there are.' })}
            value={begins}
            onChange={(event) => setBegins(event.currentTarget.value)}
            error={missing(begins) ?? told('/effectiveFrom')}
            required
          />
          <TextInput
            label={say({ zh: '版本号', en: 'Version' })}
            description={say({ zh: '从未用过的，写在正文中。', en: 'Never used before; it stands in the text.' })}
            value={version}
            onChange={(event) => setVersion(event.currentTarget.value)}
            error={missing(version) ?? used ?? told('/version')}
            maxLength={64}
            required
          />
          <Textarea
            label={say({ zh: '理由', en: 'Reason' })}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={missing(reason) ?? told('/reason')}
            maxLength={2_000}
            autosize
            minRows={2}
            required
            data-autofocus
          />
          <RefusalNote error={begin.error} shown={['/effectiveFrom', '/version', '/reason']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say({ zh: '取消', en: 'Cancel' })}
            </Button>
            <Button type="submit" loading={begin.isPending}>
              {say({ zh: '起草', en: 'Begin the draft' })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
