/**
 * Consignments that the law handles apart: a list may withhold their results whole. Absent is `ordinary`.
 * `military` 军品, `diplomatic` 外交邮袋及公自用物品, `dual-use` 两用物项, `nuclear` 核材料, `relief` 救灾救助物资.
 */
export const HANDLING_CODES = ['ordinary', 'military', 'diplomatic', 'dual-use', 'nuclear', 'relief'] as const;
export type HandlingCode = (typeof HANDLING_CODES)[number];

/** What a customs examination, reading or audit can find. */
export const FINDING_CODES = [
  'none',
  'quantity-discrepancy',
  'weight-discrepancy',
  'undeclared-goods',
  'misdeclared-commodity',
  'misdeclared-origin',
  'misdeclared-value',
  'document-irregularity',
  'ipr-infringement',
  'controlled-goods',
  'prohibited-goods',
  'safety-hazard',
  'concealment',
  'smuggling-suspected',
  'transferred-to-investigation',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** Findings that belong to an investigation (侦查) and not to the supervision of goods. */
export const INVESTIGATION_FINDINGS: readonly FindingCode[] = [
  'concealment',
  'smuggling-suspected',
  'transferred-to-investigation',
];

/** What an analyst of a scan image can mark. */
export const ANOMALY_CODES = [
  'density',
  'shape',
  'concealed-space',
  'organic-in-inorganic',
  'inorganic-in-organic',
  'quantity',
  'radiation-source',
  'weapon-like',
  'person',
] as const;
export type AnomalyCode = (typeof ANOMALY_CODES)[number];

/** Alerts about persons and conveyances, as codes and never as text about a person. */
export const BORDER_ALERTS = [
  'document-forged',
  'document-expired',
  'identity-mismatch',
  'visa-invalid',
  'watchlist-hit',
  'overstay-history',
  'health-referral',
  'crew-unlisted',
  'crew-missing',
  'stowaway',
  'undeclared-weapon',
  'gangway-breach',
] as const;
export type BorderAlert = (typeof BORDER_ALERTS)[number];

/** Why a person was not let in or out (《出境入境管理法》 art. 12, 21, 25, 28). */
export const REFUSAL_REASONS = [
  'no-valid-document',
  'no-valid-visa',
  'document-forged',
  'exit-prohibited',
  'entry-prohibited',
  'purpose-not-credible',
  'health-risk',
  'no-means',
  'other-by-law',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
