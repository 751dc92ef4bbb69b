import type { LocalizedText } from './localized-text.ts';

/** The three supervising functions at the border: 海关, 检验检疫, 边检. */
export const AGENCIES = ['customs', 'inspection', 'border'] as const;
export type Agency = (typeof AGENCIES)[number];

/** A province's short code: ISO 3166-2 without its country part, in lower case (`ln`). */
export type Province = string;

/** One agency in one province: `ln.customs`. Other consumers of a mesh (a tax bureau) are written the same way. */
export type UnitId = `${string}.${string}`;

export interface ProvinceEntry {
  code: Province;
  /** ISO 3166-2. */
  iso: string;
  /** First two digits of GB/T 2260 division codes. */
  gb2260: string;
  name: LocalizedText;
}

/** The four provinces of the Northeast, 东北四省区. */
export const PROVINCES: readonly ProvinceEntry[] = [
  { code: 'ln', iso: 'CN-LN', gb2260: '21', name: { zh: '辽宁省', en: 'Liaoning' } },
  { code: 'jl', iso: 'CN-JL', gb2260: '22', name: { zh: '吉林省', en: 'Jilin' } },
  { code: 'hl', iso: 'CN-HL', gb2260: '23', name: { zh: '黑龙江省', en: 'Heilongjiang' } },
  { code: 'nm', iso: 'CN-NM', gb2260: '15', name: { zh: '内蒙古自治区', en: 'Inner Mongolia' } },
];

/** The form of a unit id, for schemas. */
export const UNIT_ID_PATTERN = '^[a-z]{2}\\.[a-z][a-z0-9-]{0,31}$';

const unitIdPattern = new RegExp(UNIT_ID_PATTERN);

/** Whether a string has the form of a unit id (the unit itself may be in no mesh). */
export function isUnitId(value: string): value is UnitId {
  return unitIdPattern.test(value);
}

/** Whether a string is one of the three agencies. */
export function isAgency(value: string): value is Agency {
  return (AGENCIES as readonly string[]).includes(value);
}

/**
 * Takes a unit id apart. `agency` is undefined for a consumer that is none of the three agencies.
 * @throws RangeError when the text is no unit id: ids are checked where they enter, so this is a fault.
 */
export function parseUnitId(id: string): { province: Province; role: string; agency: Agency | undefined } {
  if (!isUnitId(id)) throw new RangeError('not a unit id');
  const province = id.slice(0, 2);
  const role = id.slice(3);
  return { province, role, agency: isAgency(role) ? role : undefined };
}
