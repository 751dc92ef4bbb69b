import { type LocalizedText, type ResultKind, type UnitId, violation, type Violation } from '@clearance/contracts';
import type { CompiledList, PlannedEntry } from '../compile/compile-list.ts';
import { compilePattern } from '../compile/pattern.ts';
import { isPurpose, PURPOSES } from '../language/purposes.ts';
import { liesIn, meet, withoutPlaces } from './path-relation.ts';

/** Whose results of which kinds are asked for, by whom. */
export interface AskedOf {
  issuer: UnitId;
  kinds: readonly ResultKind[];
  requester: UnitId;
}

/**
 * What is wrong with a request for conditional data by the list in force: a purpose that is none, a path that no kind asked
 * for has, what is not withheld from the requester, what cannot be asked for, and what is not admitted for that purpose.
 * Conditions of entries are not looked at, since results may still come: where one decides, the request is admitted, and what
 * is withheld in the end stays withheld.
 *
 * @param at ms since the epoch
 * @returns nothing when the request may be put to the owner; pointers into the request
 */
export function judgeAccessRequest(
  list: CompiledList,
  { issuer, kinds, requester }: AskedOf,
  { paths, purpose }: { paths: readonly string[]; purpose: string },
  at: number,
): Violation[] {
  if (!isPurpose(purpose)) {
    return [violation('/purpose', 'not-in-list', { expected: Object.keys(PURPOSES).join(', ') })];
  }
  const judged = kinds.flatMap((kind) => {
    const plan = list.planFor(kind, issuer);
    const number = plan?.units.get(requester);
    if (plan === undefined || number === undefined) return [];
    const entries = plan.entries().filter((each) => each.consumers[number] && at >= each.from && at < each.until);
    return [{ tree: plan.tree, entries }];
  });
  return paths.flatMap((path, index) => {
    const general = withoutPlaces(path);
    const having = judged.filter(({ tree }) => compilePattern(general, tree) !== undefined);
    if (having.length === 0) return [violation(`/paths/${index}`, 'bad-format', { expected: FIELD })];
    const found = having.map(({ entries }) => judgePath(general, entries, purpose));
    // It is enough that one of the kinds has something to grant.
    if (found.includes(undefined)) return [];
    const [first] = found;
    return first === undefined ? [] : [violation(`/paths/${index}`, first.code, { expected: first.expected })];
  });
}

const FIELD: LocalizedText = { zh: '所申请种类的结果中的路径', en: 'a path that results of the kinds asked for have' };

interface Refusal {
  code: 'not-withheld' | 'not-shared' | 'purpose-not-admitted';
  /** Entries, or purposes. */
  expected: string;
}

function judgePath(path: string, entries: readonly PlannedEntry[], purpose: string): Refusal | undefined {
  const touching = entries.filter(({ patterns }) => patterns.some((pattern) => meet(pattern.path, path)));
  const firm = touching.filter(({ entry }) => entry.class !== 'conditional');
  const blocking = firm.filter((planned) => takesOutAll(planned, path));
  const idsOf = (of: readonly PlannedEntry[]): string => of.map(({ entry }) => entry.id).join(', ');
  if (blocking.length > 0) return { code: 'not-shared', expected: idsOf(blocking) };
  const conditional = touching.filter(({ entry }) => entry.class === 'conditional');
  if (conditional.length === 0) {
    return firm.length > 0 ? { code: 'not-shared', expected: idsOf(firm) } : { code: 'not-withheld', expected: '' };
  }
  const strict = conditional.filter((planned) => takesOutAll(planned, path) && !admits(planned, purpose));
  const closed = conditional.every((planned) => !admits(planned, purpose)) ? conditional : strict;
  if (closed.length === 0) return undefined;
  const purposes = new Set(closed.flatMap(({ entry }) => entry.purposes ?? []));
  return { code: 'purpose-not-admitted', expected: [...purposes].sort().join(', ') };
}

/** Whether an entry takes out all that a path names, whatever the content is. */
function takesOutAll({ patterns, entry }: PlannedEntry, path: string): boolean {
  return entry.when === undefined && patterns.some((pattern) => liesIn(path, pattern.path));
}

function admits({ entry }: PlannedEntry, purpose: string): boolean {
  return entry.purposes?.includes(purpose) ?? true;
}
