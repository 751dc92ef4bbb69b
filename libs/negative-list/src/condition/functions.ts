import { BOOL, comparable, DOUBLE, DURATION, INT, isNumber, STRING, TIMESTAMP } from './types.ts';
import type { ConditionType } from './types.ts';

/** What a function yields for operands of given types; `mismatch` if it does not take them, `unknown` if there is none. */
export type CallAnswer = ConditionType | 'mismatch' | 'unknown';

const ORDERED = new Set(['int', 'double', 'string', 'timestamp', 'duration', 'bool']);

/**
 * The functions and operators of conditions, a closed part of CEL's standard library. What is not here is refused,
 * also where the evaluator knows it: CEL grows, the meaning of a list in force must not.
 */
export function callType(name: string, target: ConditionType | undefined, args: readonly ConditionType[]): CallAnswer {
  const operands = target === undefined ? args : [target, ...args];
  const [a, b, c] = operands;
  const yields = (fits: boolean | undefined, type: ConditionType): CallAnswer => (fits === true ? type : 'mismatch');
  switch (name) {
    case '_&&_':
    case '_||_':
      return yields(operands.every(isBool), BOOL);
    case '!_':
    case '@not_strictly_false':
      return yields(a && isBool(a), BOOL);
    case '_?_:_':
      return b === undefined
        ? 'mismatch'
        : yields(a && c && isBool(a) && comparable(b, c), b.is === 'list' ? widest(b, c) : b);
    case '_==_':
    case '_!=_':
      return yields(a && b && comparable(a, b), BOOL);
    case '_<_':
    case '_<=_':
    case '_>_':
    case '_>=_':
      return yields(a && b && ORDERED.has(a.is) && comparable(a, b), BOOL);
    case '@in':
      return yields(a && b?.is === 'list' && comparable(a, b.of), BOOL);
    case '_+_':
    case '_-_':
    case '_*_':
    case '_/_':
    case '_%_':
      return arithmetic(name, a, b);
    case '-_':
      return a !== undefined && (a.is === 'int' || a.is === 'double') ? a : 'mismatch';
    case 'size':
      return yields(operands.length === 1 && (a?.is === 'list' || a?.is === 'string'), INT);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return yields(target !== undefined && operands.length === 2 && a?.is === 'string' && b?.is === 'string', BOOL);
    case 'double':
      return yields(args.length === 1 && a && (isNumber(a) || a.is === 'string'), DOUBLE);
    case 'int':
      return yields(args.length === 1 && a && (isNumber(a) || a.is === 'string'), INT);
    case 'string':
      return yields(args.length === 1 && a && (isNumber(a) || a.is === 'string'), STRING);
    case 'timestamp':
      return yields(args.length === 1 && a?.is === 'string', TIMESTAMP);
    case 'duration':
      return yields(args.length === 1 && a?.is === 'string', DURATION);
    default:
      return 'unknown';
  }
}

function arithmetic(name: string, a: ConditionType | undefined, b: ConditionType | undefined): CallAnswer {
  if (a === undefined || b === undefined) return 'mismatch';
  if (a.is === 'list' && b.is === 'list' && name === '_+_') return comparable(a, b) ? widest(a, b) : 'mismatch';
  if (a.is === 'string' && b.is === 'string' && name === '_+_') return STRING;
  if (a.is === 'int' && b.is === 'int') return INT;
  // A number of a content is a double: `content.n + 1` has no meaning in CEL, `content.n + 1.0` has.
  if (a.is === 'double' && b.is === 'double' && name !== '_%_') return DOUBLE;
  if (a.is === 'timestamp' && b.is === 'timestamp' && name === '_-_') return DURATION;
  if (a.is === 'timestamp' && b.is === 'duration' && (name === '_+_' || name === '_-_')) return TIMESTAMP;
  if (a.is === 'duration' && b.is === 'duration' && (name === '_+_' || name === '_-_')) return DURATION;
  return 'mismatch';
}

/** Of two lists, the one that says what its items are. */
function widest(a: ConditionType, b: ConditionType | undefined): ConditionType {
  return a.is === 'list' && a.of.is === 'any' && b !== undefined ? b : a;
}

function isBool(type: ConditionType): boolean {
  return type.is === 'bool';
}
