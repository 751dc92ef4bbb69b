import type { DifferenceCode, HeldVersion, HoldingPlace, UnitId } from '@clearance/contracts';

/** What the gateway knows of one version that it has disclosed. */
export interface DisclosedVersion extends HoldingPlace {
  /** Of the token that was verified when it was disclosed. */
  signedDigest: string;
  /** Units that have not confirmed their copy. */
  waiting: readonly UnitId[];
  /** Units that have. */
  confirmed: readonly UnitId[];
  /** Milliseconds since the epoch; undefined while somebody is waited for. */
  settledAt: number | undefined;
}

/** What is known of one issuer's versions, read in this order: gateway, issuer, receivers. */
export interface Holdings {
  issuer: string;
  /** Undefined when the issuer does not answer. */
  issued: readonly HeldVersion[] | undefined;
  disclosed: readonly DisclosedVersion[];
  /** Of every receiver that was asked; another one holds exactly what it was given, or does not answer. */
  received: ReadonlyMap<UnitId, readonly HeldVersion[]>;
}

/** What a later look at the gateway says of versions that were in {@link doubtful}, by {@link keyOf}. */
export interface LaterLook {
  /** Versions whose state at the gateway has changed meanwhile: nothing is said of them this time. */
  moving: ReadonlySet<string>;
  /** To whom the ledger says they were given. */
  recorded: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What would mend a difference. */
export type Repair =
  /** Nothing that the gateway could do. */
  | 'none'
  /** Its issuer offers it again; the gateway gives it to those whom it waits for. */
  | 'offer-again'
  /** The gateway forgets the receipt and waits anew; its issuer offers it again. */
  | 'give-again'
  /** The issuer is told again that it is settled. */
  | 'tell-settled';

/** One version that is not where it should be. */
export interface Difference {
  code: DifferenceCode;
  /** Whom it concerns beside issuer and gateway. */
  receiver: UnitId | null;
  resultId: string;
  version: number;
  repair: Repair;
}

/** What comparing found. */
export interface Comparison {
  differences: Difference[];
  /** Offers that the gateway has not got yet, and copies that a receiver has not: their issuer goes on offering them. */
  onTheirWay: number;
}

/** `id version`, as a key of maps. */
export function keyOf({ resultId, version }: { resultId: string; version: number }): string {
  return `${resultId} ${version}`;
}

/**
 * Versions of which the lists alone must not decide, since the gateway was read first and went on working: it may have
 * disclosed or settled them before the others were read. It is to be looked at once more.
 */
export function doubtful(holdings: Holdings): { resultId: string; version: number }[] {
  return versionsOf(holdings)
    .filter(({ issued, disclosed, held }) => {
      if (issued !== undefined && disclosed === undefined) return true;
      if (issued?.offered === false && disclosed !== undefined && disclosed.settledAt === undefined) return true;
      return [...held.keys()].some((unit) => !isEntitled(disclosed, unit));
    })
    .map(({ resultId, version }) => ({ resultId, version }));
}

/**
 * Compares what was issued, disclosed and received. An issuer offers a version until it is settled, so what it still
 * offers is on its way and no difference. In the order in which the lists are read, a receipt known to the gateway
 * proves that the copy was there when the receiver was asked, and a settlement known to the issuer that all were.
 *
 * @param settledBefore milliseconds since the epoch: the word of a later settlement may still be on its way
 */
export function compareHoldings(holdings: Holdings, look: LaterLook, settledBefore: number): Comparison {
  const comparison: Comparison = { differences: [], onTheirWay: 0 };
  for (const version of versionsOf(holdings)) {
    if (look.moving.has(keyOf(version))) continue;
    const recorded = look.recorded.get(keyOf(version)) ?? NOBODY;
    const judged = judge(version, recorded, holdings, settledBefore);
    comparison.differences.push(...judged.differences);
    comparison.onTheirWay += judged.onTheirWay;
  }
  return comparison;
}

const NOBODY: ReadonlySet<string> = new Set();

interface Version {
  resultId: string;
  version: number;
  issued: HeldVersion | undefined;
  disclosed: DisclosedVersion | undefined;
  /** Receiver → digest of what it holds. */
  held: Map<UnitId, string>;
}

/** All versions that anybody knows of, each with what everybody knows of it. */
function versionsOf({ issued = [], disclosed, received }: Holdings): Version[] {
  const versions = new Map<string, Version>();
  const at = ({ resultId, version }: HoldingPlace): Version => {
    const key = keyOf({ resultId, version });
    const found = versions.get(key) ?? { resultId, version, issued: undefined, disclosed: undefined, held: new Map() };
    versions.set(key, found);
    return found;
  };
  for (const one of disclosed) at(one).disclosed = one;
  for (const one of issued) at(one).issued = one;
  for (const [unit, held] of received) for (const one of held) at(one).held.set(unit, one.signedDigest);
  return [...versions.values()];
}

function judge(version: Version, recorded: ReadonlySet<string>, holdings: Holdings, settledBefore: number): Comparison {
  const { resultId, issued, disclosed, held } = version;
  const differences: Difference[] = [];
  const find = (code: DifferenceCode, receiver: UnitId | null, repair: Repair = 'none'): void => {
    differences.push({ code, receiver, resultId, version: version.version, repair });
  };
  const reference = disclosed?.signedDigest ?? issued?.signedDigest;
  const given = (unit: UnitId): boolean => isEntitled(disclosed, unit) || recorded.has(unit);
  // One who is waited for may hold what is being replaced: a version that was signed anew, its key having been revoked.
  const kept = (unit: UnitId): boolean => given(unit) && disclosed?.waiting.includes(unit) !== true;
  const altered = [...held].filter(([unit, digest]) => kept(unit) && reference !== undefined && digest !== reference);
  // What is not the same as that which was disclosed must not be spread, even under its issuer's signature.
  const offerable = issued?.signedDigest === reference && (disclosed !== undefined || altered.length === 0);
  const onlyIf = (repair: Repair): Repair => (issued !== undefined && offerable ? repair : 'none');

  if (issued !== undefined) {
    if (disclosed === undefined && !issued.offered) find('not-offered', null, onlyIf('offer-again'));
    if (issued.signedDigest !== reference && !issued.offered) find('other-token', holdings.issuer as UnitId);
    if (issued.offered && disclosed?.settledAt !== undefined && disclosed.settledAt < settledBefore)
      find('not-settled-at-issuer', null, onlyIf('tell-settled'));
  } else if (holdings.issued !== undefined && (disclosed !== undefined || recorded.size > 0)) {
    find('unknown-at-issuer', null);
  }

  let onTheirWay = disclosed === undefined && issued?.offered === true ? 1 : 0;
  for (const unit of disclosed?.waiting ?? []) {
    const lacks = holdings.received.has(unit) && !held.has(unit);
    if (holdings.issued === undefined || issued?.offered === true) onTheirWay += lacks ? 1 : 0;
    else if (lacks) find('not-received', unit, onlyIf('offer-again'));
    else if (issued !== undefined) find('not-settled', unit, onlyIf('offer-again'));
  }
  for (const unit of disclosed?.confirmed ?? []) {
    if (holdings.received.has(unit) && !held.has(unit)) find('not-received', unit, onlyIf('give-again'));
  }
  for (const unit of held.keys()) if (!given(unit)) find('not-disclosed', unit);
  for (const [unit] of altered) find('other-token', unit);
  return { differences, onTheirWay };
}

function isEntitled(disclosed: DisclosedVersion | undefined, unit: UnitId): boolean {
  return disclosed !== undefined && (disclosed.waiting.includes(unit) || disclosed.confirmed.includes(unit));
}
