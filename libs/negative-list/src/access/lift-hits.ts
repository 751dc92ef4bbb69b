import type { Hit } from '../decide/find-hits.ts';
import { escapeSegment, segmentsOf } from '../language/catalogue.ts';

/** What a consumer has been granted of a result: paths for a purpose. */
export interface Lift {
  /** The grant's id. */
  grant: string;
  paths: readonly string[];
  purpose: string;
}

/** Hits of which grants have taken something back, and what: the topmost nodes that each grant gives free. */
export interface LiftedHits {
  hits: Hit[];
  /** By the grant's id: JSON Pointers. */
  freed: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes out of hits what grants give free. Only an entry of the class `conditional` gives way, and only to a purpose that it
 * admits; where a grant names less than the entry takes out, all the rest of that node stays taken out.
 */
export function liftHits(hits: readonly Hit[], lifts: readonly Lift[], content: unknown): LiftedHits {
  const freed = new Map<string, string[]>();
  const free = (grant: string, pointer: string): void => {
    const pointers = freed.get(grant) ?? [];
    freed.set(grant, pointers);
    if (!pointers.includes(pointer)) pointers.push(pointer);
  };
  const left = hits.flatMap((hit): Hit[] => {
    const { entry } = hit.planned;
    if (entry.class !== 'conditional') return [hit];
    const admitted = lifts.filter(({ purpose }) => entry.purposes?.includes(purpose) ?? true);
    if (admitted.length === 0) return [hit];
    const patterns = admitted.flatMap(({ grant, paths }) => paths.map((path) => ({ grant, steps: segmentsOf(path) })));
    const pointers = hit.pointers.flatMap((pointer) => withhold(pointer, patterns, content, free));
    return pointers.length === 0 ? [] : [{ ...hit, pointers }];
  });
  return { hits: left, freed };
}

interface GrantedPath {
  grant: string;
  steps: readonly string[];
}

type Free = (grant: string, pointer: string) => void;

/** What stays taken out of one node. */
function withhold(pointer: string, patterns: readonly GrantedPath[], content: unknown, free: Free): string[] {
  let node: unknown = content;
  let reaching = patterns;
  const segments = segmentsOf(pointer);
  for (const [depth, segment] of segments.entries()) {
    // Whoever is granted a node is granted what lies in it.
    const whole = reaching.filter(({ steps }) => steps.length <= depth);
    const onwards = reaching.filter(({ steps }) => steps.length > depth && isStep(steps[depth], segment, node));
    reaching = [...whole, ...onwards];
    node = memberOf(node, segment);
  }
  return cut(pointer, node, segments.length, reaching, free);
}

function cut(pointer: string, node: unknown, depth: number, patterns: readonly GrantedPath[], free: Free): string[] {
  const whole = patterns.filter(({ steps }) => steps.length <= depth);
  if (whole.length > 0) {
    for (const { grant } of whole) free(grant, pointer);
    return [];
  }
  if (patterns.length === 0 || typeof node !== 'object' || node === null) return [pointer];
  let anyFreed = false;
  const left = Object.keys(node).flatMap((segment) => {
    const child = memberOf(node, segment);
    if (child === undefined) return [];
    const below = `${pointer}/${escapeSegment(segment)}`;
    const reaching = patterns.filter(({ steps }) => isStep(steps[depth], segment, node));
    const found = cut(below, child, depth + 1, reaching, free);
    anyFreed ||= found.length !== 1 || found[0] !== below;
    return found;
  });
  return anyFreed ? left : [pointer];
}

function isStep(step: string | undefined, segment: string, parent: unknown): boolean {
  return step === segment || (step === '*' && Array.isArray(parent));
}

function memberOf(node: unknown, segment: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, segment)) return undefined;
  return (node as Record<string, unknown>)[segment];
}
