import fc from 'fast-check';
import { joinConsignments, type Traveller } from './join-consignments.ts';

const DAY = 86_400_000;
const D1 = '060020261000000001';
const D2 = '060020261000000002';
const T1 = 'MZL20261101';
const T2 = 'MZL20261112';
const X = 'CSQU3054383';
const Y = 'DLCU2045117';

/** `day | declaration | transport document | containers`, `-` for none. */
function travellers(rows: string): Traveller[] {
  return rows
    .trim()
    .split('\n')
    .map((row, index) => {
      const [day, declaration, transport, boxes] = row.split('|').map((cell) => cell.trim());
      return {
        resultId: idOf(index),
        at: Number(day) * DAY,
        declarationNumber: declaration === '-' ? null : declaration!,
        transportDocument: transport === '-' ? null : transport!,
        containers: boxes === '-' ? [] : boxes!.split(' '),
      };
    });
}
const idOf = (index: number): string => `019aa5a1-7c5b-7000-8000-${String(index).padStart(12, '0')}`;
/** Which rows belong together, by their numbers. */
const joined = (results: readonly Traveller[]): string[] =>
  joinConsignments(results).map(({ resultIds }) => resultIds.map((id) => Number(id.slice(-4))).join(' '));

describe('results are one consignment', () => {
  it.each<[string, string, string[]]>([
    ['when they share a declaration, whatever the time and the box', `0|${D1}|-|${X}\n90|${D1}|-|${Y}`, ['0 1']],
    ['when they share a transport document', `0|-|${T1}|-\n1|-|${T1}|${X}`, ['0 1']],
    ['when a bill covers two declarations', `0|${D1}|${T1}|${X}\n1|${D2}|${T1}|${Y}`, ['0 1']],
    ['when a container alone connects them', `0|${D1}|${T1}|${X}\n2|-|-|${X}`, ['0 1']],
    ['when one shows the declaration and the other the bill', `0|${D1}|-|${X}\n2|-|${T1}|${X}`, ['0 1']],
    ['over what each shares with a third', `0|${D1}|-|${X}\n1|${D1}|${T1}|-\n2|-|${T1}|${Y}`, ['0 1 2']],
    ['when none shows a document, in the order of their times', `0|-|-|${X}\n20|-|-|${X}\n45|-|-|${X}`, ['0 1 2']],
  ])('%s', (_rule, rows, expected) => {
    expect(joined(travellers(rows))).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    ['when they share nothing', `0|${D1}|${T1}|${X}\n0|${D2}|${T2}|${Y}`, ['0', '1']],
    ['when the same container carries another load', `0|${D1}|${T1}|${X}\n3|${D2}|${T2}|${X}`, ['0', '1']],
    ['when the container comes back after more than 30 days', `0|${D1}|${T1}|${X}\n31|-|-|${X}`, ['0', '1']],
    ['when neither shows a document and more than 30 days lie between', `0|-|-|${X}\n31|-|-|${X}`, ['0', '1']],
    ['when they show nothing at all', `0|-|-|-\n0|-|-|-`, ['0', '1']],
  ])('but not %s', (_rule, rows, expected) => {
    expect(joined(travellers(rows))).toEqual(expected);
  });

  it.each<[string, string, string[]]>([
    [
      'a scan without papers belongs to the load nearest in time, and does not join two loads',
      `0|${D1}|${T1}|${X}\n1|-|-|${X}\n12|${D2}|${T2}|${X}`,
      ['0 1', '2'],
    ],
    ['of two loads equally near, the earlier', `0|${D1}|${T1}|${X}\n5|-|-|${X}\n10|${D2}|${T2}|${X}`, ['0 1', '2']],
    [
      'a bill belongs with the declaration nearest to it, and draws no other to itself',
      `0|${D1}|-|${X}\n1|-|${T1}|${X}\n6|${D2}|-|${X}`,
      ['0 1', '2'],
    ],
    [
      'a train of boxes follows its bill, each box its own next journey',
      `0|-|${T1}|${X} ${Y}\n1|-|-|${X}\n1|-|-|${Y}\n20|${D2}|${T2}|${X}\n21|-|-|${X}`,
      ['0 1 2', '3 4'],
    ],
  ])('%s', (_rule, rows, expected) => {
    expect(joined(travellers(rows))).toEqual(expected);
  });

  it('is named by its first result', () => {
    const [consignment] = joinConsignments(travellers(`9|${D1}|-|-\n0|${D1}|-|-`));
    expect(consignment!.consignmentId).toBe(idOf(0));
  });
});

const anyTravellers = fc
  .array(
    fc.record({
      day: fc.integer({ min: 0, max: 80 }),
      declarationNumber: fc.option(fc.constantFrom('D1', 'D2', 'D3'), { nil: null }),
      transportDocument: fc.option(fc.constantFrom('T1', 'T2', 'T3'), { nil: null }),
      containers: fc.subarray(['X', 'Y', 'Z']),
    }),
    { maxLength: 14 },
  )
  .map((rows) => rows.map(({ day, ...row }, index): Traveller => ({ ...row, resultId: idOf(index), at: day * DAY })));

describe('whatever the results', () => {
  it('each is in one consignment, in any order of theirs', () => {
    fc.assert(
      fc.property(anyTravellers, fc.infiniteStream(fc.nat()), (results, chance) => {
        const expected = joinConsignments(results);
        expect(expected.flatMap(({ resultIds }) => resultIds).sort()).toEqual(results.map(({ resultId }) => resultId));
        const keyed = results.map((result) => ({ result, key: chance.next().value ?? 0 }));
        const shuffled = keyed.sort((one, other) => one.key - other.key).map(({ result }) => result);
        expect(joinConsignments(shuffled)).toEqual(expected);
      }),
    );
  });

  it('what shares a document is together, and what shares nothing with any other is alone', () => {
    fc.assert(
      fc.property(anyTravellers, (results) => {
        const home = new Map(
          joinConsignments(results).flatMap(({ consignmentId, resultIds }) =>
            resultIds.map((id) => [id, consignmentId]),
          ),
        );
        const shares = (one: Traveller, other: Traveller): boolean =>
          (one.declarationNumber !== null && one.declarationNumber === other.declarationNumber) ||
          (one.transportDocument !== null && one.transportDocument === other.transportDocument);
        const touches = (one: Traveller, other: Traveller): boolean =>
          shares(one, other) || one.containers.some((container) => other.containers.includes(container));
        for (const one of results) {
          for (const other of results) {
            if (shares(one, other)) expect(home.get(one.resultId)).toBe(home.get(other.resultId));
          }
          const alone = results.every((other) => other === one || !touches(one, other));
          if (alone) expect([...home.values()].filter((id) => id === home.get(one.resultId))).toHaveLength(1);
        }
      }),
    );
  });

  it('consignments of which none shares anything with another are the same apart as together', () => {
    fc.assert(
      fc.property(anyTravellers, anyTravellers, (here, elsewhere) => {
        const apart = elsewhere.map((result, index) => ({
          ...result,
          resultId: idOf(1_000 + index),
          declarationNumber: result.declarationNumber && `${result.declarationNumber}'`,
          transportDocument: result.transportDocument && `${result.transportDocument}'`,
          containers: result.containers.map((container) => `${container}'`),
        }));
        expect(joinConsignments([...here, ...apart])).toEqual([...joinConsignments(here), ...joinConsignments(apart)]);
      }),
    );
  });
});
