/** A result by what it travels with: its newest version's documents and containers, as far as everybody may see them. */
export interface Traveller {
  /** UUIDv7. */
  resultId: string;
  /** When its goods were examined, or else it was issued: ms since the epoch. */
  at: number;
  declarationNumber: string | null;
  transportDocument: string | null;
  containers: readonly string[];
}

/** Results about the same goods. */
export interface Consignment {
  /** The id of its first result (票 / 批). */
  consignmentId: string;
  /** In the order of their ids. */
  resultIds: string[];
}

/** How far apart two results of one container may lie and still be about one journey, ms: 30 days. */
export const JOIN_WITHIN_MS = 30 * 86_400_000;

const DOCUMENTS = ['declarationNumber', 'transportDocument'] as const;

/**
 * Joins results into consignments: whatever shares a declaration or a transport document belongs together, and so do
 * results which a container alone connects, if they may be about the same journey of it.
 *
 * A container travels again with other goods. It connects two results only within 30 days of each other, and only if they
 * do not show different documents. A result that lacks a document which others of its container show belongs to the one
 * nearest in time: a scan without papers to the load examined on that day, not to all loads that ever were in the box.
 *
 * The outcome depends on the set of results alone, not on their order: consignments are the same when they are made
 * anew.
 */
export function joinConsignments(results: readonly Traveller[]): Consignment[] {
  const byContainer = new Map<string, Traveller[]>();
  for (const result of results) {
    for (const container of new Set(result.containers)) {
      const others = byContainer.get(container);
      if (others) others.push(result);
      else byContainer.set(container, [result]);
    }
  }
  return consignmentsOf(results, [...byContainer.values()].flatMap(journeysOf));
}

/** Two results that belong together. */
export interface Link {
  /** The one that was drawn to the other. */
  resultId: string;
  to: string;
}

/**
 * Joins what shares a document, and what links connect; the second half of {@link joinConsignments}.
 *
 * @param links between these results, as {@link journeysOf} finds them
 */
export function consignmentsOf(
  results: readonly Omit<Traveller, 'containers' | 'at'>[],
  links: readonly Link[],
): Consignment[] {
  const sorted = [...results].sort((one, other) => compare(one.resultId, other.resultId));
  const places = new Map(sorted.map(({ resultId }, place) => [resultId, place]));
  const sets = new DisjointSets(sorted.length);
  for (const document of DOCUMENTS) {
    const firstWith = new Map<string, number>();
    for (const [place, result] of sorted.entries()) {
      const number = result[document];
      if (number === null) continue;
      const first = firstWith.get(number);
      if (first === undefined) firstWith.set(number, place);
      else sets.join(first, place);
    }
  }
  for (const { resultId, to } of links) sets.join(places.get(resultId)!, places.get(to)!);
  const groups = Map.groupBy(sorted.keys(), (place) => sets.rootOf(place));
  return [...groups.values()].map((members) => {
    const resultIds = members.map((place) => sorted[place]!.resultId);
    return { consignmentId: resultIds[0]!, resultIds };
  });
}

/**
 * Which results one container connects; the first half of {@link joinConsignments}. What a result is linked to depends on
 * those within twice 30 days of it, and on no others.
 *
 * @param results that name this container
 */
export function journeysOf(results: readonly Traveller[]): Link[] {
  const sorted = [...results].sort(byTime);
  // Who shows both documents needs nobody, and is looked for, not from: there may be thousands of them.
  const showing = DOCUMENTS.map((document) => sorted.filter((result) => result[document] !== null));
  const nearest = new Map<Traveller, Traveller>();
  for (const result of sorted) {
    const candidates = DOCUMENTS.flatMap((document, index) =>
      result[document] === null ? (nearestIn(showing[index]!, result) ?? []) : [],
    );
    const [one, other] = candidates;
    if (one === undefined) continue;
    nearest.set(result, other === undefined || isNearer(one, other, result) ? one : other);
  }
  const links: Link[] = [];
  for (const [result, to] of nearest) {
    // It depends on the other for a document; or each on the other, and then it must be mutual: a declaration is not
    // drawn to a bill that belongs with another declaration.
    if (!lacks(to, result) || nearest.get(to) === result) links.push({ resultId: result.resultId, to: to.resultId });
  }
  // What shows no document, and is near nothing that does, follows what came before it.
  const alone = sorted.filter(
    (result) => !nearest.has(result) && DOCUMENTS.every((document) => result[document] === null),
  );
  for (const [index, result] of alone.entries()) {
    const before = alone[index - 1];
    if (before !== undefined && result.at - before.at <= JOIN_WITHIN_MS) {
      links.push({ resultId: result.resultId, to: before.resultId });
    }
  }
  return links;
}

/** The nearest in time of results, sorted by time, that contradicts none of this one's documents. */
function nearestIn(sorted: readonly Traveller[], result: Traveller): Traveller | undefined {
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if (byTime(sorted[middle]!, result) < 0) low = middle + 1;
    else high = middle;
  }
  const fits = (other: Traveller | undefined): other is Traveller =>
    other !== undefined && Math.abs(other.at - result.at) <= JOIN_WITHIN_MS;
  let before = low - 1;
  while (fits(sorted[before]) && contradicts(sorted[before]!, result)) before -= 1;
  let after = low;
  while (fits(sorted[after]) && contradicts(sorted[after]!, result)) after += 1;
  const [earlier, later] = [sorted[before], sorted[after]];
  if (!fits(earlier)) return fits(later) ? later : undefined;
  if (!fits(later)) return earlier;
  return isNearer(earlier, later, result) ? firstAt(sorted, before, result) : later;
}

/** Of those at the same moment before a result, the one with the first id. */
function firstAt(sorted: readonly Traveller[], place: number, result: Traveller): Traveller {
  const { at } = sorted[place]!;
  let first = place;
  for (let other = place - 1; sorted[other]?.at === at; other -= 1) {
    if (!contradicts(sorted[other]!, result)) first = other;
  }
  return sorted[first]!;
}

function isNearer(one: Traveller, other: Traveller, to: Traveller): boolean {
  const [near, far] = [Math.abs(one.at - to.at), Math.abs(other.at - to.at)];
  return near < far || (near === far && byTime(one, other) <= 0);
}

/** Whether the other shows a document that this one does not. */
function lacks(result: Traveller, other: Traveller): boolean {
  return DOCUMENTS.some((document) => result[document] === null && other[document] !== null);
}

function contradicts(one: Traveller, other: Traveller): boolean {
  return DOCUMENTS.some(
    (document) => one[document] !== null && other[document] !== null && one[document] !== other[document],
  );
}

function byTime(one: Traveller, other: Traveller): number {
  return one.at - other.at || compare(one.resultId, other.resultId);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Which of numbered things belong together (union–find, with halved paths). */
class DisjointSets {
  private readonly parents: number[];

  constructor(size: number) {
    this.parents = Array.from({ length: size }, (_, index) => index);
  }

  rootOf(index: number): number {
    let at = index;
    while (this.parents[at] !== at) {
      this.parents[at] = this.parents[this.parents[at]!]!;
      at = this.parents[at]!;
    }
    return at;
  }

  join(one: number, other: number): void {
    const [low, high] = [this.rootOf(one), this.rootOf(other)].sort((a, b) => a - b) as [number, number];
    this.parents[high] = low;
  }
}
