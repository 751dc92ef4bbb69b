import { type ReactNode, useState } from 'react';
import { Button, Select, TextInput } from '@mantine/core';
import { AGENCIES, KIND_NAMES, PROVINCES } from '@clearance/contracts/words';
import { Icon } from '../../parts/icon.tsx';
import { kindName, unitName } from '../../words/names.ts';
import { useText } from '../../words/text.tsx';
import classes from './ledger.module.css';
import { type Field, FIELDS, localOf, momentOf, type Question } from './questions.ts';

const UNITS = PROVINCES.flatMap(({ code }) => AGENCIES.map((agency) => `${code}.${agency}`));

interface QuestionFormProps {
  question: Question;
  asked: Readonly<Record<string, string>>;
  onAsk: (conditions: Readonly<Record<string, string>>) => void;
}

/** The conditions of a question, to be written. */
export function QuestionForm({ question, asked, onAsk }: QuestionFormProps): ReactNode {
  const say = useText();
  const [written, setWritten] = useState(asked);
  const write = (name: string, value: string | null): void =>
    setWritten((before) => ({ ...before, [name]: value ?? '' }));
  return (
    <form
      className={`panel ${classes['form']}`}
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(written);
      }}
    >
      {FIELDS[question].map((field) => (
        <Condition key={field.name} field={field} value={written[field.name] ?? ''} onWrite={write} />
      ))}
      <Button type="submit" leftSection={<Icon name="search" size={16} />}>
        {say({ zh: '查询', en: 'Ask' })}
      </Button>
    </form>
  );
}

interface ConditionProps {
  field: Field;
  value: string;
  onWrite: (name: string, value: string | null) => void;
}

function Condition({
  field: { name, form, label, required = false, hint },
  value,
  onWrite,
}: ConditionProps): ReactNode {
  const say = useText();
  const common = { label: say(label), required, ...(hint === undefined ? {} : { placeholder: hint }) };
  switch (form) {
    case 'unit':
    case 'kind':
      return (
        <Select
          {...common}
          placeholder={required ? say({ zh: '请选择', en: 'Choose' }) : say({ zh: '全部', en: 'All' })}
          data={
            form === 'unit'
              ? UNITS.map((unit) => ({ value: unit, label: say(unitName(unit)) }))
              : Object.keys(KIND_NAMES).map((kind) => ({ value: kind, label: say(kindName(kind)) }))
          }
          value={value === '' ? null : value}
          onChange={(chosen) => onWrite(name, chosen)}
          searchable
          clearable={!required}
          clearButtonProps={{ 'aria-label': say({ zh: '清除', en: 'Clear' }) }}
        />
      );
    case 'moment':
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={localOf(value)}
          onChange={({ currentTarget }) => onWrite(name, momentOf(currentTarget.value))}
        />
      );
    case 'text':
    case 'number':
      return (
        <TextInput
          {...common}
          {...(form === 'number' ? { inputMode: 'numeric' as const, pattern: '[1-9][0-9]*' } : {})}
          value={value}
          onChange={({ currentTarget }) => onWrite(name, currentTarget.value.trim())}
          spellCheck={false}
          autoComplete="off"
        />
      );
    default:
      return form satisfies never;
  }
}
