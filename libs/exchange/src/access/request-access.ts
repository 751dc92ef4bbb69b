import { v7 as uuidv7 } from 'uuid';
import {
  type AccessRequest,
  type AccessScope,
  type Checked,
  namesPlaces,
  type Outcome,
  problem,
  type RequestAccess,
  type RequestStatement,
  validateRequestAccess,
  violation,
  requestView,
} from '@clearance/contracts';
import type { EntityManager } from '@clearance/platform';
import { contentDigest, signStatement } from '@clearance/provenance';
import { inTransaction } from '../store/in-transaction.ts';
import type { Unit } from '../unit.ts';
import { asViolations, giveStatements, keepStatement, settleStatement } from './give-statements.ts';
import { fromRequestRow, REQUEST_COLUMNS, type StoredRequest, storeRequest } from './stored-request.ts';

/**
 * Asks the owner of results, through the gateway, for what the list makes conditional. The gateway judges the request by
 * the list in force at once: what it does not admit is refused with everything that is wrong, and not kept. While the gateway
 * is away the request is kept as `submitted`, and given to it as soon as it is there.
 *
 * The same reference with the same body gives the same request, with another body a conflict.
 */
export async function requestAccess(unit: Unit, body: unknown): Promise<Outcome<AccessRequest>> {
  const checked = validateRequestAccess(body);
  if (!checked.ok) return { ok: false, problem: problem('invalid', { errors: checked.violations }) };
  const asked = checked.value;
  const digest = contentDigest(asked);
  const about = await scopeOf(unit, asked);
  if (!about.ok) return { ok: false, problem: problem('invalid', { errors: about.violations }) };
  const kept = await inTransaction(unit.database, async (transaction): Promise<Outcome<StoredRequest>> => {
    const before = await findByReference(transaction, asked.reference);
    if (before !== undefined && before.stored.state !== 'rejected') {
      return before.digest === digest ? { ok: true, value: before.stored } : conflict(before.stored);
    }
    // What the list did not admit while the gateway was away may be asked for anew.
    await transaction.query(`delete from access_request where own and reference = $1`, [asked.reference]);
    const request = signStatement(statementOf(unit, asked, about.value), unit.signingKey());
    const stored: StoredRequest = { own: true, state: 'submitted', request };
    await storeRequest(transaction, stored, digest);
    await keepStatement(transaction, request);
    return { ok: true, value: stored };
  });
  if (!kept.ok || kept.value.state !== 'submitted') return viewed(unit, kept);
  return giveInLine(unit, kept.value);
}

async function giveInLine(unit: Unit, stored: StoredRequest): Promise<Outcome<AccessRequest>> {
  const [taken] = (await giveStatements(unit, [stored.request])) ?? [];
  if (taken === undefined) return viewed(unit, { ok: true, value: stored });
  const settled = await inTransaction(unit.database, async (transaction) => {
    const settled = await settleStatement(transaction, stored.request, taken);
    if (settled === undefined || taken.taken) return settled;
    const { requestId } = stored.request.statement;
    await transaction.query('delete from access_request where request_id = $1', [requestId]);
    return settled;
  });
  if (!taken.taken) return { ok: false, problem: problem('invalid', { errors: asViolations(taken.errors) }) };
  return viewed(unit, { ok: true, value: settled ?? stored });
}

function viewed(unit: Unit, outcome: Outcome<StoredRequest>): Outcome<AccessRequest> {
  return outcome.ok ? { ok: true, value: requestView(outcome.value, unit.now()) } : outcome;
}

/** Which results are meant: of one, its issuer, and the version in which elements have their places. */
async function scopeOf(unit: Unit, asked: RequestAccess): Promise<Checked<AccessScope>> {
  if (asked.results !== undefined) {
    if (asked.results.issuer === unit.id) return { ok: false, violations: [violation('/results/issuer', 'not-own')] };
    return { ok: true, value: { ...asked.results, since: asked.results.since ?? new Date(unit.now()).toISOString() } };
  }
  const resultId = asked.resultId!;
  const [held]: { issuer: string; own: boolean; version: number }[] = await unit.database.query(
    'select issuer, own, version from result where result_id = $1',
    [resultId],
  );
  if (held === undefined) return { ok: false, violations: [violation('/resultId', 'unknown-reference', HELD)] };
  if (held.own) return { ok: false, violations: [violation('/resultId', 'not-own')] };
  const version = asked.version ?? (asked.paths.some(namesPlaces) ? held.version : undefined);
  return { ok: true, value: { issuer: held.issuer, resultId, ...(version === undefined ? {} : { version }) } };
}

const HELD = { expected: { zh: '本单位持有的结果', en: 'results that this unit holds' } };

function statementOf(unit: Unit, asked: RequestAccess, about: AccessScope): RequestStatement {
  const { reference, paths, purpose, legalReference, until } = asked;
  return {
    type: 'access-request',
    requestId: uuidv7(),
    reference,
    requester: unit.id,
    about,
    paths,
    purpose,
    legalReference,
    until,
    requestedAt: new Date(unit.now()).toISOString(),
  };
}

async function findByReference(
  transaction: EntityManager,
  reference: string,
): Promise<{ stored: StoredRequest; digest: string } | undefined> {
  // Of two that come at once the second waits here, and finds what the first has kept.
  await transaction.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`access ${reference}`]);
  const [row]: { body_digest: string }[] = await transaction.query(
    `select ${REQUEST_COLUMNS}, body_digest from access_request where own and reference = $1`,
    [reference],
  );
  return row && { stored: fromRequestRow(row), digest: row.body_digest };
}

function conflict({ request }: StoredRequest): Outcome<never> {
  const { reference, requestId } = request.statement;
  const detail = {
    zh: `编号 ${reference} 已用于内容不同的申请 ${requestId}`,
    en: `Reference ${reference} is that of request ${requestId}, which asks for something else`,
  };
  return { ok: false, problem: problem('conflict', { detail }) };
}
