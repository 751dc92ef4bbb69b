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
  /** The numbers of the fields that a content has a value of, once however many elements have it. */
  presentIn(content: unknown): ReadonlySet<number>;
}

const known = new Map<ResultKind, MeasuredFields>();

/** How the presence of a kind's fields is counted. */
export function measuredFields(kind: ResultKind): MeasuredFields {
  let fields = known.get(kind);
  if (fields === undefined) {
    const paths = catalogueFields(kind).map(({ path }) => path);
    const root = treeOf(paths);
    fields = {
      layout: hash('sha256', [kind, ...paths].join('\n'), 'base64url').slice(0, 22),
      paths,
      presentIn: (content) => {
        const present = new Set<number>();
        mark(root, content, present);
        return present;
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

/** What the contract does not know is passed over: nobody is shown it, and it belongs to no catalogue. */
function mark({ field, members, element }: Place, value: unknown, present: Set<number>): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    if (field !== undefined) present.add(field);
  } else if (Array.isArray(value)) {
    if (element !== undefined) for (const item of value) mark(element, item, present);
  } else {
    const contents = value as Record<string, unknown>;
    for (const name in contents) {
      const member = members.get(name);
      if (member !== undefined) mark(member, contents[name], present);
    }
  }
}
