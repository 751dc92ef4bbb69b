import type { UnitId } from '@clearance/contracts';
import { severityOf } from '../language/finding.ts';
import type { Finding, Remark } from '../language/finding.ts';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import { readList } from '../parse/read-list.ts';
import { readText } from '../parse/read-text.ts';
import { lintEntry } from './lint-entry.ts';
import { lintShadows } from './lint-shadows.ts';
import type { PlacedEntry } from './lint-shadows.ts';
import type { NeededForRecognition } from './lint-recognition.ts';

/** What a list is judged against. */
export interface LintContext {
  /** Every unit and other consumer of the mesh. */
  units: readonly UnitId[];
  /** Instant of the lint, ms since the epoch; without it nothing is found to have expired, or to expire soon. */
  at?: number;
  /**
   * What recognition needs under the arrangements of the mesh: `recognitionNeeds` of `@clearance/recognition`. Without it
   * nothing is found to break recognition.
   */
  recognition?: readonly NeededForRecognition[];
}

/** Claims of conditions that are looked at in one lint, for whether they can hold together. */
const CLAIMS_LOOKED_AT = 100_000;

/**
 * Everything that is to be said about a list, in the order of its lines: what keeps it from being read, words that
 * mean nothing in this mesh (errors, with which it may not become active), and what deserves a second look
 * (warnings). Entries that could be read are judged even if others could not.
 */
export function lintNegativeList(text: string, context: LintContext): Finding[] {
  const { value, remarks, locate } = readText(text);
  const shape = remarks.length === 0 ? readList(value, remarks) : undefined;
  const unread = new Set(remarks.map(({ pointer }) => /^\/entries\/\d+/.exec(pointer)?.[0]));
  const list = { effectiveFrom: shape?.effectiveFrom, effort: { left: CLAIMS_LOOKED_AT } };
  const sound: PlacedEntry[] = [];
  const meaning: Remark[] = [];
  for (const [index, entry] of (shape?.entries ?? []).entries()) {
    const pointer = `/entries/${index}`;
    if (entry === undefined || unread.has(pointer)) continue;
    // Nobody reads more; what is left is judged once these are mended.
    if (remarks.length + meaning.length > LIST_BOUNDS.findings) break;
    const said = lintEntry(entry, pointer, list, context);
    if (!said.some(({ code }) => severityOf(code) === 'error')) sound.push({ entry, pointer });
    meaning.push(...said);
  }
  const among = lintShadows(sound, context.units, list.effectiveFrom);
  return locate([...remarks, ...meaning, ...among]);
}
