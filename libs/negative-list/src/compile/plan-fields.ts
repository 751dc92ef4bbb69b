import { RESULT_KINDS } from '@clearance/contracts';
import type { ResultKind } from '@clearance/contracts';
import { fieldTree } from '../language/catalogue.ts';
import type { Entry } from '../language/negative-list.ts';
import { kindMatches } from '../language/selectors.ts';
import { compilePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';

const WHOLE: Pattern = { path: '', steps: [], pointers: [] };

/**
 * What an entry takes out of results of a kind that it is about: the paths that the kind has. A path that no kind of the
 * entry has, or that a kind named outright lacks, takes the whole result: somebody meant to protect something.
 */
export function planFields(
  entry: Entry,
  kind: ResultKind,
  patternOf: (path: string) => Pattern | undefined,
): Pattern[] {
  const { fields } = entry;
  if (fields === undefined) return [WHOLE];
  const patterns = fields.map(patternOf);
  const known = patterns.filter((pattern) => pattern !== undefined);
  if (known.length === patterns.length) return known;
  // Through `customs.*` or `*` an entry may name fields that only some of its kinds have; by name it may not.
  const lenient = !entry.match.kinds.includes(kind) && fields.every((path) => knownSomewhere(path, entry));
  return lenient ? known : [WHOLE];
}

/** The paths that an entry takes out, by kind; kinds of which it takes nothing are left out. */
export function pathsByKind(entry: Entry): ReadonlyMap<ResultKind, readonly string[]> {
  const byKind = new Map<ResultKind, readonly string[]>();
  for (const kind of RESULT_KINDS) {
    if (!entry.match.kinds.some((pattern) => kindMatches(pattern, kind))) continue;
    const patterns = planFields(entry, kind, (path) => compilePattern(path, fieldTree(kind)));
    const paths = new Set(patterns.map(({ path }) => path));
    // Only the topmost: what lies below is taken out with it.
    const topmost = [...paths].filter((path) => !pathsAbove(path).some((above) => paths.has(above)));
    if (topmost.length > 0) byKind.set(kind, topmost);
  }
  return byKind;
}

/** Whether taking out what one path names takes out what another names. */
export function covers(path: string, other: string): boolean {
  return path === other || other.startsWith(`${path}/`);
}

/** The paths that cover a path, other than itself: those of everything that it lies in. */
export function pathsAbove(path: string): string[] {
  const above: string[] = [];
  for (let end = path.lastIndexOf('/'); end >= 0; end = end === 0 ? -1 : path.lastIndexOf('/', end - 1)) {
    above.push(path.slice(0, end));
  }
  return above;
}

function knownSomewhere(path: string, entry: Entry): boolean {
  return RESULT_KINDS.some(
    (kind) =>
      entry.match.kinds.some((pattern) => kindMatches(pattern, kind)) &&
      compilePattern(path, fieldTree(kind)) !== undefined,
  );
}
