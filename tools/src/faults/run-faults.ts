import type { ResultReceipt } from '@clearance/contracts';
import type { Progress } from '../progress.ts';
import { disconnectBackend } from '../traffic/backend.ts';
import { noTraffic, type TrafficCounters } from '../traffic/counters.ts';
import { seededRandom } from '../traffic/random.ts';
import { runTraffic } from '../traffic/run-traffic.ts';
import { connectBackends } from '../traffic/simulate-backends.ts';
import type { Step } from '../traffic/steps.ts';
import { addAudits, auditLedger, type LedgerAudit, NO_AUDIT } from './audit-ledger.ts';
import { type BreakableMesh, startBreakableMesh } from './breakable-mesh.ts';
import {
  type AcceptedVersion,
  type Account,
  addAccounts,
  type Discrepancy,
  isWell,
  NO_ACCOUNT,
  versionKey,
} from './judge.ts';
import { recovered } from './recovery.ts';
import { RECOVERY_LIMIT_MS, strike, type Struck, type Until } from './strike.ts';
import { takeAccount } from './take-account.ts';
import { type EventWitness, witnessEvents } from './witness-events.ts';

/** How faults of one kind went. */
export interface FaultTally {
  kind: string;
  count: number;
  /** From the moment of the fault until all services were ready and all that had been accepted was settled. */
  recoveryMs: { p50: number; max: number };
}

/** What a run came to; `--json` prints it. */
export interface FaultReport {
  /** Each stage had faults; nothing missing, doubled, leaked or altered; every fault recovered from; every view as decided. */
  ok: boolean;
  seed: string;
  faults: FaultTally[];
  account: Account;
  /** Faults after which the mesh had not recovered within the limit. */
  notRecovered: string[];
  /** Faults that could not be inflicted, with the reason; the run went on without them, and they are not counted. */
  notInflicted: string[];
  /** Versions that were not settled at the end. */
  unsettled: number;
  deadLetters: Record<string, number>;
  /** The gateways' ledgers, held against their signed heads and what every unit keeps of them. */
  ledger: LedgerAudit;
  /** The first of them, for whoever looks for the cause. */
  discrepancies: Discrepancy[];
  stages: { brokers: 1 | 3; seconds: number; faults: number; accepted: number }[];
  /** Requests that were put off, and repeated until accepted. */
  retried: number;
  /** Events that the backends received, and that agreed with what their units hold unless a discrepancy says otherwise. */
  events: number;
}

/** Faults on one kind of mesh, until the time is over or so many were inflicted. */
export interface Stage {
  readonly brokers: 1 | 3;
  readonly until: Until;
}

export interface FaultRunOptions {
  readonly seed: string;
  readonly stages: readonly Stage[];
  /** ISO 8601: how soon units offer again what is not settled. */
  readonly reofferAfter: string;
  readonly stepsPerMinute: number;
  readonly logLevel: string;
  readonly keep: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const LATE_MS = 60_000;
const SHOWN = 20;

interface StageReport extends Omit<FaultReport, 'ok' | 'seed' | 'faults' | 'stages'> {
  struck: Struck[];
}

/**
 * Breaks meshes under load, one stage after another, and accounts for every version that was accepted.
 *
 * @throws when the signal interrupts it, or a mesh cannot be started
 */
export async function runFaults(options: FaultRunOptions): Promise<FaultReport> {
  const reports: StageReport[] = [];
  const stages: FaultReport['stages'] = [];
  for (const stage of options.stages) {
    const since = performance.now();
    const report = await runStage(stage, options);
    const seconds = Math.round((performance.now() - since) / 1_000);
    const { brokers } = stage;
    stages.push({ brokers, seconds, faults: report.struck.length, accepted: report.account.accepted });
    reports.push(report);
  }
  const account = reports.map((report) => report.account).reduce(addAccounts, NO_ACCOUNT);
  const notRecovered = reports.flatMap((report) => report.notRecovered);
  const unsettled = reports.reduce((sum, report) => sum + report.unsettled, 0);
  const ledger = reports.reduce<LedgerAudit>((sum, report) => addAudits(sum, report.ledger), NO_AUDIT);
  return {
    ok:
      isWell(account) &&
      account.accepted > 0 &&
      // A run that could break nothing has proved nothing.
      stages.every(({ faults }) => faults > 0) &&
      notRecovered.length === 0 &&
      unsettled === 0 &&
      ledger.findings.length === 0,
    seed: options.seed,
    faults: tallied(reports.flatMap(({ struck }) => struck)),
    account,
    ledger,
    notRecovered,
    notInflicted: reports.flatMap((report) => report.notInflicted),
    unsettled,
    deadLetters: Object.assign({}, ...reports.map(({ deadLetters }) => deadLetters)) as Record<string, number>,
    discrepancies: reports.flatMap(({ discrepancies }) => discrepancies).slice(0, SHOWN),
    stages,
    retried: reports.reduce((sum, report) => sum + report.retried, 0),
    events: reports.reduce((sum, report) => sum + report.events, 0),
  };
}

async function runStage({ brokers, until }: Stage, options: FaultRunOptions): Promise<StageReport> {
  const { progress, signal, seed } = options;
  progress.say(`${brokers === 1 ? '单台 NATS one broker' : '三节点 NATS 集群 a cluster of three'} (seed ${seed})`);
  const { logLevel, keep, reofferAfter } = options;
  const mesh = await startBreakableMesh({ brokers, reofferAfter, logLevel, keep, progress, signal });
  let load: RunningLoad | undefined;
  try {
    load = await startLoad(mesh, options);
    const { counters, stop, witness } = load;
    const random = seededRandom(`faults/${seed}/${brokers}`);
    const acceptedSoFar = (): number => counters.accepted + counters.amended + counters.revoked;
    const { struck, notInflicted } = await strike(mesh, random, until, options, acceptedSoFar).finally(stop);
    const accepted = await load.ended;
    const quiet = await progress.step('等待全部办结 all is settled', () => recovered(mesh, RECOVERY_LIMIT_MS, signal));
    const taken = await progress.step('逐一核对 every version accounted for', () =>
      takeAccount(mesh, accepted, LATE_MS, witness),
    );
    const ledger = await progress.step('台账 the ledger', () => auditLedger(mesh));
    return {
      ...taken,
      ledger,
      struck,
      notInflicted,
      notRecovered: struck.flatMap((each) => (each.recovered ? [] : [each.kind])),
      unsettled: quiet ? 0 : await unsettledIn(mesh),
      events: witness.received(),
      retried: counters.retried,
    };
  } finally {
    await load?.leave();
    await progress.step('停止 stopping', () => mesh.remove());
  }
}

interface RunningLoad {
  readonly witness: EventWitness;
  readonly counters: TrafficCounters;
  stop(): void;
  /** Resolves with what was accepted when every request under way has been answered. */
  readonly ended: Promise<AcceptedVersion[]>;
  /** Ends it all: backends go. */
  leave(): Promise<void>;
}

/** The region's trade through the public interface, as the agencies' backends would play it. */
async function startLoad(mesh: BreakableMesh, options: FaultRunOptions): Promise<RunningLoad> {
  const backends = await connectBackends(mesh);
  const witness = await witnessEvents(backends);
  const stopping = new AbortController();
  const counters = noTraffic();
  const accepted = new Map<string, AcceptedVersion>();
  const onAccepted = (step: Step, { resultId, version }: ResultReceipt): void => {
    const reference = step.action === 'submit' ? { reference: step.content.reference } : {};
    const key = versionKey({ resultId, version });
    if (accepted.has(key)) return;
    accepted.set(key, { unit: step.unit, ...reference, resultId, version, at: Date.now() });
  };
  const traffic = runTraffic({
    backends,
    seed: `faults/${options.seed}`,
    startAt: Date.now(),
    perMinute: options.stepsPerMinute,
    signal: AbortSignal.any([stopping.signal, options.signal]),
    counters,
    onAccepted,
  });
  const ended = traffic.then(() => [...accepted.values()]);
  // A fault of the traffic is told when its end is awaited; until then it is nobody's unhandled rejection.
  ended.catch(() => undefined);
  return {
    witness,
    counters,
    stop: () => stopping.abort(),
    ended,
    leave: async () => {
      stopping.abort();
      witness.stop();
      await Promise.all([...backends.values()].map((backend) => disconnectBackend(backend).catch(() => undefined)));
    },
  };
}

async function unsettledIn(mesh: BreakableMesh): Promise<number> {
  let count = 0;
  for (const { id } of mesh.mesh.units) {
    const [row] = await mesh.query<{ count: string }>(id, 'select count(*) from offer_outbox');
    count += Number(row!.count);
  }
  return count;
}

function tallied(struck: readonly Struck[]): FaultTally[] {
  return [...Map.groupBy(struck, ({ kind }) => kind)]
    .map(([kind, of]): FaultTally => {
      const times = of.map(({ recoveryMs }) => recoveryMs).sort((a, b) => a - b);
      return {
        kind,
        count: of.length,
        recoveryMs: { p50: times[Math.floor((times.length - 1) / 2)]!, max: times.at(-1)! },
      };
    })
    .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
}
