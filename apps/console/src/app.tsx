import type { ReactNode } from 'react';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createQueryClient } from './api/client.ts';
import { SessionProvider } from './session/session.tsx';
import { Entrance } from './shell/entrance.tsx';
import { styleNonce, theme, variables } from './theme.ts';
import { LanguageProvider } from './words/text.tsx';

const queryClient = createQueryClient();

/** The page, from the outside to the inside. */
export function App(): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
      deduplicateInlineStyles
    >
      <LanguageProvider>
        <QueryClientProvider client={queryClient}>
          <SessionProvider>
            <Notifications position="top-right" autoClose={6_000} />
            <Entrance />
          </SessionProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
