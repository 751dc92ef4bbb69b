import { alternate } from '../alternate.ts';
import { cpuPerResult, type Passage } from '../exchange/exchange.ts';
import { type BenchServers, startBenchServers } from '../exchange/servers.ts';
import { type BenchContext, type Figure, type Spread, spreadOf } from '../figure.ts';
import { copiesOf, cpuBeyondIdle, cpuWhileIdle, growMesh, type GrownMesh, serviceMemory } from './grown-mesh.ts';
import type { ProcessMemory } from './process-memory.ts';
import { benchSigning } from './signing.ts';
import { startServiceAgain } from './start-service.ts';

/**
 * Numbers of units, the results of one passage, the passages before any is looked at (each connection plans a statement
 * five times before it keeps a plan, and a mesh of 48 units has many connections), and how long a mesh is looked at
 * while it is idle.
 */
const FULL = { sizes: [4, 8, 12, 24, 48], results: 200, warmUps: 2, signed: 100, idleMs: 3_000 };
const QUICK = { sizes: [4, 12], results: 40, warmUps: 0, signed: 20, idleMs: 500 };

/** What larger meshes are compared with, and where memory and starting are measured: the four provinces' own. */
const USUAL = 12;
/** Hosts one unit of each province of its mesh, and issues nothing here. */
const SERVICE = 'border-sync';
/** PostgreSQL serves all meshes: six connections for each unit and ten for each gateway at most. */
const CONNECTIONS = 700;

/**
 * What the exchange costs as units grow, how long starting takes, what a service has in memory, and what signing
 * results together saves. All meshes are there at once; those that are not measured stand still.
 */
export async function benchGrowth(context: BenchContext): Promise<Figure[]> {
  const { sizes, results, warmUps, signed, idleMs } = context.quick ? QUICK : FULL;
  const servers = await startBenchServers({ maxConnections: CONNECTIONS });
  const meshes = new Map<number, GrownMesh>();
  try {
    for (const units of sizes) {
      context.signal.throwIfAborted();
      const mesh = await growMesh(servers, units, idleMs);
      meshes.set(units, mesh);
      context.say(`  ${units} units: started in ${(mesh.exchange.startedIn / 1_000).toFixed(1)} s`);
    }
    for (const mesh of meshes.values()) {
      for (let passage = 0; passage < warmUps; passage += 1) await mesh.awake(() => mesh.exchange.pass(results));
    }
    const usual = meshes.get(USUAL)!;
    const cpu = await cpuFigures([...meshes.values()], { results, idleMs, servers }, context);
    const signing = await benchSigning(usual, signed, context);
    const memory = await memoryFigures(meshes);
    const starting = await startingFigures(meshes, context);
    return [...cpu, ...starting, ...memory, signing];
  } finally {
    for (const mesh of [...meshes.values()].reverse()) await mesh.stop();
    await servers.stop();
  }
}

/** CPU per copy, in turn at all sizes; the figures are of the largest mesh against the smallest that is not below twelve. */
async function cpuFigures(
  meshes: readonly GrownMesh[],
  { results, idleMs, servers }: { results: number; idleMs: number; servers: BenchServers },
  { rounds, signal, quick, say }: BenchContext,
): Promise<Figure[]> {
  const passages = new Map<GrownMesh, Passage[]>(meshes.map((mesh) => [mesh, []]));
  const measure = (mesh: GrownMesh) => (): Promise<number> =>
    mesh.awake(async () => {
      const passage = await mesh.exchange.pass(results);
      passages.get(mesh)!.push(passage);
      const perCopy = (cpuPerResult(passage) * 1_000) / copiesOf(mesh);
      say(`  ${mesh.units} units: ${perCopy.toFixed(0)} µs CPU per copy`);
      return perCopy;
    });
  const contenders = Object.fromEntries(meshes.map((mesh) => [mesh.units, measure(mesh)]));
  const found = await alternate(contenders, Math.min(3, rounds), signal);
  const largest = meshes.at(-1)!;
  const base = meshes.find(({ units }) => units === (quick ? 4 : USUAL))!;
  // The first passage warmed up.
  const measured = (mesh: GrownMesh): Passage[] => passages.get(mesh)!.slice(1);
  const idleCpu = (mesh: GrownMesh): Promise<Record<string, number>> =>
    mesh.awake(() => cpuWhileIdle(mesh.exchange, servers.postgresPid, idleMs));
  const idle = { largest: await idleCpu(largest), base: await idleCpu(base) };
  const beyond = (mesh: GrownMesh, idling: Readonly<Record<string, number>>): number[] =>
    measured(mesh).map((passage) => (cpuBeyondIdle(passage, idling) * 1_000) / copiesOf(mesh));
  const [ours, theirs] = [beyond(largest, idle.largest), beyond(base, idle.base)];
  const [idleOurs, idleTheirs] = [idlePerUnit(largest, idle.largest), idlePerUnit(base, idle.base)];
  const name = `${base.units} units`;
  return [
    {
      id: 'growth.cpu-per-copy',
      title: {
        zh: `${largest.units} 个单位时每份副本所用 CPU`,
        en: `CPU per copy with ${largest.units} units`,
      },
      unit: 'µs',
      ours: found.spreads[largest.units]!,
      against: { name, theirs: found.spreads[base.units]!, ratio: found.ratio(`${largest.units}`, `${base.units}`) },
      ...(quick ? {} : { target: { sense: 'at-most', needed: 1, aim: 0.8 } as const }),
      details: {
        ...Object.fromEntries(meshes.map(({ units }) => [`${units} units`, rounded(found.spreads[units]!.median, 0)])),
        ...cpuDetails(measured(largest), largest),
        ...cpuDetails(measured(base), base),
      },
    },
    {
      id: 'growth.cpu-per-copy-beyond-idle',
      title: {
        zh: '同上，扣除同样时间内空闲所用',
        en: 'the same without what an idle mesh uses in that time',
      },
      unit: 'µs',
      ours: spreadOf(ours),
      against: { name, theirs: spreadOf(theirs), ratio: spreadOf(ours.map((value, round) => value / theirs[round]!)) },
    },
    {
      id: 'growth.idle-cpu',
      title: { zh: '空闲时每个单位每秒所用 CPU', en: 'CPU of an idle unit in a second' },
      unit: 'ms',
      ours: once(idleOurs),
      against: { name, theirs: once(idleTheirs), ratio: once(idleOurs / idleTheirs) },
      details: idleDetails(largest, idle.largest),
    },
  ];
}

function cpuDetails(passages: readonly Passage[], { units }: GrownMesh): Record<string, number> {
  const names = Object.keys(passages[0]!.cpu);
  const of = names.map((name): [string, number] => [
    `${name}, µs (${units})`,
    rounded(spreadOf(passages.map(({ cpu, results }) => (cpu[name]! * 1_000_000) / results / (units - 1))).median, 0),
  ]);
  const perResult = spreadOf(passages.map(cpuPerResult)).median;
  return { [`CPU ms per result (${units})`]: rounded(perResult, 1), ...Object.fromEntries(of) };
}

/** Milliseconds of CPU in a second, with its share of the gateway, the broker and PostgreSQL. */
function idlePerUnit({ units }: GrownMesh, idleCpu: Readonly<Record<string, number>>): number {
  return (Object.values(idleCpu).reduce((sum, each) => sum + each, 0) * 1_000) / units;
}

function idleDetails({ units }: GrownMesh, idleCpu: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(idleCpu).map(([name, used]) => [`${name}, ms/s (${units} units)`, rounded(used * 1_000, 0)]),
  );
}

/** Starting a whole mesh, and one process of it. */
async function startingFigures(
  meshes: ReadonlyMap<number, GrownMesh>,
  { rounds, signal }: BenchContext,
): Promise<Figure[]> {
  const [one, usual] = [meshes.get(4)!, meshes.get(USUAL)!];
  const start = (mesh: GrownMesh) => (): Promise<number> => mesh.awake(() => startServiceAgain(mesh.exchange, SERVICE));
  const { spreads } = await alternate({ one: start(one), four: start(usual) }, Math.min(3, rounds), signal, false);
  return [
    {
      id: 'growth.start-mesh',
      title: {
        zh: `整个网络的启动：${USUAL} 个单位，含密钥、数据库与清单`,
        en: `start of a whole mesh of ${USUAL} units, with keys, databases and list`,
      },
      unit: 'ms',
      ours: once(usual.exchange.startedIn),
      details: Object.fromEntries(
        [...meshes.values()].map(({ units, exchange }) => [`${units} units, ms`, rounded(exchange.startedIn, 0)]),
      ),
    },
    {
      id: 'growth.start-service',
      title: { zh: '承载四个单位的服务的启动', en: 'start of a service that hosts four units' },
      unit: 'ms',
      ours: spreads.four,
      details: { 'one unit, ms': rounded(spreads.one.median, 0) },
    },
  ];
}

/** The largest of the services of twelve units, as they were after their start and at their most. */
async function memoryFigures(meshes: ReadonlyMap<number, GrownMesh>): Promise<Figure[]> {
  const usual = meshes.get(USUAL)!;
  const after = new Map<number, Record<string, ProcessMemory>>();
  for (const [units, { exchange }] of meshes) after.set(units, await serviceMemory(exchange));
  const largest = (memory: Readonly<Record<string, ProcessMemory>>, which: 'resident' | 'peak'): Spread =>
    once(Math.max(...Object.entries(memory).map(([name, each]) => (name === 'gateway' ? 0 : each[which]))));
  const loaded = after.get(USUAL)!;
  const others = (of: (units: number) => ProcessMemory, which: 'resident' | 'peak'): Record<string, number> =>
    Object.fromEntries(
      [...meshes.keys()]
        .filter((units) => units !== USUAL)
        .map((units) => [`${SERVICE} of ${units} units`, rounded(of(units)[which], 0)]),
    );
  const named = (memory: Readonly<Record<string, ProcessMemory>>, which: 'resident' | 'peak') =>
    Object.fromEntries(Object.entries(memory).map(([name, each]) => [name, rounded(each[which], 0)]));
  return [
    {
      id: 'growth.memory-idle',
      title: { zh: '承载四个单位的服务空闲时的内存', en: 'memory of a service that hosts four units, idle' },
      unit: 'MiB',
      ours: largest(usual.idleMemory, 'resident'),
      target: { sense: 'at-most', needed: 150, aim: 100 },
      details: {
        ...named(usual.idleMemory, 'resident'),
        'of that read from files': rounded(usual.idleMemory[SERVICE]!.files, 0),
        ...others((units) => meshes.get(units)!.idleMemory[SERVICE]!, 'resident'),
      },
    },
    {
      id: 'growth.memory-loaded',
      title: { zh: '同上，负荷下的峰值', en: 'the same at its most under load' },
      unit: 'MiB',
      ours: largest(loaded, 'peak'),
      target: { sense: 'at-most', needed: 300, aim: 200 },
      details: { ...named(loaded, 'peak'), ...others((units) => after.get(units)![SERVICE]!, 'peak') },
    },
  ];
}

function once(value: number): Spread {
  return spreadOf([value]);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
