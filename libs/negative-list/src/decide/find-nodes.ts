import { escapeSegment, holds } from '../language/catalogue.ts';
import type { FieldNode } from '../language/catalogue.ts';
import type { Pattern } from '../compile/pattern.ts';

/** JSON Pointers of the nodes of a content that a pattern names and that are there. */
export function findNodes(pattern: Pattern, content: unknown): string[] {
  const found: string[] = [];
  follow(pattern.steps, 0, content, '', found);
  return found;
}

function follow(steps: Pattern['steps'], index: number, node: unknown, pointer: string, found: string[]): void {
  const step = steps[index];
  if (step === undefined) {
    found.push(pointer);
  } else if (step === 'each') {
    if (!Array.isArray(node)) return;
    node.forEach((element, position) => follow(steps, index + 1, element, `${pointer}/${position}`, found));
  } else if (typeof node === 'object' && node !== null && Object.hasOwn(node, step.name)) {
    const member = (node as Record<string, unknown>)[step.name];
    if (member !== undefined) follow(steps, index + 1, member, pointer + step.written, found);
  }
}

/**
 * JSON Pointers of the topmost nodes that the catalogue does not know, or that are not what it says stands there:
 * no entry can have named them, so nobody has decided that they may be shared.
 */
export function findUnknown(tree: FieldNode, content: unknown): string[] {
  const found: string[] = [];
  seek(tree, content, [], found);
  return found.sort();
}

/** Every content is walked whole, and next to none holds anything unknown: pointers are written only when needed. */
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
