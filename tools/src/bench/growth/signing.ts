import { alternate } from '../alternate.ts';
import { type BenchContext, type Figure, spreadOf } from '../figure.ts';
import { watchCpu } from '../exchange/cpu-time.ts';
import type { Submitting } from '../exchange/start-mesh.ts';
import type { GrownMesh } from './grown-mesh.ts';

type Manner = 'together' | 'alone';

/** Results that come together are signed together (decision 019); one that comes alone is signed alone. */
const MANNERS: Readonly<Record<Manner, Submitting | undefined>> = {
  together: undefined,
  alone: { batch: 1, inFlight: 1 },
};
const ALGORITHM: Readonly<Record<Manner, RegExp>> = { together: /^(?!EdDSA$)/, alone: /^EdDSA$/ };

/** The processes that only verify: the gateway and the services of other agencies than the issuer's. */
const VERIFIERS = ['gateway', 'inspection-sync', 'border-sync'];

/** One load that gathered at the issuer and then went through. */
interface Verified {
  readonly results: number;
  readonly seconds: number;
  /** CPU of those who only verify, ms per result. */
  readonly cpu: number;
}

/**
 * What the two ways of signing cost those who verify: one Ed25519 signature for all results of a batch with a proof for
 * each, against a signature for each. A unit can choose no other suite; how its results come decides. They gather while
 * the gateway stands still, so that both ways go through in batches alike.
 *
 * @throws when results were not signed in the way that is measured
 */
export async function benchSigning(mesh: GrownMesh, results: number, context: BenchContext): Promise<Figure> {
  const passed: Record<Manner, Verified[]> = { together: [], alone: [] };
  const measure = (manner: Manner) => (): Promise<number> =>
    mesh.awake(async () => {
      const verified = await verifyGathered(mesh, results, manner);
      passed[manner].push(verified);
      return verified.cpu;
    });
  const { spreads, ratio } = await alternate(
    { alone: measure('alone'), together: measure('together') },
    Math.min(3, context.rounds),
    context.signal,
  );
  const rate = (manner: Manner): number =>
    Math.round(spreadOf(passed[manner].slice(1).map((each) => each.results / each.seconds)).median);
  const shown = (manner: Manner): string => `${manner} ${spreads[manner].median.toFixed(2)} ms`;
  context.say(`  CPU to verify a result and eight copies, signed ${shown('alone')}, ${shown('together')}`);
  return {
    id: 'signing.alone',
    title: {
      zh: '逐条签名的结果：网关与八个单位核验、入库所用 CPU',
      en: 'results signed one by one: CPU of the gateway and of eight units that take copies, per result',
    },
    unit: 'ms',
    ours: spreads.alone,
    against: { name: 'signed together', theirs: spreads.together, ratio: ratio('alone', 'together') },
    details: { 'results/s alone': rate('alone'), 'results/s together': rate('together') },
  };
}

async function verifyGathered(mesh: GrownMesh, results: number, manner: Manner): Promise<Verified> {
  const { exchange } = mesh;
  const pidOf = (name: string): number => exchange.mesh.services.get(name)!.pid()!;
  let used: ReturnType<typeof watchCpu>;
  process.kill(pidOf('gateway'), 'SIGSTOP');
  try {
    await exchange.submit(results, MANNERS[manner]);
    await requireSigned(mesh, manner);
    used = watchCpu(Object.fromEntries(VERIFIERS.map((name) => [name, pidOf(name)])));
  } finally {
    process.kill(pidOf('gateway'), 'SIGCONT');
  }
  const since = performance.now();
  await exchange.settled();
  const seconds = (performance.now() - since) / 1_000;
  const cpu = Object.values(used()).reduce((sum, each) => sum + each, 0);
  return { results, seconds, cpu: (cpu * 1_000) / results };
}

async function requireSigned({ exchange }: GrownMesh, manner: Manner): Promise<void> {
  const newest = 'select token from result where own order by issued_at desc limit 1';
  const [row] = await exchange.query<{ token: string }>(exchange.backend.unit, newest);
  const header = Buffer.from(row!.token.split('.')[0]!, 'base64url').toString('utf8');
  const { alg } = JSON.parse(header) as { alg: string };
  if (!ALGORITHM[manner].test(alg)) throw new Error(`signed ${manner}, and yet by ${alg}`);
}
