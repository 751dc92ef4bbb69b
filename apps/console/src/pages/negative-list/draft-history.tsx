import type { ReactNode } from 'react';
import { Timeline, Text } from '@mantine/core';
import { queries } from '../../api/client.ts';
import { Actor } from '../../parts/actor.tsx';
import { Answered } from '../../states/answered.tsx';
import { useFormats } from '../../words/formats.ts';
import { useText } from '../../words/text.tsx';
import { inSteps } from './draft-steps.ts';
import { ACTS } from './names.ts';
import classes from './negative-list.module.css';

/** What was done with a draft: who, when, why. */
export function DraftHistory({ draftId, revision }: { draftId: string; revision: number }): ReactNode {
  const say = useText();
  const { time } = useFormats();
  const history = queries.useQuery(
    'get',
    '/api/v1/drafts/{draftId}/history',
    { params: { path: { draftId } } },
    { staleTime: 0 },
  );
  return (
    <Answered query={history}>
      {({ events }) => (
        <div className={`panel ${classes['section']}`} key={revision}>
          <Timeline active={events.length} bulletSize={14} lineWidth={2}>
            {inSteps(events).map(({ first, last, count }) => (
              <Timeline.Item
                key={first.revision}
                title={`${say(ACTS[first.act])} ${count === 1 ? `r${first.revision}` : `r${first.revision}–r${last.revision}`}`}
              >
                <Text size="sm">
                  <Actor name={first.actor} /> · <span className="numeric">{time(last.at)}</span>
                </Text>
                <Text size="sm">{last.reason}</Text>
              </Timeline.Item>
            ))}
          </Timeline>
        </div>
      )}
    </Answered>
  );
}
