import type { JsonObject, JsonValue } from './json.ts';
import type { DisclosedNode } from './unfold-content.ts';
import type { DisclosureIndex, VerifiedToken } from './verify-token.ts';

/** A token with disclosures left out, and what it still discloses. */
export interface RedactedToken {
  token: string;
  /** Made when it is first asked for. Shares its unchanged parts with the content that it was made from. */
  readonly content: JsonObject;
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
  const { content, index } = verified;
  const cuts = cutsOf(index);
  const dropped: number[] = [];
  for (const pointer of withheld) {
    const positions = positionsAt(pointer, cuts);
    if (positions === undefined) {
      // What lies in a node that goes may be named in any way; to tell whether it does takes all pointers together.
      dropped.length = 0;
      cutOut(content, index.root, cutOf(withheld), dropped);
      break;
    }
    for (const position of positions) dropped.push(position);
  }
  return new Redacted(withoutDisclosures(verified.token, cuts, dropped), verified, withheld);
}

/** A class for its getter's sake: one of an object literal costs more than the rest of a redaction. */
class Redacted implements RedactedToken {
  readonly #of: VerifiedToken;
  readonly #withheld: readonly string[];
  #content: JsonObject | undefined;

  constructor(
    readonly token: string,
    of: VerifiedToken,
    withheld: readonly string[],
  ) {
    this.#of = of;
    this.#withheld = withheld;
  }

  get content(): JsonObject {
    const { content, index } = this.#of;
    this.#content ??= (cutOut(content, index.root, cutOf(this.#withheld), []) as JsonObject | undefined) ?? {};
    return this.#content;
  }
}

/** What is known of where a token may be cut: kept beside it, since its views are cut in much the same places. */
interface Cuts {
  root: DisclosedNode;
  /** Where each disclosure begins in the token's text, and where the last one ends. */
  starts: Uint32Array;
  /** Places of the disclosures that go with a node, by its pointer; undefined if the pointer can lead nowhere. */
  positions: Map<string, readonly number[] | undefined>;
}

const known = new WeakMap<DisclosureIndex, Cuts>();

function cutsOf(index: DisclosureIndex): Cuts {
  let cuts = known.get(index);
  if (cuts !== undefined) return cuts;
  const { jwt, disclosures, root } = index;
  const starts = new Uint32Array(disclosures.length + 1);
  let start = jwt.length + 1;
  disclosures.forEach((disclosure, position) => {
    starts[position] = start;
    start += disclosure.length + 1;
  });
  starts[disclosures.length] = start;
  known.set(index, (cuts = { root, starts, positions: new Map() }));
  return cuts;
}

function positionsAt(pointer: string, { root, positions }: Cuts): readonly number[] | undefined {
  const found = positions.get(pointer);
  if (found !== undefined || positions.has(pointer)) return found;
  const node = follow(pointer, root);
  const dropped: number[] | undefined = node === undefined ? undefined : [];
  if (node !== undefined && node !== MISSING) drop(node, dropped as number[]);
  positions.set(pointer, dropped);
  return dropped;
}

/** Stands for a node that is not disclosed. */
const MISSING: DisclosedNode = { position: -1 };

/** The node that a pointer leads to; undefined if it is no pointer, or has no index where an array is. */
function follow(pointer: string, root: DisclosedNode): DisclosedNode | undefined {
  if (pointer === '') return root;
  if (!pointer.startsWith('/') || BAD_ESCAPE.test(pointer)) return undefined;
  let node = root;
  for (const step of pointer.slice(1).split('/')) {
    if (node.elements !== undefined && !INDEX.test(step)) return undefined;
    node = node.elements?.[Number(step)] ?? node.members?.get(unescaped(step)) ?? MISSING;
  }
  return node;
}

/** A token's text without some disclosures, cut from it in as few pieces as they allow. */
function withoutDisclosures(token: string, { starts }: Cuts, dropped: readonly number[]): string {
  if (dropped.length === 0) return token;
  const gone = new Uint8Array(starts.length);
  // The root stands in the clear: it has no place among them.
  for (const position of dropped) if (position >= 0) gone[position] = 1;
  let text = '';
  let from = 0;
  for (let position = 0; position < gone.length; position += 1) {
    if (gone[position] === 0) continue;
    text += token.slice(from, starts[position]);
    while (gone[position + 1] === 1) position += 1;
    from = starts[position + 1] as number;
  }
  return text + token.slice(from);
}

const BAD_ESCAPE = /~(?![01])/;
const INDEX = /^(?:0|[1-9]\d*)$/;

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
  if (!pointer.startsWith('/') || BAD_ESCAPE.test(pointer)) throw new TypeError(`Not a JSON Pointer: ${pointer}`);
  return pointer.slice(1).split('/').map(unescaped);
}

function unescaped(step: string): string {
  return step.includes('~') ? step.replaceAll('~1', '/').replaceAll('~0', '~') : step;
}

/** What is left of a value, `undefined` if nothing; the places of the disclosures that go are added to `dropped`. */
function cutOut(value: JsonValue, node: DisclosedNode, cut: Cut, dropped: number[]): JsonValue | undefined {
  if (cut.whole) {
    drop(node, dropped);
    return undefined;
  }
  if (cut.below.size === 0) return value;
  if (node.elements !== undefined) return cutArray(value as JsonValue[], node.elements, cut, dropped);
  if (node.members !== undefined) return cutObject(value as JsonObject, node.members, cut, dropped);
  return value;
}

function cutArray(array: JsonValue[], elements: DisclosedNode[], cut: Cut, dropped: number[]): JsonValue[] {
  for (const step of cut.below.keys()) {
    if (!INDEX.test(step)) throw new TypeError(`Not the index of an array element: ${step}`);
  }
  const rest: JsonValue[] = [];
  array.forEach((element, index) => {
    const below = cut.below.get(String(index));
    const kept = below === undefined ? element : cutOut(element, elements[index] as DisclosedNode, below, dropped);
    if (kept !== undefined) rest.push(kept);
  });
  return rest;
}

function cutObject(object: JsonObject, members: Map<string, DisclosedNode>, cut: Cut, dropped: number[]): JsonObject {
  const rest: JsonObject = {};
  for (const [name, node] of members) {
    const member = object[name] as JsonValue;
    const below = cut.below.get(name);
    const kept = below === undefined ? member : cutOut(member, node, below, dropped);
    if (kept !== undefined) rest[name] = kept;
  }
  return rest;
}

function drop(node: DisclosedNode, dropped: number[]): void {
  dropped.push(node.position);
  node.members?.forEach((member) => drop(member, dropped));
  node.elements?.forEach((element) => drop(element, dropped));
}
