import { type Outcome, problem, violation } from '@clearance/contracts';
import { diffLists, parseNegativeList } from '@clearance/negative-list';
import type { Gateway } from '../gateway.ts';
import { ProblemError } from '../http/problem-filter.ts';
import { lintDraft, type RefusedByLint } from './act-on-draft.ts';
import type { Changes } from './changes-schema.ts';
import { isVersionText } from './version-text.ts';

/**
 * In what a text differs from a version that was approved.
 *
 * @returns a problem when there is no such version; the findings when the text cannot be read as a list
 */
export async function changesSince(
  gateway: Gateway,
  document: string,
  since: string | undefined,
): Promise<Outcome<Changes> | RefusedByLint> {
  const after = parseNegativeList(document);
  if (!after.ok) return { ok: false, findings: lintDraft(gateway, document) };
  const units = gateway.consumers;
  if (since === undefined)
    return { ok: true, value: { since: null, changes: diffLists(undefined, after.list, { units }) } };
  const [row]: { document: string }[] = await gateway.database.query(
    'select document from negative_list where version = $1',
    [since],
  );
  const before = row && parseNegativeList(row.document);
  if (before?.ok !== true) return { ok: false, problem: problem('unknown') };
  return { ok: true, value: { since, changes: diffLists(before.list, after.list, { units }) } };
}

/**
 * The version that `since` names.
 *
 * @throws ProblemError listing every parameter at fault
 */
export function readSince(parameters: Readonly<Record<string, unknown>>): string | undefined {
  const { since, ...others } = parameters;
  const errors = Object.keys(others).map((name) => violation(`/${name}`, 'unknown-member'));
  if (since !== undefined && (typeof since !== 'string' || !isVersionText(since))) {
    errors.push(violation('/since', 'bad-format', { expected: '2026.11-1' }));
  }
  if (errors.length > 0) throw new ProblemError(problem('invalid', { errors }));
  return since as string | undefined;
}
