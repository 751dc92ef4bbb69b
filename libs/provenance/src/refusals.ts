import type { LocalizedText } from '@clearance/contracts';
import type { ResultClaims } from './token-format.ts';

/** Why a key that is known is not accepted. */
export type KeyRefusal = 'wrong-owner' | 'key-not-valid' | 'key-revoked';

/** Why a signature is not accepted. */
export type SignatureRefusal = 'malformed' | 'unknown-key' | KeyRefusal | 'signature-invalid';

/** Why a token is not accepted. */
export type TokenRefusal = SignatureRefusal | 'disclosure-invalid';

/** A refusal; `detail` says in English what exactly was found, and holds nothing of the content. */
export interface Refused<Code extends TokenRefusal> {
  ok: false;
  code: Code;
  detail: string;
  /** What a token refused for its revoked key says of itself; nobody has verified it. */
  claims?: ResultClaims;
}

/** A refusal as data. */
export function refused<Code extends TokenRefusal>(code: Code, detail: string): Refused<Code> {
  return { ok: false, code, detail };
}

const MESSAGES: Record<TokenRefusal, LocalizedText> = {
  malformed: { zh: '凭证格式不符合规定。', en: 'The token is not of the required form.' },
  'unknown-key': { zh: '签名所用密钥不在信任列表中。', en: 'The signing key is not a trusted one.' },
  'wrong-owner': {
    zh: '签名密钥不属于所称签发单位。',
    en: 'The signing key does not belong to the unit named as issuer.',
  },
  'key-not-valid': {
    zh: '签发时该密钥尚未生效或已停用。',
    en: 'The signing key was not valid at the time of issue.',
  },
  'key-revoked': {
    zh: '签名密钥已被吊销，该签名不予接受。',
    en: 'The signing key has been revoked, and this signature is not accepted.',
  },
  'signature-invalid': { zh: '签名验证未通过。', en: 'The signature does not verify.' },
  'disclosure-invalid': {
    zh: '披露项与签名内容不一致。',
    en: 'The disclosures do not agree with what was signed.',
  },
};

/** What a refusal means, for people. */
export function refusalMessage(code: TokenRefusal): LocalizedText {
  return MESSAGES[code];
}
