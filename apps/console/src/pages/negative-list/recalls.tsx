import { type ReactNode, useState } from 'react';
import { Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import { type Answer, queries } from '../../api/client.ts';
import { Actor } from '../../parts/actor.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { useFormats } from '../../words/formats.ts';
import { unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { REVIEW_MODES, REVIEW_STATES } from './names.ts';
import classes from './negative-list.module.css';

type Review = Answer<'/api/v1/reviews'>['reviews'][number];

const EVERY_MS = 5_000;
const SHOWN = 20;

/** What was given and is decided anew: how far each recall and catch-up is, and who is waited for. */
export function Recalls(): ReactNode {
  const say = useText();
  const reviews = queries.useQuery(
    'get',
    '/api/v1/reviews',
    { params: { query: { limit: SHOWN } } },
    {
      refetchInterval: ({ state }) =>
        state.data?.reviews.some((review) => review.state === 'under-way') ? EVERY_MS : false,
    },
  );
  return (
    <Answered query={reviews} rows={4}>
      {({ reviews: found }) =>
        found.length === 0 ? (
          <Empty title={say({ zh: '没有收回或补发', en: 'Nothing was recalled or caught up' })}>
            {say({
              zh: '更严的清单生效后，不再可见的内容随即收回，进度列在这里。',
              en: 'Once a stricter list is in force, what may be seen no more is taken back; how far that is stands here.',
            })}
          </Empty>
        ) : (
          <div className={classes['entries']}>
            {found.map((review) => (
              <ReviewPanel key={review.reviewId} review={review} />
            ))}
          </div>
        )
      }
    </Answered>
  );
}

function ReviewPanel({ review }: { review: Review }): ReactNode {
  const say = useText();
  const { time, number } = useFormats();
  const [opened, setOpened] = useState(false);
  const { tone, name } = REVIEW_STATES[review.state];
  const title = `${say(REVIEW_MODES[review.mode])} ${review.listVersion ?? ''}`;
  const confirmed = review.copies - review.waiting;
  return (
    <section className={`panel ${classes['entry']}`} aria-label={`${title} ${time(review.at)}`}>
      <Group justify="space-between" mb={8}>
        <Group gap="sm">
          <Text component="h3" fw={600} fz="md">
            {title}
          </Text>
          <Tag tone={tone}>{say(name)}</Tag>
        </Group>
        <Text size="sm" c="dimmed" className="numeric">
          {time(review.at)}
        </Text>
      </Group>
      <Stack gap={6}>
        <Share
          title={say({ zh: '重新裁定的版本', en: 'Versions decided anew' })}
          done={review.decided}
          of={review.versions}
        />
        <Share title={say({ zh: '回执的副本', en: 'Copies confirmed' })} done={confirmed} of={review.copies} />
      </Stack>
      {review.refused > 0 && (
        <Text size="sm" mt={8}>
          {say({
            zh: `${number(review.refused)} 份版本其签发单位已无法再提供。`,
            en: `${number(review.refused)} versions can no longer be offered by their issuers.`,
          })}
        </Text>
      )}
      {(review.reason !== null || review.requestedBy !== null) && (
        <Text component="div" size="sm" mt={8}>
          {review.requestedBy !== null && <Actor name={review.requestedBy} />}
          {review.reason !== null &&
            `${review.requestedBy === null ? '' : say({ zh: '：', en: ': ' })}${review.reason}`}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        mt={8}
        aria-expanded={opened}
        onClick={() => setOpened((before) => !before)}
      >
        {opened ? say({ zh: '收起', en: 'Show less' }) : say({ zh: '谁尚未办结', en: 'Who is waited for' })}
      </Button>
      {opened && <WhoIsWaitedFor reviewId={review.reviewId} />}
    </section>
  );
}

function Share({ title, done, of }: { title: string; done: number; of: number }): ReactNode {
  const { number } = useFormats();
  return (
    <div>
      <Group justify="space-between" mb={2}>
        <Text size="sm">{title}</Text>
        <Text size="sm" className="numeric">
          {number(done)} / {number(of)}
        </Text>
      </Group>
      <Progress value={of === 0 ? 100 : (100 * done) / of} aria-label={title} size="sm" />
    </div>
  );
}

function WhoIsWaitedFor({ reviewId }: { reviewId: string }): ReactNode {
  const say = useText();
  const { time, number } = useFormats();
  const details = queries.useQuery('get', '/api/v1/reviews/{reviewId}', { params: { path: { reviewId } } });
  return (
    <Answered query={details} rows={3}>
      {({ stragglers, issuers, refusals }) =>
        stragglers.length + issuers.length + refusals.length === 0 ? (
          <Text size="sm">{say({ zh: '无人：全部办结。', en: 'Nobody: all is done.' })}</Text>
        ) : (
          <Text component="div" size="sm">
            <FactList
              facts={[
                ...stragglers.map(
                  ({ unit, waiting, since }) =>
                    [
                      say(unitName(unit)),
                      say({
                        zh: `${number(waiting)} 份副本未回执，自 ${time(since)}`,
                        en: `${number(waiting)} copies not confirmed since ${time(since)}`,
                      }),
                    ] as const,
                ),
                ...issuers.map(
                  ({ unit, toDecide }) =>
                    [
                      say({ zh: `${unitName(unit).zh}（签发）`, en: `${unitName(unit).en} (issuer)` }),
                      say({
                        zh: `${number(toDecide)} 份待再次提供`,
                        en: `${number(toDecide)} versions yet to be offered again`,
                      }),
                    ] as const,
                ),
              ]}
            />
            {refusals.length > 0 && (
              <List size="sm" mt={8}>
                {refusals.map(({ resultId, version, issuer, reason }) => (
                  <List.Item key={`${resultId}-${version}`}>
                    {say(unitName(issuer))} <span className="code">{resultId}</span> v{version}: {reason}
                  </List.Item>
                ))}
              </List>
            )}
          </Text>
        )
      }
    </Answered>
  );
}
