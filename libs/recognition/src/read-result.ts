import type { ItemQuantity, UnitId } from '@clearance/contracts';
import { notShown } from './content-form.ts';
import { readNumber, readString, readTime, members, withheldPaths, type Seen } from './disclosed.ts';
import type { KnownResult } from './known-result.ts';

/** A seal as a result recorded it. `condition` undefined: not shown. */
export interface RecordedSeal {
  number: string;
  condition: string | undefined;
  replaces: string | undefined;
  affixedBy: string | undefined;
}

/** A check as a copy shows it. What `covers` does not name, the check does not cover. */
export interface Examination {
  type: string;
  outcome: Seen<string>;
  /** Milliseconds since the epoch; never later than its result was issued. */
  performedAt: Seen<number>;
  containers: ReadonlySet<string>;
  items: ReadonlySet<number>;
  quantities: readonly ItemQuantity[];
  /** Something of what it covers was taken out. */
  coversWithheld: boolean;
}

/** A line of goods, as far as recognition asks about it. */
export interface GoodsLine {
  commodityCode: Seen<string>;
  /** The declared quantity and net weight: amounts of the whole line, each in its own unit. */
  amounts: readonly { value: string; unit: string }[];
  amountsWithheld: boolean;
}

/** A known result, read once, in the form in which the decision asks it questions. */
export interface ResultRecord {
  resultId: string;
  version: number;
  issuer: UnitId;
  verified: boolean;
  revoked: boolean;
  /**
   * Milliseconds since the epoch; unreadable times count as the latest, so that what they say against reliance counts.
   */
  issuedAt: number;
  /**
   * When its seals were seen: the time of its last check, or the latest that this can be, `issuedAt`, if not every
   * check's time is shown. A record that may be later than an examination is looked at as if it were.
   */
  seenAt: number;
  kind: Seen<string>;
  transportMode: Seen<string>;
  riskLevel: Seen<string>;
  conclusion: Seen<string>;
  validUntil: Seen<number>;
  declarationNumber: Seen<string>;
  transportDocument: Seen<string>;
  /** Every container that the result names, with the seals recorded on it. */
  containers: ReadonlyMap<string, readonly RecordedSeal[]>;
  containersWithheld: boolean;
  sealsWithheld: boolean;
  goods: ReadonlyMap<number, GoodsLine>;
  goodsWithheld: boolean;
  checks: readonly Examination[];
  /** A check, or what type it was, was taken out. */
  checksWithheld: boolean;
}

/**
 * Reads a known result. Never throws: a member that is missing against the contract, or of another form than the
 * contract's, reads as taken out, so that it can only lead to more inspection.
 */
export function readResult(known: KnownResult): ResultRecord {
  const hides = withheldPaths(known.withheld, notShown(known.content));
  const content = members([known.content])[0] ?? {};
  const issuedAt = orAtLatest(readTime(known.issuedAt, false), Number.POSITIVE_INFINITY);
  const checks = members(content['checks']);
  const examinations = checks.map((check) => readCheck(check, hides, issuedAt)).filter((check) => check !== undefined);
  const checksWithheld = hides('checks', '*', 'type') || checks.length === 0;
  const customs = members([content['customs']])[0] ?? {};
  return {
    resultId: known.resultId,
    version: known.version,
    issuer: known.issuer,
    verified: known.verified,
    revoked: known.status === 'revoked',
    issuedAt,
    seenAt: checksWithheld
      ? issuedAt
      : Math.max(...examinations.map(({ performedAt }) => orAtLatest(performedAt, issuedAt))),
    kind: readString(content['kind'], hides('kind')),
    transportMode: readString(content['transportMode'], hides('transportMode')),
    riskLevel: readString(customs['riskLevel'], hides('customs', 'riskLevel')),
    conclusion: readString(content['conclusion'], hides('conclusion')),
    validUntil: readTime(content['validUntil'], hides('validUntil')),
    declarationNumber: readString(content['declarationNumber'], hides('declarationNumber')),
    transportDocument: readString(content['transportDocument'], hides('transportDocument')),
    containers: readContainers(content['containers'], examinations),
    containersWithheld: hides('containers', '*', 'number'),
    sealsWithheld: ['number', 'condition', 'replaces', 'affixedBy'].some((member) =>
      hides('containers', '*', 'seals', '*', member),
    ),
    goods: readGoods(content['goods'], hides),
    goodsWithheld: hides('goods', '*', 'item'),
    checks: examinations,
    checksWithheld,
  };
}

type Hides = (...path: string[]) => boolean;

/** A time, or the latest that it can be if it is not shown. */
function orAtLatest(time: Seen<number>, latest: number): number {
  return typeof time === 'number' ? time : latest;
}

function readCheck(check: Readonly<Record<string, unknown>>, hides: Hides, issuedAt: number): Examination | undefined {
  const type = readString(check['type'], false);
  if (typeof type !== 'string') return undefined;
  const performedAt = readTime(check['performedAt'], hides('checks', '*', 'performedAt'));
  const covers = members([check['covers']])[0] ?? {};
  const quantities = members(covers['quantities']).flatMap((line) => {
    const { item, value, unit } = line;
    return typeof item === 'number' && typeof value === 'string' && typeof unit === 'string'
      ? [{ item, value, unit }]
      : [];
  });
  return {
    type,
    outcome: readString(check['outcome'], hides('checks', '*', 'outcome')),
    // Nobody examines after having reported: a later time would prolong the validity, and one that is taken out could
    // be any.
    performedAt: typeof performedAt === 'number' ? Math.min(performedAt, issuedAt) : performedAt,
    containers: new Set(strings(covers['containers'])),
    items: new Set([...numbers(covers['items']), ...quantities.map(({ item }) => item)]),
    quantities,
    coversWithheld:
      hides('checks', '*', 'covers', 'containers', '*') ||
      hides('checks', '*', 'covers', 'items', '*') ||
      ['item', 'value', 'unit'].some((member) => hides('checks', '*', 'covers', 'quantities', '*', member)),
  };
}

function readContainers(
  containers: unknown,
  examinations: readonly Examination[],
): ReadonlyMap<string, readonly RecordedSeal[]> {
  const read = new Map<string, readonly RecordedSeal[]>();
  for (const examination of examinations) for (const number of examination.containers) read.set(number, []);
  for (const container of members(containers)) {
    const number = container['number'];
    if (typeof number !== 'string') continue;
    const seals = members(container['seals']).flatMap((seal) => {
      const text = (member: string) => (typeof seal[member] === 'string' ? seal[member] : undefined);
      const sealNumber = text('number');
      // A seal whose number is not shown still speaks by its condition; '' is no seal's number.
      return [
        {
          number: sealNumber ?? '',
          condition: text('condition'),
          replaces: text('replaces'),
          affixedBy: text('affixedBy'),
        },
      ];
    });
    read.set(number, [...(read.get(number) ?? []), ...seals]);
  }
  return read;
}

function readGoods(goods: unknown, hides: Hides): ReadonlyMap<number, GoodsLine> {
  const read = new Map<number, GoodsLine>();
  for (const line of members(goods)) {
    const item = readNumber(line['item']);
    if (item === undefined) continue;
    const amounts = members([line['quantity'], line['netWeight']]).flatMap(({ value, unit }) =>
      typeof value === 'string' && typeof unit === 'string' ? [{ value, unit }] : [],
    );
    read.set(item, {
      commodityCode: readString(line['commodityCode'], hides('goods', '*', 'commodityCode')),
      amounts,
      amountsWithheld: ['quantity', 'netWeight'].some(
        (amount) => hides('goods', '*', amount, 'value') || hides('goods', '*', amount, 'unit'),
      ),
    });
  }
  return read;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : [];
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((element) => typeof element === 'number') : [];
}
