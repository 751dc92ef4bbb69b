import { segmentsOf } from '../language/catalogue.ts';

/** Where a path ends. */
const GONE = Symbol('taken out');

interface Cut {
  readonly below: Map<string, Cut | typeof GONE>;
}

/**
 * What is left of a content when these nodes are taken out: what whoever is given the redacted token reads in it. An
 * element that is taken out leaves no gap in its array. The content itself is left as it is.
 *
 * @param pointers JSON Pointers of nodes of the content; `''` takes out all
 */
export function contentSeen(content: object, pointers: readonly string[]): object {
  if (pointers.length === 0) return content;
  const root: Cut = { below: new Map() };
  for (const pointer of pointers) {
    if (pointer === '') return {};
    const segments = segmentsOf(pointer);
    let cut = root;
    for (const [place, segment] of segments.entries()) {
      const known = cut.below.get(segment);
      if (known === GONE) break;
      if (place === segments.length - 1) cut.below.set(segment, GONE);
      else if (known !== undefined) cut = known;
      else {
        const next: Cut = { below: new Map() };
        cut.below.set(segment, next);
        cut = next;
      }
    }
  }
  return without(content, root) as object;
}

function without(value: unknown, { below }: Cut): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, place) => {
      const cut = below.get(String(place));
      return cut === GONE ? [] : [cut === undefined ? element : without(element, cut)];
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      const cut = below.get(name);
      return cut === GONE ? [] : [[name, cut === undefined ? member : without(member, cut)]];
    }),
  );
}
