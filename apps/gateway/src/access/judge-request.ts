import {
  consumersOf,
  type DisclosureRecord,
  durationMilliseconds,
  type RequestStatement,
  type ResultKind,
  type UnitId,
  violation,
  type Violation,
} from '@clearance/contracts';
import { judgeAccessRequest, meet } from '@clearance/negative-list';
import { type EntityManager, NotReadyError } from '@clearance/platform';
import type { Gateway } from '../gateway.ts';

/** How far in the future what a unit says may be dated, ms: its clock may be ahead. */
export const AHEAD_MS = 5 * 60_000;

/**
 * What is wrong with a request, by the list in force and, of one result, by what the requester was shown of it. Pointers are
 * those of the body that the requester's backend sent.
 *
 * @throws NotReadyError when no list is in force
 */
export async function judgeRequest(
  gateway: Gateway,
  transaction: EntityManager,
  { requester, about, paths, purpose, until, requestedAt }: RequestStatement,
  now: number,
): Promise<Violation[]> {
  const list = gateway.listInForce(now);
  if (list === undefined) throw new NotReadyError('no negative list is in force; requests for access wait for one');
  const errors: Violation[] = [];
  if (Date.parse(requestedAt) > now + AHEAD_MS) errors.push(violation('', 'out-of-range', { expected: '≤ now' }));
  if (Date.parse(until) <= now) errors.push(violation('/until', 'not-later', { expected: 'now' }));
  const { longest } = gateway.mesh.access;
  if (Date.parse(until) > now + durationMilliseconds(longest)!) {
    errors.push(violation('/until', 'exceeds', { expected: longest }));
  }
  const of = 'resultId' in about ? '/resultId' : '/results/issuer';
  const issuers = gateway.mesh.units.map(({ id }) => id);
  if (!issuers.includes(about.issuer as UnitId) || !consumersOf(gateway.mesh).includes(requester as UnitId)) {
    return [...errors, violation(of, 'unknown-reference', { expected: ISSUERS })];
  }
  if (about.issuer === requester) return [...errors, violation(of, 'not-own')];
  const kinds = 'resultId' in about ? await kindOf(transaction, about.resultId, about.issuer) : about.kinds;
  if (kinds.length === 0) return [...errors, violation('/resultId', 'unknown-reference', { expected: RESULTS })];
  const asked = { issuer: about.issuer as UnitId, kinds, requester: requester as UnitId };
  const judged = judgeAccessRequest(list.compiled, asked, { paths, purpose }, now);
  if (judged.length > 0 || !('resultId' in about)) return [...errors, ...judged];
  return [...errors, ...judgeShown(await shownLast(transaction, about.resultId, requester), paths)];
}

/**
 * Of one result it is known what the list withholds, whatever its conditions. While something is shown under a grant, nothing
 * is said of it: it may be asked for longer.
 */
function judgeShown(shown: DisclosureRecord | undefined, paths: readonly string[]): Violation[] {
  if (shown === undefined || shown.grants !== undefined) return [];
  return paths.flatMap((path, index) => {
    const items = shown.withheld.filter((item) => meet(item.path, path));
    if (items.some(({ access }) => access === 'on-request')) return [];
    if (items.length === 0) return [violation(`/paths/${index}`, 'not-withheld')];
    const entries = [...new Set(items.map(({ entry }) => entry))];
    return [violation(`/paths/${index}`, 'not-shared', { expected: entries.join(', ') })];
  });
}

async function shownLast(
  transaction: EntityManager,
  resultId: string,
  requester: string,
): Promise<DisclosureRecord | undefined> {
  const rows: { entry: string }[] = await transaction.query(
    'select entry from ledger where result_id = $1 order by version desc, sequence desc',
    [resultId],
  );
  return rows
    .map(({ entry }) => JSON.parse(entry) as DisclosureRecord)
    .find(({ consumers }) => consumers.includes(requester));
}

const ISSUERS = { zh: '签发单位', en: 'issuing units' };
const RESULTS = { zh: '该单位已签发的结果', en: 'results that this unit has issued' };

async function kindOf(transaction: EntityManager, resultId: string, issuer: string): Promise<ResultKind[]> {
  return (
    await transaction.query<{ kind: ResultKind }[]>(
      'select distinct kind from settlement where result_id = $1 and issuer = $2',
      [resultId, issuer],
    )
  ).map(({ kind }) => kind);
}
