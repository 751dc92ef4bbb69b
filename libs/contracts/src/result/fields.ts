import { RESULT_KINDS, type ResultKind } from '../codes/results.ts';
import { contentSchemas } from './content.ts';

/** JSON type of a field. */
export type FieldType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** A JSON Schema as this contract writes it: the keywords that a walk over fields needs. */
interface SchemaNode {
  type?: FieldType;
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, SchemaNode>>;
  items?: SchemaNode;
}

function typeOf(node: SchemaNode): FieldType {
  if (node.type !== undefined) return node.type;
  const sample: unknown = node.const ?? node.enum?.[0];
  switch (typeof sample) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return 'number';
    default:
      throw new Error('a schema of the contract has a node without a type');
  }
}

function collect(node: SchemaNode, path: string, fields: Map<string, FieldType>): void {
  fields.set(path, typeOf(node));
  for (const [name, member] of Object.entries(node.properties ?? {})) collect(member, `${path}/${name}`, fields);
  if (node.items !== undefined) collect(node.items, `${path}/*`, fields);
}

const catalogue = new Map<ResultKind, ReadonlyMap<string, FieldType>>();

/** What a revoked version has beside the content that was submitted. */
const REVOCATION_FIELDS: readonly [string, FieldType][] = [
  ['/revocation', 'object'],
  ['/revocation/reason', 'string'],
];

/**
 * Every path that a content of this kind can have, with its type, derived from the kind's schema. A path is a JSON
 * Pointer with `*` for any element of an array: '' the whole, '/goods', '/goods/*', and below an element its members.
 */
export function fieldsOf(kind: ResultKind): ReadonlyMap<string, FieldType> {
  const known = catalogue.get(kind);
  if (known !== undefined) return known;
  const fields = new Map<string, FieldType>();
  collect(contentSchemas[kind] as SchemaNode, '', fields);
  for (const [path, type] of REVOCATION_FIELDS) fields.set(path, type);
  catalogue.set(kind, fields);
  return fields;
}

/** Names the schema of a kind's content. */
export function schemaId(name: string): string {
  return `urn:clearance:schema:${name}:v1`;
}

/** JSON Schema 2020-12 of a content of this kind: a fresh copy, complete in itself. */
export function schemaOf(kind: ResultKind): Record<string, unknown> {
  const schema = JSON.parse(JSON.stringify(contentSchemas[kind])) as Record<string, unknown>;
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: schemaId(kind), ...schema };
}

/** All kinds with their fields, for catalogues and documents. */
export function allFields(): ReadonlyMap<ResultKind, ReadonlyMap<string, FieldType>> {
  return new Map(RESULT_KINDS.map((kind) => [kind, fieldsOf(kind)]));
}
