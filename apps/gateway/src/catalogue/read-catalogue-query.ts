import {
  isDate,
  isResultKind,
  isUnitId,
  problem,
  RESULT_KINDS,
  type UnitId,
  type Violation,
  violation,
} from '@clearance/contracts';
import { ProblemError } from '../http/problem-filter.ts';
import type { Identity } from '../http/token-claims.ts';
import type { CatalogueQuery } from './read-measured.ts';
import { dayOf } from './tally-versions.ts';

/** The forms that the catalogue can have. */
export const CATALOGUE_FORMATS = ['json', 'csv'] as const;
export type CatalogueFormat = (typeof CATALOGUE_FORMATS)[number];

/** What is asked for, and how it is to be told. */
export interface CatalogueRequest {
  query: CatalogueQuery;
  format: CatalogueFormat | undefined;
  bom: boolean;
}

/** Days that are measured when the question does not say since when. */
export const DEFAULT_DAYS = 30;
const DAY_MS = 86_400_000;
/** Days as people count them now; arithmetic on others leaves what a date can be. */
const YEAR = /^[2-9][0-9]{3}-/;

/**
 * Reads the parameters of a request, as Express has them: a text, or several where one is repeated.
 *
 * @param now ms since the epoch: without `to` the period ends with today
 * @throws ProblemError listing every parameter at fault
 */
export function readCatalogueQuery(parameters: Record<string, unknown>, now: number): CatalogueRequest {
  const errors: Violation[] = [];
  const { issuer, consumer, kind, from, to, format, bom, ...others } = parameters;
  for (const name of Object.keys(others)) {
    errors.push(violation(`/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`, 'unknown-member'));
  }
  const read = <T>(name: string, value: unknown, accept: (text: string) => T | undefined, expected: string) => {
    if (value === undefined) return undefined;
    const found = typeof value === 'string' ? accept(value) : undefined;
    if (found === undefined) errors.push(violation(`/${name}`, 'bad-format', { expected }));
    return found;
  };
  const unit = (text: string): UnitId | undefined => (isUnitId(text) ? text : undefined);
  const day = (text: string): string | undefined => (isDate(text) && YEAR.test(text) ? text : undefined);
  const found = {
    issuer: read('issuer', issuer, unit, 'ln.customs'),
    consumer: read('consumer', consumer, unit, 'ln.customs'),
    kind: read('kind', kind, (text) => (isResultKind(text) ? text : undefined), RESULT_KINDS.join(', ')),
  };
  const lastDay = read('to', to, day, 'YYYY-MM-DD');
  const firstDay = read('from', from, day, 'YYYY-MM-DD');
  const until = lastDay ?? addDays(dayOf(now), 1);
  const since = firstDay ?? addDays(until, -DEFAULT_DAYS);
  if (since >= until) {
    errors.push(lastDay === undefined ? violation('/from', 'out-of-range', { expected: `< ${until}` }) : TO_NOT_LATER);
  }
  const asked = {
    format: read('format', format, (text) => CATALOGUE_FORMATS.find((one) => one === text), 'json, csv'),
    bom: read('bom', bom, (text) => (text === 'true' || text === 'false' ? text : undefined), 'true, false') === 'true',
  };
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  const given = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { query: { ...given, from: since, to: until }, ...asked };
}

/**
 * The part of the catalogue that a caller may see. Someone who speaks for a unit alone sees what all provide and how it is
 * shared with their own unit; of what their unit provides, how it is shared with everybody.
 *
 * @throws ProblemError when they ask how others share with others
 */
export function queryFor({ roles, unit }: Identity, query: CatalogueQuery): CatalogueQuery {
  if (roles.some((role) => role !== 'unit' && role !== 'firm')) return query;
  if (query.issuer === unit || query.consumer === unit) return query;
  if (query.consumer !== undefined || unit === undefined) {
    throw new ProblemError(problem('forbidden', { detail: OTHERS }));
  }
  return { ...query, consumer: unit };
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

const TO_NOT_LATER = violation('/to', 'not-later', { expected: 'from' });
const OTHERS = {
  zh: '单位只能查看本单位所提供、所使用的目录',
  en: 'A unit may see what it provides itself, and what others provide to it.',
};
