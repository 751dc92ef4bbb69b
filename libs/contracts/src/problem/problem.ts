import type { LocalizedText } from '../codes/localized-text.ts';
import type { Violation } from './violation.ts';

interface ProblemKind {
  status: number;
  title: string;
  detail: LocalizedText;
  /** Seconds after which the same may be tried again; absent where that is not worth while. */
  retryAfter?: number;
}

/** Every problem: its HTTP and NATS service error status, its title, and what it says when nothing better is known. */
const problems = {
  invalid: {
    status: 400,
    title: 'Invalid content',
    detail: {
      zh: '内容不符合接口约定，错误逐条列出',
      en: 'The content breaks the contract; every violation is listed.',
    },
  },
  'malformed-json': {
    status: 400,
    title: 'Malformed JSON',
    detail: { zh: '不是 UTF-8 编码的 JSON', en: 'The body is not JSON in UTF-8.' },
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    detail: { zh: '本单位无权进行此操作', en: 'This unit may not do this.' },
  },
  unknown: {
    status: 404,
    title: 'Unknown',
    detail: { zh: '没有这样的记录', en: 'There is no such record.' },
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    detail: {
      zh: '该资源不支持此方法，可用方法见 Allow',
      en: 'There is nothing here for this method; the header Allow names those that there are.',
    },
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    detail: { zh: '与已有记录冲突', en: 'It conflicts with what is already recorded.' },
  },
  'in-progress': {
    status: 409,
    title: 'In progress',
    detail: {
      zh: '同一幂等键的请求仍在处理，请稍后重试',
      en: 'A request with the same idempotency key is still being worked on; try again later.',
    },
    retryAfter: 2,
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    detail: {
      zh: '记录已被更改，请先读取最新版本（If-Match 不符）',
      en: 'The record has changed since; read it again (If-Match names another state).',
    },
  },
  'too-large': {
    status: 413,
    title: 'Too large',
    detail: { zh: '报文过大', en: 'The body is too large.' },
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    detail: {
      zh: '报文须为 UTF-8 编码的 JSON（Content-Type: application/json）',
      en: 'The body must be JSON in UTF-8 (Content-Type: application/json), in a coding that is read.',
    },
  },
  'key-reused': {
    status: 422,
    title: 'Idempotency key reused',
    detail: {
      zh: '该幂等键已用于另一个请求',
      en: 'The idempotency key was used for another request.',
    },
  },
  'precondition-required': {
    status: 428,
    title: 'Precondition required',
    detail: {
      zh: '须以 If-Match 给出所改记录的 ETag',
      en: 'If-Match must give the ETag of the record that is to be changed.',
    },
  },
  'slow-down': {
    status: 429,
    title: 'Slow down',
    detail: { zh: '请求过快，请稍后重试', en: 'Too many requests; try again later.' },
    retryAfter: 5,
  },
  internal: {
    status: 500,
    title: 'Internal fault',
    detail: {
      zh: '服务内部故障，未保存任何内容，可以重试',
      en: 'A fault of the service; nothing was kept; it may be tried again.',
    },
  },
  'not-ready': {
    status: 503,
    title: 'Not ready',
    detail: { zh: '服务尚未就绪，请稍后重试', en: 'The service is not ready; try again later.' },
    retryAfter: 2,
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

/** All problem codes, for documents and tests. */
export const PROBLEM_CODES = Object.keys(problems) as ProblemCode[];

/** An RFC 9457 problem document. `detail` is Chinese and English in one text, as RFC 9457 has one string there. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  errors: Violation[];
  /** Seconds after which the same request may be tried again, as the header `Retry-After`; only `in-progress`, `slow-down` and `not-ready`. */
  retryAfter?: number;
}

/** A reply: the value, or the problem that kept it from being. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Builds a problem document. `detail` defaults to the code's own; `errors` to none. */
export function problem(code: ProblemCode, more: { detail?: LocalizedText; errors?: Violation[] } = {}): Problem {
  const { status, title, detail, retryAfter }: ProblemKind = problems[code];
  const told = more.detail ?? detail;
  return {
    type: `urn:clearance:problem:${code}`,
    title,
    status,
    detail: `${told.zh} / ${told.en}`,
    code,
    errors: more.errors ?? [],
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** The status of a problem code: 400 to 503, as HTTP and NATS service errors use it. */
export function statusOfProblem(code: ProblemCode): number {
  return problems[code].status;
}
