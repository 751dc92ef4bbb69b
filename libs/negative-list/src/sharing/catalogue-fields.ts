import { fieldsOf } from '@clearance/contracts';
import type { FieldType, ResultKind } from '@clearance/contracts';
import { requiredPaths } from '../language/catalogue.ts';

/** One item of information (信息项) in results of a kind: a place at which a value stands. */
export interface CatalogueField {
  /** JSON Pointer into the content, with `*` for every element of an array. */
  path: string;
  type: FieldType;
  /** Whether it is always there where the object or array that it lies in is. */
  required: boolean;
}

const known = new Map<ResultKind, readonly CatalogueField[]>();

/**
 * The fields of a kind, in the order of its schema. Objects and arrays are not among them: what is shared of them, and how
 * often they are there, is what is shared of the values in them.
 */
export function catalogueFields(kind: ResultKind): readonly CatalogueField[] {
  let fields = known.get(kind);
  if (fields === undefined) {
    const required = requiredPaths(kind);
    fields = [...fieldsOf(kind)]
      .filter(([, type]) => type !== 'object' && type !== 'array')
      .map(([path, type]) => ({ path, type, required: required.has(path) }));
    known.set(kind, fields);
  }
  return fields;
}
