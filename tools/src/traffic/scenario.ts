import { correction, revocationReason } from './corrections.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Stage } from './stage.ts';
import type { Draft, Step } from './steps.ts';
import { inlandExport } from './stories/export.ts';
import { airCargo, travellers } from './stories/people-and-air.ts';
import { frozenFish, liveSeafood, mongolian, russianFood, timber } from './stories/rail-and-road.ts';
import { oreAndCoal, shipCrew, soybeans, special, vehicleParts } from './stories/sea.ts';

type Story = (stage: Stage) => Draft[];

/** How often each story is told, out of a hundred. */
const STORIES: readonly (readonly [weight: number, value: readonly [name: string, story: Story]])[] = [
  [13, ['fish', frozenFish]],
  [14, ['timber', timber]],
  [5, ['food', russianFood]],
  [6, ['seafood', liveSeafood]],
  [11, ['mongolia', mongolian]],
  [7, ['soybeans', soybeans]],
  [8, ['ore-coal', oreAndCoal]],
  [12, ['parts', vehicleParts]],
  [2, ['special', special]],
  [7, ['export', inlandExport]],
  [5, ['air', airCargo]],
  [5, ['travellers', travellers]],
  [5, ['crew', shipCrew]],
];

export interface TradeOptions {
  /** Scenario time that passes from one step to the next, in milliseconds; 500 unless told (120 steps a minute). */
  readonly pace?: number;
  /** Stories that are under way at once; 8 unless told. */
  readonly breadth?: number;
}

/** Share of submitted results that are amended, and revoked, later. */
const AMENDED = 0.04;
const REVOKED = 0.01;

/**
 * The region's trade without end: what the twelve units' backends do, one step after another, stories interleaved. Pure: the same
 * seed, start and options give the same steps, to the byte. Every time in a content or request that says when something was done
 * is before the step's own time, `startAt` plus its number times the pace.
 *
 * @param seed any text or number
 * @param startAt time of the first step, milliseconds since 1970
 */
export function* trade(
  seed: string | number,
  startAt: number,
  options: TradeOptions = {},
): Generator<Step, never, void> {
  const { pace = 500, breadth = 8 } = options;
  // The start is part of the seed: scenarios begun at different times share no reference, container or declaration.
  const root = seededRandom(`${seed}@${startAt}`);
  const run = root.fork('run').text(4, '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ');
  const firms = root.fork('firms');
  const fleet = root.fork('fleet');
  const order = root.fork('order');
  const open: Step[][] = [];
  let serial = 0;
  for (let count = 0; ; count++) {
    while (open.length < breadth) {
      serial += 1;
      const [name, story] = order.weighted(STORIES);
      const stage: Stage = {
        story: `${serial}-${name}`,
        serial,
        run,
        random: root.fork(`story-${serial}`),
        firms,
        fleet,
        now: startAt + count * pace,
      };
      open.push(place(stage, withCorrections(story(stage), root.fork(`corrections-${serial}`))));
    }
    const index = order.integer(0, open.length - 1);
    const step = open[index]?.shift();
    if (step === undefined) throw new Error('a story without steps');
    if (step.ends) open.splice(index, 1);
    yield step;
  }
}

/** Adds what is found out later: a corrected version or a revocation, some steps on or when others have relied on the result. */
function withCorrections(drafts: readonly Draft[], random: Random): Draft[] {
  const steps: Draft[] = [];
  const later: { at: number; step: Draft }[] = [];
  const when = (i: number): number => (random.chance(0.5) ? drafts.length : i + random.integer(0, 4));
  drafts.forEach((draft, i) => {
    steps.push(draft);
    if (draft.action === 'submit') {
      const { unit, key } = draft;
      const fate = random.fraction();
      if (fate < AMENDED) {
        const content = correction(draft.content, random);
        if (content !== undefined) {
          later.push({ at: when(i), step: { action: 'amend', unit, key, after: [key], content } });
        }
      } else if (fate < AMENDED + REVOKED) {
        later.push({
          at: when(i),
          step: { action: 'revoke', unit, key, after: [key], reason: revocationReason(random) },
        });
      }
    }
    for (const due of later.filter((one) => one.at === i)) steps.push(due.step);
  });
  steps.push(...later.filter((one) => one.at >= drafts.length).map((one) => one.step));
  return steps;
}

function place(stage: Stage, drafts: readonly Draft[]): Step[] {
  return drafts.map((draft, i) => ({ ...draft, story: stage.story, ends: i === drafts.length - 1 }));
}
