import * as fc from 'fast-check';
import type {
  Arrangement,
  CheckType,
  ItemQuantity,
  RecognitionRequest,
  ResultContent,
  RiskLevel,
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

const seal = fc.record(
  {
    number: mostly('H100', 'J200'),
    condition: mostly('intact' as const, 'broken' as const),
    replaces: mostly(undefined, 'H100'),
    affixedBy: mostly(undefined, 'customs' as const, 'carrier' as const),
  },
  { requiredKeys: ['number', 'condition'] },
);

const check = fc.record({
  type: fc.constantFrom(...types),
  outcome: mostly('conformant' as const, 'non-conformant' as const, 'inconclusive' as const),
  performedAt: fc.integer({ min: 2, max: 72 }).map(hoursAgo),
  covers: fc.record({
    containers: subset([A, B], 1),
    items: subset([1, 2]),
    quantities: fc.oneof(
      { weight: 3, arbitrary: fc.constant<ItemQuantity[]>([]) },
      { weight: 1, arbitrary: fc.constantFrom('5000', '24000').map((value) => [{ item: 1, value, unit: 'KGM' }]) },
    ),
  }),
});

const content: fc.Arbitrary<Partial<ResultContent>> = fc.record({
  declarationNumber: mostly(DECLARATION, OTHER_DECLARATION),
  conclusion: mostly<ResultContent['conclusion']>('released', 'conditional', 'conditional', 'detained'),
  validUntil: mostly(undefined, hoursAgo(1), hoursAgo(-24)),
  customs: mostly<ResultContent['customs']>(undefined, { riskLevel: 'low' }),
  checks: fc.array(check, { minLength: 1, maxLength: 3 }),
  containers: fc.array(fc.record({ number: fc.constant(A), seals: fc.array(seal, { maxLength: 2 }) }), {
    maxLength: 1,
  }),
});

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
    conditions: fc.record(
      {
        sealUnbroken: fc.boolean(),
        riskLevels: fc.constant<RiskLevel[]>(['low']),
        commodities: fc.constant<Arrangement['conditions']['commodities']>({ except: ['44'] }),
      },
      { requiredKeys: ['sealUnbroken'] },
    ),
  })
  .map(({ id, ...change }) => arrangement(id, change));

const anyRequest: fc.Arbitrary<RecognitionRequest> = fc.record({
  reference: fc.constant('DLC-2026-77'),
  location: fc.constant('CNDLC'),
  checks: subset(types, 1),
  consignment: fc.record({
    declarationNumber: fc.constant(DECLARATION),
    containers: subset([A, B]),
    items: subset([1, 2]),
    quantities: fc.constantFrom([], [], [{ item: 1, value: '6000', unit: 'KGM' }]),
  }),
  sealsObserved: fc.array(
    fc.record({
      container: fc.constantFrom(A, A, B),
      number: mostly('H100', 'J200'),
      condition: mostly('intact' as const, 'missing' as const),
    }),
    { maxLength: 3 },
  ),
});

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

/** A result about goods that nobody asks about. */
export const unrelatedResult = anyResult.map((other) => ({
  ...other,
  resultId: `U-${other.resultId}`,
  content: {
    ...other.content,
    declarationNumber: '090120261000000777',
    containers: [{ number: C }],
    checks: (other.content.checks ?? []).map((each) => ({ ...each, covers: { containers: [C], items: [1, 2] } })),
  },
}));
