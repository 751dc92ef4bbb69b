import {
  type AccessRequest,
  type Outcome,
  type PersonHeard,
  problem,
  type Problem,
  validateDecideForPerson,
  validateRevokeForPerson,
} from '@clearance/contracts';
import type { Unit } from '../unit.ts';
import { decideAccess } from './decide-access.ts';
import { revokeAccess } from './revoke-access.ts';

/**
 * The answer of somebody of this unit who has signed in at the gateway. The gateway only passes it on: that its author may
 * speak for this unit is judged here, by keys that this process knows by itself, before anything is signed.
 */
export async function decideForPerson(unit: Unit, body: unknown): Promise<Outcome<PersonHeard>> {
  const checked = validateDecideForPerson(body);
  if (!checked.ok) return MALFORMED;
  const { token, requestId, answer } = checked.value;
  return hear(unit, token, (person) => decideAccess(unit, { requestId, ...answer }, person));
}

/** The end of what this unit granted, said by the same. */
export async function revokeForPerson(unit: Unit, body: unknown): Promise<Outcome<PersonHeard>> {
  const checked = validateRevokeForPerson(body);
  if (!checked.ok) return MALFORMED;
  const { token, requestId, ending } = checked.value;
  return hear(unit, token, (person) => revokeAccess(unit, { requestId, ...ending }, person));
}

/** Nothing of it is told: what is malformed may hold a token in another place. */
const MALFORMED: Outcome<never> = { ok: false, problem: problem('invalid') };

async function hear(
  unit: Unit,
  token: string,
  act: (person: string) => Promise<Outcome<AccessRequest>>,
): Promise<Outcome<PersonHeard>> {
  if (unit.people === undefined) return refused('no-sign-in');
  const identity = await unit.people.verify(token);
  const speaks = identity !== undefined && identity.roles.includes('unit') && identity.unit === unit.id;
  if (!speaks) {
    unit.log.warn({ unit: unit.id, known: identity !== undefined }, 'somebody who may not speak for this unit');
    return refused('not-believed');
  }
  const outcome = await act(identity.subject);
  return outcome.ok ? { ok: true, value: { done: true } } : refusalOf(outcome.problem);
}

type Because = Extract<PersonHeard, { done: false }>['because'];

function refused(because: Because, errors: Problem['errors'] = []): Outcome<PersonHeard> {
  return { ok: true, value: { done: false, because, errors } };
}

/** The problem as which a backend would be told, for the gateway to tell it in its own words. */
function refusalOf(told: Problem): Outcome<PersonHeard> {
  switch (told.code) {
    case 'invalid':
      return refused('invalid', told.errors);
    case 'unknown':
    case 'conflict':
      return refused(told.code);
    case 'forbidden':
      return refused('not-owner');
    default:
      return { ok: false, problem: told };
  }
}
