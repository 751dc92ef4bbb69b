import { pathsAbove } from '../compile/plan-fields.ts';
import { segmentsOf } from '../language/catalogue.ts';

const PLACE = /^(0|[1-9][0-9]*)$/;

/** Whether a segment of a path takes in one of another: the same name, or `*` and the place of an element. */
function takesIn(one: string, other: string): boolean {
  return one === other || (one === '*' && PLACE.test(other));
}

/** Whether every node that `inner` names is, or lies in, one that `outer` names. */
export function liesIn(inner: string, outer: string): boolean {
  const below = segmentsOf(inner);
  const above = segmentsOf(outer);
  return above.length <= below.length && above.every((segment, index) => takesIn(segment, below[index] as string));
}

/** Whether some node that one path names may be, lie in or hold one that the other names. */
export function meet(one: string, other: string): boolean {
  const [a, b] = [segmentsOf(one), segmentsOf(other)];
  return a
    .slice(0, b.length)
    .every((segment, index) => takesIn(segment, b[index] as string) || takesIn(b[index] as string, segment));
}

/** A path as the catalogue writes it: `*` in the place of every element. A member's name is never a number. */
export function withoutPlaces(path: string): string {
  return path
    .split('/')
    .map((segment) => (PLACE.test(segment) ? '*' : segment))
    .join('/');
}

/** Whether a node, by its JSON Pointer, is one of these or lies in one of them. */
export function isWithin(pointer: string, nodes: ReadonlySet<string>): boolean {
  return nodes.has(pointer) || pathsAbove(pointer).some((above) => nodes.has(above));
}
