import { type ReactNode, useState } from 'react';
import { Anchor, Button, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { LocalizedText } from '@clearance/contracts/words';
import { Icon } from '../../parts/icon.tsx';
import { Tag } from '../../parts/tag.tsx';
import { type Formats, useFormats } from '../../words/formats.ts';
import { checkName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import { KINDS, type Matter } from './attention.ts';
import classes from './attention-list.module.css';

/** So many are told before somebody asks for all. */
const TOLD_AT_FIRST = 6;

interface AttentionListProps {
  matters: readonly Matter[];
  /** When this was so. */
  at: string;
  /** What could not be asked, in words. */
  unasked: readonly LocalizedText[];
}

/** What somebody should look at now, the gravest first, and where it is looked at. */
export function AttentionList({ matters, at, unasked }: AttentionListProps): ReactNode {
  const say = useText();
  const formats = useFormats();
  const [all, setAll] = useState(false);
  const told = all ? matters : matters.slice(0, TOLD_AT_FIRST);
  return (
    <>
      {matters.length === 0 ? (
        <Group gap="sm" wrap="nowrap" className={classes['well']!}>
          <Icon name="done" />
          <Text>
            {say({
              zh: '目前无需处理：各单位均已连接，副本按时确认，没有死信、相左的结论或逾期的申请。',
              en: 'Nothing needs attention: every unit is connected, copies are confirmed in time, and there are no dead letters, contradictions or overdue requests.',
            })}
          </Text>
        </Group>
      ) : (
        <ol className={classes['list']}>
          {told.map((matter) => {
            const { tone, to, helps } = KINDS[matter.kind];
            return (
              <li key={keyOf(matter)}>
                <Tag tone={tone}>
                  {say(tone === 'bad' ? { zh: '紧急', en: 'Urgent' } : { zh: '注意', en: 'Attention' })}
                </Tag>
                <span className={classes['what']}>{say(describe(matter, formats))}</span>
                <span className={`numeric ${classes['age']}`}>{age(matter, at, formats)}</span>
                <Anchor
                  component={Link}
                  to={placeOf(matter, to)}
                  size="sm"
                  aria-label={`${say(helps)}: ${say(describe(matter, formats))}`}
                >
                  {say(helps)}
                </Anchor>
              </li>
            );
          })}
        </ol>
      )}
      {matters.length > TOLD_AT_FIRST && (
        <Button variant="subtle" size="compact-sm" mt={4} onClick={() => setAll(!all)} aria-expanded={all}>
          {all
            ? say({ zh: '只看最要紧的', en: 'The gravest alone' })
            : say({ zh: `全部 ${matters.length} 件`, en: `All ${matters.length}` })}
        </Button>
      )}
      {unasked.length > 0 && (
        <Text size="sm" c="dimmed" mt={8}>
          {say({
            zh: `未能查询：${unasked.map(({ zh }) => zh).join('、')}。`,
            en: `Could not be asked about: ${unasked.map(({ en }) => en).join(', ')}.`,
          })}
        </Text>
      )}
    </>
  );
}

function keyOf(matter: Matter): string {
  if (matter.kind === 'conflict') {
    const { consignmentId, check, container } = matter.conflict;
    return `conflict ${consignmentId} ${check} ${container}`;
  }
  return [matter.kind, 'unit' in matter && matter.unit, 'keyId' in matter && matter.keyId, 'reviewId' in matter && matter.reviewId, 'requestId' in matter && matter.requestId].join(' '); // prettier-ignore
}

function placeOf(matter: Matter, to: string): string {
  switch (matter.kind) {
    case 'conflict':
      return `${to}/${matter.conflict.consignmentId}`;
    case 'overdue':
      return `${to}?overdue=true`;
    default:
      return to;
  }
}

function age(matter: Matter, at: string, { duration }: Formats): string {
  if (!('since' in matter) || matter.since === '') return '';
  return duration(Math.max(0, Date.parse(at) - Date.parse(matter.since)) / 1_000);
}

const REVIEW_NAMES = { recall: { zh: '召回', en: 'A recall' }, 'catch-up': { zh: '补发', en: 'A catch-up' } } as const;

function describe(matter: Matter, { number }: Formats): LocalizedText {
  const name = 'unit' in matter ? unitName(matter.unit) : { zh: '', en: '' };
  switch (matter.kind) {
    case 'not-connected':
      return { zh: `${name.zh}未连接`, en: `${name.en} is not connected` };
    case 'no-valid-key':
      return { zh: `${name.zh}没有有效密钥，不能签发`, en: `${name.en} has no valid key and cannot issue` };
    case 'unconfirmed':
      return {
        zh: `${name.zh}有 ${number(matter.versions)} 份副本超过五分钟未确认`,
        en: `${name.en} has not confirmed copies for more than five minutes: ${number(matter.versions)}`,
      };
    case 'unsettled':
      return {
        zh: `${name.zh}签发的 ${number(matter.versions)} 份久未办结`,
        en: `${name.en} has results that are not settled: ${number(matter.versions)}`,
      };
    case 'dead-letters':
      return {
        zh: `${name.zh}有 ${number(matter.messages)} 条死信`,
        en: `${name.en} has dead letters: ${number(matter.messages)}`,
      };
    case 'recall-incomplete':
      return {
        zh: `${REVIEW_NAMES[matter.mode].zh}未能完成，${number(matter.refused)} 份被拒`,
        en: `${REVIEW_NAMES[matter.mode].en} is incomplete: ${number(matter.refused)} refused`,
      };
    case 'recall-waiting':
      return {
        zh: `${REVIEW_NAMES[matter.mode].zh}尚有 ${number(matter.waiting)} 份副本未确认`,
        en: `${REVIEW_NAMES[matter.mode].en} waits for confirmations of copies: ${number(matter.waiting)}`,
      };
    case 'conflict':
      return describeConflict(matter.conflict);
    case 'more-conflicts':
      return { zh: `另有 ${number(matter.count)} 处结论相左`, en: `More contradictions: ${number(matter.count)}` };
    case 'overdue': {
      const [owner, requester] = [unitName(matter.owner), unitName(matter.requester)];
      return {
        zh: `${owner.zh}逾期未答复${requester.zh}的数据申请`,
        en: `${owner.en} has not answered the request of ${requester.en} in time`,
      };
    }
    case 'key-revoked':
      return { zh: `${name.zh}的密钥已撤销：${matter.keyId}`, en: `A key of ${name.en} is revoked: ${matter.keyId}` };
    default:
      return matter satisfies never;
  }
}

function describeConflict(conflict: Extract<Matter, { kind: 'conflict' }>['conflict']): LocalizedText {
  const of = (sides: readonly { issuer: string }[], language: 'zh' | 'en'): string =>
    [...new Set(sides.map(({ issuer }) => unitName(issuer)[language]))].join(language === 'zh' ? '、' : ', ');
  const check = checkName(conflict.check);
  const goods =
    conflict.container === null
      ? { zh: '', en: '' }
      : { zh: `（${conflict.container}）`, en: ` of ${conflict.container}` };
  return {
    zh: `${check.zh}结论相左${goods.zh}：${of(conflict.conformant, 'zh')}合格，${of(conflict.nonConformant, 'zh')}不合格`,
    en: `${check.en}${goods.en}: conformant for ${of(conflict.conformant, 'en')}, not for ${of(conflict.nonConformant, 'en')}`,
  };
}
