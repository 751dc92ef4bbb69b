import {
  type AccessRequest,
  type Outcome,
  type PersonHeard,
  personPath,
  problem,
  type Problem,
  validateDecideForPerson,
  validateRevokeForPerson,
} from '@clearance/contracts';
import { isProven } from '@clearance/platform/tokens';
import { contentDigest } from '@clearance/provenance';
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
  const { requestId, answer, ...shown } = checked.value;
  const said = { ...shown, path: personPath(requestId, 'decision'), body: answer };
  return hear(unit, said, (person) => decideAccess(unit, { requestId, ...answer }, person));
}

/** The end of what this unit granted, said by the same. */
export async function revokeForPerson(unit: Unit, body: unknown): Promise<Outcome<PersonHeard>> {
  const checked = validateRevokeForPerson(body);
  if (!checked.ok) return MALFORMED;
  const { requestId, ending, ...shown } = checked.value;
  const said = { ...shown, path: personPath(requestId, 'revocation'), body: ending };
  return hear(unit, said, (person) => revokeAccess(unit, { requestId, ...ending }, person));
}

/** Nothing of it is told: what is malformed may hold a token in another place. */
const MALFORMED: Outcome<never> = { ok: false, problem: problem('invalid') };

/** What somebody said over HTTP, and what they showed. */
interface Said {
  token: string;
  proof?: string;
  path: string;
  body: object;
}

async function hear(
  unit: Unit,
  said: Said,
  act: (person: string) => Promise<Outcome<AccessRequest>>,
): Promise<Outcome<PersonHeard>> {
  if (unit.people === undefined) return refused('no-sign-in');
  const identity = await unit.people.verify(said.token);
  const speaks = identity !== undefined && identity.roles.includes('unit') && identity.unit === unit.id;
  if (!speaks) {
    unit.log.warn({ unit: unit.id, known: identity !== undefined }, 'somebody who may not speak for this unit');
    return refused('not-believed');
  }
  if (!(await isTheirWord(said, identity.boundTo, unit.needsProof))) return refused('not-proven');
  const outcome = await act(identity.subject);
  return outcome.ok ? { ok: true, value: { done: true } } : refusalOf(outcome.problem);
}

/**
 * Whether whoever has the token said just this: proven by the key to which the token is bound, for this request and these
 * words. Of a token that is bound to none it cannot be known; such a one is taken, unless the unit needs a proof.
 */
async function isTheirWord(
  { token, proof, path, body }: Said,
  boundTo: string | undefined,
  needsProof: boolean,
): Promise<boolean> {
  if (boundTo === undefined) return proof === undefined && !needsProof;
  if (proof === undefined) return false;
  return isProven(proof, { method: 'POST', path, token, boundTo, bodyDigest: contentDigest(body) });
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
