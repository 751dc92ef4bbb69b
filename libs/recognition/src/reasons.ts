import { RECOGNITION_REASONS, reasonMessage, type CheckType, type RecognitionReason } from '@clearance/contracts';
import type { Objection } from './controls.ts';
import { compareText } from './current-results.ts';

/** An objection, and the target against whose coverage it stands; without one it concerns the whole request. */
export interface TargetedObjection extends Objection {
  target?: string;
}

/** Targets that one message names; a reader of more looks at `remaining`. */
const TARGETS_NAMED = 5;

/**
 * The reasons that a decision gives, each code and result once, with all the targets it concerns in its message; in the
 * order of the contract's codes, then of the results' ids.
 */
export function reasonsFrom(check: CheckType, objections: readonly TargetedObjection[]): RecognitionReason[] {
  const grouped = new Map<string, TargetedObjection[]>();
  for (const objection of objections) {
    const key = `${codeOrder(objection)} ${objection.resultId ?? ''}`;
    const group = grouped.get(key);
    if (group) group.push(objection);
    else grouped.set(key, [objection]);
  }
  return [...grouped.keys()].sort(compareText).flatMap((key) => {
    const group = grouped.get(key) ?? [];
    const [first] = group;
    if (!first) return [];
    const { code, resultId } = first;
    const target = targetsNamed(group);
    const path = [...new Set(group.flatMap((objection) => objection.path ?? []))].sort().join(', ');
    const at = group
      .flatMap((objection) => objection.at ?? [])
      .sort()
      .at(-1);
    const message = reasonMessage(code, {
      check,
      ...(target === '' ? {} : { target }),
      ...(path === '' ? {} : { path }),
      ...(at === undefined ? {} : { at }),
    });
    return [{ code, ...(resultId === undefined ? {} : { resultId }), message }];
  });
}

function codeOrder({ code }: Objection): string {
  return String(RECOGNITION_REASONS.indexOf(code)).padStart(2, '0');
}

function targetsNamed(group: readonly TargetedObjection[]): string {
  const names = [...new Set(group.flatMap(({ target }) => target ?? []))];
  const named = names.slice(0, TARGETS_NAMED).join(', ');
  return names.length > TARGETS_NAMED ? `${named} … (${names.length})` : named;
}
