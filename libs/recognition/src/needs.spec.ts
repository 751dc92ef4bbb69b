import * as fc from 'fast-check';
import { CHECK_TYPES } from '@clearance/contracts';
import type { Arrangement, CheckType } from '@clearance/contracts';
import { DALIAN, NOW, arrangement } from './builders.fixture.ts';
import { decideRecognition } from './decide-recognition.ts';
import type { KnownResult } from './known-result.ts';
import { recognitionNeeds } from './needs.ts';
import type { RecognitionNeed } from './needs.ts';
import { everyRedaction } from './redaction.fixture.ts';
import { anyWorld, nearlySoundWorld } from './worlds.fixture.ts';

const EVERY = arrangement('MRA-ALL', { issuers: '*', checks: [...CHECK_TYPES] });
const needOf = (check: CheckType, change: Partial<Arrangement> = {}): RecognitionNeed | undefined =>
  recognitionNeeds([{ ...EVERY, ...change }]).find((need) => need.check === check);

/** What an entry that takes these paths out would leave of reliance. */
const isLost = (need: RecognitionNeed | undefined, taken: readonly string[]): boolean | undefined =>
  need?.ways.every((way) => way.some((path) => taken.some((out) => path === out || path.startsWith(`${out}/`))));

/** What is taken out, under which conditions, and whether no x-ray can be relied on any more. */
const cases: [string, Arrangement['conditions'], string[], boolean][] = [
  ['整份结果', {}, [''], true],
  ['结论：可能是扣留', {}, ['/conclusion'], true],
  ['查验项目', {}, ['/checks'], true],
  ['查验项目的类型', {}, ['/checks/*/type'], true],
  ['查验项目的结果', {}, ['/checks/*/outcome'], true],
  ['查验的时间：无从计算有效期', {}, ['/checks/*/performedAt'], true],
  ['查验人员备注：不影响互认', {}, ['/checks/*/remarks'], false],
  ['查验所涵盖的集装箱：仍可按商品项、按单证互认', {}, ['/checks/*/covers/containers'], false],
  ['报关单号：仍可按集装箱、按运单互认', {}, ['/declarationNumber'], false],
  ['商品价格与收货人：与互认无关', {}, ['/goods/*/value', '/consignee'], false],
  ['风险等级：安排不以其为条件时无关', {}, ['/customs/riskLevel'], false],
  ['风险等级：安排以其为条件时必需', { riskLevels: ['low'] }, ['/customs/riskLevel'], true],
  ['商品编码：安排限于某些商品时必需', { commodities: { except: ['36', '93'] } }, ['/goods/*/commodityCode'], true],
  ['运输方式：安排限于铁路时必需', { transportModes: ['3'] }, ['/transportMode'], true],
  ['封志：安排不要求时无关', {}, ['/containers/*/seals'], false],
  ['封志：安排要求完好时必需', { sealUnbroken: true }, ['/containers/*/seals'], true],
  ['封志号码', { sealUnbroken: true }, ['/containers/*/seals/*/number'], true],
];

describe('互认所必需的字段 what recognition needs of a copy', () => {
  it.each(cases)('%s', (_, conditions, taken, lost) => {
    expect(isLost(needOf('x-ray', { conditions }), taken)).toBe(lost);
  });

  it('种类：安排限于某些种类时必需 the kind, where the arrangement names kinds', () => {
    expect(isLost(needOf('x-ray'), ['/kind'])).toBe(false);
    expect(isLost(needOf('x-ray', { kinds: ['customs.scan'] }), ['/kind'])).toBe(true);
  });

  it('每一种查验项目都能按某种方式互认 every type of check can be relied on in some way', () => {
    const needs = recognitionNeeds([
      EVERY,
      { ...EVERY, id: 'MRA-2', conditions: { sealUnbroken: true, riskLevels: ['low'] } },
    ]);
    expect(needs.map(({ check }) => check)).toEqual([...CHECK_TYPES, ...CHECK_TYPES]);
    expect(needs.every(({ ways }) => ways.length > 0)).toBe(true);
  });

  it('无法满足的安排不产生任何需要 an arrangement that admits nothing needs nothing', () => {
    expect(recognitionNeeds([{ ...EVERY, validFor: 'soon' }])).toEqual([]);
  });
});

/** Everything that leads to a result, in every content that is generated. */
function takenOut(known: readonly KnownResult[], paths: readonly string[], kind: string): KnownResult[] {
  return known.map((each): KnownResult => {
    if (each.issuer === DALIAN || each.content.kind !== kind) return each;
    return paths.reduce((left, path) => {
      const redaction = everyRedaction([left], { result: 0, wild: 0b11111, how: 'as-listed' }).find(
        (one) => one.path === path,
      );
      return redaction?.redact()[0] ?? left;
    }, each);
  });
}

const known = new Map<string, RecognitionNeed[]>();

/** What worlds need: their arrangements are made of few parts. */
function needsOf(arrangements: readonly Arrangement[], type: CheckType): RecognitionNeed[] {
  return arrangements
    .filter(({ checks }) => checks.includes(type))
    .flatMap((each) => {
      const key = JSON.stringify([type, each.kinds, each.conditions, each.validFor]);
      const needs = known.get(key) ?? recognitionNeeds([{ ...each, checks: [type] }]);
      known.set(key, needs);
      return needs;
    });
}

describe('性质 properties', () => {
  it('缺了各种方式都必需的字段，该种结果就不会再被认可 what is lost is never relied on, in any world', () => {
    let prevented = 0;
    const taking = fc.uniqueArray(
      fc.constantFrom(
        ...[
          '/conclusion',
          '/checks',
          '/checks/*/type',
          '/checks/*/outcome',
          '/checks/*/performedAt',
          '/checks/*/covers',
        ],
        ...[
          '/checks/*/covers/items',
          '/checks/*/covers/containers',
          '/checks/*/covers/quantities',
          '/declarationNumber',
        ],
        ...[
          '/transportDocument',
          '/containers',
          '/containers/*/seals',
          '/containers/*/seals/*/number',
          '/goods',
          '/kind',
        ],
        ...[
          '/containers/*/seals/*/condition',
          '/goods/*/commodityCode',
          '/transportMode',
          '/customs/riskLevel',
          '/customs',
        ],
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.oneof(nearlySoundWorld, anyWorld),
        taking,
        fc.constantFrom('customs.examination', 'inspection.quarantine'),
        ({ request, known, arrangements }, paths, kind) => {
          const decide = (results: readonly KnownResult[]) =>
            decideRecognition(request, results, arrangements, { unit: DALIAN, now: NOW });
          const lost = (type: CheckType): boolean => {
            const needs = needsOf(arrangements, type);
            return needs.length > 0 && needs.every((need) => isLost(need, paths));
          };
          const types = request.checks.filter(lost);
          if (types.length === 0) return;
          const isOfKind = (relied: { resultId: string; version: number }): boolean =>
            known.some(
              ({ resultId, version, issuer, content }) =>
                resultId === relied.resultId &&
                version === relied.version &&
                issuer !== DALIAN &&
                content.kind === kind,
            );
          const reliedOn = (results: readonly KnownResult[]): string[] =>
            decide(results)
              .checks.filter(({ type }) => types.includes(type))
              .flatMap(({ by = [] }) => by.filter(isOfKind).map(({ resultId }) => resultId));
          prevented += reliedOn(known).length;
          expect(reliedOn(takenOut(known, paths, kind))).toEqual([]);
        },
      ),
      { numRuns: 600 },
    );
    // Much of it would have been relied on.
    expect(prevented).toBeGreaterThan(30);
  });
});
