import { DECIMAL, matchesPattern } from './reference-evaluator.ts';
import { isMap, sameValue } from './values.ts';
import type { Run } from './values.ts';

type Unary = (a: unknown) => unknown;
type Binary = (a: unknown, b: unknown) => unknown;

const LEAST_INT = -(2n ** 63n);
const MOST_INT = 2n ** 63n - 1n;

const comparisons: Record<string, (a: never, b: never) => boolean> = {
  '_<_': (a, b) => a < b,
  '_<=_': (a, b) => a <= b,
  '_>_': (a, b) => a > b,
  '_>=_': (a, b) => a >= b,
};

/** Functions of one operand, each undefined where CEL has no such function for a value of that type. */
const unary: Record<string, Unary> = {
  '!_': (a) => (typeof a === 'boolean' ? !a : undefined),
  '-_': (a) => (typeof a === 'bigint' ? int(-a) : typeof a === 'number' ? -a : undefined),
  size: (a) => {
    // A text is as long as it has code points.
    if (typeof a === 'string') return BigInt([...a].length);
    if (Array.isArray(a)) return BigInt(a.length);
    return isMap(a) ? BigInt(Object.keys(a).length) : undefined;
  },
  double: (a) => {
    if (typeof a === 'string') return DECIMAL.test(a) ? Number(a) : undefined;
    return typeof a === 'number' || typeof a === 'bigint' ? Number(a) : undefined;
  },
  int: (a) => {
    if (typeof a === 'bigint') return a;
    if (typeof a === 'number') return a > -(2 ** 63) && a < 2 ** 63 ? BigInt(Math.trunc(a)) : undefined;
    return typeof a === 'string' ? readInt(a) : undefined;
  },
  string: (a) => (['string', 'number', 'bigint', 'boolean'].includes(typeof a) ? String(a) : undefined),
};

const binary: Record<string, Binary> = {
  '_!=_': (a, b) => !sameValue(a, b),
  '@in': (a, b) => {
    if (Array.isArray(b)) return b.some((item) => sameValue(item, a));
    if (!isMap(b) || a === null || typeof a === 'object') return undefined;
    return typeof a === 'string' && Object.hasOwn(b, a) && b[a] !== null && b[a] !== undefined;
  },
  '_+_': (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(a + b);
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    return Array.isArray(a) && Array.isArray(b) ? [...(a as unknown[]), ...(b as unknown[])] : undefined;
  },
  '_-_': (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(a - b);
    return typeof a === 'number' && typeof b === 'number' ? a - b : undefined;
  },
  '_*_': (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return int(a * b);
    return typeof a === 'number' && typeof b === 'number' ? a * b : undefined;
  },
  '_/_': (a, b) => {
    if (typeof a === 'bigint' && typeof b === 'bigint') return b === 0n ? undefined : int(a / b);
    return typeof a === 'number' && typeof b === 'number' ? a / b : undefined;
  },
  '_%_': (a, b) => (typeof a === 'bigint' && typeof b === 'bigint' && b !== 0n ? a % b : undefined),
  ...Object.fromEntries(Object.entries(comparisons).map(([name, holds]) => [name, ordered(holds)])),
};

const ofTexts: Record<string, (text: string, part: string) => boolean | undefined> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  matches: matchesPattern,
};

/**
 * A call of a function or operator that asks its operands for their values first. `undefined` if it is not compiled.
 *
 * @param isMethod whether the first operand stands before the dot
 */
export function callOf(name: string, isMethod: boolean, operands: readonly Run[]): Run | undefined {
  const [a, b] = operands;
  if (a === undefined || operands.length > 2) return undefined;
  if (b === undefined) {
    const apply = Object.hasOwn(unary, name) && (!isMethod || name === 'size') ? unary[name] : undefined;
    return apply && applied(a, apply);
  }
  const method = Object.hasOwn(ofTexts, name) && isMethod ? ofTexts[name] : undefined;
  if (method !== undefined) {
    return appliedToTwo(a, b, (text, part) =>
      typeof text === 'string' && typeof part === 'string' ? method(text, part) : undefined,
    );
  }
  const apply = Object.hasOwn(binary, name) && !isMethod ? binary[name] : undefined;
  return apply && appliedToTwo(a, b, apply);
}

function applied(a: Run, apply: Unary): Run {
  return (facts, first, second) => {
    const value = a(facts, first, second);
    return value === undefined ? undefined : apply(value);
  };
}

function appliedToTwo(a: Run, b: Run, apply: Binary): Run {
  return (facts, first, second) => {
    const one = a(facts, first, second);
    const other = one === undefined ? undefined : b(facts, first, second);
    return other === undefined ? undefined : apply(one, other);
  };
}

/** Comparison of two values of one type, or of two numbers: an int is compared with a double as a double. */
function ordered(holds: (a: never, b: never) => boolean): Binary {
  return (a, b) => {
    const [one, other] = [typeof a, typeof b];
    if (one === other) {
      return one === 'string' || one === 'number' || one === 'bigint' || one === 'boolean'
        ? holds(a as never, b as never)
        : undefined;
    }
    const numbers = (one === 'bigint' && other === 'number') || (one === 'number' && other === 'bigint');
    return numbers ? holds(Number(a) as never, Number(b) as never) : undefined;
  };
}

function int(value: bigint): bigint | undefined {
  return value >= LEAST_INT && value <= MOST_INT ? value : undefined;
}

function readInt(text: string): bigint | undefined {
  try {
    return int(BigInt(text));
  } catch {
    return undefined;
  }
}
