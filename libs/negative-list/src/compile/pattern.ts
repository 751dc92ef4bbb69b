import { escapeSegment, segmentsOf } from '../language/catalogue.ts';
import type { FieldNode } from '../language/catalogue.ts';

/** A step into a member, by its name and as it is written in a pointer. */
export interface NamedStep {
  name: string;
  written: string;
}

/** A step into a member, or to every element of an array. */
export type Step = NamedStep | 'each';

/** A path made ready to be followed through a content; no steps is the content itself. */
export interface Pattern {
  path: string;
  steps: readonly Step[];
  /** Pointers that have been written already, where a pattern is about the elements of one array: by their places. */
  pointers: string[];
}

/**
 * Makes a path of an entry ready for contents of one kind. `undefined` if the kind has no such field: `*` must stand
 * where an element stands, and every other segment must name a member.
 */
export function compilePattern(path: string, tree: FieldNode): Pattern | undefined {
  if (path !== '' && !path.startsWith('/')) return undefined;
  const steps: Step[] = [];
  let node: FieldNode | undefined = tree;
  for (const segment of segmentsOf(path)) {
    const element: boolean = node.type === 'array';
    if (element && segment !== '*') return undefined;
    node = element ? node.element : node.members.get(segment);
    if (node === undefined) return undefined;
    steps.push(element ? 'each' : { name: segment, written: `/${escapeSegment(segment)}` });
  }
  return { path, steps, pointers: [] };
}
