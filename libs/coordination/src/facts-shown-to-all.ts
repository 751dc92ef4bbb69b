import { CHECK_TYPES, type CheckType } from '@clearance/contracts';

/** A check as everybody may see it. */
export interface CheckShown {
  type: CheckType;
  outcome: string | null;
  /** RFC 3339, as its unit wrote it. */
  performedAt: string | null;
  /** Containers and items that it covers, where it names them. */
  containers: string[];
  items: number[];
}

/** What of a version everybody may see who may see it at all: what a coordinator follows a consignment by. */
export interface FactsShown {
  /** Null, with all else, where nothing is shown to somebody. */
  kind: string | null;
  location: string | null;
  direction: string | null;
  transportMode: string | null;
  conclusion: string | null;
  declarationNumber: string | null;
  transportDocument: string | null;
  containers: string[];
  checks: CheckShown[];
}

const NOTHING: FactsShown = {
  kind: null,
  location: null,
  direction: null,
  transportMode: null,
  conclusion: null,
  declarationNumber: null,
  transportDocument: null,
  containers: [],
  checks: [],
};

/**
 * Takes out of a content what coordinators go by, and leaves out whatever the negative list withholds from anybody: a
 * coordinator is shown no more than the unit that is shown least.
 *
 * @param hidden JSON Pointers of the nodes that are withheld from at least one consumer; '' is the whole result
 */
export function factsShownToAll(content: Readonly<Record<string, unknown>>, hidden: Iterable<string>): FactsShown {
  const withheld = new Set(hidden);
  if (withheld.has('')) return NOTHING;
  const shown = (pointer: string): boolean => {
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) {
      if (withheld.has(pointer.slice(0, end))) return false;
    }
    return true;
  };
  // A node of which a part is withheld is there, but not whole: that alone does not hide the rest of it.
  const text = (at: unknown, name: string, pointer: string): string | null => {
    const value = isObject(at) ? at[name] : undefined;
    return isShort(value) && shown(`${pointer}/${name}`) ? value : null;
  };
  const elements = (at: unknown, name: string, pointer: string): [element: unknown, pointer: string][] => {
    const value = isObject(at) ? at[name] : undefined;
    if (!Array.isArray(value) || !shown(`${pointer}/${name}`)) return [];
    return value
      .slice(0, MOST_ELEMENTS)
      .map((element, index): [unknown, string] => [element, `${pointer}/${name}/${index}`])
      .filter(([, place]) => shown(place));
  };
  const containers = elements(content, 'containers', '').flatMap(
    ([box, pointer]) => text(box, 'number', pointer) ?? [],
  );
  const checks = elements(content, 'checks', '').flatMap(([check, pointer]): CheckShown[] => {
    const type = CHECK_TYPES.find((known) => known === text(check, 'type', pointer));
    if (type === undefined) return [];
    const covers = isObject(check) ? check['covers'] : undefined;
    const covered = `${pointer}/covers`;
    return [
      {
        type,
        outcome: text(check, 'outcome', pointer),
        performedAt: text(check, 'performedAt', pointer),
        containers: elements(covers, 'containers', covered).flatMap(([box]) => (isShort(box) ? box : [])),
        items: elements(covers, 'items', covered).flatMap(([item]) => (typeof item === 'number' ? item : [])),
      },
    ];
  });
  return {
    kind: text(content, 'kind', ''),
    location: text(content, 'location', ''),
    direction: text(content, 'direction', ''),
    transportMode: text(content, 'transportMode', ''),
    conclusion: text(content, 'conclusion', ''),
    declarationNumber: text(content, 'declarationNumber', ''),
    transportDocument: text(content, 'transportDocument', ''),
    containers: [...new Set(containers)],
    checks,
  };
}

/** The contract's bounds: a unit that signs something beyond them is followed by what is within. */
const MOST_ELEMENTS = 1_000;
const SHORT = /^[^\p{Cc}\p{Cs}]{1,64}$/u;

/** What is looked for, and is a key of tables: no identifier is longer, or has what is no character. */
function isShort(value: unknown): value is string {
  return typeof value === 'string' && SHORT.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
