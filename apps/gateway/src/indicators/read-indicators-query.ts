import { DIRECTIONS, isUnitId, isUnlocode, TRANSPORT_MODES } from '@clearance/contracts';
import { type ParameterReader, readParameters, readPeriod } from '../http/read-parameters.ts';
import { type Dimension, DIMENSIONS, type IndicatorsQuery } from './read-indicators.ts';

/** What is asked for, and in which form. */
export interface IndicatorsRequest {
  query: IndicatorsQuery;
  format: IndicatorsFormat | undefined;
  bom: boolean;
}

/** The forms that figures can have. */
export const INDICATORS_FORMATS = ['json', 'csv'] as const;
export type IndicatorsFormat = (typeof INDICATORS_FORMATS)[number];

/** @throws ProblemError listing every parameter at fault. @param now ms since the epoch */
export function readIndicatorsQuery(parameters: Record<string, unknown>, now: number): IndicatorsRequest {
  const reader = readParameters(parameters);
  const by = reader.read('by', dimensionsOf, DIMENSIONS.join(',')) ?? [];
  const found = { ...readPeriod(reader, now), ...readPlace(reader), by };
  const asked = readForm(reader);
  reader.finish();
  return { query: found, ...asked };
}

/** Reads the conditions that figures are narrowed by. */
export function readPlace(reader: ParameterReader): Pick<IndicatorsQuery, 'port' | 'unit' | 'mode' | 'direction'> {
  const port = reader.read('port', (text) => (isUnlocode(text) ? text : undefined), 'CNDLC');
  const unit = reader.read('unit', (text) => (isUnitId(text) ? text : undefined), 'ln.customs');
  const modes = Object.keys(TRANSPORT_MODES);
  const mode = reader.read('mode', (text) => modes.find((one) => one === text), modes.join(', '));
  const direction = reader.read('direction', (text) => DIRECTIONS.find((one) => one === text), DIRECTIONS.join(', '));
  return {
    ...(port === undefined ? {} : { port }),
    ...(unit === undefined ? {} : { unit }),
    ...(mode === undefined ? {} : { mode }),
    ...(direction === undefined ? {} : { direction }),
  };
}

/** Reads `format` and `bom`. */
export function readForm(reader: ParameterReader): Pick<IndicatorsRequest, 'format' | 'bom'> {
  const format = reader.read('format', (text) => INDICATORS_FORMATS.find((one) => one === text), 'json, csv');
  const bom = reader.read('bom', (text) => (text === 'true' || text === 'false' ? text : undefined), 'true, false');
  return { format, bom: bom === 'true' };
}

function dimensionsOf(text: string): Dimension[] | undefined {
  const names = text.split(',');
  const known = DIMENSIONS.filter((name) => names.includes(name));
  return known.length === names.length ? known : undefined;
}
