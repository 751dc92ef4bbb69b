import type { JsonObject, JsonValue } from './json.ts';
import type { DisclosedNode } from './unfold-content.ts';
import type { VerifiedToken } from './verify-token.ts';

/** A token with disclosures left out, and what it still discloses. */
export interface RedactedToken {
  token: string;
  /** Shares its unchanged parts with the content that it was made from. */
  content: JsonObject;
}

/** The pointers as a tree: which nodes go, and below which others do. */
interface Cut {
  whole: boolean;
  below: Map<string, Cut>;
}

/**
 * Takes nodes and all that lies below them out of a token, by leaving out their disclosures: the issuer's signature
 * stays valid, and what was taken out can't be recovered or guessed from the digests that remain.
 *
 * An array closes up when an element is taken out. The indices of `withheld` are those of `verified.content` as it is
 * given, before anything is taken out by this call; they are the issuer's own only if no element before them was
 * already missing from the token that was verified.
 *
 * @param withheld JSON Pointers (RFC 6901) into the content; '' is all of it. One to a node that is not present changes
 *   nothing: it may be missing already.
 * @throws TypeError for a text that is no JSON Pointer, or one with something else than an index (such as `*`) where an
 *   array is: it can't be known what was meant to be withheld
 */
export function redactToken(verified: VerifiedToken, withheld: readonly string[]): RedactedToken {
  const { jwt, disclosures, root } = verified.index;
  const dropped = new Set<number>();
  const rest = cutOut(verified.content, root, cutOf(withheld), dropped);
  const kept = disclosures.filter((_, position) => !dropped.has(position));
  return { token: [jwt, ...kept, ''].join('~'), content: (rest as JsonObject | undefined) ?? {} };
}

function cutOf(pointers: readonly string[]): Cut {
  const root: Cut = { whole: false, below: new Map() };
  for (const pointer of pointers) {
    let cut = root;
    for (const step of stepsOf(pointer)) {
      let next = cut.below.get(step);
      if (next === undefined) cut.below.set(step, (next = { whole: false, below: new Map() }));
      cut = next;
    }
    cut.whole = true;
  }
  return root;
}

function stepsOf(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) throw new TypeError(`Not a JSON Pointer: ${pointer}`);
  const steps = pointer.slice(1).split('/');
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What is left of a value, `undefined` if nothing; the places of the disclosures that go are added to `dropped`. */
function cutOut(value: JsonValue, node: DisclosedNode, cut: Cut, dropped: Set<number>): JsonValue | undefined {
  if (cut.whole) {
    drop(node, dropped);
    return undefined;
  }
  if (cut.below.size === 0) return value;
  if (node.elements !== undefined) return cutArray(value as JsonValue[], node.elements, cut, dropped);
  if (node.members !== undefined) return cutObject(value as JsonObject, node.members, cut, dropped);
  return value;
}

function cutArray(array: JsonValue[], elements: DisclosedNode[], cut: Cut, dropped: Set<number>): JsonValue[] {
  for (const step of cut.below.keys()) {
    if (!/^(?:0|[1-9]\d*)$/.test(step)) throw new TypeError(`Not the index of an array element: ${step}`);
  }
  const rest: JsonValue[] = [];
  array.forEach((element, index) => {
    const below = cut.below.get(String(index));
    const kept = below === undefined ? element : cutOut(element, elements[index] as DisclosedNode, below, dropped);
    if (kept !== undefined) rest.push(kept);
  });
  return rest;
}

function cutObject(
  object: JsonObject,
  members: Map<string, DisclosedNode>,
  cut: Cut,
  dropped: Set<number>,
): JsonObject {
  const rest: JsonObject = {};
  for (const [name, node] of members) {
    const member = object[name] as JsonValue;
    const below = cut.below.get(name);
    const kept = below === undefined ? member : cutOut(member, node, below, dropped);
    if (kept !== undefined) rest[name] = kept;
  }
  return rest;
}

function drop(node: DisclosedNode, dropped: Set<number>): void {
  dropped.add(node.position);
  node.members?.forEach((member) => drop(member, dropped));
  node.elements?.forEach((element) => drop(element, dropped));
}
