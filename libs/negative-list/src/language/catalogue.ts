import { fieldsOf, schemaOf } from '@clearance/contracts';
import type { FieldType, ResultKind } from '@clearance/contracts';

/** One place in the content of a kind: what it holds, and what lies below it. */
export interface FieldNode {
  type: FieldType;
  members: ReadonlyMap<string, FieldNode>;
  /** What every element of an array is. */
  element: FieldNode | undefined;
}

interface GrowingNode {
  type: FieldType;
  members: Map<string, GrowingNode>;
  element: GrowingNode | undefined;
}

const trees = new Map<ResultKind, FieldNode>();
const requiredOf = new Map<ResultKind, ReadonlySet<string>>();

/**
 * The fields of a kind as a tree, by which a content is walked. `*` in a path stands for an element only where the
 * parent is an array, so a member that happens to be called `*` is not mistaken for one.
 */
export function fieldTree(kind: ResultKind): FieldNode {
  const known = trees.get(kind);
  if (known !== undefined) return known;
  const tree = grow(fieldsOf(kind));
  trees.set(kind, tree);
  return tree;
}

/** The tree of path patterns; a path is reached through every path above it. */
export function grow(fields: ReadonlyMap<string, FieldType>): FieldNode {
  const root: GrowingNode = { type: 'object', members: new Map(), element: undefined };
  const paths = [...fields.keys()].filter((path) => path !== '').sort((a, b) => depthOf(a) - depthOf(b));
  for (const path of paths) {
    const segments = segmentsOf(path);
    const last = segments.pop() ?? '';
    const parent = segments.reduce<GrowingNode | undefined>(step, root);
    const node: GrowingNode = { type: fields.get(path) ?? 'object', members: new Map(), element: undefined };
    if (parent?.type === 'array') parent.element = node;
    else parent?.members.set(last, node);
  }
  return root;
}

/** Whether a value is what the catalogue says stands in its place. */
export function holds(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    case 'integer':
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return type satisfies never;
  }
}

/** Segments of a JSON Pointer or path pattern (RFC 6901), unescaped. */
export function segmentsOf(path: string): string[] {
  return path === ''
    ? []
    : path
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A segment as it is written in a pointer. */
export function escapeSegment(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment;
}

/**
 * Paths of a kind that a valid content always has below its parent: required members and array elements, by its
 * JSON Schema.
 */
export function requiredPaths(kind: ResultKind): ReadonlySet<string> {
  const known = requiredOf.get(kind);
  if (known !== undefined) return known;
  const required = new Set(['']);
  collectRequired(schemaOf(kind), '', required);
  requiredOf.set(kind, required);
  return required;
}

function collectRequired(schema: unknown, at: string, required: Set<string>): void {
  const {
    properties,
    items,
    required: names,
  } = schema as {
    properties?: Record<string, unknown>;
    items?: unknown;
    required?: string[];
  };
  for (const [name, member] of Object.entries(properties ?? {})) {
    const path = `${at}/${escapeSegment(name)}`;
    if (names?.includes(name)) required.add(path);
    collectRequired(member, path, required);
  }
  if (typeof items === 'object' && items !== null) {
    required.add(`${at}/*`);
    collectRequired(items, `${at}/*`, required);
  }
}

function step(node: GrowingNode | undefined, segment: string): GrowingNode | undefined {
  return node?.type === 'array' ? node.element : node?.members.get(segment);
}

function depthOf(path: string): number {
  return path.split('/').length;
}
