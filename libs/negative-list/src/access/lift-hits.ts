import { pathsAbove } from '../compile/plan-fields.ts';
import type { Hit } from '../decide/find-hits.ts';
import { escapeSegment, segmentsOf } from '../language/catalogue.ts';
import { admits } from '../language/purposes.ts';
import { isWithin } from './path-relation.ts';

/** What a consumer has been granted of a result: paths for a purpose. */
export interface Lift {
  /** The grant's id. */
  grant: string;
  /** JSON Pointers; `*` for every element of an array, or an element's place. */
  paths: readonly string[];
  purpose: string;
}

/** What hits still take out under grants. */
export interface LiftedHits {
  hits: Hit[];
  /** Ids of the grants that give a node free which the hits take out, whatever the others give free; sorted. */
  grants: string[];
}

/** What one grant gives free of a content. */
interface Granted {
  grant: string;
  /** JSON Pointers of the nodes that it names and that are there, without those that do not give way to it. */
  nodes: ReadonlySet<string>;
  /** … of all that these lie in. */
  above: ReadonlySet<string>;
  /** … of what does not give way to it, with all that lies in it. */
  closed: ReadonlySet<string>;
}

/**
 * Takes out of hits what grants give free. A grant gives a node free that it names, or that lies in one it names, if every
 * hit that takes the node out is of an entry of the class `conditional` which admits the grant's purpose: so two grants for
 * two purposes never open together what neither opens alone. Where a grant names less than an entry takes out, all the rest
 * of that node stays taken out.
 *
 * @param hits those about one consumer
 * @param unknown JSON Pointers of what nobody has decided about, which no grant opens
 */
export function liftHits(
  hits: readonly Hit[],
  unknown: readonly string[],
  lifts: readonly Lift[],
  content: unknown,
): LiftedHits {
  const granted = lifts.map((lift) => grantedOf(lift, hits, unknown, content));
  const giving = new Set<string>();
  const left = hits.flatMap((hit): Hit[] => {
    const pointers = hit.pointers.flatMap((pointer) => {
      const opening = granted.filter((each) => opens(each, pointer));
      for (const { grant } of opening) giving.add(grant);
      return opening.length === 0 ? [pointer] : cut(pointer, nodeAt(content, pointer), opening);
    });
    return pointers.length === 0 ? [] : [{ ...hit, pointers }];
  });
  return { hits: left, grants: [...giving].sort() };
}

function grantedOf(lift: Lift, hits: readonly Hit[], unknown: readonly string[], content: unknown): Granted {
  const firm = hits.filter(({ planned }) => !admits(planned.entry, lift.purpose));
  const closed = new Set([...unknown, ...firm.flatMap(({ pointers }) => pointers)]);
  const named = lift.paths.flatMap((path) => nodesAt(segmentsOf(path), content));
  const nodes = new Set(named.filter((pointer) => !isWithin(pointer, closed)));
  return { grant: lift.grant, nodes, above: new Set([...nodes].flatMap(pathsAbove)), closed };
}

/** Whether a grant gives free a node that is taken out, or something in it. */
function opens({ nodes, above, closed }: Granted, pointer: string): boolean {
  return (above.has(pointer) || isWithin(pointer, nodes)) && !isWithin(pointer, closed);
}

/** What stays taken out of a node. */
function cut(pointer: string, node: unknown, granted: readonly Granted[]): string[] {
  if (granted.some(({ nodes }) => isWithin(pointer, nodes))) return [];
  if (!granted.some(({ above }) => above.has(pointer))) return [pointer];
  return membersOf(node).flatMap(([name, member]) => cut(`${pointer}/${escapeSegment(name)}`, member, granted));
}

/** JSON Pointers of the nodes of a content that a path names. */
function nodesAt(steps: readonly string[], node: unknown, pointer = ''): string[] {
  const [step, ...onwards] = steps;
  if (step === undefined) return [pointer];
  return membersOf(node)
    .filter(([name]) => name === step || (step === '*' && Array.isArray(node)))
    .flatMap(([name, member]) => nodesAt(onwards, member, `${pointer}/${escapeSegment(name)}`));
}

function nodeAt(content: unknown, pointer: string): unknown {
  return segmentsOf(pointer).reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], content);
}

/** Members of an object, or elements of an array by their places. */
function membersOf(node: unknown): [string, unknown][] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).filter(([, member]) => member !== undefined);
}
