import type { ResultKind, UnitId } from '@clearance/contracts';
import type { CompiledList, PlannedEntry } from '../compile/compile-list.ts';
import { pathsAbove } from '../compile/plan-fields.ts';
import { ANYTHING } from '../condition/domain.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import type { Expr } from '../condition/parse-condition.ts';
import { whyNeverAll } from '../condition/satisfiable.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
import type { Entry, EntryClass } from '../language/negative-list.ts';
import { catalogueFields } from './catalogue-fields.ts';
import type { CatalogueField } from './catalogue-fields.ts';

/**
 * How a field is shared (国发〔2016〕51号, art. 10): `unconditional` 无条件共享 — shown; `conditional` 有条件共享 — taken out
 * of every result, may be asked for; `withheld` 不予共享 — taken out of every result, and cannot be asked for; `depends`
 * 视内容而定 — what else is in a result decides.
 */
export const SHARING_CLASSES = ['unconditional', 'conditional', 'withheld', 'depends'] as const;
export type SharingClass = (typeof SHARING_CLASSES)[number];

/** How a field of one unit's results is shared with some others, alike for all of them. */
export interface FieldSharing {
  class: SharingClass;
  /** The class of those results that show the least: the same, but where it depends on the content. */
  strictest: Exclude<SharingClass, 'depends'>;
  consumers: UnitId[];
  /** Ids of the entries that take it out of every result, or a code of `FAIL_CLOSED`; the withheld class first. */
  entries: string[];
  /** Ids of the entries that take it out of those results that meet their conditions; the withheld class first. */
  dependent: string[];
}

/** A field, and how it is shared with whom: each consumer is in one of the sharings. */
export interface SharedField extends CatalogueField {
  sharing: FieldSharing[];
}

/** An entry that takes out the whole of those results that meet its condition, and from whom. */
export interface SharingException {
  entry: string;
  class: EntryClass;
  consumers: UnitId[];
}

/** How results of one kind by one unit are shared. */
export interface ResourceSharing {
  /** What is said of the fields holds for results that meet none of these conditions. */
  exceptions: SharingException[];
  fields: SharedField[];
}

/**
 * The class of every field of the results of a kind that a unit issues, for each consumer, as `decideDisclosure` decides
 * at an instant (ms since the epoch). The issuer is no consumer of its own results and is left out. What is not known to
 * be shared is withheld, under a code of `FAIL_CLOSED`.
 */
export function sharingOf(
  list: CompiledList | undefined,
  { kind, issuer }: { kind: ResultKind; issuer: UnitId },
  consumers: readonly UnitId[],
  at: number,
): ResourceSharing {
  const others = [...new Set(consumers)].filter((unit) => unit !== issuer);
  const fields = catalogueFields(kind);
  // Written so that an instant that is no number finds no list in force.
  const plan = list !== undefined && at >= list.effectiveFrom ? list.planFor(kind, issuer) : undefined;
  if (plan === undefined) {
    const sharing = heldBack(others, 'FC-no-active-list');
    return { exceptions: [], fields: fields.map((field) => ({ ...field, sharing })) };
  }
  const inForce = plan.entries().filter(({ from, until }) => at >= from && at < until);
  const known = others.filter((unit) => plan.units.has(unit));
  const strangers = others.filter((unit) => !plan.units.has(unit));
  const groups = groupsOf(known, plan.units, inForce);
  const byPath = entriesByPath(inForce);
  const isAlwaysMet = remembered(alwaysMet);
  return {
    exceptions: exceptionsOf(groups),
    fields: fields.map((field) => {
      const paths = [field.path, ...pathsAbove(field.path)];
      const covering = [...new Set(paths.flatMap((path) => byPath.get(path) ?? []))].sort((a, b) => a.index - b.index);
      const sharing: FieldSharing[] = [];
      for (const { units, number, excepted } of groups) {
        const concerning = covering.filter((planned) => planned.consumers[number] && !excepted.has(planned));
        const found = classBy(concerning, isAlwaysMet);
        const same = sharing.find((one) => sameEntries(one, found));
        if (same === undefined) sharing.push({ ...found, consumers: [...units] });
        else same.consumers.push(...units);
      }
      return { ...field, sharing: [...sharing, ...heldBack(strangers, 'FC-unknown-consumer')] };
    }),
  };
}

/** Consumers whom the same entries concern: every field has the same class for all of them. */
interface Alike {
  units: UnitId[];
  /** Of one of them. */
  number: number;
  /** Entries that take out the whole of some results only. */
  excepted: ReadonlySet<PlannedEntry>;
}

function groupsOf(
  consumers: readonly UnitId[],
  numbers: ReadonlyMap<UnitId, number>,
  entries: readonly PlannedEntry[],
): Alike[] {
  const alike = Map.groupBy(consumers, (unit) => {
    const number = numbers.get(unit)!;
    return entries.map((planned) => (planned.consumers[number] ? '1' : '0')).join('');
  });
  return [...alike.values()].map((units) => {
    const number = numbers.get(units[0]!)!;
    const whole = entries.filter(
      ({ condition, patterns, consumers: concerned }) =>
        concerned[number] && condition !== undefined && patterns.some(({ path }) => path === ''),
    );
    // Conditions of which one is always met leave no result to which something else applies: they are no exceptions.
    return { units, number, excepted: new Set(alwaysMet(whole) ? [] : whole) };
  });
}

function exceptionsOf(groups: readonly Alike[]): SharingException[] {
  const found = new Map<PlannedEntry, UnitId[]>();
  for (const { units, excepted } of groups) {
    for (const planned of excepted) found.set(planned, [...(found.get(planned) ?? []), ...units]);
  }
  return [...found]
    .sort(([one], [other]) => one.index - other.index)
    .map(([{ entry }, consumers]) => ({ entry: entry.id, class: entry.class, consumers }));
}

function entriesByPath(entries: readonly PlannedEntry[]): Map<string, PlannedEntry[]> {
  const byPath = new Map<string, PlannedEntry[]>();
  for (const planned of entries) {
    for (const { path } of planned.patterns) {
      const others = byPath.get(path);
      if (others === undefined) byPath.set(path, [planned]);
      else others.push(planned);
    }
  }
  return byPath;
}

/** The class of a field that these entries take out, of all or of some results. */
function classBy(
  covering: readonly PlannedEntry[],
  isAlwaysMet: (entries: readonly PlannedEntry[]) => boolean,
): Omit<FieldSharing, 'consumers'> {
  const always = covering.filter(({ condition }) => condition === undefined);
  const sometimes = covering.filter(({ condition }) => condition !== undefined);
  const strictest = strictestOf(covering);
  const atLeast = (firm: boolean): boolean =>
    always.some((planned) => isFirm(planned) || !firm) ||
    isAlwaysMet(sometimes.filter((planned) => isFirm(planned) || !firm));
  const loosest = atLeast(true) ? 'withheld' : atLeast(false) ? 'conditional' : 'unconditional';
  return {
    class: loosest === strictest ? strictest : 'depends',
    strictest,
    entries: idsOf(always),
    dependent: idsOf(sometimes),
  };
}

function strictestOf(entries: readonly PlannedEntry[]): FieldSharing['strictest'] {
  if (entries.length === 0) return 'unconditional';
  return entries.some(isFirm) ? 'withheld' : 'conditional';
}

/** Claims that are looked at, at most, to find that one of some conditions is always met. */
const MOST_CLAIMS = 2_000;
const conditions = new WeakMap<Entry, Expr>();

/**
 * Whether every content whatever meets one of these entries' conditions, or makes it undecidable, which withholds as well:
 * `import` in one and everything but `import` in another. What is not found within bounds may not be so.
 */
function alwaysMet(entries: readonly PlannedEntry[]): boolean {
  if (entries.length === 0) return false;
  const roots = entries.flatMap(({ entry }) => conditionOf(entry) ?? []);
  return whyNeverAll(roots, false, ANYTHING, { left: MOST_CLAIMS }) !== undefined;
}

function conditionOf(entry: Entry): Expr | undefined {
  let root = conditions.get(entry);
  if (root === undefined) {
    const parsed = parseCondition(entry.when ?? '');
    if (!parsed.ok) return undefined;
    conditions.set(entry, (root = parsed.root));
  }
  return root;
}

/** Asked for every field, of which most have the same entries. */
function remembered(ask: (entries: readonly PlannedEntry[]) => boolean): (entries: readonly PlannedEntry[]) => boolean {
  const answers = new Map<string, boolean>();
  return (entries) => {
    const key = entries.map(({ index }) => index).join();
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = ask(entries)));
    return answer;
  };
}

function idsOf(entries: readonly PlannedEntry[]): string[] {
  const ids = (firm: boolean): string[] =>
    entries.flatMap((planned) => (isFirm(planned) === firm ? [planned.entry.id] : []));
  return [...ids(true), ...ids(false)];
}

function isFirm({ entry }: PlannedEntry): boolean {
  return entry.class !== 'conditional';
}

function sameEntries(one: FieldSharing, other: Pick<FieldSharing, 'entries' | 'dependent'>): boolean {
  return one.entries.join() === other.entries.join() && one.dependent.join() === other.dependent.join();
}

function heldBack(consumers: readonly UnitId[], code: FailClosedCode): FieldSharing[] {
  if (consumers.length === 0) return [];
  return [{ class: 'withheld', strictest: 'withheld', consumers: [...consumers], entries: [code], dependent: [] }];
}
