import {
  type AccessErrors,
  type AccessStatement,
  type SignedStatement,
  type StatementsTaken,
  SUBJECTS,
  validateStatementsTaken,
  type Violation,
} from '@clearance/contracts';
import { createRelay, type Relay } from '@clearance/messaging';
import { type EntityManager, NotReadyError } from '@clearance/platform';
import { type EventBatch, keepEvents } from '../announce/pending-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { accessEvent } from './access-event.ts';
import { lockRequest, type StoredRequest, storeRequest } from './stored-request.ts';

/** What the gateway says to a statement. */
export type Taken = StatementsTaken['outcomes'][number];

/** What giving statements needs of a unit. */
export type GivingUnit = Pick<Unit, 'id' | 'database' | 'askGateway' | 'events' | 'log' | 'now'>;

/** Statements that are given at once. */
const AT_ONCE = 32;
/** What is given in the request that it comes with is left alone by the sweep for so long, s. */
const GIVEN_IN_LINE_S = 8;

/** Keeps a statement, in the transaction in which it is made, until the gateway has it. */
export async function keepStatement(transaction: EntityManager, signed: SignedStatement): Promise<void> {
  const { requestId, type } = signed.statement;
  await transaction.query(
    `insert into access_statement (request_id, type, signed, next_attempt_at)
     values ($1, $2, $3, now() + interval '${GIVEN_IN_LINE_S} seconds')`,
    [requestId, type, JSON.stringify(signed)],
  );
}

/**
 * Gives the gateway statements that are kept, and what it says to each; undefined when it cannot be reached now: the sweep goes on
 * giving them.
 */
export async function giveStatements(
  unit: GivingUnit,
  statements: readonly SignedStatement[],
): Promise<Taken[] | undefined> {
  const answer = await unit.askGateway(SUBJECTS.giveStatements, { statements });
  const checked = answer.ok ? validateStatementsTaken(answer.value) : undefined;
  if (checked?.ok && checked.value.outcomes.length === statements.length) return checked.value.outcomes;
  if (answer.ok || answer.problem.code !== 'not-ready') {
    const code = answer.ok ? 'malformed' : answer.problem.code;
    unit.log.error({ unit: unit.id, code }, 'the gateway does not take what this unit says about access');
  }
  return undefined;
}

/** Gives what was not taken in line: the gateway was away, or a rule has answered. */
export function createStatementRelay(unit: GivingUnit): Relay<SignedStatement> {
  return createRelay<SignedStatement>({
    name: `${unit.id} statements`,
    maxBatch: AT_ONCE,
    lingerMs: 1,
    sweepMs: 5_000,
    log: unit.log,
    publish: async (statements) => {
      const outcomes = await giveStatements(unit, statements);
      if (outcomes === undefined) throw new NotReadyError('the gateway is not there');
      for (const [index, signed] of statements.entries()) await settleLater(unit, signed, outcomes[index]!);
    },
    takeDue: async (limit) => {
      const [rows]: [{ signed: string }[], number] = await unit.database.query(
        `update access_statement set next_attempt_at = now() + interval '${GIVEN_IN_LINE_S} seconds'
         where (request_id, type) in (
           select request_id, type from access_statement where next_attempt_at <= now()
           order by next_attempt_at limit $1 for update skip locked
         ) returning signed`,
        [limit],
      );
      return rows.map(({ signed }) => JSON.parse(signed) as SignedStatement);
    },
  });
}

/** Writes down what the gateway said, and tells the backend if it was not what is to be expected. */
async function settleLater(unit: GivingUnit, signed: SignedStatement, taken: Taken): Promise<void> {
  const events = await inTransaction(unit.database, async (transaction): Promise<EventBatch[]> => {
    const stored = await settleStatement(transaction, signed, taken);
    if (stored === undefined || taken.taken) return [];
    const { requestId, type } = signed.statement;
    const told = type === 'access-request' ? 'access.decided' : 'access.reminded';
    const event = accessEvent(told, stored, `${requestId}:${type}:rejected`, unit.now());
    return keepEvents(transaction, [event], unit.now());
  });
  unit.events.push(events);
}

/**
 * Writes down what the gateway said to a statement, once.
 *
 * @returns the request as it is then; undefined when that was known before
 */
export async function settleStatement(
  transaction: EntityManager,
  signed: SignedStatement,
  taken: Taken,
): Promise<StoredRequest | undefined> {
  const { requestId, type } = signed.statement;
  const stored = await lockRequest(transaction, requestId);
  const [gone]: [unknown[], number] = await transaction.query(
    'delete from access_statement where request_id = $1 and type = $2 returning type',
    [requestId, type],
  );
  if (stored === undefined || gone.length === 0) return undefined;
  const next = afterwards(stored, type, taken);
  await storeRequest(transaction, next);
  return next;
}

function afterwards(stored: StoredRequest, type: AccessStatement['type'], taken: Taken): StoredRequest {
  switch (type) {
    case 'access-request': {
      if (!taken.taken) return { ...stored, state: 'rejected', errors: taken.errors };
      const dueAt = taken.dueAt === undefined ? {} : { dueAt: new Date(taken.dueAt) };
      return { ...stored, state: stored.state === 'submitted' ? 'open' : stored.state, ...dueAt };
    }
    case 'access-decision': {
      if (taken.taken) return stored;
      const { decision: _decision, ...open } = stored;
      return { ...open, state: 'open', errors: taken.errors };
    }
    case 'access-revocation': {
      if (taken.taken) return stored;
      const { revocation: _revocation, ...granted } = stored;
      return { ...granted, state: stored.decision!.statement.decision };
    }
    default:
      return type satisfies never;
  }
}

/** The gateway's findings are those of our own contract, and told as such. */
export function asViolations(errors: AccessErrors): Violation[] {
  return errors as Violation[];
}
