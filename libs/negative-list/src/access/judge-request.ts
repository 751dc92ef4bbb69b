import { type LocalizedText, type ResultKind, type UnitId, violation, type Violation } from '@clearance/contracts';
import type { CompiledList, PlannedEntry } from '../compile/compile-list.ts';
import { compilePattern } from '../compile/pattern.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
import { admits, isPurpose, PURPOSES } from '../language/purposes.ts';
import { liesIn, meet, withoutPlaces } from './path-relation.ts';

/** Whose results of which kinds are asked for, by whom. */
export interface AskedOf {
  issuer: UnitId;
  kinds: readonly ResultKind[];
  requester: UnitId;
}

/**
 * What is wrong with a request for conditional data by the list in force: a purpose that is none, a path that no kind asked
 * for has, what no entry makes conditional, what cannot be asked for, and what cannot be asked for with that purpose. Whether
 * the condition of an entry holds is left open, since results may still come: what some result may have to grant may be
 * asked for, and what is withheld in the end stays withheld.
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
  const known = isPurpose(purpose);
  const violations = known ? [] : [violation('/purpose', 'not-in-list', { expected: ALL_PURPOSES.join(', ') })];
  const plans = kinds.flatMap((kind) => list.planFor(kind, issuer) ?? []);
  for (const [index, path] of paths.entries()) {
    const general = withoutPlaces(path);
    const having = plans.filter(({ tree }) => compilePattern(general, tree) !== undefined);
    if (having.length === 0) violations.push(violation(`/paths/${index}`, 'bad-format', { expected: FIELD }));
    const refusals = having.map(({ units, entries }) => {
      const number = units.get(requester);
      if (number === undefined) return STRANGER;
      const about = entries().filter((each) => each.consumers[number] && at >= each.from && at < each.until);
      return refusalOf(general, about, purpose);
    });
    const told = refusals.filter((each) => each !== undefined);
    // It is enough that one of the kinds may have something to grant.
    if (told.length < refusals.length) continue;
    for (const refusal of distinct(told)) {
      // What is none of the purposes is told once, not again for every path.
      if (refusal.code === 'purpose-not-admitted' && !known) continue;
      violations.push(violation(`/paths/${index}`, refusal.code, { expected: refusal.expected }));
    }
  }
  return violations;
}

const ALL_PURPOSES = Object.keys(PURPOSES);
const FIELD: LocalizedText = { zh: '所申请种类的结果中的路径', en: 'a path that results of the kinds asked for have' };

interface Refusal {
  code: 'not-withheld' | 'not-shared' | 'purpose-not-admitted';
  /** Entries, or purposes. */
  expected: string;
}

/** Of a unit that the mesh does not know everything is withheld. */
const STRANGER: Refusal = { code: 'not-shared', expected: 'FC-unknown-consumer' satisfies FailClosedCode };

function refusalOf(path: string, entries: readonly PlannedEntry[], purpose: string): Refusal | undefined {
  const touching = entries.filter(({ patterns }) => patterns.some((pattern) => meet(pattern.path, path)));
  if (mayGive(path, touching, purpose)) return undefined;
  const others = ALL_PURPOSES.filter((other) => mayGive(path, touching, other));
  if (others.length > 0) return { code: 'purpose-not-admitted', expected: others.join(', ') };
  // What is taken out of some results only, by what they say, is not why there is nothing to ask for.
  const sure = touching.filter(isSure);
  if (sure.length === 0) return { code: 'not-withheld', expected: '' };
  const firm = sure.filter(({ entry }) => entry.class === 'withheld');
  return { code: 'not-shared', expected: (firm.length > 0 ? firm : sure).map(({ entry }) => entry.id).join(', ') };
}

/**
 * Whether there may be a content of which a grant of the path would give something free: a node that some entry takes out
 * which admits the purpose, and that lies in none which another surely takes out that does not.
 */
function mayGive(path: string, entries: readonly PlannedEntry[], purpose: string): boolean {
  const closed = entries.filter((each) => isSure(each) && !admits(each.entry, purpose));
  const open = entries.filter(({ entry }) => admits(entry, purpose));
  const nodes = open.flatMap(({ patterns }) => patterns.map((pattern) => common(pattern.path, path)));
  return nodes.some((node) => node !== undefined && !closed.some((each) => takesOut(each, node)));
}

/** What both of two paths name whole; undefined where they have nothing in common. */
function common(one: string, other: string): string | undefined {
  if (liesIn(one, other)) return one;
  return liesIn(other, one) ? other : undefined;
}

function takesOut({ patterns }: PlannedEntry, path: string): boolean {
  return patterns.some((pattern) => liesIn(path, pattern.path));
}

/** Whether an entry hits whatever the content is. */
function isSure({ condition }: PlannedEntry): boolean {
  return condition === undefined;
}

function distinct(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((each) => [`${each.code} ${each.expected}`, each])).values()];
}
