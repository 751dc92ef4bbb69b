import type { ReactNode } from 'react';
import { Tooltip } from '@mantine/core';
import { useText } from '../words/text.tsx';
import { ownActor, shortActor } from './own-actor.ts';

/** Who did something; by whom they were signed in is told when asked. */
export function Actor({ name }: { name: string }): ReactNode {
  const say = useText();
  const own = name === ownActor();
  return (
    <Tooltip label={name} events={{ hover: true, focus: true, touch: true }}>
      <span tabIndex={0}>
        {shortActor(name)}
        {own && say({ zh: '（您）', en: ' (you)' })}
      </span>
    </Tooltip>
  );
}

/** Several, in a row. */
export function Actors({ names }: { names: readonly string[] }): ReactNode {
  const say = useText();
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && say({ zh: '、', en: ', ' })}
      <Actor name={name} />
    </span>
  ));
}
