import type { CheckType } from '../codes/results.ts';
import { CHECK_NAMES } from '../codes/names.ts';
import type { LocalizedText } from '../codes/localized-text.ts';

/** What a reason may mention: codes and identifiers that the requester itself named or may see. */
export interface ReasonParameters {
  check?: CheckType;
  /** Container number, item, or another target of the request, as text. */
  target?: string;
  /** A field that the decision needed. */
  path?: string;
  arrangement?: string;
  /** RFC 3339; when something ended. */
  at?: string;
}

type Message = (parameters: ReasonParameters) => LocalizedText;

const check = ({ check: type }: ReasonParameters): LocalizedText =>
  type === undefined ? { zh: '该项查验', en: 'this check' } : CHECK_NAMES[type];
const target = ({ target: name }: ReasonParameters): LocalizedText =>
  name === undefined ? { zh: '所申请的货物', en: 'what was asked for' } : { zh: name, en: name };
const suffix = (value: string | undefined): LocalizedText =>
  value === undefined ? { zh: '', en: '' } : { zh: `（${value}）`, en: ` (${value})` };

/** Why a check must still be performed. A code without both languages does not compile. */
const messages = {
  'no-result': (p) => ({
    zh: `没有可用的${check(p).zh}结果${suffix(p.target).zh}`,
    en: `no unit has shared a result with ${check(p).en}${suffix(p.target).en}`,
  }),
  'not-covered': (p) => ({
    zh: `已有的${check(p).zh}未涵盖${target(p).zh}`,
    en: `${check(p).en} did not cover ${target(p).en}`,
  }),
  'no-arrangement': (p) => ({
    zh: `签发单位与本单位之间没有适用于${check(p).zh}的互认安排`,
    en: `no arrangement in force lets this unit rely on the issuer's ${check(p).en}`,
  }),
  expired: (p) => ({
    zh: `${check(p).zh}结果已过有效期${suffix(p.at).zh}`,
    en: `the result of ${check(p).en} is no longer valid${suffix(p.at).en}`,
  }),
  'non-conformant': (p) => ({
    zh: `${check(p).zh}的结果不是合格`,
    en: `the outcome of ${check(p).en} was not conformant`,
  }),
  revoked: () => ({ zh: '该结果已被签发单位撤销', en: 'the result was revoked by its issuer' }),
  'seal-broken': (p) => ({
    zh: `${target(p).zh}的封志已破损、缺失或被动过`,
    en: `the seal of ${target(p).en} was found broken, missing or tampered with`,
  }),
  'seal-mismatch': (p) => ({
    zh: `${target(p).zh}的封志号与查验时不符，且没有官方换封记录`,
    en: `the seal of ${target(p).en} is not the one of the examination, and no official resealing is recorded`,
  }),
  'seal-not-observed': (p) => ({
    zh: `申请中没有${target(p).zh}的封志现状`,
    en: `the request does not say how the seal of ${target(p).en} was found`,
  }),
  withheld: (p) => ({
    zh: `判定所需的字段未予共享${suffix(p.path).zh}`,
    en: `a field that the decision needs was withheld${suffix(p.path).en}`,
  }),
  'signature-invalid': () => ({ zh: '该结果的签名未能验证', en: 'the signature of the result does not verify' }),
  'control-in-force': () => ({
    zh: '该票货物仍在布控、扣留或待查状态，不予互认',
    en: 'the consignment is detained, refused or selected for examination; nothing is recognised',
  }),
} as const satisfies Record<string, Message>;

export type RecognitionReasonCode = keyof typeof messages;

/** All reason codes. */
export const RECOGNITION_REASONS = Object.keys(messages) as RecognitionReasonCode[];

/** The sentence of a reason, in Chinese and English. */
export function reasonMessage(code: RecognitionReasonCode, parameters: ReasonParameters = {}): LocalizedText {
  return messages[code](parameters);
}
