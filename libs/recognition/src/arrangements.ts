import { selects, type Arrangement, type CheckType, type UnitId } from '@clearance/contracts';
import type { Target } from './consignment.ts';
import { WITHHELD, type Seen } from './disclosed.ts';
import type { ResultRecord } from './read-result.ts';

/** Who decides, and when. `now` in milliseconds since the epoch. */
export interface DecisionContext {
  unit: UnitId;
  now: number;
}

/** Whether a condition holds; if it cannot be told, which field was taken out. */
type Condition = 'met' | 'not-met' | { withheld: string };

/** The arrangements under which the unit may rely on anyone at `now`. */
export function arrangementsInForce(arrangements: readonly Arrangement[], context: DecisionContext): Arrangement[] {
  return arrangements.filter(
    ({ validFrom, validUntil, relying }) =>
      Date.parse(validFrom) <= context.now && context.now < Date.parse(validUntil) && selects(relying, context.unit),
  );
}

/** Those of some arrangements that speak of an issuer and a type of check. */
export function arrangementsFor(arrangements: readonly Arrangement[], issuer: UnitId, type: CheckType): Arrangement[] {
  return arrangements.filter(({ checks, issuers }) => checks.includes(type) && selects(issuers, issuer));
}

/**
 * Whether an arrangement lets a result be relied on for a target: its kind, transport mode, risk and goods. A condition
 * on a field that the issuer never wrote is not met. Container and document count as holding every line of goods that
 * the result names, an item as its own line. A condition that is surely not met outweighs one that cannot be told.
 */
export function conditionsHold(arrangement: Arrangement, record: ResultRecord, target: Target): Condition {
  const { riskLevels, transportModes, commodities } = arrangement.conditions;
  const conditions: Condition[] = [
    isOneOf(arrangement.kinds, record.kind, '/kind'),
    isOneOf(transportModes, record.transportMode, '/transportMode'),
    isOneOf(riskLevels, record.riskLevel, '/customs/riskLevel'),
    commodities ? goodsAllowed(commodities, record, target) : 'met',
  ];
  if (conditions.includes('not-met')) return 'not-met';
  return conditions.find((condition) => condition !== 'met') ?? 'met';
}

function isOneOf(allowed: readonly string[] | undefined, value: Seen<string>, path: string): Condition {
  if (allowed === undefined) return 'met';
  if (value === WITHHELD) return { withheld: path };
  return value !== undefined && allowed.includes(value) ? 'met' : 'not-met';
}

function goodsAllowed(
  commodities: NonNullable<Arrangement['conditions']['commodities']>,
  record: ResultRecord,
  target: Target,
): Condition {
  const lines = target.kind === 'item' ? [record.goods.get(target.item)] : [...record.goods.values()];
  const conditions = lines.map((line): Condition => {
    const code = line?.commodityCode;
    if (code === WITHHELD || (line === undefined && record.goodsWithheld))
      return { withheld: '/goods/*/commodityCode' };
    if (code === undefined) return 'not-met';
    const isUnder = (prefix: string) => code.startsWith(prefix);
    if (commodities.except?.some(isUnder)) return 'not-met';
    return commodities.only === undefined || commodities.only.some(isUnder) ? 'met' : 'not-met';
  });
  if (conditions.includes('not-met')) return 'not-met';
  if (record.goodsWithheld) return { withheld: '/goods' };
  if (conditions.length === 0) return 'not-met';
  return conditions.find((condition) => condition !== 'met') ?? 'met';
}
