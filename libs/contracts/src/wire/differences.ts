import type { LocalizedText } from '../codes/localized-text.ts';

interface DifferenceKind {
  /** Whether somebody must look at it at once: it is no loss, and no repetition of anything mends it. */
  alarm: boolean;
  message: LocalizedText;
}

/** What reconciliation may find between an issuer, the gateway and a receiver, and what people are told of it. */
export const DIFFERENCES = {
  'not-offered': {
    alarm: false,
    message: {
      zh: '签发单位已办结，网关却没有该结果的办理记录',
      en: 'its issuer holds it as settled, the gateway knows nothing of it',
    },
  },
  'not-received': {
    alarm: false,
    message: {
      zh: '网关已披露，接收单位却没有副本',
      en: 'the gateway disclosed it, the receiver does not hold it',
    },
  },
  'not-settled': {
    alarm: false,
    message: {
      zh: '网关仍在等待回执，签发单位却已不再提交',
      en: 'the gateway still waits for a receipt, its issuer has stopped offering it',
    },
  },
  'not-settled-at-issuer': {
    alarm: false,
    message: {
      zh: '网关已办结，签发单位仍在提交',
      en: 'it is settled at the gateway, its issuer still offers it',
    },
  },
  'unknown-at-issuer': {
    alarm: false,
    message: {
      zh: '签发单位已没有该结果，其他单位仍持有',
      en: 'its issuer has lost it, others hold it',
    },
  },
  'not-disclosed': {
    alarm: true,
    message: {
      zh: '单位持有网关从未披露给它的结果：泄漏或伪造',
      en: 'a unit holds what the ledger never gave it: a leak or a forgery',
    },
  },
  'other-token': {
    alarm: true,
    message: {
      zh: '同一版本，签名内容不同：凭证被替换或篡改',
      en: 'the same version with other signed content: a token was swapped or altered',
    },
  },
} as const satisfies Record<string, DifferenceKind>;

export type DifferenceCode = keyof typeof DIFFERENCES;
