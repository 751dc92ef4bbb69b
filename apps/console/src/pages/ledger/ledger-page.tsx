import type { ReactNode } from 'react';
import { Tabs, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import type { LocalizedText } from '@clearance/contracts/words';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../states/empty.tsx';
import { useText } from '../../words/text.tsx';
import { RawRows } from './raw-rows.tsx';
import { ShownRows, WithheldRows } from './given-rows.tsx';
import { Heads } from './heads.tsx';
import { QuestionForm } from './question-form.tsx';
import { conditionsOf, FIELDS, isAsked, type Question, QUESTIONS } from './questions.ts';
import { WhoSaw } from './who-saw.tsx';
import { WithheldSummary } from './withheld-summary.tsx';

const NAMES: Readonly<Record<Question, LocalizedText>> = {
  'who-saw': { zh: '谁看到了', en: 'Who saw it' },
  shown: { zh: '某单位得到了什么', en: 'What a unit was given' },
  withheld: { zh: '依条目不予提供', en: 'Withheld under an entry' },
  rows: { zh: '原始行', en: 'Rows' },
  heads: { zh: '台账头与核验', en: 'Heads and verification' },
};

const LEADS: Readonly<Record<Question, LocalizedText>> = {
  'who-saw': {
    zh: '某份结果的某个字段，给哪些单位看过、没有给谁看、依据哪一条目。',
    en: 'To whom a field of a result was shown, to whom not, and under which entry.',
  },
  shown: {
    zh: '一个单位在一段时间里得到的全部结果，以及其中没有给它的内容。',
    en: 'Every result that a unit was given in a period, and what of it was not shown.',
  },
  withheld: {
    zh: '负面清单的一个条目在一段时间里实际挡住了什么、对谁。',
    en: 'What an entry of the negative list really withheld in a period, and from whom.',
  },
  rows: { zh: '台账各行原样，可连同链证明导出。', en: 'The rows as they are, to be exported with their chain proof.' },
  heads: {
    zh: '台账签署到哪里，签过的是否仍然成立。',
    en: 'How far the ledger is signed, and whether what was signed holds.',
  },
};

/** What was shown to whom under which entry, and that it is so. */
export default function LedgerPage(): ReactNode {
  const say = useText();
  const [parameters, setParameters] = useSearchParams();
  const question = QUESTIONS.find((each) => each === parameters.get('ask')) ?? 'who-saw';
  const conditions = conditionsOf(question, parameters);
  const ask = (next: Readonly<Record<string, string>>): void =>
    setParameters({
      ask: question,
      // What is empty is not asked; but for a path, whose emptiness is the whole result.
      ...Object.fromEntries(Object.entries(next).filter(([name, value]) => value !== '' || name === 'path')),
    });
  return (
    <>
      <PageHeader
        title={say({ zh: '共享台账', en: 'Ledger' })}
        lead={say({
          zh: '谁在何时看到了什么、依据清单哪一条目；逐行相链、定时签署，不可悄然改动。',
          en: 'Who was shown what, when, under which entry: chained row by row and signed, so that it cannot be changed unnoticed.',
        })}
      />
      <Tabs value={question} onChange={(next) => setParameters({ ask: next ?? 'who-saw' })} keepMounted={false}>
        <Tabs.List>
          {QUESTIONS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {say(NAMES[each])}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {QUESTIONS.map((each) => (
          <Tabs.Panel key={each} value={each} pt="md">
            <Text size="sm" c="dimmed">
              {say(LEADS[each])}
            </Text>
            {FIELDS[each].length > 0 && (
              <QuestionForm key={parameters.toString()} question={each} asked={conditions} onAsk={ask} />
            )}
            {isAsked(each, conditions) ? <QuestionAnswer question={each} conditions={conditions} /> : <NotAsked />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}

function QuestionAnswer({
  question,
  conditions,
}: {
  question: Question;
  conditions: Readonly<Record<string, string>>;
}): ReactNode {
  switch (question) {
    case 'who-saw':
      return <WhoSaw conditions={conditions} />;
    case 'shown':
      return <ShownRows conditions={conditions} />;
    case 'withheld':
      return (
        <>
          <WithheldSummary conditions={conditions} />
          <WithheldRows conditions={conditions} />
        </>
      );
    case 'rows':
      return <RawRows conditions={conditions} />;
    case 'heads':
      return <Heads />;
    default:
      return question satisfies never;
  }
}

function NotAsked(): ReactNode {
  const say = useText();
  return (
    <Empty title={say({ zh: '请先填写必填条件', en: 'Say first what is asked about' })}>
      {say({
        zh: '填好带 * 的条件后查询，答案显示在这里；地址栏即为该查询，可以收藏或发给同事。',
        en: 'Once what is marked * is filled in, the answer stands here; the address is the question, to be kept or sent on.',
      })}
    </Empty>
  );
}
