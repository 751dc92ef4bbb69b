import {
  AGENCY_NAMES,
  type Agency,
  CHECK_NAMES,
  type CheckType,
  type Conclusion,
  isUnitId,
  KIND_NAMES,
  type LocalizedText,
  parseUnitId,
  PLACES,
  PROVINCES,
  reasonMessage,
  type RecognitionReasonCode,
  RECOGNITION_REASONS,
  type ResultStatus,
} from '@clearance/contracts/words';

// What codes are called. Those that the contracts have names for come from there; a code that nobody knows, of a newer
// gateway, is shown as it is.

const same = (code: string): LocalizedText => ({ zh: code, en: code });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `ln.customs` → 辽宁海关, Liaoning customs. */
export function unitName(unit: string): LocalizedText {
  if (!isUnitId(unit)) return same(unit);
  const { province, role, agency } = parseUnitId(unit);
  const known = PROVINCES.find(({ code }) => code === province);
  if (known === undefined) return same(unit);
  const part: LocalizedText = agency === undefined ? (OTHER_ROLES[role] ?? same(` ${role}`)) : agencyName(agency);
  const zh = known.name.zh.replace(/省$|自治区$/u, '');
  return { zh: `${zh}${part.zh}`, en: `${known.name.en} ${part.en.trim()}` };
}

const OTHER_ROLES: Readonly<Record<string, LocalizedText>> = {
  tax: { zh: '税务', en: 'tax bureau' },
  port: { zh: '口岸经营单位', en: 'port operator' },
};

const AGENCY_SHORT: Readonly<Record<Agency, LocalizedText>> = {
  customs: AGENCY_NAMES.customs,
  inspection: { zh: '检验检疫', en: 'inspection' },
  border: { zh: '边检', en: 'border' },
};

/** An agency, briefly. */
export function agencyName(agency: Agency): LocalizedText {
  return AGENCY_SHORT[agency];
}

/** `CNDLC` → 大连. */
export function placeName(code: string): LocalizedText {
  return PLACES[code]?.name ?? same(code);
}

/** `customs.scan` → 海关机检. */
export function kindName(kind: string): LocalizedText {
  const name = (KIND_NAMES as Readonly<Record<string, LocalizedText>>)[kind];
  return name === undefined ? same(kind) : { zh: name.zh, en: capital(name.en) };
}

/** `x-ray` → 机检; the contracts' names stand within a sentence, these by themselves. */
export function checkName(check: string): LocalizedText {
  const name = (CHECK_NAMES as Readonly<Record<string, LocalizedText>>)[check];
  return name === undefined ? same(check) : { zh: name.zh, en: capital(name.en.replace(/^the /, '')) };
}

/** Why a check must be performed. */
export function reasonText(code: string, check?: string): LocalizedText {
  if (!(RECOGNITION_REASONS as readonly string[]).includes(code)) return same(code);
  return reasonMessage(code as RecognitionReasonCode, check === undefined ? {} : { check: check as CheckType });
}

const CONCLUSION_NAMES: Readonly<Record<Conclusion, LocalizedText>> = {
  released: { zh: '放行', en: 'Released' },
  conditional: { zh: '附条件放行', en: 'Conditional' },
  detained: { zh: '扣留', en: 'Detained' },
  refused: { zh: '不准进出境', en: 'Refused' },
  'examination-required': { zh: '待查验', en: 'To be examined' },
};

/** What a unit concluded. */
export function conclusionName(conclusion: string): LocalizedText {
  return (CONCLUSION_NAMES as Readonly<Record<string, LocalizedText>>)[conclusion] ?? same(conclusion);
}

const STATUS_NAMES: Readonly<Record<ResultStatus, LocalizedText>> = {
  issued: { zh: '签发', en: 'Issued' },
  amended: { zh: '修改', en: 'Amended' },
  revoked: { zh: '撤销', en: 'Revoked' },
};

/** What became of a version of a result. */
export function statusName(status: string): LocalizedText {
  return (STATUS_NAMES as Readonly<Record<string, LocalizedText>>)[status] ?? same(status);
}

const OUTCOME_NAMES: Readonly<Record<string, LocalizedText>> = {
  recognised: { zh: '予以互认', en: 'Recognised' },
  partial: { zh: '部分互认', en: 'Recognised in part' },
  refused: { zh: '未予互认', en: 'Not recognised' },
};

/** What a recognition decided. */
export function outcomeName(outcome: string): LocalizedText {
  return OUTCOME_NAMES[outcome] ?? same(outcome);
}
