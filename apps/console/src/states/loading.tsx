import type { ReactNode } from 'react';
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useText } from '../words/text.tsx';

/** The shape of what is on its way: `rows` lines under a heading. */
export function Loading({ rows = 6 }: { rows?: number }): ReactNode {
  const say = useText();
  return (
    <div role="status" aria-live="polite" aria-busy="true">
      <VisuallyHidden>{say({ zh: '正在读取', en: 'Loading' })}</VisuallyHidden>
      <Stack gap="sm" aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          <Skeleton key={row} height={row === 0 ? 24 : 18} width={`${row === 0 ? 32 : 96 - ((row * 17) % 30)}%`} />
        ))}
      </Stack>
    </div>
  );
}
