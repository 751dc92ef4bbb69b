import type { Agency } from './units.ts';

/** What a result is about. The part before the dot is the agency that may issue it. */
export const RESULT_KINDS = [
  'customs.examination',
  'customs.scan',
  'customs.release',
  'inspection.quarantine',
  'inspection.laboratory',
  'inspection.certificate',
  'border.conveyance',
  'border.crew',
  'border.passengers',
] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

const agencies: Readonly<Record<ResultKind, Agency>> = {
  'customs.examination': 'customs',
  'customs.scan': 'customs',
  'customs.release': 'customs',
  'inspection.quarantine': 'inspection',
  'inspection.laboratory': 'inspection',
  'inspection.certificate': 'inspection',
  'border.conveyance': 'border',
  'border.crew': 'border',
  'border.passengers': 'border',
};

/** The only agency that issues results of this kind. */
export function agencyOfKind(kind: ResultKind): Agency {
  return agencies[kind];
}

/** Whether a string is one of the nine kinds. */
export function isResultKind(value: unknown): value is ResultKind {
  return typeof value === 'string' && Object.hasOwn(agencies, value);
}

/** One examination within a result, 查验项目. */
export const CHECK_TYPES = [
  'documentary',
  'x-ray',
  'physical',
  'seal',
  'weighing',
  'quarantine',
  'laboratory',
  'radiation',
  'boarding',
  'crew',
] as const;
export type CheckType = (typeof CHECK_TYPES)[number];

export const CHECK_OUTCOMES = ['conformant', 'non-conformant', 'inconclusive'] as const;
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number];

/** What the unit concluded from all checks together. */
export const CONCLUSIONS = ['released', 'conditional', 'detained', 'refused', 'examination-required'] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

/** A result's state: first version, a later version, or withdrawn. */
export const RESULT_STATUSES = ['issued', 'amended', 'revoked'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

export const RISK_LEVELS = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** `import` is also entry (入境) and `export` exit (出境) of conveyances and persons. */
export const DIRECTIONS = ['import', 'export', 'transit'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** How a seal was found. `broken` includes an official opening; the new seal then `replaces` it. */
export const SEAL_CONDITIONS = ['intact', 'broken', 'missing', 'tampered'] as const;
export type SealCondition = (typeof SEAL_CONDITIONS)[number];
