import type { ReactNode } from 'react';
import { Button, Group } from '@mantine/core';
import { useText } from '../words/text.tsx';

interface MoreProps {
  /** An infinite query of TanStack's. */
  pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Goes on where a list was broken off; nothing where it ends. */
export function More({ pages }: MoreProps): ReactNode {
  const say = useText();
  if (!pages.hasNextPage) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {say({ zh: '更多', en: 'More' })}
      </Button>
    </Group>
  );
}
