import type { FieldType } from '@clearance/contracts';

/**
 * Type of an expression in a condition. `object` is a part of a content, known by its path in the catalogue of its
 * kind. JSON numbers are CEL doubles. `any` is the element of an empty list literal only.
 */
export type ConditionType =
  | { is: 'bool' | 'int' | 'double' | 'string' | 'timestamp' | 'duration' | 'null' | 'any' }
  | { is: 'list'; of: ConditionType }
  | { is: 'object'; path: string };

export const BOOL: ConditionType = { is: 'bool' };
export const INT: ConditionType = { is: 'int' };
export const DOUBLE: ConditionType = { is: 'double' };
export const STRING: ConditionType = { is: 'string' };
export const TIMESTAMP: ConditionType = { is: 'timestamp' };
export const DURATION: ConditionType = { is: 'duration' };
export const NULL: ConditionType = { is: 'null' };
export const ANY: ConditionType = { is: 'any' };

/** Fields of one kind, by path pattern, as the contracts give them. */
export type Catalogue = ReadonlyMap<string, FieldType>;

/** Type of the field at a path of the catalogue, or undefined if there is none. */
export function typeAt(catalogue: Catalogue, path: string): ConditionType | undefined {
  const field = catalogue.get(path);
  switch (field) {
    case undefined:
      return undefined;
    case 'object':
      return { is: 'object', path };
    case 'array':
      return { is: 'list', of: typeAt(catalogue, `${path}/*`) ?? ANY };
    case 'string':
      return STRING;
    case 'integer':
    case 'number':
      return DOUBLE;
    case 'boolean':
      return BOOL;
    default:
      return field satisfies never;
  }
}

/** Whether a value is a number; numbers of different types may be compared but not added. */
export function isNumber(type: ConditionType): boolean {
  return type.is === 'int' || type.is === 'double' || type.is === 'any';
}

/** Whether two types may be compared for equality with a meaning. */
export function comparable(a: ConditionType, b: ConditionType): boolean {
  if (a.is === 'any' || b.is === 'any') return true;
  if (isNumber(a) && isNumber(b)) return true;
  if (a.is === 'list' && b.is === 'list') return comparable(a.of, b.of);
  return a.is === b.is && a.is !== 'object';
}

/** A type as a message names it. */
export function typeName(type: ConditionType): string {
  if (type.is === 'list') return `list(${typeName(type.of)})`;
  return type.is === 'object' ? `object ${type.path === '' ? 'content' : type.path}` : type.is;
}
