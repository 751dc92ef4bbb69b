import type { UnitId } from '@clearance/contracts';
import type { Finding, Remark } from '../language/finding.ts';
import { readList } from '../parse/read-list.ts';
import { readText } from '../parse/read-text.ts';
import { lintEntry } from './lint-entry.ts';

/** What a list is judged against. */
export interface LintContext {
  /** Every unit and other consumer of the mesh. */
  units: readonly UnitId[];
  /** Instant of the lint, ms since the epoch; without it nothing is found to have expired. */
  at?: number;
}

/**
 * Everything that is to be said about a list, in the order of its lines: what keeps it from being read, words that
 * mean nothing in this mesh (errors, with which it may not become active), and what deserves a second look
 * (warnings). Entries that could be read are judged even if others could not.
 */
export function lintNegativeList(text: string, context: LintContext): Finding[] {
  const { value, remarks, locate } = readText(text);
  const shape = remarks.length === 0 ? readList(value, remarks) : undefined;
  const unread = remarks.map((remark) => remark.pointer);
  const list = { effectiveFrom: shape?.effectiveFrom };
  const meaning = (shape?.entries ?? []).flatMap((entry, index): Remark[] => {
    const pointer = `/entries/${index}`;
    const broken = unread.some((at) => at === pointer || at.startsWith(`${pointer}/`));
    return entry === undefined || broken ? [] : lintEntry(entry, pointer, list, context);
  });
  return locate([...remarks, ...meaning]);
}
