import type { Needs, NeededStep } from '../condition/needed-values.ts';
import { isMap } from '../condition/values.ts';

/** Something that may be ruled out without being tried, by what it needs of a content. */
export interface Indexed {
  /** Its number in the order of the list. */
  index: number;
  /** Ways to rule it out, each of them enough; none if it must always be tried. */
  needs: readonly Needs[];
}

/** The items that a content does not rule out, in the order of their numbers. */
export type CandidatesOf<Item extends Indexed> = (content: unknown) => readonly Item[];

/** One path at which a content is looked at, once for all items that need something there. */
interface Probe<Item> {
  steps: readonly NeededStep[];
  byText: Map<string, Item[]>;
  /** All of them: candidates where the content is not what was expected. */
  all: Set<Item>;
}

/**
 * Finds at once which items a content may hit, by the texts that they need at certain paths. An item is left out only
 * if its condition is plainly false for the content; whatever is doubtful is a candidate.
 */
export function indexByNeeds<Item extends Indexed>(items: readonly Item[]): CandidatesOf<Item> {
  const always: Item[] = [];
  const probes = new Map<string, Probe<Item>>();
  const choose = chooserOf(items);
  for (const item of items) {
    const needs = choose(item.needs);
    if (needs === undefined) always.push(item);
    else addTo(probes, item, needs);
  }
  const all = [...probes.values()];
  return (content) => {
    // A condition asked of a content that is no object may be an error in any part.
    if (!isMap(content)) return items;
    const found = new Set<Item>();
    for (const probe of all) look(probe, content, 0, found);
    if (found.size === 0) return always;
    return [...always, ...found].sort((a, b) => a.index - b.index);
  };
}

function addTo<Item>(probes: Map<string, Probe<Item>>, item: Item, needs: Needs): void {
  for (const { steps, texts } of needs) {
    const key = keyOf(steps);
    let probe = probes.get(key);
    if (probe === undefined) probes.set(key, (probe = { steps, byText: new Map(), all: new Set() }));
    probe.all.add(item);
    for (const text of texts) {
      const others = probe.byText.get(text);
      if (others === undefined) probe.byText.set(text, [item]);
      else others.push(item);
    }
  }
}

/** Chooses of several ways to rule an item out the one whose texts the fewest others need: it leaves the fewest. */
function chooserOf(items: readonly Indexed[]): (ways: readonly Needs[]) => Needs | undefined {
  const uses = new Map<string, number>();
  const keysOf = (needs: Needs): string[] =>
    needs.flatMap(({ steps, texts }) => Array.from(texts, (text) => `${keyOf(steps)}\n${text}`));
  for (const { needs: ways } of items) {
    for (const key of ways.flatMap(keysOf)) uses.set(key, (uses.get(key) ?? 0) + 1);
  }
  const costOf = (needs: Needs): number => keysOf(needs).reduce((sum, key) => sum + (uses.get(key) ?? 0), 0);
  return (ways) => {
    const [first, ...others] = ways;
    return first && others.reduce((best, way) => (costOf(way) < costOf(best) ? way : best), first);
  };
}

function keyOf(steps: readonly NeededStep[]): string {
  return steps.map((step) => (step === 'each' ? '*' : `${step.guarded ? '?' : '.'}${step.name}`)).join('\n');
}

/** Adds the items that need what stands at a probe's path. Returns false once all of them are candidates. */
function look<Item>(probe: Probe<Item>, value: unknown, at: number, found: Set<Item>): boolean {
  const step = probe.steps[at];
  if (step === undefined) {
    const items = typeof value === 'string' ? probe.byText.get(value) : undefined;
    items?.forEach((item) => found.add(item));
    return true;
  }
  if (step === 'each') {
    if (!Array.isArray(value)) return doubt(probe, found);
    for (const item of value) if (!look(probe, item, at + 1, found)) return false;
    return true;
  }
  const member = isMap(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
  if (member === undefined || (member === null && step.guarded)) return step.guarded || doubt(probe, found);
  return look(probe, member, at + 1, found);
}

function doubt<Item>(probe: Probe<Item>, found: Set<Item>): false {
  probe.all.forEach((item) => found.add(item));
  return false;
}
