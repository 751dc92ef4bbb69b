import { decodeText } from './base64url.ts';
import { digestOf } from './fold-content.ts';
import { isJsonObject, isScalar, parseJson, type JsonObject, type JsonValue } from './json.ts';
import { RESERVED_NAMES, TOKEN_LIMITS } from './token-format.ts';

/** Where in a token a node of the content is disclosed; the shape is that of the content. */
export interface DisclosedNode {
  /** Place of its disclosure among the token's; -1 if it stands in the clear, as the root does. */
  position: number;
  members?: Map<string, DisclosedNode>;
  elements?: DisclosedNode[];
}

/** What digests and disclosures say together, or the rule of RFC 9901 section 7.1 that they break. */
export type Unfolded =
  { ok: true; value: JsonObject; root: DisclosedNode; hidden: number } | { ok: false; detail: string };

/**
 * `refused`: every member and element must be selectively disclosable, since nobody could take one out that stands in
 * the clear. `allowed`: as RFC 9901 has it.
 */
export type ClearParts = 'refused' | 'allowed';

interface Disclosure {
  position: number;
  /** Absent for an array element. */
  name?: string;
  value: JsonValue;
}

interface Unfolding {
  disclosures: Map<string, Disclosure>;
  /** Every digest met so far, disclosed or not. */
  met: Set<string>;
  used: number;
  clear: ClearParts;
  /** The first rule broken; the walk goes on without meaning. */
  broken?: string;
}

interface Part {
  value: JsonValue;
  node: DisclosedNode;
}

/**
 * Puts disclosures back where their digests stand (RFC 9901 section 7.1, step 3): each must be referenced exactly once,
 * directly or through another; a digest without a disclosure leaves its member or element out. Members come in the
 * order of their disclosures.
 *
 * @param content the object with the digests
 * @param disclosures in base64url, checked to be of its alphabet
 */
export function unfoldContent(content: JsonObject, disclosures: readonly string[], clear: ClearParts): Unfolded {
  const unfolding: Unfolding = { disclosures: new Map(), met: new Set(), used: 0, clear };
  disclosures.forEach((encoded, position) => readDisclosure(encoded, position, unfolding));
  const value = unfolding.broken === undefined ? unfold(content, -1, 0, unfolding) : undefined;
  if (unfolding.broken === undefined && unfolding.used !== disclosures.length) {
    unfolding.broken = 'A disclosure has no digest that refers to it.';
  }
  if (value === undefined || unfolding.broken !== undefined) return { ok: false, detail: unfolding.broken ?? '' };
  const hidden = unfolding.met.size - unfolding.used;
  return { ok: true, value: value.value as JsonObject, root: value.node, hidden };
}

function readDisclosure(encoded: string, position: number, unfolding: Unfolding): void {
  const text = decodeText(encoded);
  const parts = text === undefined ? undefined : parseJson(text);
  if (!Array.isArray(parts) || typeof parts[0] !== 'string' || parts.length < 2 || parts.length > 3) {
    return refuse(unfolding, 'A disclosure is not an array of a salt, a name if it is of a member, and a value.');
  }
  const digest = digestOf(encoded);
  if (unfolding.disclosures.has(digest)) return refuse(unfolding, 'A disclosure is given twice.');
  const value = parts[parts.length - 1] as JsonValue;
  if (parts.length === 2) {
    unfolding.disclosures.set(digest, { position, value });
    return;
  }
  const name = parts[1];
  if (typeof name !== 'string' || RESERVED_NAMES.has(name) || !isScalar(name)) {
    return refuse(unfolding, 'A disclosure names its member by a reserved word or by no string.');
  }
  unfolding.disclosures.set(digest, { position, name, value });
}

function unfold(value: JsonValue, position: number, depth: number, unfolding: Unfolding): Part {
  if (value === null || typeof value !== 'object') {
    if (!isScalar(value)) refuse(unfolding, 'A value is beyond what JSON readers agree on.');
    return { value, node: { position } };
  }
  if (depth > TOKEN_LIMITS.depth) {
    refuse(unfolding, 'The content is nested too deeply.');
    return { value: null, node: { position } };
  }
  return Array.isArray(value)
    ? unfoldArray(value, position, depth, unfolding)
    : unfoldObject(value, position, depth, unfolding);
}

function unfoldArray(array: JsonValue[], position: number, depth: number, unfolding: Unfolding): Part {
  const value: JsonValue[] = [];
  const elements: DisclosedNode[] = [];
  for (const element of array) {
    let part: Part;
    if (isJsonObject(element) && Object.hasOwn(element, '...')) {
      const digest = element['...'];
      if (typeof digest !== 'string' || Object.keys(element).length !== 1) {
        refuse(unfolding, "An array's placeholder holds more than one digest.");
        continue;
      }
      const disclosure = find(digest, unfolding);
      if (disclosure === undefined) continue;
      if (disclosure.name !== undefined) refuse(unfolding, 'The disclosure of a member stands for an array element.');
      part = unfold(disclosure.value, disclosure.position, depth + 1, unfolding);
    } else {
      if (unfolding.clear === 'refused') refuse(unfolding, 'An array element stands in the clear.');
      part = unfold(element, -1, depth + 1, unfolding);
    }
    value.push(part.value);
    elements.push(part.node);
  }
  return { value, node: { position, elements } };
}

function unfoldObject(object: JsonObject, position: number, depth: number, unfolding: Unfolding): Part {
  const value: JsonObject = {};
  const members = new Map<string, DisclosedNode>();
  const put = (name: string, part: Part): void => {
    value[name] = part.value;
    members.set(name, part.node);
  };
  for (const name of Object.keys(object)) {
    if (name === '_sd') continue;
    if (unfolding.clear === 'refused') refuse(unfolding, 'A member stands in the clear.');
    if (RESERVED_NAMES.has(name)) refuse(unfolding, 'A member in the clear has a reserved name.');
    else put(name, unfold(object[name] as JsonValue, -1, depth + 1, unfolding));
  }
  for (const disclosure of disclosedMembers(object, unfolding)) {
    const name = disclosure.name as string;
    if (members.has(name)) refuse(unfolding, 'Two members of an object have one name.');
    put(name, unfold(disclosure.value, disclosure.position, depth + 1, unfolding));
  }
  return { value, node: { position, members } };
}

/** The disclosures that an object's `_sd` refers to, in the order of the token: digests are sorted, members needn't be. */
function disclosedMembers(object: JsonObject, unfolding: Unfolding): Disclosure[] {
  if (!Object.hasOwn(object, '_sd')) return [];
  const digests = object._sd;
  const found: Disclosure[] = [];
  if (!Array.isArray(digests)) refuse(unfolding, 'A list of digests is not an array.');
  else {
    for (const digest of digests) {
      if (typeof digest !== 'string') {
        refuse(unfolding, 'A digest is not a string.');
        continue;
      }
      const disclosure = find(digest, unfolding);
      if (disclosure === undefined) continue;
      if (disclosure.name === undefined) refuse(unfolding, 'The disclosure of an array element stands for a member.');
      else found.push(disclosure);
    }
  }
  return found.sort((a, b) => a.position - b.position);
}

function find(digest: string, unfolding: Unfolding): Disclosure | undefined {
  if (unfolding.met.has(digest)) {
    refuse(unfolding, 'A digest stands in the token twice.');
    return undefined;
  }
  unfolding.met.add(digest);
  const disclosure = unfolding.disclosures.get(digest);
  if (disclosure !== undefined) unfolding.used += 1;
  return disclosure;
}

function refuse(unfolding: Unfolding, rule: string): void {
  unfolding.broken ??= rule;
}
