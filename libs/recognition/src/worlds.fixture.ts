import * as fc from 'fast-check';
import type {
  Arrangement,
  CheckType,
  ItemQuantity,
  RecognitionRequest,
  ResultContent,
  Seal,
  UnitId,
} from '@clearance/contracts';
import { A, B, C, DECLARATION, NOW, OTHER_DECLARATION, arrangement, result } from './builders.fixture.ts';
import type { KnownResult } from './known-result.ts';

/** Everything that a decision is made from. Small alphabets, so that things meet. */
export interface World {
  request: RecognitionRequest;
  known: KnownResult[];
  arrangements: Arrangement[];
}

const HOUR = 3_600_000;
const types: CheckType[] = ['x-ray', 'quarantine', 'seal', 'documentary'];
const units: UnitId[] = ['nm.customs', 'nm.inspection', 'hl.customs', 'ln.customs'];
const subset = <T>(values: readonly T[], minLength = 0) => fc.subarray([...values], { minLength });
/** Weighted to the first value, so that recognition is not too rare to be tested. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(usual, ...others) });
const hoursAgo = (hours: number) => new Date(NOW - hours * HOUR).toISOString();

const TRAIN = 'SMGS-1';

const H100 = { number: 'H100', condition: 'intact' } as const;
const J200 = { number: 'J200', condition: 'intact' } as const;
const BROKEN = { number: 'H100', condition: 'broken' } as const;
/** How a container is found: usually under the seal that everybody expects. */
const seals = mostly<Seal[]>(
  [H100],
  [],
  [J200],
  [BROKEN],
  [H100, { ...J200, affixedBy: 'customs' }],
  [{ ...J200, replaces: 'H100', affixedBy: 'customs' }],
  [BROKEN, { ...J200, replaces: 'H100', affixedBy: 'inspection' }],
  [BROKEN, { ...J200, replaces: 'H100', affixedBy: 'carrier' }],
  [BROKEN, { ...J200, replaces: 'H100' }],
);

const check = fc.record({
  type: fc.constantFrom(...types),
  outcome: mostly('conformant' as const, 'non-conformant' as const, 'inconclusive' as const),
  // Now and then later than the result itself was issued: the contract does not forbid it.
  performedAt: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 2, max: 72 }).map(hoursAgo) },
    { weight: 1, arbitrary: fc.integer({ min: -48, max: 1 }).map(hoursAgo) },
  ),
  covers: fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        containers: subset([A, B]),
        items: subset([1, 2]),
        quantities: fc.oneof(
          { weight: 3, arbitrary: fc.constant<ItemQuantity[]>([]) },
          {
            weight: 1,
            arbitrary: fc
              .constantFrom(['5000', 'KGM'] as const, ['24000', 'KGM'] as const, ['60', 'MTQ'] as const)
              .map(([value, unit]) => [{ item: 1, value, unit }]),
          },
        ),
      }),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
});

const goods = fc.record({
  quantity: mostly({ value: '24000', unit: 'KGM' }, { value: '5000', unit: 'KGM' }, undefined),
  netWeight: mostly(undefined, { value: '23000', unit: 'KGM' }, { value: '60', unit: 'MTQ' }),
});

/** What `covers` may name is there, as the contract has it: both containers, both lines of goods. */
const content: fc.Arbitrary<Partial<ResultContent>> = fc
  .record({
    declarationNumber: mostly<string | undefined>(DECLARATION, OTHER_DECLARATION, undefined),
    transportDocument: mostly<string | undefined>(undefined, TRAIN, 'SMGS-2'),
    transportMode: mostly<ResultContent['transportMode']>('3', '2'),
    conclusion: mostly<ResultContent['conclusion']>('released', 'conditional', 'conditional', 'detained'),
    validUntil: mostly(undefined, hoursAgo(1), hoursAgo(-24)),
    customs: mostly<ResultContent['customs']>(undefined, { riskLevel: 'low' }),
    checks: fc.array(check, { minLength: 1, maxLength: 3 }),
    containers: subset([A, B]).chain((numbers) =>
      fc.tuple(...numbers.map((number) => seals.map((found) => ({ number, seals: found })))),
    ),
    goods: mostly(true, false),
    line: goods,
  })
  .map(({ goods: hasGoods, line, ...change }) => ({
    ...change,
    goods: hasGoods
      ? [
          { item: 1, commodityCode: '0303630000999', description: '冻鳕鱼', ...line },
          {
            item: 2,
            commodityCode: '4407119910101',
            description: '樟子松板材',
            quantity: { value: '60', unit: 'MTQ' },
          },
        ]
      : undefined,
    checks: change.checks.map((each) => namingOnly(each, change.containers, hasGoods)),
  }));

type Check = ResultContent['checks'][number];

/** The check without what its result does not name: the contract refuses that. */
function namingOnly(each: Check, containers: readonly { number: string }[], hasGoods: boolean): Check {
  if (each.covers === undefined) return each;
  const named = new Set(containers.map(({ number }) => number));
  const covers = {
    ...each.covers,
    containers: (each.covers.containers ?? []).filter((number) => named.has(number)),
    ...(hasGoods ? {} : { items: [], quantities: [] }),
  };
  return { ...each, covers };
}

/** A result by one of the units, issued after its checks. */
export const anyResult: fc.Arbitrary<KnownResult> = fc
  .record({
    id: fc.integer({ min: 0, max: 19 }),
    issuer: fc.constantFrom(...units),
    version: mostly(1, 2),
    status: mostly('issued' as const, 'revoked' as const),
    verified: mostly(true, false),
    issuedAt: fc.integer({ min: 0, max: 1 }).map(hoursAgo),
    content,
  })
  .map(({ id, content: change, ...rest }) =>
    result(`R${id}`, { ...rest, content: change, checks: change.checks ?? [] }),
  );

const anyArrangement: fc.Arbitrary<Arrangement> = fc
  .record({
    id: fc.integer({ min: 0, max: 9 }).map((id) => `MRA-${id}`),
    issuers: fc.constantFrom('*', 'nm.*', '*.customs', 'hl.customs'),
    checks: subset(types, 2),
    validFor: mostly('P30D', 'PT24H'),
    validUntil: mostly('2027-01-01T00:00:00+08:00', '2026-11-01T00:00:00+08:00'),
    conditions: fc
      .tuple(
        fc.boolean(),
        fc.constantFrom<Arrangement['conditions'][]>(
          {},
          {},
          { riskLevels: ['low'] },
          { transportModes: ['3'] },
          { commodities: { except: ['44'] } },
          { commodities: { only: ['03'] } },
        ),
      )
      .map(([sealUnbroken, others]) => ({ sealUnbroken, ...others })),
  })
  .map(({ id, ...change }) => arrangement(id, change));

const anyRequest: fc.Arbitrary<RecognitionRequest> = fc
  .record({
    reference: fc.constant('DLC-2026-77'),
    location: fc.constant('CNDLC'),
    checks: subset(types, 1),
    consignment: fc
      .record({
        declarationNumber: mostly<string | undefined>(DECLARATION, undefined),
        transportDocument: mostly<string | undefined>(undefined, TRAIN),
        containers: subset([A, B]),
        items: subset([1, 2]),
        quantities: fc.constantFrom<ItemQuantity[][]>([], [], [{ item: 1, value: '6000', unit: 'KGM' }]),
      })
      .map(named),
    sealsObserved: fc.array(
      fc.record({
        container: fc.constantFrom(A, A, B),
        number: mostly('H100', 'J200'),
        condition: mostly('intact' as const, 'missing' as const),
      }),
      { maxLength: 3 },
    ),
  })
  // Seals are observed on containers of the consignment only: the contract refuses others.
  .map(({ sealsObserved, ...asked }) => ({
    ...asked,
    sealsObserved: sealsObserved.filter(({ container }) => asked.consignment.containers?.includes(container)),
  }));

type Consignment = RecognitionRequest['consignment'];

/** A consignment that the contract accepts: it names something, and items only with the document that numbers them. */
function named({ declarationNumber, transportDocument, ...rest }: Consignment): Consignment {
  const documents = {
    ...(declarationNumber === undefined ? {} : { declarationNumber }),
    ...(transportDocument === undefined ? {} : { transportDocument }),
  };
  if (Object.keys(documents).length > 0) return { ...documents, ...rest };
  return (rest.containers ?? []).length > 0 ? { containers: rest.containers } : { declarationNumber: DECLARATION };
}

/** Any world; some results are known in two versions. */
export const anyWorld: fc.Arbitrary<World> = fc.record({
  request: anyRequest,
  known: fc.uniqueArray(anyResult, { maxLength: 6, selector: ({ resultId, version }) => `${resultId} ${version}` }),
  arrangements: fc.uniqueArray(anyArrangement, { maxLength: 4, selector: ({ id }) => id }),
});

/** A sound result of yesterday that covers all of A, B and both items, to which worlds are added. */
export const soundResult: KnownResult = result('SOUND', {
  content: { containers: [{ number: A, seals: [{ number: 'H100', condition: 'intact' }] }, { number: B }] },
  checks: types.map((type) => ({
    type,
    outcome: 'conformant',
    performedAt: hoursAgo(80),
    covers: { containers: [A, B], items: [1, 2] },
  })),
});

/**
 * A world in which everything would be recognised, were it not for one or two other results: what these say is often all
 * that stands against it.
 */
export const nearlySoundWorld: fc.Arbitrary<World> = fc
  .tuple(anyWorld, fc.integer({ min: 1, max: 2 }), mostly(false, true))
  .map(([some, others, sealUnbroken]) => ({
    ...some,
    known: [...some.known.slice(0, others), soundResult],
    arrangements: [arrangement('MRA-ALL', { issuers: '*', checks: types, conditions: { sealUnbroken } })],
  }));

/** A result about goods that nobody asks about. */
export const unrelatedResult = anyResult.map((other) => ({
  ...other,
  resultId: `U-${other.resultId}`,
  content: {
    ...other.content,
    declarationNumber: '090120261000000777',
    transportDocument: 'SMGS-777',
    containers: [{ number: C }],
    checks: (other.content.checks ?? []).map((each) => ({ ...each, covers: { containers: [C], items: [1, 2] } })),
  },
}));
