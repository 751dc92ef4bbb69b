import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { useRouteError } from 'react-router';
import { State } from '../states/state.tsx';
import { useText } from '../words/text.tsx';

/** Stands in the place of a page that failed: mostly a part of it that could not be loaded after the console was renewed. */
export function Broken(): ReactNode {
  const say = useText();
  const error = useRouteError();
  return (
    <State
      icon="fault"
      tone="bad"
      role="alert"
      title={say({ zh: '页面出错', en: 'The page failed' })}
      actions={<Button onClick={() => window.location.reload()}>{say({ zh: '重新载入', en: 'Load it again' })}</Button>}
    >
      <p>
        {say({
          zh: '页面的一部分未能载入或显示。若控制台刚刚更新，重新载入即可。',
          en: 'A part of the page could not be loaded or shown. If the console has just been renewed, loading it again helps.',
        })}
      </p>
      <p className="code">{error instanceof Error ? error.message : String(error)}</p>
    </State>
  );
}
