import { isResultKind, isUnitId, problem, RESULT_KINDS, type UnitId } from '@clearance/contracts';
import type { Identity } from '@clearance/platform/tokens';
import { ProblemError } from '../http/problem-filter.ts';
import { readParameters, readPeriod } from '../http/read-parameters.ts';
import type { CatalogueQuery } from './read-measured.ts';

/** The forms that the catalogue can have. */
export const CATALOGUE_FORMATS = ['json', 'csv'] as const;
export type CatalogueFormat = (typeof CATALOGUE_FORMATS)[number];

/** What is asked for, and how it is to be told. */
export interface CatalogueRequest {
  query: CatalogueQuery;
  format: CatalogueFormat | undefined;
  bom: boolean;
}

/**
 * Reads the parameters of a request, as Express has them: a text, or several where one is repeated.
 *
 * @param now ms since the epoch: without `to` the period ends with today
 * @throws ProblemError listing every parameter at fault
 */
export function readCatalogueQuery(parameters: Record<string, unknown>, now: number): CatalogueRequest {
  const reader = readParameters(parameters);
  const unit = (text: string): UnitId | undefined => (isUnitId(text) ? text : undefined);
  const found = {
    issuer: reader.read('issuer', unit, 'ln.customs'),
    consumer: reader.read('consumer', unit, 'ln.customs'),
    kind: reader.read('kind', (text) => (isResultKind(text) ? text : undefined), RESULT_KINDS.join(', ')),
  };
  const period = readPeriod(reader, now);
  const asked = {
    format: reader.read('format', (text) => CATALOGUE_FORMATS.find((one) => one === text), 'json, csv'),
    bom:
      reader.read('bom', (text) => (text === 'true' || text === 'false' ? text : undefined), 'true, false') === 'true',
  };
  reader.finish();
  const given = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { query: { ...given, ...period }, ...asked };
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

const OTHERS = {
  zh: '单位只能查看本单位所提供、所使用的目录',
  en: 'A unit may see what it provides itself, and what others provide to it.',
};
