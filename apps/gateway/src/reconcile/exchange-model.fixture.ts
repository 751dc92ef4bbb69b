import type { HeldVersion, UnitId } from '@clearance/contracts';
import {
  compareHoldings,
  type Comparison,
  type Difference,
  type DisclosedVersion,
  doubtful,
  keyOf,
} from './compare-holdings.ts';

export const ISSUER: UnitId = 'ln.customs';
export const RECEIVERS: readonly UnitId[] = ['hl.customs', 'jl.border', 'nm.inspection'];
export const NAMES = ['A', 'B', 'C'] as const;

/** One version as it lies at the issuer. */
interface Issued {
  digest: string;
  offered: boolean;
}
/** One version as it lies at the gateway. */
interface Disclosed {
  digest: string;
  waiting: UnitId[];
  confirmed: UnitId[];
  settled: boolean;
}

/**
 * The exchange of one issuer's versions as a model: three databases, and steps of the ordinary way between them. A version
 * is named by a letter; its digest is `signed <letter>` unless somebody changed it.
 */
export interface ExchangeModel {
  issuer: Map<string, Issued>;
  gateway: Map<string, Disclosed>;
  ledger: Map<string, Set<UnitId>>;
  receivers: Map<UnitId, Map<string, string>>;
}

export function emptyModel(): ExchangeModel {
  const receivers = new Map(RECEIVERS.map((unit): [UnitId, Map<string, string>] => [unit, new Map()]));
  return { issuer: new Map(), gateway: new Map(), ledger: new Map(), receivers };
}

/** Steps of the ordinary way; each does nothing when it is not its turn. */
export const STEPS = {
  issue: (model: ExchangeModel, name: string): void => {
    if (!model.issuer.has(name)) model.issuer.set(name, { digest: `signed ${name}`, offered: true });
  },
  disclose: (model: ExchangeModel, name: string): void => {
    const issued = model.issuer.get(name);
    if (!issued?.offered || model.gateway.has(name)) return;
    model.gateway.set(name, { digest: issued.digest, waiting: [...RECEIVERS], confirmed: [], settled: false });
    model.ledger.set(name, new Set(RECEIVERS));
  },
  give: (model: ExchangeModel, name: string, unit: UnitId): void => {
    const [issued, disclosed, held] = [model.issuer.get(name), model.gateway.get(name), model.receivers.get(unit)!];
    if (!issued?.offered || !disclosed?.waiting.includes(unit) || held.has(name)) return;
    held.set(name, issued.digest);
  },
  confirm: (model: ExchangeModel, name: string, unit: UnitId): void => {
    const disclosed = model.gateway.get(name);
    if (!disclosed?.waiting.includes(unit) || !model.receivers.get(unit)!.has(name)) return;
    disclosed.waiting = disclosed.waiting.filter((each) => each !== unit);
    disclosed.confirmed = [...disclosed.confirmed, unit];
    disclosed.settled = disclosed.waiting.length === 0;
  },
  settle: (model: ExchangeModel, name: string): void => {
    const issued = model.issuer.get(name);
    if (issued && model.gateway.get(name)?.settled) issued.offered = false;
  },
} as const;

/** Runs the ordinary way to its end: everything that is offered arrives, is confirmed, and is settled. */
export function runToTheEnd(model: ExchangeModel): void {
  for (const [name, { offered }] of model.issuer) {
    if (!offered) continue;
    STEPS.disclose(model, name);
    for (const unit of RECEIVERS) {
      STEPS.give(model, name, unit);
      STEPS.confirm(model, name, unit);
    }
    STEPS.settle(model, name);
  }
}

/** What {@link repair} would do, done to the model; returns what it did nothing about. */
export function applyRepairs(model: ExchangeModel, differences: readonly Difference[]): void {
  for (const { repair, resultId, receiver } of differences) {
    const issued = model.issuer.get(resultId);
    const disclosed = model.gateway.get(resultId);
    if (repair === 'tell-settled') issued!.offered = false;
    if (repair === 'give-again') {
      disclosed!.waiting = [...disclosed!.waiting, receiver!];
      disclosed!.confirmed = disclosed!.confirmed.filter((unit) => unit !== receiver);
      disclosed!.settled = false;
    }
    if (repair === 'give-again' || repair === 'offer-again') issued!.offered = true;
  }
}

const place = (name: string) => ({ issuedAt: `2026-11-21T00:00:00.00000${name}Z`, resultId: name, version: 1 });

/** Reads the model as reconciliation reads the mesh; `meanwhile` happens after each look. */
export function look(model: ExchangeModel, meanwhile: () => void = () => undefined): Comparison {
  const readGateway = (): DisclosedVersion[] =>
    [...model.gateway].map(([name, { digest, waiting, confirmed, settled }]) => ({
      ...place(name),
      signedDigest: digest,
      waiting,
      confirmed,
      settledAt: settled ? 0 : undefined,
    }));
  const disclosed = readGateway();
  meanwhile();
  const issued = [...model.issuer].map(([name, { digest, offered }]): HeldVersion => ({
    ...place(name),
    signedDigest: digest,
    offered,
  }));
  meanwhile();
  const received = new Map(
    [...model.receivers].map(([unit, held]): [UnitId, HeldVersion[]] => {
      const versions = [...held].map(([name, digest]) => ({ ...place(name), signedDigest: digest, offered: false }));
      meanwhile();
      return [unit, versions];
    }),
  );
  const holdings = { issuer: ISSUER, issued, disclosed, received };
  const stateOf = (known: readonly DisclosedVersion[]): Map<string, string> =>
    new Map(known.map((each) => [keyOf(each), JSON.stringify([each.waiting, each.settledAt])]));
  const [earlier, later] = [stateOf(disclosed), stateOf(readGateway())];
  const doubts = doubtful(holdings).map(keyOf);
  const moving = new Set(doubts.filter((key) => earlier.get(key) !== later.get(key)));
  const recorded = new Map([...model.ledger].map(([name, units]) => [keyOf(place(name)), units]));
  return compareHoldings(holdings, { moving, recorded }, 1);
}
