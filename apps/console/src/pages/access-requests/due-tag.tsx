import { type ReactNode, useState } from 'react';
import { Tag } from '../../parts/tag.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { dueOf } from './states.ts';

/** When an answer is due, where one is. */
export function DueTag({ request }: { request: { state: string; dueAt?: string } }): ReactNode {
  const say = useText();
  const { day } = useFormats();
  const [now] = useState(() => Date.now());
  const due = dueOf(request, now);
  if (due === 'none') return null;
  const at = day(request.dueAt!);
  switch (due) {
    case 'overdue':
      return <Tag tone="bad">{say({ zh: `逾期，应于 ${at}`, en: `Overdue since ${at}` })}</Tag>;
    case 'soon':
      return <Tag tone="attention">{say({ zh: `即将到期 ${at}`, en: `Due soon, ${at}` })}</Tag>;
    case 'in-time':
      return <Tag>{say({ zh: `应于 ${at} 前答复`, en: `Due ${at}` })}</Tag>;
    default:
      return due satisfies never;
  }
}
