import type { Random } from '../traffic/random.ts';

/** What the plan needs to know of a kind of fault. */
export interface Plannable {
  readonly part: string;
  readonly weight: number;
}

/** How often two faults come at once. */
const TOGETHER = 0.2;

/**
 * The faults of a run, one turn after another without end: the same seed plans the same. Every kind comes before any comes again
 * more often than its weight allows: a deck with `weight` cards of each kind is shuffled and dealt, then again. Now and then a
 * turn has two cards, of different parts.
 */
export function* planFaults<Kind extends Plannable>(
  kinds: readonly Kind[],
  random: Random,
): Generator<readonly Kind[], never, void> {
  // The first hand has each kind once, so that a short run meets as many kinds as it can.
  for (let deck = random.sample(kinds, kinds.length); ;) {
    const kind = deck.shift();
    if (kind === undefined) {
      const cards = kinds.flatMap((each) => Array.from({ length: each.weight }, () => each));
      deck = random.sample(cards, cards.length);
      continue;
    }
    const other = random.chance(TOGETHER) ? deck.findIndex(({ part }) => part !== kind.part) : -1;
    yield other < 0 ? [kind] : [kind, ...deck.splice(other, 1)];
  }
}
