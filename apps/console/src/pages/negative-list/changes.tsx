import type { ReactNode } from 'react';
import { Text } from '@mantine/core';
import type { components } from '../../api/client.ts';
import { Tag } from '../../parts/tag.tsx';
import { Empty } from '../../states/empty.tsx';
import { useText } from '../../words/text.tsx';
import { EFFECTS } from './names.ts';
import classes from './negative-list.module.css';

interface ChangesProps {
  since: string | null;
  changes: readonly components['schemas']['ListChange'][];
}

/** In what one list differs from another, in words, with what each difference does to what is shared. */
export function Changes({ since, changes }: ChangesProps): ReactNode {
  const say = useText();
  if (changes.length === 0) {
    return (
      <Empty title={say({ zh: '没有差异', en: 'Nothing differs' })}>
        {say({ zh: `与 ${since ?? '—'} 逐条相同。`, en: `Every entry is as in ${since ?? '—'}.` })}
      </Empty>
    );
  }
  return (
    <div className={`panel ${classes['section']}`}>
      <Text size="sm" c="dimmed" mb="sm">
        {since === null
          ? say({ zh: '此前没有清单，每一条都是新增。', en: 'There was no list before it: every entry is new.' })
          : say({
              zh: `与 ${since} 相比，共 ${changes.length} 处：`,
              en: `Compared with ${since}, ${changes.length} in all:`,
            })}
      </Text>
      <ul className={classes['changes']}>
        {changes.map(({ code, effect, entry, message }, index) => (
          <li key={`${code}-${entry ?? ''}-${index}`}>
            <span>
              <Tag tone={EFFECTS[effect].tone}>{say(EFFECTS[effect].name)}</Tag>
            </span>
            <span>{say(message)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
