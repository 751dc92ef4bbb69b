import type { LocalizedText } from '@clearance/contracts/words';

/** What the ledger is asked; the names are the gateway's. */
export const QUESTIONS = ['who-saw', 'shown', 'withheld', 'rows', 'heads'] as const;
export type Question = (typeof QUESTIONS)[number];

/** How a condition is written. */
export type FieldForm = 'unit' | 'text' | 'kind' | 'moment' | 'number';

/** One condition of a question. */
export interface Field {
  name: string;
  form: FieldForm;
  label: LocalizedText;
  required?: boolean;
  hint?: string;
}

const PERIOD: readonly Field[] = [
  { name: 'from', form: 'moment', label: { zh: '判定自', en: 'Decided from' } },
  { name: 'to', form: 'moment', label: { zh: '判定至', en: 'Decided before' } },
];
const ISSUER: Field = { name: 'issuer', form: 'unit', label: { zh: '签发单位', en: 'Issued by' } };
const CONSUMER: Field = { name: 'consumer', form: 'unit', label: { zh: '接收单位', en: 'Given to' } };
const KIND: Field = { name: 'kind', form: 'kind', label: { zh: '类别', en: 'Kind' } };
const LIST: Field = {
  name: 'listVersion',
  form: 'text',
  label: { zh: '清单版本', en: 'List' },
  hint: '2026.11-1',
};

/** The conditions of each question. */
export const FIELDS: Readonly<Record<Question, readonly Field[]>> = {
  'who-saw': [
    {
      name: 'resultId',
      form: 'text',
      label: { zh: '结果编号', en: 'Result' },
      required: true,
      hint: '019aa5a1-7c5b-7000-8000-…',
    },
    {
      name: 'path',
      form: 'text',
      label: { zh: '字段（空为整份结果）', en: 'Field (empty: the whole)' },
      hint: '/border/persons/*/birthDate',
    },
    CONSUMER,
  ],
  shown: [
    { ...CONSUMER, required: true },
    ...PERIOD,
    ISSUER,
    KIND,
    {
      name: 'entry',
      form: 'text',
      label: { zh: '有字段依此条目不予提供', en: 'With something withheld under' },
      hint: 'NL-001',
    },
    LIST,
  ],
  withheld: [
    { name: 'entry', form: 'text', label: { zh: '条目', en: 'Entry' }, required: true, hint: 'NL-001' },
    ...PERIOD,
    CONSUMER,
    ISSUER,
    KIND,
    LIST,
  ],
  rows: [
    { name: 'first', form: 'number', label: { zh: '自第几行', en: 'First row' }, hint: '1' },
    { name: 'last', form: 'number', label: { zh: '至第几行', en: 'Last row' } },
  ],
  heads: [],
};

/** What the address asks: the conditions that are there, in the gateway's words. */
export function conditionsOf(question: Question, parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    FIELDS[question].flatMap(({ name }) => {
      const value = parameters.get(name);
      // A path may be empty: that is the whole result.
      return value === null || (value === '' && name !== 'path') ? [] : [[name, value]];
    }),
  );
}

/** Whether all is there that the question needs. */
export function isAsked(question: Question, conditions: Readonly<Record<string, string>>): boolean {
  return FIELDS[question].every(({ name, required }) => required !== true || name in conditions);
}

/** A local time as the field of a form has it, which is Beijing's, as the gateway takes it. */
export function momentOf(local: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local) ? `${local}:00+08:00` : local;
}

/** The way back, for a field that begins with what the address asks. */
export function localOf(moment: string): string {
  const milliseconds = Date.parse(moment);
  if (Number.isNaN(milliseconds)) return '';
  return new Date(milliseconds + 8 * 3_600_000).toISOString().slice(0, 16);
}
