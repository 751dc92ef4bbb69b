import {
  type AccessAnswer,
  type AccessEnding,
  type LocalizedText,
  type Outcome,
  type PersonHeard,
  type PersonRefusal,
  problem,
  type Problem,
  SUBJECTS,
  type UnitId,
  validatePersonHeard,
  type Violation,
} from '@clearance/contracts';
import { continueTrace, currentTrace } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';
import type { PresentedToken } from '../http/call.ts';

/** What somebody who has signed in says of a request that their unit was asked. */
export type PersonSays = { requestId: string } & ({ answer: AccessAnswer } | { ending: AccessEnding });

/**
 * Passes somebody's word on to the unit that they speak for, with the token that they came with: whether they may, that unit
 * judges by itself, and only its own signature makes it the owner's word. The token is kept nowhere.
 *
 * @returns when the gateway has the unit's word, or why it has not
 */
export async function askOwner(
  gateway: Gateway,
  owner: UnitId,
  presented: PresentedToken,
  said: PersonSays,
): Promise<Outcome<undefined>> {
  const subject = 'answer' in said ? SUBJECTS.decideForPerson : SUBJECTS.revokeForPerson;
  const asked = await gateway.askUnit(owner, subject, { ...presented, ...said }, continueTrace(currentTrace()));
  // Whatever else goes wrong there goes wrong between services: to the caller the unit is not ready.
  if (!asked.ok) return { ok: false, problem: problem(asked.problem.code === 'slow-down' ? 'slow-down' : 'not-ready') };
  const checked = validatePersonHeard(asked.value);
  if (!checked.ok) return { ok: false, problem: problem('not-ready') };
  return checked.value.done ? { ok: true, value: undefined } : { ok: false, problem: refusalOf(checked.value) };
}

function refusalOf({ because, errors }: Extract<PersonHeard, { done: false }>): Problem {
  const detail = DETAILS[because];
  switch (because) {
    case 'no-sign-in':
    case 'not-believed':
    case 'not-proven':
    case 'not-owner':
      return problem('forbidden', { detail });
    case 'unknown':
    case 'conflict':
      return problem(because, { detail });
    case 'invalid':
      // By our own contract's checks, at the unit.
      return problem('invalid', { errors: errors as Violation[] });
    default:
      return because satisfies never;
  }
}

const DETAILS: Record<PersonRefusal, LocalizedText> = {
  'no-sign-in': {
    zh: '该单位的服务未配置登录，请由其业务系统答复（access.decide）',
    en: 'The unit’s service knows no sign-in; answer by its backend (access.decide).',
  },
  'not-believed': {
    zh: '该单位的服务不认可此登录，请重新登录',
    en: 'The unit’s service does not believe this sign-in; sign in anew.',
  },
  'not-proven': {
    zh: '该答复须附以登录密钥签名的证明（DPoP，含 body_digest）',
    en: 'The answer needs a proof by the key of the sign-in (DPoP, with body_digest).',
  },
  unknown: { zh: '该单位尚未收到此申请', en: 'The unit does not have the request yet.' },
  'not-owner': { zh: '该申请由另一单位答复', en: 'Another unit answers the request.' },
  conflict: {
    zh: '该申请已有答复，或并无有效授权',
    en: 'The request has been answered, or nothing is granted under it.',
  },
  invalid: { zh: '内容不符合接口约定', en: 'The content breaks the contract.' },
};
