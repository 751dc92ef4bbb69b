import type { LocalizedText, Violation } from '@clearance/contracts';
import { refusalMessage, type Refused, type TokenRefusal } from '@clearance/provenance';

const MESSAGES = {
  'not-json': { zh: '不是 JSON', en: 'The file is not JSON.' },
  'digest-mismatch': { zh: '整包摘要不符，文件被改动', en: 'The bundle is not the one that its digest was made of.' },
  'key-not-trusted': {
    zh: '所列密钥与信任文件不符',
    en: 'A key that is listed is not the one that the trust document has.',
  },
  'keys-differ': {
    zh: '所列密钥与签名所用不符',
    en: 'The keys that are listed are not those that the signatures name.',
  },
  'consumer-not-named': { zh: '台账条目未列此单位', en: 'The ledger’s entry does not name this unit.' },
  'claim-differs': { zh: '台账条目与凭证所载不符', en: 'The ledger’s entry does not say what the token says.' },
  'view-not-recorded': { zh: '台账所记副本不是此副本', en: 'The view is not the one that the ledger has.' },
  'withheld-differs': { zh: '所列不予共享项与台账不符', en: 'What is named as withheld is not what the ledger has.' },
  'issued-differs': { zh: '原始结果不是该副本所出的结果', en: 'The issued result is not the one that the view is of.' },
  'issued-incomplete': { zh: '原始结果缺披露项', en: 'Something was taken out of the issued result.' },
  'path-unusable': { zh: '不予共享项的路径无法解读', en: 'A path of what was withheld cannot be read.' },
  'shown-though-withheld': {
    zh: '副本披露了列为不予共享的内容',
    en: 'The view discloses what is named as withheld, or what was never issued.',
  },
  'missing-unnamed': { zh: '副本缺少未列明的内容', en: 'Something is missing from the view that is not named.' },
  'decision-differs': {
    zh: '按所附清单与授权重新判定，结果不同',
    en: 'Decided anew by the list and the grants in the bundle, something else is withheld.',
  },
  'list-not-recorded': { zh: '清单登记不是条目所引用的', en: 'The list’s record is not the one that the entry names.' },
  'list-altered': { zh: '清单文本与登记不符', en: 'The list’s text is not the one that was recorded.' },
  'list-unreadable': { zh: '清单文本无法解读', en: 'The list’s text cannot be read as a negative list.' },
  'list-not-in-force': { zh: '决定时该清单尚未生效', en: 'The list was not in force yet when it was decided.' },
  'chain-broken': {
    zh: '哈希链不通向所附的台账头',
    en: 'The hashes do not lead from the entry to the signed head.',
  },
  'head-forked': {
    zh: '单位留存的台账头与所附的矛盾',
    en: 'The head that the unit keeps contradicts the one in the proof.',
  },
  'grants-differ': {
    zh: '所附授权不是台账条目所引用的',
    en: 'The grants are not those that the entry names.',
  },
  'grant-not-in-force': { zh: '授权当时尚未生效或已终止', en: 'The grant was not in force when it was decided.' },
  'grant-of-another': {
    zh: '授权给予的是另一单位，或针对其他结果',
    en: 'The grant is not to that unit, or not of that result.',
  },
  'grant-altered': {
    zh: '授权登记与所属单位的签名声明不符',
    en: 'A grant in the ledger is not what its owner has said.',
  },
} as const satisfies Record<string, LocalizedText>;

/** What can be wrong with a bundle beyond its form and its signatures. */
export type BundleFault = keyof typeof MESSAGES;

/** One thing that is wrong with a bundle, and where. */
export interface BundleFinding {
  /** JSON Pointer (RFC 6901) into the bundle; '' is all of it. */
  pointer: string;
  /** A {@link BundleFault}, a violation of the form, or `signature:` and why a signature is refused. */
  code: string;
  message: LocalizedText;
  detail?: string;
}

/** A finding as data. */
export function finding(pointer: string, code: BundleFault, detail?: string): BundleFinding {
  return { pointer, code, message: MESSAGES[code], ...(detail === undefined ? {} : { detail }) };
}

/** A signature that is not accepted. */
export function refusedSignature(pointer: string, { code, detail }: Refused<TokenRefusal>): BundleFinding {
  return { pointer, code: `signature:${code}`, message: refusalMessage(code), detail };
}

/** A violation of the form. */
export function malformed({ pointer, code, message }: Violation): BundleFinding {
  return { pointer, code: `form:${code}`, message };
}
