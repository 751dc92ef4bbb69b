import { type ReactNode, useState } from 'react';
import { Anchor, Button, Group, Select, Text, TextInput } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { AGENCIES, type LocalizedText, PROVINCES } from '@clearance/contracts/words';
import { type Answer, BY_CURSOR, queries } from '../../api/client.ts';
import { Code } from '../../parts/code.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Moment } from '../../parts/moment.tsx';
import { More } from '../../parts/more.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Answered } from '../../states/answered.tsx';
import { Empty } from '../../states/empty.tsx';
import { placeName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './consignments.module.css';
import { KIND_WORDS, knownBy } from './known-by.ts';
import { type Identifier, recogniseIdentifier } from './recognise-identifier.ts';

type Consignment = Answer<'/api/v1/consignments'>['consignments'][number];

const UNITS = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency) => `${code}.${agency}`));

/** Finds consignments by whatever is known of them; without a question, the newest. */
export default function ConsignmentsPage(): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('q') ?? '';
  const issuer = parameters.get('issuer');
  const identifier = recogniseIdentifier(asked);
  const ask = (next: { q?: string; issuer?: string | null }): void =>
    setParameters((before) => {
      for (const [name, value] of Object.entries(next)) {
        if (value) before.set(name, value);
        else before.delete(name);
      }
      return before;
    });
  return (
    <>
      <PageHeader
        title={say({ zh: '票', en: 'Consignments' })}
        lead={say({
          zh: '一票货物在各部门、各省之间的全部监管结果，按共同的单证与箱号归并。',
          en: 'Everything that agencies and provinces found about the same goods, joined by the documents and containers that they share.',
        })}
      />
      {/* Another question, another field: what is written begins with what the address asks. */}
      <Question key={asked} asked={asked} onAsk={(q) => ask({ q })}>
        <Select
          label={say({ zh: '签发单位', en: 'Issued by' })}
          placeholder={say({ zh: '全部', en: 'All' })}
          data={UNITS.map((unit) => ({ value: unit, label: say(unitName(unit)) }))}
          value={issuer}
          onChange={(unit) => ask({ issuer: unit })}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': say({ zh: '不限单位', en: 'Any unit' }) }}
          w={200}
        />
      </Question>
      {asked !== '' && identifier === undefined ? (
        <Empty title={say({ zh: '这不是可查的编号', en: 'This is no number to look for' })}>
          {say({
            zh: '编号最长 35 个字符。可输入箱号、18 位报关单号、运单号或结果编号。',
            en: 'Numbers have at most 35 characters: a container, an 18-digit declaration, a transport document or a result’s id.',
          })}
        </Empty>
      ) : (
        <Found identifier={identifier} issuer={issuer} />
      )}
    </>
  );
}

interface QuestionProps {
  asked: string;
  onAsk: (text: string) => void;
  children: ReactNode;
}

function Question({ asked, onAsk, children }: QuestionProps): ReactNode {
  const say = useText();
  const [text, setText] = useState(asked);
  const identifier = recogniseIdentifier(text);
  return (
    <form
      role="search"
      className={`panel ${classes['question']}`}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(text.trim());
      }}
    >
      <TextInput
        className={classes['field']!}
        label={say({
          zh: '箱号、报关单号、运单号或结果编号',
          en: 'Container, declaration, transport document or result',
        })}
        placeholder="CSQU3054383"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        leftSection={<Icon name="search" size={18} />}
        autoComplete="off"
        spellCheck={false}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        description={<Hint text={text} identifier={identifier} />}
      />
      {children}
      <Group gap="xs" className={classes['buttons']!}>
        <Button type="submit">{say({ zh: '查找', en: 'Find' })}</Button>
        {asked !== '' && (
          <Button variant="default" onClick={() => onAsk('')}>
            {say({ zh: '看最新', en: 'Newest' })}
          </Button>
        )}
      </Group>
    </form>
  );
}

function Hint({ text, identifier }: { text: string; identifier: Identifier | undefined }): ReactNode {
  const say = useText();
  return (
    <span role="status" className={classes['hint']}>
      {say(hintOf(text, identifier))}
    </span>
  );
}

function hintOf(text: string, identifier: Identifier | undefined): LocalizedText {
  if (text.trim() === '') return { zh: '不填则列出最新的票', en: 'Left empty, the newest are listed' };
  if (identifier === undefined) return { zh: '不是可查的编号', en: 'No number to look for' };
  const { kind, value, sound } = identifier;
  const word = KIND_WORDS[kind];
  if (sound) return { zh: `识别为${word.zh}：${value}`, en: `Read as a ${word.en}: ${value}` };
  return kind === 'container'
    ? { zh: `识别为箱号，但校验位不符：${value}`, en: `Read as a container, though its check digit is wrong: ${value}` }
    : { zh: `识别为报关单号，但申报关区未知：${value}`, en: `Read as a declaration of an unknown office: ${value}` };
}

function Found({ identifier, issuer }: { identifier: Identifier | undefined; issuer: string | null }): ReactNode {
  const say = useText();
  const found = queries.useInfiniteQuery(
    'get',
    '/api/v1/consignments',
    {
      params: {
        query: {
          limit: 25,
          ...(identifier === undefined ? {} : { [identifier.kind]: identifier.value }),
          ...(issuer === null ? {} : { issuer }),
        },
      },
    },
    BY_CURSOR,
  );
  return (
    <Answered query={found} rows={9} needed={['coordinator', 'auditor']}>
      {({ pages }) => {
        const consignments = pages.flatMap((page) => page.consignments);
        if (consignments.length === 0) return <NothingFound identifier={identifier} />;
        return (
          <>
            <ConsignmentTable
              caption={
                identifier === undefined
                  ? say({ zh: '最新的票', en: 'The newest consignments' })
                  : say({ zh: '找到的票', en: 'Consignments found' })
              }
              consignments={consignments}
            />
            <More pages={found} />
          </>
        );
      }}
    </Answered>
  );
}

function NothingFound({ identifier }: { identifier: Identifier | undefined }): ReactNode {
  const say = useText();
  if (identifier === undefined) {
    return (
      <Empty title={say({ zh: '还没有票', en: 'There is no consignment yet' })}>
        {say({
          zh: '单位提交监管结果后，同一票货物的结果会在数秒内归并到这里。',
          en: 'Once units submit results, those about the same goods are joined here within seconds.',
        })}
      </Empty>
    );
  }
  const word = KIND_WORDS[identifier.kind];
  return (
    <Empty
      title={say({
        zh: `没有${word.zh}为 ${identifier.value} 的票`,
        en: `No consignment has the ${word.en} ${identifier.value}`,
      })}
    >
      {say({
        zh: '可能尚无单位就它提交结果；刚提交的结果数秒后可查。对任一单位不予共享的编号，此处也查不到。',
        en: 'No unit may have submitted anything about it yet; what has just been submitted is found after a few seconds. A number that is withheld from any unit is not found here either.',
      })}
    </Empty>
  );
}

function ConsignmentTable({
  caption,
  consignments,
}: {
  caption: string;
  consignments: readonly Consignment[];
}): ReactNode {
  const say = useText();
  const list = (names: readonly LocalizedText[]): string => names.map(say).join(say({ zh: '、', en: ', ' }));
  return (
    <DataTable
      caption={caption}
      rows={consignments}
      rowKey={({ consignmentId }) => consignmentId}
      columns={[
        {
          heading: say({ zh: '票', en: 'Consignment' }),
          cell: (consignment) => {
            const [first, ...others] = knownBy(consignment);
            return (
              <>
                <Anchor component={Link} to={`/consignments/${consignment.consignmentId}`} fz="sm" fw={600}>
                  <Code value={first!.value} />
                </Anchor>
                <Text size="xs" c="dimmed">
                  {say(KIND_WORDS[first!.kind])}
                  {others.slice(0, 2).map(({ value }) => (
                    <span key={value}>
                      {' · '}
                      <Code value={value} />
                    </span>
                  ))}
                  {others.length > 2 && ` +${others.length - 2}`}
                </Text>
              </>
            );
          },
        },
        { heading: say({ zh: '经手单位', en: 'Units' }), cell: ({ issuers }) => list(issuers.map(unitName)) },
        { heading: say({ zh: '地点', en: 'Places' }), cell: ({ locations }) => list(locations.map(placeName)) || '—' },
        { heading: say({ zh: '结果', en: 'Results' }), numeric: true, cell: ({ results }) => results },
        { heading: say({ zh: '最近查验', en: 'Last examined' }), cell: ({ lastAt }) => <Moment at={lastAt} /> },
        {
          heading: say({ zh: '回执', en: 'Receipts' }),
          cell: ({ unsettled }) =>
            unsettled === 0 ? (
              <Tag tone="good">{say({ zh: '已办结', en: 'Settled' })}</Tag>
            ) : (
              <Tag tone="attention">{say({ zh: `${unsettled} 份未办结`, en: `${unsettled} not settled` })}</Tag>
            ),
        },
      ]}
    />
  );
}
