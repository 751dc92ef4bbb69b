import { type LocalizedText, problem, PROBLEM_CODES, type ProblemCode } from '@clearance/contracts/words';

/** Why a call came to nothing: a code of the gateway's, or that there was no answer at all. */
export type RefusalCode = ProblemCode | 'unreachable' | 'unauthorised';

/** One thing at fault in what was asked. */
export interface Fault {
  pointer: string;
  message: LocalizedText;
}

/** What the reader is told of a call that was refused (RFC 9457), in both languages. */
export class RefusedCall extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly status: number | undefined,
    readonly detail: LocalizedText,
    readonly faults: readonly Fault[] = [],
    readonly requestId?: string,
    /** Seconds. */
    readonly retryAfter?: number,
  ) {
    super(code);
    this.name = 'RefusedCall';
  }
}

const UNREACHABLE: LocalizedText = {
  zh: '无法连接网关，请检查网络后重试',
  en: 'The gateway cannot be reached; check the network and try again.',
};

/** A call that had no answer. */
export function unreachable(): RefusedCall {
  return new RefusedCall('unreachable', undefined, UNREACHABLE);
}

/** Reads an answer that is a refusal, whether or not it is a problem document. */
export async function refusalOf(response: Response): Promise<RefusedCall> {
  const told = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const code = response.status === 401 ? 'unauthorised' : codeOf(told['code'], response.status);
  const requestId = response.headers.get('request-id') ?? undefined;
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  return new RefusedCall(
    code,
    response.status,
    detailOf(told['detail'], code),
    faultsOf(told['errors']),
    requestId,
    Number.isNaN(retryAfter) ? undefined : retryAfter,
  );
}

function codeOf(told: unknown, status: number): ProblemCode {
  const known = PROBLEM_CODES.find((code) => code === told);
  if (known !== undefined) return known;
  if (status === 404) return 'unknown';
  return status >= 500 ? 'not-ready' : 'invalid';
}

/** A problem has one text for both languages, `中文 / English`. */
function detailOf(told: unknown, code: RefusalCode): LocalizedText {
  const text = typeof told === 'string' ? told : code in SPOKEN ? '' : problem(code as ProblemCode).detail;
  if (text === '') return SPOKEN[code as keyof typeof SPOKEN];
  const [zh = text, ...en] = text.split(' / ');
  return { zh, en: en.length === 0 ? text : en.join(' / ') };
}

const SPOKEN: Readonly<Record<'unreachable' | 'unauthorised', LocalizedText>> = {
  unreachable: UNREACHABLE,
  unauthorised: { zh: '登录已失效，请重新登录', en: 'The sign-in is not valid any more; sign in again.' },
};

function faultsOf(errors: unknown): Fault[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((each: { pointer?: unknown; message?: { zh?: unknown; en?: unknown } }) => {
    const { pointer, message } = each ?? {};
    if (typeof pointer !== 'string' || typeof message?.zh !== 'string' || typeof message.en !== 'string') return [];
    return [{ pointer, message: { zh: message.zh, en: message.en } }];
  });
}
