import { type ReactNode, useEffect } from 'react';
import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from 'react-router';
import { useText } from '../words/text.tsx';

/** Asks before what was written and not sent is left behind: on the way to another page, and by the browser on the way out. */
export function Unsaved({ when }: { when: boolean }): ReactNode {
  const say = useText();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => when && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!when) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [when]);
  const stay = (): void => blocker.reset?.();
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={stay}
      withCloseButton={false}
      centered
      title={say({ zh: '所写内容尚未保存', en: 'What you wrote is not saved' })}
    >
      <Text size="sm">{say({ zh: '离开后将无法找回。', en: 'It is lost when you leave.' })}</Text>
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={() => blocker.proceed?.()}>
          {say({ zh: '放弃并离开', en: 'Leave without it' })}
        </Button>
        <Button onClick={stay} data-autofocus>
          {say({ zh: '留在本页', en: 'Stay' })}
        </Button>
      </Group>
    </Modal>
  );
}
