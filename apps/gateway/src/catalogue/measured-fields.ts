import { hash } from 'node:crypto';
import type { ResultKind } from '@clearance/contracts';
import { catalogueFields } from '@clearance/negative-list';

/** One place in contents of a kind: a field, or what lies in an object or array. */
interface Place {
  /** The field's number, where a value stands. */
  field: number | undefined;
  members: Map<string, Place>;
  element: Place | undefined;
}

/** The fields of a kind as their presence is counted: by their numbers. */
export interface MeasuredFields {
  /** Names this very order of these very fields. */
  layout: string;
  paths: readonly string[];
  /** Adds one for each field that a content has a value of, once however many elements have it; by the fields' numbers. */
  addPresent(content: unknown, counts: number[]): void;
}

const known = new Map<ResultKind, MeasuredFields>();

/** How the presence of a kind's fields is counted. */
export function measuredFields(kind: ResultKind): MeasuredFields {
  let fields = known.get(kind);
  if (fields === undefined) {
    const paths = catalogueFields(kind).map(({ path }) => path);
    const root = treeOf(paths);
    const seen = { turn: 0, turns: paths.map(() => 0) };
    fields = {
      layout: hash('sha256', [kind, ...paths].join('\n'), 'base64url').slice(0, 22),
      paths,
      addPresent: (content, counts) => {
        seen.turn += 1;
        mark(root, content, seen, counts);
      },
    };
    known.set(kind, fields);
  }
  return fields;
}

function treeOf(paths: readonly string[]): Place {
  const root = newPlace();
  paths.forEach((path, field) => {
    let place = root;
    for (const segment of path.split('/').slice(1)) {
      if (segment === '*') place = place.element ??= newPlace();
      else {
        const member = place.members.get(segment) ?? newPlace();
        place.members.set(segment, member);
        place = member;
      }
    }
    place.field = field;
  });
  return root;
}

function newPlace(): Place {
  return { field: undefined, members: new Map(), element: undefined };
}

/** In which content a field was seen last: every content is walked whole, and a set for each would cost more than the walk. */
interface Seen {
  turn: number;
  turns: number[];
}

/** What the contract does not know is passed over: nobody is shown it, and it belongs to no catalogue. */
function mark({ field, members, element }: Place, value: unknown, seen: Seen, counts: number[]): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    if (field === undefined || seen.turns[field] === seen.turn) return;
    seen.turns[field] = seen.turn;
    counts[field]! += 1;
  } else if (Array.isArray(value)) {
    if (element !== undefined) for (const item of value) mark(element, item, seen, counts);
  } else {
    const contents = value as Record<string, unknown>;
    for (const name in contents) {
      const member = members.get(name);
      if (member !== undefined) mark(member, contents[name], seen, counts);
    }
  }
}
