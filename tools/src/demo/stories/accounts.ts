import type { TrafficCounters } from '../../traffic/counters.ts';
import { others } from '../day.ts';
import { fact, type Story } from '../story.ts';
import { isSettled, ownResults } from '../tally.ts';

/**
 * The day's last story: the trade that went on beside the others is accounted for, result by result.
 *
 * @param traffic what became of it, and how many results of the morning's batches were refused
 */
export function dayAccounted(traffic: () => Promise<{ counters: TrafficCounters; refusedInBatches: number }>): Story {
  return {
    id: 'day-accounted-for',
    clock: '18:00',
    title: { zh: '日终：每份结果都有下落', en: 'The end of the day: every result is accounted for' },
    expected: {
      zh: '当天的业务无一被拒；每份结果都到达其余十一个单位并已办结',
      en: "nothing of the day's trade was refused; every result has reached the other eleven units and is settled",
    },
    play: async (day) => {
      const { counters, refusedInBatches } = await traffic();
      const own = (await Promise.all(day.units.map((unit) => ownResults(day, unit)))).flat();
      const open = () => own.filter((result) => !isSettled(day, result));
      await day.events
        .until('the settlement of every result', () => (open().length === 0 ? true : undefined))
        .catch((error: unknown) => {
          if (day.signal.aborted) throw error;
        });
      const undelivered = own.flatMap(({ resultId, issuer }) => {
        const types = ['result.received', 'result.amended', 'result.revoked'] as const;
        const told = new Set(types.flatMap((type) => day.events.about(type, resultId).map(({ unit }) => unit)));
        return others(day, issuer).filter((unit) => !told.has(unit));
      });
      const refused = Object.values(counters.refused).reduce((sum, count) => sum + count, refusedInBatches);
      return [
        fact('被拒', 'refused', refused, 0),
        fact('未进行', 'left out', counters.skipped + counters.impatient, 0),
        fact('未送达', 'not delivered', undelivered.length, 0),
        fact('未办结', 'not settled', open().length, 0),
      ];
    },
  };
}
