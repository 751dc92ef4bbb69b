import type { LocalizedText } from '../codes/localized-text.ts';

/** What a message may mention. Never a value of the body: it may be personal or confidential. */
export interface MessageParameters {
  /** A bound, a permitted list, a unit, a code: from the contract, not from the body. */
  expected?: string | number | LocalizedText;
  /** The agency's rule in words, for `agency-rule`. */
  rule?: LocalizedText;
}

type Message = (parameters: MessageParameters) => LocalizedText;

const fixed =
  (zh: string, en: string): Message =>
  () => ({ zh, en });

const expecting =
  (zh: (expected: string) => string, en: (expected: string) => string): Message =>
  ({ expected }) => {
    if (typeof expected === 'object') return { zh: zh(expected.zh), en: en(expected.en) };
    const shown = expected === undefined ? '?' : String(expected);
    return { zh: zh(shown), en: en(shown) };
  };

/** Every violation code and what it tells people. A code without both languages does not compile. */
export const violationMessages = {
  missing: fixed('缺少必填项', 'a required member is missing'),
  'unknown-member': fixed(
    '不认识的字段，本接口不接受未定义的内容',
    'an unknown member; only what the contract defines is accepted',
  ),
  'wrong-type': expecting(
    (e) => `类型不符，应为 ${e}`,
    (e) => `wrong type; expected ${e}`,
  ),
  'not-in-list': expecting(
    (e) => `取值不在代码表内，可用：${e}`,
    (e) => `not one of the permitted values: ${e}`,
  ),
  'unknown-kind': expecting(
    (e) => `未知的结果种类，可用：${e}`,
    (e) => `unknown kind of result; known are ${e}`,
  ),
  'unknown-code': expecting(
    (e) => `代码不在${e}之中`,
    (e) => `no such code in ${e}`,
  ),
  'bad-format': expecting(
    (e) => `格式不符，应为 ${e}`,
    (e) => `malformed; expected ${e}`,
  ),
  'bad-check-digit': expecting(
    (e) => `校验位错误（${e}）`,
    (e) => `the check digit is wrong (${e})`,
  ),
  'bad-character': fixed('含有不可接受的字符（NUL 或不成对的代理码元）', 'contains NUL or an unpaired surrogate'),
  'not-json': fixed('不是 JSON 值', 'not a JSON value'),
  'too-deep': expecting(
    (e) => `嵌套超过 ${e} 层`,
    (e) => `nested deeper than ${e} levels`,
  ),
  'too-short': expecting(
    (e) => `长度不足，至少 ${e} 个字符`,
    (e) => `too short; at least ${e} characters`,
  ),
  'too-long': expecting(
    (e) => `过长，至多 ${e} 个字符`,
    (e) => `too long; at most ${e} characters`,
  ),
  'too-few': expecting(
    (e) => `项数不足，至少 ${e} 项`,
    (e) => `too few; at least ${e}`,
  ),
  'too-many': expecting(
    (e) => `项数过多，至多 ${e} 项`,
    (e) => `too many; at most ${e}`,
  ),
  'out-of-range': expecting(
    (e) => `超出范围，应 ${e}`,
    (e) => `out of range; must be ${e}`,
  ),
  duplicate: fixed('重复', 'a duplicate'),
  'unknown-reference': expecting(
    (e) => `所引用的${e}在此处不存在`,
    (e) => `names one that is not among the ${e} here`,
  ),
  'not-later': expecting(
    (e) => `时间应晚于 ${e}`,
    (e) => `must be later than ${e}`,
  ),
  exceeds: expecting(
    (e) => `超过 ${e}`,
    (e) => `exceeds ${e}`,
  ),
  contradiction: expecting(
    (e) => `与 ${e} 矛盾`,
    (e) => `contradicts ${e}`,
  ),
  'wrong-agency': expecting(
    (e) => `该种类的结果只能由${e}签发`,
    (e) => `results of this kind are issued by ${e} only`,
  ),
  'wrong-province': expecting(
    (e) => `不属于本单位所在省区（${e}）`,
    (e) => `not of the unit's own province (${e})`,
  ),
  'check-not-of-agency': expecting(
    (e) => `该查验项目不属于本部门职责，可用：${e}`,
    (e) => `this agency does not perform such a check; it performs ${e}`,
  ),
  'missing-check': expecting(
    (e) => `结论缺少所依据的查验项目：${e}`,
    (e) => `the conclusion lacks the check it rests on: ${e}`,
  ),
  'not-withheld': fixed(
    '清单未将该内容列为有条件共享，无可申请',
    'the list does not make it conditional: there is nothing to ask for',
  ),
  'not-shared': expecting(
    (e) => `不予共享，不可申请（${e}）`,
    (e) => `is not shared, and cannot be asked for (${e})`,
  ),
  'purpose-not-admitted': expecting(
    (e) => `该条目不接受此用途，可用：${e}`,
    (e) => `the entry does not admit this purpose; it admits ${e}`,
  ),
  'not-own': fixed('不能向本单位自己申请', 'a unit does not ask itself'),
  'signature-invalid': fixed('签名无效', 'the signature does not stand'),
  'agency-rule': ({ rule }) => rule ?? { zh: '违反本部门业务规则', en: "breaks a rule of the unit's agency" },
} as const satisfies Record<string, Message>;

/** Stable code of a violation. */
export type ViolationCode = keyof typeof violationMessages;

/** All violation codes, for documents and tests. */
export const VIOLATION_CODES = Object.keys(violationMessages) as ViolationCode[];
