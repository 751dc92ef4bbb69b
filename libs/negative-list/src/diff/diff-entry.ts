import { RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind, UnitId } from '@clearance/contracts';
import { covers, pathsAbove, pathsByKind } from '../compile/plan-fields.ts';
import { compareConditions } from '../condition/compare-conditions.ts';
import { fieldTree } from '../language/catalogue.ts';
import { compilePattern } from '../compile/pattern.ts';
import type { Entry } from '../language/negative-list.ts';
import { mayIssue } from '../language/selectors.ts';
import { asWritten, compareUnits, termsFor, writtenTerms } from '../language/unit-sets.ts';
import { intervalOf } from '../language/validity.ts';
import type { BareChange, EntryDetails, EntryScope } from './list-change.ts';

type PathsByKind = ReadonlyMap<ResultKind, readonly string[]>;

/** What an entry does and to whom, said as the entry says it. */
export function scopeOf({ class: entryClass, match, consumers, when }: Entry): EntryScope {
  return {
    class: entryClass,
    kinds: [...match.kinds],
    consumers: asWritten(consumers),
    ...(when === undefined ? {} : { when }),
  };
}

/** An entry that is new, or gone. */
export function detailsOf(entry: Entry): EntryDetails {
  return { ...scopeOf(entry), title: { ...entry.title }, paths: [...(entry.fields ?? [''])] };
}

/**
 * Everything in which an entry differs from what it was: an entry hits where its kinds, issuers, paths, consumers, time
 * and condition all say so, hence each is compared by itself. What is written otherwise and means the same is said to.
 */
export function diffEntry(before: Entry, after: Entry, units: readonly UnitId[]): BareChange[] {
  const [old, now] = [pathsByKind(before), pathsByKind(after)];
  return [
    ...diffClass(before, after),
    ...diffKinds(before, after, old, now),
    ...diffIssuers(before, after, units, [...new Set([...old.keys(), ...now.keys()])]),
    ...diffPaths(before, after, old, now),
    ...diffConsumers(before, after, units),
    ...diffCondition(
      before,
      after,
      [...now.keys()].filter((kind) => old.has(kind)),
    ),
    ...diffValidity(before, after),
    ...diffPurposes(before, after),
    ...diffWords(before, after),
  ];
}

function diffClass({ class: before }: Entry, { class: after }: Entry): BareChange[] {
  if (before === after) return [];
  return [{ code: after === 'withheld' ? 'class-tightened' : 'class-loosened', details: { before, after } }];
}

function diffKinds(before: Entry, after: Entry, old: PathsByKind, now: PathsByKind): BareChange[] {
  const added = RESULT_KINDS.filter((kind) => now.has(kind) && !old.has(kind));
  const removed = RESULT_KINDS.filter((kind) => old.has(kind) && !now.has(kind));
  const pathsIn = (byKind: PathsByKind, kinds: readonly ResultKind[]): string[] => [
    ...new Set(kinds.flatMap((kind) => byKind.get(kind) ?? [])),
  ];
  const changes: BareChange[] = [];
  if (added.length > 0) {
    const details = { kinds: added, paths: pathsIn(now, added), scope: scopeOf(after) };
    changes.push({ code: 'kinds-added', details });
  }
  if (removed.length > 0) {
    const details = { kinds: removed, paths: pathsIn(old, removed), scope: scopeOf(before) };
    changes.push({ code: 'kinds-removed', details });
  }
  const [words, newWords] = [before.match.kinds, after.match.kinds];
  if (changes.length === 0 && differ(words, newWords)) {
    changes.push({ code: 'kinds-reworded', details: { before: [...words], after: [...newWords] } });
  }
  return changes;
}

/** Only who may issue such results counts: an entry about crews that leaves customs out leaves nobody out. */
function diffIssuers(
  before: Entry,
  after: Entry,
  units: readonly UnitId[],
  kinds: readonly ResultKind[],
): BareChange[] {
  const [old, now] = [before.match.issuers, after.match.issuers];
  if (!differ(old, now)) return [];
  const compared = compareUnits(old, now, units, (unit) => kinds.some((kind) => mayIssue(unit, kind)));
  const written = [old, now].flatMap(writtenTerms);
  const changes: BareChange[] = [];
  if (compared.added.length > 0 || compared.laterAdded) {
    changes.push({ code: 'issuers-added', details: unitDetails(compared.added, units, written, after) });
  }
  if (compared.removed.length > 0 || compared.laterRemoved) {
    changes.push({ code: 'issuers-removed', details: unitDetails(compared.removed, units, written, before) });
  }
  const details = { before: asWritten(old), after: asWritten(now) };
  return changes.length > 0 ? changes : [{ code: 'issuers-reworded', details }];
}

function diffConsumers(before: Entry, after: Entry, units: readonly UnitId[]): BareChange[] {
  if (!differ(before.consumers, after.consumers)) return [];
  const compared = compareUnits(before.consumers, after.consumers, units);
  const written = [before.consumers, after.consumers].flatMap(writtenTerms);
  const changes: BareChange[] = [];
  if (compared.added.length > 0 || compared.laterAdded) {
    changes.push({ code: 'consumers-added', details: unitDetails(compared.added, units, written, after) });
  }
  if (compared.removed.length > 0 || compared.laterRemoved) {
    changes.push({ code: 'consumers-removed', details: unitDetails(compared.removed, units, written, before) });
  }
  const details = { before: asWritten(before.consumers), after: asWritten(after.consumers) };
  return changes.length > 0 ? changes : [{ code: 'consumers-reworded', details }];
}

function unitDetails(meant: readonly UnitId[], units: readonly UnitId[], written: readonly string[], of: Entry) {
  const said = termsFor(meant, units, written);
  return { units: [...meant], said, scope: scopeOf(of), paths: [...(of.fields ?? [''])] };
}

/** What is said of one path, and of which kinds. */
type PathChange =
  | { code: 'paths-added' | 'paths-removed'; path: string }
  | { code: 'path-broadened' | 'path-narrowed'; path: string; parts: string[] };

function diffPaths(before: Entry, after: Entry, old: PathsByKind, now: PathsByKind): BareChange[] {
  const common = RESULT_KINDS.filter((kind) => old.has(kind) && now.has(kind));
  const found = new Map<string, { change: PathChange; kinds: ResultKind[] }>();
  for (const kind of common) {
    for (const change of pathsOfKind(old.get(kind) ?? [], now.get(kind) ?? [])) {
      const key = JSON.stringify(change);
      const known = found.get(key);
      if (known === undefined) found.set(key, { change, kinds: [kind] });
      else known.kinds.push(kind);
    }
  }
  const changes: BareChange[] = [];
  // Paths of which the same is to be said, of the same kinds, are said in one sentence.
  const together = new Map<string, string[]>();
  for (const { change, kinds } of found.values()) {
    const { code, path } = change;
    const having = common.filter((kind) => compilePattern(path, fieldTree(kind)) !== undefined);
    const named = kinds.length === having.length ? {} : { kinds };
    const scope = scopeOf(code === 'paths-added' || code === 'path-broadened' ? after : before);
    if (code === 'path-broadened' || code === 'path-narrowed') {
      changes.push({ code, details: { path, parts: change.parts, ...named, scope } });
      continue;
    }
    const key = `${code} ${(named.kinds ?? []).join(' ')}`;
    const paths = together.get(key);
    if (paths !== undefined) {
      paths.push(path);
      continue;
    }
    const details = { paths: [path], ...named, scope };
    together.set(key, details.paths);
    changes.push({ code, details });
  }
  const [words, newWords] = [before.fields ?? [''], after.fields ?? ['']];
  const said = changes.length > 0 || old.size !== common.length || now.size !== common.length;
  if (!said && differ(words, newWords)) {
    changes.push({ code: 'paths-reworded', details: { before: [...words], after: [...newWords] } });
  }
  return changes;
}

/** Compares topmost paths: one that lies below another list's path says nothing that this one does not. */
function pathsOfKind(old: readonly string[], now: readonly string[]): PathChange[] {
  const [oldSet, nowSet] = [new Set(old), new Set(now)];
  const isIn = (path: string, paths: ReadonlySet<string>): boolean =>
    paths.has(path) || pathsAbove(path).some((above) => paths.has(above));
  const more = now.filter((path) => !isIn(path, oldSet));
  const less = old.filter((path) => !isIn(path, nowSet));
  return [
    ...more.map((path): PathChange => {
      const parts = old.filter((part) => covers(path, part));
      return parts.length > 0 ? { code: 'path-broadened', path, parts } : { code: 'paths-added', path };
    }),
    ...less.map((path): PathChange => {
      const parts = now.filter((part) => covers(path, part));
      return parts.length > 0 ? { code: 'path-narrowed', path, parts } : { code: 'paths-removed', path };
    }),
  ];
}

function diffCondition({ when: before }: Entry, { when: after }: Entry, kinds: readonly ResultKind[]): BareChange[] {
  if (before === after) return [];
  if (before === undefined) return after === undefined ? [] : [{ code: 'condition-added', details: { after } }];
  if (after === undefined) return [{ code: 'condition-removed', details: { before } }];
  const details = { before, after };
  const comparison = compareConditions(before, after, kinds);
  switch (comparison) {
    case 'same':
      return [{ code: 'condition-reworded', details }];
    case 'narrower':
      return [{ code: 'condition-narrowed', details }];
    case 'wider':
      return [{ code: 'condition-widened', details }];
    case 'unknown':
      return [{ code: 'condition-changed', details }];
    default:
      return comparison satisfies never;
  }
}

function diffValidity(before: Entry, after: Entry): BareChange[] {
  const [old, now] = [intervalOf(before), intervalOf(after)];
  const begins = textDetails(before.validFrom, after.validFrom);
  const ends = textDetails(before.validUntil, after.validUntil);
  const changes: BareChange[] = [];
  if (now.from !== old.from) {
    changes.push({ code: now.from < old.from ? 'begins-earlier' : 'begins-later', details: begins });
  } else if (before.validFrom !== after.validFrom) {
    changes.push({ code: 'validity-reworded', details: begins });
  }
  if (now.until !== old.until) {
    changes.push({ code: now.until > old.until ? 'ends-later' : 'ends-earlier', details: ends });
  } else if (before.validUntil !== after.validUntil) {
    changes.push({ code: 'validity-reworded', details: ends });
  }
  return changes;
}

/** Who may ask matters only where one may ask before and after; otherwise the class says it. */
function diffPurposes(before: Entry, after: Entry): BareChange[] {
  if (before.class !== 'conditional' || after.class !== 'conditional') return [];
  const [old, now] = [before.purposes, after.purposes];
  const allowed = now === undefined ? {} : { after: [...now] };
  // Without a list any purpose may be stated, also one that is yet to be defined.
  if (old === undefined && now !== undefined) {
    return [{ code: 'purposes-removed', details: { purposes: [], ...allowed } }];
  }
  if (old !== undefined && now === undefined) return [{ code: 'purposes-added', details: { purposes: [] } }];
  const gone = (old ?? []).filter((purpose) => !now?.includes(purpose));
  const more = (now ?? []).filter((purpose) => !old?.includes(purpose));
  return [
    ...(gone.length > 0 ? [{ code: 'purposes-removed' as const, details: { purposes: gone, ...allowed } }] : []),
    ...(more.length > 0 ? [{ code: 'purposes-added' as const, details: { purposes: more, ...allowed } }] : []),
  ];
}

function diffWords(before: Entry, after: Entry): BareChange[] {
  const changes: BareChange[] = [];
  if (before.legalBasis !== after.legalBasis) {
    changes.push({ code: 'legal-basis-changed', details: { before: before.legalBasis, after: after.legalBasis } });
  }
  if (before.owner !== after.owner) {
    changes.push({ code: 'owner-changed', details: { before: before.owner, after: after.owner } });
  }
  if (before.title.zh !== after.title.zh || before.title.en !== after.title.en) {
    changes.push({ code: 'title-changed', details: { before: { ...before.title }, after: { ...after.title } } });
  }
  return changes;
}

function textDetails(before: string | undefined, after: string | undefined) {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function differ(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
