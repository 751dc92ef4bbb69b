import { setTimeout as delay } from 'node:timers/promises';
import { cpuPerResult, type Passage } from '../exchange/exchange.ts';
import type { BenchServers } from '../exchange/servers.ts';
import type { MeshExchange } from '../exchange/start-mesh.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { lookMeanwhile, type Meanwhile, meanwhileFigures, meanwhileText } from './meanwhile.ts';
import { type MeasuredRecall, putStricterList, recalled } from './recall.ts';

/** How much is taken back. */
export interface RecallLoad {
  /** Results of which a part is taken back, all of one issuer. */
  readonly results: number;
  /** Results of one passage of the ordinary exchange that it is compared with. */
  readonly passed: number;
  /** How long a mesh is looked at that does nothing else, ms. */
  readonly quietMs: number;
}

/** Submitted before all of them are waited for: then it can be seen whether to go on. */
const AT_ONCE = 1_000;
/** What the list withholds: in each round one field more. */
const TAKEN_BACK = ['/goods/*/origin', '/consignee', '/transportDocument'];
const FROM = ['*.border'];

/** How fast a stricter list takes back what was given, and what that costs the traffic beside it. */
export async function recallFigures(
  exchange: MeshExchange,
  { postgresPid }: BenchServers,
  { results, passed, quietMs }: RecallLoad,
  { rounds, say, signal }: BenchContext,
): Promise<Figure[]> {
  for (let done = 0; done < results; done += AT_ONCE) {
    signal.throwIfAborted();
    await exchange.submit(Math.min(AT_ONCE, results - done));
    await exchange.settled();
  }
  say(`  ${results} results settled`);
  const quiet: Meanwhile[] = [];
  const busy: Meanwhile[] = [];
  const recalls: MeasuredRecall[] = [];
  const passages: Passage[] = [];
  for (let round = 0; round < Math.min(3, rounds); round += 1) {
    signal.throwIfAborted();
    passages.push(await exchange.pass(passed));
    quiet.push((await lookMeanwhile(exchange, () => delay(quietMs))).meanwhile);
    const withheld = { id: 'NL-800', fields: TAKEN_BACK.slice(0, round + 1), consumers: FROM };
    const version = `bench-${round}`;
    // What is submitted before is decided by the list before, and recalled itself: it would not be new.
    const from = await putStricterList(exchange, version, [withheld]);
    const { done, meanwhile } = await lookMeanwhile(exchange, () =>
      recalled(exchange, { version, from }, postgresPid, signal),
    );
    recalls.push(done);
    busy.push(meanwhile);
    say(
      `  recall of ${done.results} results (${done.copies} copies): ${rateOf(done).toFixed(0)} results/s, ` +
        `ordinary exchange ${rateOf(passages.at(-1)!).toFixed(0)}; ${meanwhileText(meanwhile)}`,
    );
  }
  return [
    {
      id: 'lists.recall',
      title: { zh: '更严的清单收回字段', en: 'a stricter list takes back a field' },
      unit: 'results/s',
      ours: spreadOf(recalls.map(rateOf)),
      against: {
        name: 'ordinary exchange',
        theirs: spreadOf(passages.map(rateOf)),
        ratio: spreadOf(recalls.map((one, round) => rateOf(one) / rateOf(passages[round]!))),
      },
      details: {
        results: recalls.at(-1)!.results,
        copies: recalls.at(-1)!.copies,
        seconds: spreadOf(recalls.map(({ seconds }) => seconds)).median.toFixed(1),
        'CPU per result, ms': spreadOf(recalls.map(cpuPerResult)).median.toFixed(2),
        'CPU per result exchanged, ms': spreadOf(passages.map(cpuPerResult)).median.toFixed(2),
      },
    },
    ...meanwhileFigures({ id: 'recall', zh: '收回', en: 'a recall' }, busy, quiet),
  ];
}

function rateOf({ results, seconds }: Passage): number {
  return results / seconds;
}
