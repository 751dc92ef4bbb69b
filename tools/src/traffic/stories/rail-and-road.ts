import type { Port } from '../ports.ts';
import { CROSSINGS, PORTS } from '../ports.ts';
import { declare, openAndReseal, sealedBoxes } from '../consignment.ts';
import type { Consignment, Line } from '../consignment.ts';
import { lorry, train, wagon } from '../conveyances.ts';
import { boarding, crew } from '../border-results.ts';
import type { Crossing } from '../border-results.ts';
import { examination, release, scan } from '../customs-results.ts';
import { FISH, MONGOLIAN_BULK, MONGOLIAN_WARES, RUSSIAN_FOOD, SEAFOOD, TIMBER } from '../goods.ts';
import type { Ware } from '../goods.ts';
import { broker, firm } from '../parties.ts';
import type { Trade } from '../parties.ts';
import type { Random } from '../random.ts';
import { chinaDate, hours, newScript } from '../stage.ts';
import type { Script, Stage } from '../stage.ts';
import type { Draft } from '../steps.ts';
import { inspectGoods } from './inspect-goods.ts';
import { askNextDoor, moveOn } from './move-on.ts';

/** Where goods that entered go: somewhere in another province. */
function destination(random: Random, from: Port, candidates: readonly Port[]): Port {
  return random.pick(candidates.filter((port) => port.province !== from.province));
}

const INLAND = [PORTS.dalian, PORTS.shenyang, PORTS.changchun, PORTS.harbin, PORTS.yingkou];

/** A train from Russia or Mongolia, or a lorry, crosses; border inspection checks it and now and then its crew. */
function cross(stage: Stage, script: Script, port: Port, crossing: Crossing, at: number): void {
  const { random } = stage;
  script.submit(port, 'border', at, (ref) => boarding(random, ref, port, crossing, at, random.chance(0.02)));
  if (random.chance(0.35)) {
    script.submit(port, 'border', at + hours(0.4), (ref) => crew(random, ref, port, crossing, at + hours(0.4)));
  }
}

/** What customs does at the crossing: the image, and an opening where the image or the risk asks for it. */
function customsAtCrossing(
  stage: Stage,
  script: Script,
  port: Port,
  arrived: Consignment,
  at: number,
  registration?: string,
): { consignment: Consignment; keys: string[]; released: boolean } {
  const { random } = stage;
  const suspect = random.chance(0.06);
  const facts = registration === undefined ? { suspect } : { suspect, registration };
  const keys = [script.submit(port, 'customs', at, (ref) => scan(random, ref, port, arrived, at, facts))];
  if (!suspect && !random.chance(0.08)) return { consignment: arrived, keys, released: true };
  const later = at + hours(2);
  const opening = openAndReseal(random, arrived, 'customs');
  const verdict = random.weighted([
    [70, 'clean'],
    [18, 'discrepancy'],
    [12, 'seizure'],
  ] as const);
  keys.push(
    script.submit(port, 'customs', later, (ref) =>
      examination(random, ref, port, arrived, later, {
        verdict,
        containers: opening.containers,
        unpacked: random.pick([10, 50, 100]),
      }),
    ),
  );
  return { consignment: opening.consignment, keys, released: verdict !== 'seizure' };
}

interface Inbound {
  readonly port: Port;
  readonly mode: '3' | '4';
  readonly wares: readonly Ware[];
  readonly trade: Trade;
  readonly boxes: number;
  readonly sizeType: string;
  readonly partner: 'RU' | 'MN';
  readonly foreign: string;
  readonly packaging: Line['packaging'];
  /** Kilograms in one box, or in the whole consignment where there is no box. */
  readonly load: readonly [number, number];
  readonly targets: readonly Port[];
}

/** One consignment from beyond the land border: crossing, image, quarantine, release; then on to another province. */
function inbound(stage: Stage, facts: Inbound): Draft[] {
  const { random } = stage;
  const { port, mode, partner } = facts;
  const start = stage.now - hours(62);
  const script = newScript(stage);
  const registration = mode === '4' ? lorry(random, partner) : undefined;
  const wagons = mode === '3' ? Array.from({ length: Math.max(2, facts.boxes) }, () => wagon(random)) : undefined;
  const conveyance = {
    journey: mode === '3' ? train(random) : `KJ${chinaDate(start)}${random.digits(3)}`,
    nationality: partner,
    ...(registration === undefined ? {} : { registration }),
    ...(wagons === undefined ? {} : { wagons }),
  };
  const load = random.integer(...facts.load);
  const boxes = sealedBoxes(random, facts.boxes, facts.sizeType, load, random.pick(['carrier', 'shipper']));
  const kilograms = load * Math.max(1, facts.boxes);
  const wares = random.sample(
    facts.wares,
    random.weighted([
      [7, 1],
      [2, 2],
      [1, 3],
    ]),
  );
  const manifest = `${port.location.slice(2)}${chinaDate(start)}${random.digits(4)}`;
  const consignment = declare(random, port, start, {
    direction: 'import',
    mode,
    conveyance,
    manifest,
    boxes,
    lines: wares.map((ware) => ({ ware, kilograms: kilograms / wares.length, packaging: facts.packaging })),
    origin: partner,
    partner,
    chinese: firm(random, stage.firms, port.city, facts.trade),
    foreign: { name: facts.foreign, country: partner },
    declarant: broker(random, stage.firms, port.city),
  });
  const crossing: Crossing = {
    direction: 'import',
    mode,
    conveyance,
    manifest,
    crew: { nationalities: [partner, 'CN'], count: mode === '3' ? random.integer(2, 4) : 1 },
  };
  if (random.chance(0.7)) cross(stage, script, port, crossing, start);
  const customs = customsAtCrossing(
    stage,
    script,
    port,
    consignment,
    start + hours(1),
    boxes.length === 0 ? registration : undefined,
  );
  askNextDoor(stage, script, port, customs.consignment, customs.keys, start + hours(5));
  const inspected = inspectGoods(stage, script, port, customs.consignment, start + hours(5), partner);
  if (!customs.released || !inspected.passed) return script.steps;
  const target = destination(random, port, facts.targets);
  const freed = start + hours(34);
  const released = script.submit(port, 'customs', freed, (ref) =>
    release(random, ref, port, inspected.consignment, freed, { basis: 'examined', destination: target }),
  );
  const keys = [...customs.keys, ...inspected.keys, released];
  if (random.chance(0.75)) moveOn(stage, script, target, inspected.consignment, keys, start + hours(56));
  return script.steps;
}

/** Most of the trade with Russia goes through Manzhouli and Suifenhe, the rest through Hunchun. */
const RUSSIAN_GATES = [
  CROSSINGS.manzhouli,
  CROSSINGS.suifenhe,
  CROSSINGS.manzhouli,
  CROSSINGS.suifenhe,
  CROSSINGS.hunchun,
];

/** 冻海产品: reefers by rail or road through Manzhouli, Suifenhe and Hunchun. */
export function frozenFish(stage: Stage): Draft[] {
  const { random } = stage;
  const mode = random.chance(0.6) ? '3' : '4';
  return inbound(stage, {
    port: random.pick(RUSSIAN_GATES)[mode],
    mode,
    wares: FISH,
    trade: '水产',
    boxes: random.weighted([
      [5, 1],
      [3, 2],
      [2, 3],
    ]),
    sizeType: '45R1',
    partner: 'RU',
    foreign: random.pick(['OOO PRIMER-RYBA', 'AO OBRAZETS VOSTOK', 'OOO TESTOVY FLOT']),
    packaging: 'paper',
    load: [18_000, 26_000],
    targets: INLAND,
  });
}

/** 木材: in containers, or in open wagons without any. */
export function timber(stage: Stage): Draft[] {
  const { random } = stage;
  const boxes = random.weighted([
    [5, 0],
    [3, 2],
    [2, 4],
  ]);
  const mode = boxes > 0 || random.chance(0.7) ? '3' : '4';
  return inbound(stage, {
    port: random.pick(RUSSIAN_GATES)[mode],
    mode,
    wares: TIMBER,
    trade: '木业',
    boxes,
    sizeType: '45G1',
    partner: 'RU',
    foreign: random.pick(['OOO PRIMER-LES', 'OOO SIBIRSKY OBRAZETS', 'IP TESTOV I.I.']),
    packaging: 'bulk',
    load: boxes > 0 ? [20_000, 26_000] : mode === '4' ? [24_000, 36_000] : [120_000, 260_000],
    targets: INLAND,
  });
}

/** 粮油: flour, oil and oilseed in containers. */
export function russianFood(stage: Stage): Draft[] {
  const { random } = stage;
  const mode = random.chance(0.5) ? '3' : '4';
  return inbound(stage, {
    port: mode === '4' && random.chance(0.3) ? PORTS.heihe : random.pick(RUSSIAN_GATES)[mode],
    mode,
    wares: RUSSIAN_FOOD,
    trade: '粮油',
    boxes: random.integer(1, 3),
    sizeType: '22G1',
    partner: 'RU',
    foreign: random.pick(['OOO ALTAI PRIMER', 'OOO AMUR OBRAZETS']),
    packaging: 'textile',
    load: [19_000, 24_000],
    targets: INLAND,
  });
}

/** 活海鲜: crab by lorry through Hunchun, hours from the sea. */
export function liveSeafood(stage: Stage): Draft[] {
  const { random } = stage;
  return inbound(stage, {
    port: CROSSINGS.hunchun['4'],
    mode: '4',
    wares: SEAFOOD,
    trade: '水产',
    boxes: 1,
    sizeType: '45R1',
    partner: 'RU',
    foreign: random.pick(['OOO PRIMORSKY KRAB-PRIMER', 'OOO TESTOVY FLOT']),
    packaging: 'plastic',
    load: [6_000, 14_000],
    targets: [PORTS.dalian, PORTS.shenyang, PORTS.harbin],
  });
}

/** 蒙古煤炭、铜精矿、羊绒: by lorry at Ganqimaodu, by rail at Erenhot. */
export function mongolian(stage: Stage): Draft[] {
  const { random } = stage;
  const wool = random.chance(0.2);
  const mode = wool || random.chance(0.2) ? '3' : '4';
  return inbound(stage, {
    // Ganqimaodu is a road; the railway crosses at Erenhot.
    port: mode === '4' && random.chance(0.75) ? PORTS.ganqimaodu : CROSSINGS.erenhot[mode],
    mode,
    wares: wool ? MONGOLIAN_WARES : MONGOLIAN_BULK,
    trade: wool ? '国际贸易' : '能源',
    boxes: wool ? random.integer(1, 2) : 0,
    sizeType: '22G1',
    partner: 'MN',
    foreign: random.pick(['JISHEE ENERGY LLC', 'ZAGVAR MINING LLC', 'TURSHILT CASHMERE LLC']),
    packaging: wool ? 'textile' : 'bulk',
    load: wool ? [12_000, 18_000] : [60_000, 110_000],
    targets: [PORTS.yingkou, PORTS.shenyang, PORTS.dalian, PORTS.changchun],
  });
}
