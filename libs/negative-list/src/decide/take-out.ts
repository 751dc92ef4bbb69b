import type { Withheld } from '@clearance/contracts';
import type { PlannedEntry } from '../compile/compile-list.ts';
import { FAIL_CLOSED } from '../language/fail-closed.ts';
import type { FailClosedCode } from '../language/fail-closed.ts';
import type { Hit } from './find-hits.ts';

/** A node of a content that is taken out for somebody. */
interface Node {
  pointer: string;
  /** Nobody has decided that it may be shared: it is taken out for everybody. */
  strange: boolean;
  /** The nodes of this kind that it lies in. */
  above: readonly Node[];
  /** Of the view being made: the entries that take it out, undefined if none does. */
  named: PlannedEntry[] | undefined;
}

/** Every node that some view of a result may lack. */
export interface Nodes {
  byPointer: ReadonlyMap<string, Node>;
  strange: readonly Node[];
}

/** Collects the nodes that entries hit and those that are unknown, and which lies in which: once for all views. */
export function nodesOf(hits: readonly Hit[], unknown: readonly string[]): Nodes {
  const byPointer = new Map<string, Node>();
  let shortest = Infinity;
  const add = (pointer: string, strange: boolean): Node => {
    let node = byPointer.get(pointer);
    if (node === undefined) byPointer.set(pointer, (node = { pointer, strange, above: NONE, named: undefined }));
    shortest = Math.min(shortest, pointer.length);
    return node;
  };
  const strange = unknown.map((pointer) => add(pointer, true));
  for (const { pointers } of hits) for (const pointer of pointers) add(pointer, false);
  for (const node of byPointer.values()) {
    if (node.pointer.length > shortest) node.above = nodesAbove(node.pointer, byPointer, shortest);
  }
  return { byPointer, strange };
}

const NONE: readonly Node[] = [];

function nodesAbove(pointer: string, byPointer: ReadonlyMap<string, Node>, shortest: number): readonly Node[] {
  const found: Node[] = [];
  let end = pointer.lastIndexOf('/');
  // What is shorter than every node's pointer is none of them: most contents need no look at all.
  while (end >= shortest) {
    const above = byPointer.get(pointer.slice(0, end));
    if (above !== undefined) found.push(above);
    end = end === 0 ? -1 : pointer.lastIndexOf('/', end - 1);
  }
  return found.length === 0 ? NONE : found;
}

/** What a view lacks, given the hits of entries that are about its consumers; only the topmost nodes are named. */
export function takeOut(
  hits: readonly Hit[],
  { byPointer, strange }: Nodes,
): { withheld: Withheld[]; pointers: string[] } {
  const hit: Node[] = [];
  for (const { planned, pointers } of hits) {
    for (const pointer of pointers) {
      const node = byPointer.get(pointer) as Node;
      if (node.named === undefined) {
        node.named = [planned];
        hit.push(node);
      } else if (node.named.at(-1) !== planned) {
        node.named.push(planned);
      }
    }
  }
  const withheld: Withheld[] = [];
  const pointers: string[] = [];
  for (const node of hit) {
    if (node.above.some(isOut)) continue;
    pointers.push(node.pointer);
    nameEntries(node, withheld);
  }
  for (const node of strange) {
    if (node.named !== undefined || node.above.some(isOut)) continue;
    pointers.push(node.pointer);
    withheld.push(failClosed(node.pointer, 'FC-unknown-field'));
  }
  for (const node of hit) node.named = undefined;
  return { withheld, pointers };
}

/** What is withheld for want of a decision. */
export function failClosed(path: string, code: FailClosedCode): Withheld {
  return { path, entry: code, legalBasis: FAIL_CLOSED[code], access: 'none' };
}

function isOut({ strange, named }: Node): boolean {
  return strange || named !== undefined;
}

/** The entries that take a node out, firm ones first. It can be asked for only if every one of them allows that. */
function nameEntries({ pointer: path, strange, named = [] }: Node, withheld: Withheld[]): void {
  const firm = named.some(isFirm);
  const access = strange || firm ? 'none' : 'on-request';
  const add = ({ entry }: PlannedEntry): number =>
    withheld.push({ path, entry: entry.id, legalBasis: entry.legalBasis, access });
  if (firm) for (const planned of named) if (isFirm(planned)) add(planned);
  for (const planned of named) if (!isFirm(planned)) add(planned);
  if (strange) withheld.push(failClosed(path, 'FC-unknown-field'));
}

function isFirm({ entry }: PlannedEntry): boolean {
  return entry.class !== 'conditional';
}
