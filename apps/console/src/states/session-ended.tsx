import { type ReactNode, useState } from 'react';
import { Button, Group, Modal, Text } from '@mantine/core';
import { useSignedIn } from '../session/session.tsx';
import { useText } from '../words/text.tsx';

/** Tells that the session has ended, over the page as it was, so that what was written can still be copied. */
export function SessionEnded(): ReactNode {
  const say = useText();
  const { ended, signIn } = useSignedIn();
  const [put, setPut] = useState(false);
  return (
    <Modal
      opened={ended && !put}
      onClose={() => setPut(true)}
      withCloseButton={false}
      centered
      title={say({ zh: '登录已失效', en: 'Your session has ended' })}
    >
      <Text size="sm">
        {say({
          zh: '为安全起见，登录有时限。重新登录后回到本页；尚未提交的文字请先复制。',
          en: 'Sessions end after a while, for safety. Sign in again and you are back on this page; copy first what you have not submitted.',
        })}
      </Text>
      <Group mt="lg" justify="flex-end">
        <Button variant="default" onClick={() => setPut(true)}>
          {say({ zh: '先留在本页', en: 'Stay here for now' })}
        </Button>
        <Button onClick={signIn} data-autofocus>
          {say({ zh: '重新登录', en: 'Sign in again' })}
        </Button>
      </Group>
    </Modal>
  );
}
