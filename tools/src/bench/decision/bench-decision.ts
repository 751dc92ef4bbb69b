import { alternate, type Alternation, type Measure, operationsPerSecondOf } from '../alternate.ts';
import type { BenchContext, Figure, Target } from '../figure.ts';
import { type BenchResult, type Contender, withoutFields } from './contender.ts';
import { decideOurs, viewOurs } from './ours.ts';
import { prepare, type Prepared } from './prepare.ts';

/** Decision alone, or with what is left of the result for each consumer. */
type Scope = 'whole' | 'bare';

const SIZES = [50, 500, 5_000];
/** Milliseconds that each contender is measured in a round. */
const LONG = 300;
const SHORT = 40;

const AGAINST_500: Target = { sense: 'at-least', needed: 20, aim: 100 };
const GROWTH: Target = { sense: 'at-most', needed: 2, aim: 1 };

/**
 * The negative list's decision for one result and the eleven other units, with and without the projection of the
 * result, against CASL, Cedar and json-rules-engine deciding the same fields; and how it grows with the list. An
 * operation is one result and all its consumers.
 *
 * @param sizes entries of the lists, the smallest first and the largest last
 * @throws Error when one of the others takes other fields away than we do: nothing would be compared then
 */
export async function benchDecision(context: BenchContext, sizes: readonly number[] = SIZES): Promise<Figure[]> {
  const figures: Figure[] = [];
  const prepared: Prepared[] = [];
  for (const size of sizes) {
    context.say(`decision: ${size} entries`);
    const ready = await prepare(size);
    prepared.push(ready);
    const whole = await compare(ready, ready.contenders, 'whole', context);
    // What the others project costs them next to nothing: their order stays.
    const fastest = ready.contenders.filter(({ name }) => name === whole.against?.name);
    figures.push(whole, await compare(ready, fastest, 'bare', context));
  }
  context.say('decision: growth');
  const [least, most] = [prepared[0]!, prepared.at(-1)!];
  return [...figures, await growth(least, most, 'whole', context), await growth(least, most, 'bare', context)];
}

async function compare(
  ready: Prepared,
  contenders: readonly Contender[],
  scope: Scope,
  context: BenchContext,
): Promise<Figure> {
  const measures: Record<string, Measure> = { ours: measureOurs(ready, scope, context) };
  for (const contender of contenders) measures[contender.name] = measureTheirs(contender, ready, scope, context);
  const found = await alternate(measures, context.rounds, context.signal, !context.quick);
  const names = contenders.map(({ name }) => name);
  const fastest = names.reduce((best, name) =>
    found.spreads[name]!.median > found.spreads[best]!.median ? name : best,
  );
  return {
    id: `decision.${scope === 'bare' ? 'bare-' : ''}${ready.entries}-entries`,
    title: titleOf(ready.entries, scope),
    unit: 'ops/s',
    ours: found.spreads['ours']!,
    against: { name: fastest, theirs: found.spreads[fastest]!, ratio: found.ratio('ours', fastest) },
    ...(scope === 'whole' && ready.entries === 500 ? { target: AGAINST_500 } : {}),
    details: {
      compileMs: Number(ready.compileMs.toFixed(1)),
      ...Object.fromEntries(names.filter((name) => name !== fastest).flatMap((name) => beside(name, found))),
    },
  };
}

/** A library that was not the fastest: its operations a second, and how many times as many we do. */
function beside(name: string, found: Alternation<string>): [string, number][] {
  return [
    [`${name} ops/s`, Number(found.spreads[name]!.median.toPrecision(3))],
    [`× ${name}`, Number(found.ratio('ours', name).median.toPrecision(3))],
  ];
}

async function growth(least: Prepared, most: Prepared, scope: Scope, context: BenchContext): Promise<Figure> {
  const measures = { least: measureOurs(least, scope, context), most: measureOurs(most, scope, context) };
  const found = await alternate(measures, context.rounds, context.signal, !context.quick);
  const bare = scope === 'bare';
  return {
    id: bare ? 'decision.bare-growth' : 'decision.growth',
    title: {
      zh: `清单由 ${least.entries} 条增至 ${most.entries} 条：${bare ? '仅判断' : '判断并取出'}用时之比`,
      en: `Time of ${bare ? 'the decision alone' : 'decision and projection'} at ${most.entries} entries / at ${least.entries}`,
    },
    unit: '×',
    // Times are as the inverse of operations a second.
    ours: found.ratio('least', 'most'),
    target: GROWTH,
    details: {
      [`ops/s at ${least.entries}`]: rateOf(found, 'least'),
      [`ops/s at ${most.entries}`]: rateOf(found, 'most'),
    },
  };
}

function rateOf<Name extends string>(found: Alternation<Name>, name: Name): number {
  return Math.round(found.spreads[name].median);
}

function measureOurs({ list, results }: Prepared, scope: Scope, context: BenchContext): Measure {
  const once = scope === 'bare' ? decideOurs : viewOurs;
  return measure(results, (result) => once(list, result), context);
}

function measureTheirs(contender: Contender, { results }: Prepared, scope: Scope, context: BenchContext): Measure {
  if (scope === 'bare') return measure(results, (result) => contender.decide(result), context);
  const project = (result: BenchResult, hidden: Awaited<ReturnType<Contender['decide']>>): object[] =>
    hidden.map((fields) => withoutFields(result.content, fields));
  return measure(
    results,
    (result) => {
      const hidden = contender.decide(result);
      return hidden instanceof Promise ? hidden.then((known) => project(result, known)) : project(result, hidden);
    },
    context,
  );
}

/** All results in turn are one piece of work, so that every contender decides each of them as often. */
function measure(
  results: readonly BenchResult[],
  once: (result: BenchResult) => unknown,
  context: BenchContext,
): Measure {
  const work = (): unknown => {
    const done = results.map(once);
    return done[0] instanceof Promise ? Promise.all(done) : done;
  };
  return async () => (await operationsPerSecondOf(work, context.quick ? SHORT : LONG)) * results.length;
}

function titleOf(entries: number, scope: Scope): Figure['title'] {
  return scope === 'bare'
    ? { zh: `仅判断，清单 ${entries} 条`, en: `Decision alone, ${entries} entries` }
    : { zh: `判断并取出，清单 ${entries} 条`, en: `Decision and projection, ${entries} entries` };
}
