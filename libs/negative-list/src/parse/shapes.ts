import type { Remark } from '../language/finding.ts';

/** The form that a word must have, and how to say it. */
export interface WordForm {
  fits: (word: string) => boolean;
  zh: string;
  en: string;
}

/** Says that a member is missing; the place is that of the object which lacks it. */
export function missing(name: string, at: string, remarks: Remark[]): undefined {
  remarks.push({ code: 'missing', pointer: at, params: { name } });
  return undefined;
}

/** Says what a value should have been. */
export function wrongType(at: string, zh: string, en: string, remarks: Remark[]): undefined {
  remarks.push({ code: 'wrong-type', pointer: at, params: { zh, en } });
  return undefined;
}

/** A closed object: every member that is not known is remarked. `undefined` if it is no object. */
export function readObject(
  value: unknown,
  at: string,
  members: readonly string[],
  remarks: Remark[],
): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return wrongType(at, `对象（${members.join('、')}）`, `an object (${members.join(', ')})`, remarks);
  }
  for (const name of Object.keys(value)) {
    if (members.includes(name)) continue;
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    remarks.push({ code: 'unknown-member', pointer, params: { name: shown(name), known: members.join(', ') } });
  }
  return value as Record<string, unknown>;
}

/** An array of at most `limit` items. */
export function readArray(value: unknown, at: string, limit: number, remarks: Remark[]): unknown[] | undefined {
  if (!Array.isArray(value)) return wrongType(at, '列表', 'a list', remarks);
  if (value.length <= limit) return value;
  remarks.push({ code: 'too-large', pointer: at, params: { what: 'items', limit } });
  return undefined;
}

/** A text of at most `limit` characters. Blank ones are refused unless told otherwise. */
export function readString(
  value: unknown,
  at: string,
  limit: number,
  remarks: Remark[],
  blank: 'refused' | 'allowed' = 'refused',
): string | undefined {
  if (typeof value !== 'string') return wrongType(at, '文本（数字须加引号）', 'text (quote numbers)', remarks);
  if (value.length > limit) {
    remarks.push({ code: 'too-large', pointer: at, params: { what: 'characters', limit } });
    return undefined;
  }
  if (blank === 'allowed' || value.trim() !== '') return value;
  return wrongType(at, '非空文本', 'text that is not blank', remarks);
}

/** A word of a given form. */
export function readWord(value: unknown, at: string, form: WordForm, remarks: Remark[]): string | undefined {
  if (typeof value === 'string' && form.fits(value)) return value;
  remarks.push({ code: 'bad-value', pointer: at, params: { value: shown(value), zh: form.zh, en: form.en } });
  return undefined;
}

/** A list of one to `limit` words of a given form. */
export function readWords(
  value: unknown,
  at: string,
  limit: number,
  form: WordForm,
  remarks: Remark[],
): string[] | undefined {
  const items = readArray(value, at, limit, remarks);
  if (items === undefined) return undefined;
  if (items.length === 0) return wrongType(at, '至少一项', 'at least one item', remarks);
  return items
    .map((item, index) => readWord(item, `${at}/${index}`, form, remarks))
    .filter((item) => item !== undefined);
}

/** A value quoted in a message, cut to a readable length. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
