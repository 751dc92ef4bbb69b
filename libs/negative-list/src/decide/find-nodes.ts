import { escapeSegment, holds } from '../language/catalogue.ts';
import type { FieldNode } from '../language/catalogue.ts';
import type { NamedStep, Pattern } from '../compile/pattern.ts';

/** JSON Pointers of the nodes of a content that a pattern names and that are there. */
export function findNodes({ path, steps, pointers }: Pattern, content: unknown): readonly string[] {
  if (steps.length === 0) return [path];
  const found: string[] = [];
  const each = steps.indexOf('each');
  // Most name one node, or one in every element of a list: such pointers are written once for all contents.
  if (each >= 0 && !steps.includes('each', each + 1)) {
    const list = walk(steps, 0, each, content);
    if (!Array.isArray(list)) return found;
    for (let at = 0; at < list.length; at += 1) {
      if (walk(steps, each + 1, steps.length, list[at]) === undefined) continue;
      const pointer = pointers[at] ?? written(steps.with(each, { name: '', written: `/${at}` }));
      if (at < KEPT) pointers[at] = pointer;
      found.push(pointer);
    }
  } else if (each < 0) {
    if (walk(steps, 0, steps.length, content) !== undefined) found.push(path);
  } else {
    follow(steps, 0, content, '', found);
  }
  return found;
}

/** Pointers that a pattern keeps, at most. */
const KEPT = 256;

function walk(steps: Pattern['steps'], from: number, to: number, node: unknown): unknown {
  let at = node;
  for (let index = from; index < to; index += 1) {
    const step = steps[index] as NamedStep;
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step.name)) return undefined;
    at = (at as Record<string, unknown>)[step.name];
  }
  return at;
}

function written(steps: Pattern['steps']): string {
  return steps.map((step) => (step === 'each' ? '/*' : step.written)).join('');
}

function follow(steps: Pattern['steps'], index: number, node: unknown, pointer: string, found: string[]): void {
  const step = steps[index];
  if (step === undefined) {
    found.push(pointer);
  } else if (step === 'each') {
    if (!Array.isArray(node)) return;
    for (let at = 0; at < node.length; at += 1) follow(steps, index + 1, node[at], `${pointer}/${at}`, found);
  } else if (typeof node === 'object' && node !== null && Object.hasOwn(node, step.name)) {
    const member = (node as Record<string, unknown>)[step.name];
    if (member !== undefined) follow(steps, index + 1, member, pointer + step.written, found);
  }
}

/**
 * JSON Pointers of the topmost nodes that the catalogue does not know, or that are not what it says stands there:
 * no entry can have named them, so nobody has decided that they may be shared.
 */
export function findUnknown(tree: FieldNode, content: unknown): readonly string[] {
  // Every content is walked whole, and next to none holds anything unknown: paths are kept only when needed.
  if (isKnown(tree, content)) return NONE;
  const found: string[] = [];
  seek(tree, content, [], found);
  return found.sort();
}

const NONE: readonly string[] = [];

function isKnown(node: FieldNode, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return holds(node.type, value);
  if (Array.isArray(value)) {
    const { type, element } = node;
    if (type !== 'array') return false;
    for (const item of value) if (element === undefined || !isKnown(element, item)) return false;
    return true;
  }
  if (node.type !== 'object') return false;
  const members = value as Record<string, unknown>;
  // Faster than a list of the keys; an inherited member, if ever there is one, only sends us the slow way.
  for (const name in members) {
    const member = members[name];
    if (member === undefined) continue;
    const known = node.members.get(name);
    if (known === undefined || !isKnown(known, member)) return false;
  }
  return true;
}

function seek(node: FieldNode | undefined, value: unknown, path: (string | number)[], found: string[]): void {
  if (node === undefined || !holds(node.type, value)) {
    found.push(path.map((segment) => `/${escapeSegment(String(segment))}`).join(''));
  } else if (node.type === 'array') {
    (value as unknown[]).forEach((element, index) => {
      path.push(index);
      seek(node.element, element, path, found);
      path.pop();
    });
  } else if (node.type === 'object') {
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) {
      const member = members[name];
      if (member === undefined) continue;
      path.push(name);
      seek(node.members.get(name), member, path, found);
      path.pop();
    }
  }
}
