import {
  ENTRY_ID_PATTERN,
  isTimestamp,
  isUnitId,
  type LedgerSelection,
  type MessageParameters,
  problem,
  type UnitId,
  type Violation,
  violation,
} from '@clearance/contracts';
import { isFieldPath } from '@clearance/provenance';
import { ProblemError } from '../../http/problem-filter.ts';
import { decodeCursor, type QuestionPlace } from './question-cursor.ts';

/** Rows of a page, when the question does not say, and at most. */
export const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1_000;
/** Characters of a path, as many as the ledger has for one. */
export const MAX_PATH = 1_024;

/** The parameters of a request as Express reads them: a text, or several where one is repeated. */
export type Parameters = Record<string, unknown>;

/** What is asked about one field of one result. */
export interface FieldQuestion {
  resultId: string;
  path: string;
  consumer?: UnitId;
  version?: number;
}

/** Which rows are asked for, and which page of them. */
export interface PageQuestion {
  selection: LedgerSelection;
  limit: number;
  start: QuestionPlace | undefined;
}

/** Which rows are to be exported, and how. */
export interface ExportQuestion {
  selection: LedgerSelection;
  format: ExportFormat | undefined;
  complete: boolean;
  bom: boolean;
}

/** The forms that an export can have. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The questions about several rows, each with the conditions that it takes; the first of `shown` and `withheld` must be there. */
export const QUESTIONS = {
  shown: ['consumer', 'grant', 'entry', 'issuer', 'kind', 'listVersion', 'from', 'to'],
  withheld: ['entry', 'consumer', 'issuer', 'kind', 'listVersion', 'from', 'to'],
  rows: ['first', 'last'],
} as const satisfies Record<string, readonly (keyof LedgerSelection)[]>;
export type Question = keyof typeof QUESTIONS;

/** An export of rows can be of a period too. */
const EXPORTED = { ...QUESTIONS, rows: ['first', 'last', 'from', 'to'] } as const;
const ALL_CONDITIONS = [...new Set(Object.values(EXPORTED).flat())];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const NUMBER = /^[1-9][0-9]{0,14}$/;
const ENTRY_ID = new RegExp(ENTRY_ID_PATTERN);
// A kind or a version of a list is what somebody wrote: any text that the ledger can hold.
const WORD = /^[^\p{C}]{1,64}$/u;

/** How each parameter is read: its value, or undefined if it is none. */
const READERS = {
  resultId: [(text: string) => (UUID.test(text) ? text.toLowerCase() : undefined), 'UUID'],
  path: [(text: string) => (text.length <= MAX_PATH && isFieldPath(text) ? text : undefined), 'JSON Pointer, *'],
  consumer: [(text: string) => (isUnitId(text) ? text : undefined), 'ln.customs'],
  issuer: [(text: string) => (isUnitId(text) ? text : undefined), 'ln.customs'],
  grant: [(text: string) => (UUID_7.test(text) ? text.toLowerCase() : undefined), 'UUIDv7'],
  entry: [(text: string) => (ENTRY_ID.test(text) ? text : undefined), 'NL-001'],
  kind: [(text: string) => (WORD.test(text) ? text : undefined), 'customs.examination'],
  listVersion: [(text: string) => (WORD.test(text) ? text : undefined), '2026.11-1'],
  from: [instantOf, 'RFC 3339'],
  to: [instantOf, 'RFC 3339'],
  first: [numberOf, '1…'],
  last: [numberOf, '1…'],
  version: [(text: string) => within(numberOf(text), 2_147_483_647), '1…2147483647'],
  limit: [(text: string) => within(numberOf(text), MAX_PAGE), `1…${MAX_PAGE}`],
  question: [(text: string) => (isQuestion(text) ? text : undefined), Object.keys(QUESTIONS).join(', ')],
  format: [(text: string) => EXPORT_FORMATS.find((format) => format === text), EXPORT_FORMATS.join(', ')],
  complete: [booleanOf, 'true, false'],
  bom: [booleanOf, 'true, false'],
  cursor: [(text: string) => text, 'cursor'],
} as const satisfies Record<string, readonly [(text: string) => unknown, string]>;

type Name = keyof typeof READERS;
type Values<N extends Name> = { [K in N]?: NonNullable<ReturnType<(typeof READERS)[K][0]>> };

/** @throws ProblemError listing every parameter at fault. */
export function readFieldQuestion(parameters: Parameters): FieldQuestion {
  const reading = read(parameters, ['resultId', 'path', 'consumer', 'version'], ['resultId', 'path']);
  refuseIfAny(reading.errors);
  return reading.values as FieldQuestion;
}

/** @throws ProblemError listing every parameter at fault. */
export function readPageQuestion(question: Question, parameters: Parameters): PageQuestion {
  const names = QUESTIONS[question];
  const { values, errors } = read(parameters, [...names, 'limit', 'cursor'], requiredOf(question));
  const { limit = DEFAULT_PAGE, cursor, ...selection } = values;
  errors.push(...contradictions(selection));
  const start = cursor === undefined ? undefined : decodeCursor(cursor, selection as LedgerSelection);
  // Under a selection that is at fault no cursor can be right.
  if (cursor !== undefined && start === undefined && errors.length === 0) errors.push(atFault('cursor'));
  refuseIfAny(errors);
  return { selection: selection as LedgerSelection, limit, start };
}

/** @throws ProblemError listing every parameter at fault. */
export function readSummaryQuestion(parameters: Parameters): LedgerSelection & { entry: string } {
  const { values, errors } = read(parameters, QUESTIONS.withheld, ['entry']);
  errors.push(...contradictions(values));
  refuseIfAny(errors);
  return values as LedgerSelection & { entry: string };
}

/** @throws ProblemError listing every parameter at fault. */
export function readExportQuestion(parameters: Parameters): ExportQuestion & { question: Question } {
  const asked = parameters['question'];
  const known = typeof asked === 'string' && isQuestion(asked) ? asked : undefined;
  const conditions = known === undefined ? ALL_CONDITIONS : EXPORTED[known];
  const names = ['question', ...conditions, 'format', 'complete', 'bom'] as const;
  const required = known === undefined ? (['question'] as const) : requiredOf(known);
  const { values, errors } = read(parameters, names, required);
  const { question, format, complete = false, bom = false, ...selection } = values;
  errors.push(...contradictions(selection));
  refuseIfAny(errors);
  return { question: question!, selection: selection as LedgerSelection, format, complete, bom };
}

function requiredOf(question: Question): Name[] {
  switch (question) {
    case 'shown':
      return ['consumer'];
    case 'withheld':
      return ['entry'];
    case 'rows':
      return [];
    default:
      return question satisfies never;
  }
}

function read<N extends Name>(
  parameters: Parameters,
  names: readonly N[],
  required: readonly Name[],
): { values: Values<N>; errors: Violation[] } {
  const errors: Violation[] = [];
  const values: Partial<Record<Name, unknown>> = {};
  for (const [name, text] of Object.entries(parameters)) {
    if (!names.some((known) => known === name)) {
      errors.push(violation(pointerTo(name), 'unknown-member'));
      continue;
    }
    const value = typeof text === 'string' ? READERS[name as Name][0](text) : undefined;
    if (value === undefined) errors.push(atFault(name as Name));
    else values[name as Name] = value;
  }
  for (const name of required) {
    if (parameters[name] === undefined) errors.push(violation(pointerTo(name), 'missing'));
  }
  return { values: values as Values<N>, errors };
}

function contradictions({ from, to, first, last }: Partial<Record<keyof LedgerSelection, unknown>>): Violation[] {
  return [
    ...(from !== undefined && to !== undefined && String(from) >= String(to)
      ? [violation('/to', 'not-later', { expected: 'from' })]
      : []),
    ...(Number(first) > Number(last) ? [violation('/last', 'out-of-range', { expected: '≥ first' })] : []),
  ];
}

function refuseIfAny(errors: Violation[]): void {
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
}

function atFault(name: Name): Violation {
  const parameters: MessageParameters = { expected: READERS[name][1] };
  return violation(pointerTo(name), 'bad-format', parameters);
}

/** Names of parameters are the caller's own; what could be no name of ours is not repeated at length. */
function pointerTo(name: string): string {
  return `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function isQuestion(text: string): text is Question {
  return Object.hasOwn(QUESTIONS, text);
}

/** The one form that instants have in the ledger. */
function instantOf(text: string): string | undefined {
  return isTimestamp(text) ? new Date(text).toISOString() : undefined;
}

function numberOf(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

function within(number: number | undefined, most: number): number | undefined {
  return number !== undefined && number <= most ? number : undefined;
}

function booleanOf(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}
