import { type AccessRequest, type Outcome, problem, type SignedStatement, requestView } from '@clearance/contracts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { asViolations, giveStatements, settleStatement } from './give-statements.ts';
import type { StoredRequest } from './stored-request.ts';

/**
 * Gives the gateway the owner's word on a request, and tells the request as it is then. What the gateway does not take is as
 * if it had not been said, and the problem says why; while the gateway is away the word is on its way.
 */
export async function giveWord(
  unit: Unit,
  stored: StoredRequest,
  word: SignedStatement,
): Promise<Outcome<AccessRequest>> {
  const { requestId, type } = word.statement;
  const [waiting]: unknown[] = await unit.database.query(
    'select 1 from access_statement where request_id = $1 and type = $2',
    [requestId, type],
  );
  const [taken] = waiting === undefined ? [] : ((await giveStatements(unit, [word])) ?? []);
  if (taken === undefined) return { ok: true, value: requestView(stored, unit.now()) };
  await inTransaction(unit.database, (transaction) => settleStatement(transaction, word, taken));
  if (!taken.taken) return { ok: false, problem: problem('invalid', { errors: asViolations(taken.errors) }) };
  return { ok: true, value: requestView(stored, unit.now()) };
}
