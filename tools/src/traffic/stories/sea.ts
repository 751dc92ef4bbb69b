import { boarding, crew } from '../border-results.ts';
import type { Crossing } from '../border-results.ts';
import { declare, quantitiesOf, sealedBoxes, openAndReseal } from '../consignment.ts';
import type { Consignment, Line } from '../consignment.ts';
import { ship } from '../conveyances.ts';
import { examination, release, scan } from '../customs-results.ts';
import { transportDocument } from '../identifiers.ts';
import { IRON_ORE, SEA_COAL, SOYBEANS, SPECIAL, VEHICLE_PARTS } from '../goods.ts';
import type { Ware } from '../goods.ts';
import { broker, firm } from '../parties.ts';
import type { Trade } from '../parties.ts';
import { PORTS } from '../ports.ts';
import type { Port } from '../ports.ts';
import { chinaDate, chinaTime, hours, newScript } from '../stage.ts';
import type { Script, Stage } from '../stage.ts';
import type { Draft } from '../steps.ts';
import { inspectGoods } from './inspect-goods.ts';
import { askNextDoor, moveOn } from './move-on.ts';

/** A ship's call: she is boarded, and foreign crews are checked person by person. */
function call(stage: Stage, script: Script, port: Port, crossing: Crossing, at: number): void {
  const { random } = stage;
  script.submit(port, 'border', at, (ref) => boarding(random, ref, port, crossing, at, random.chance(0.03)));
  if (random.chance(0.5)) {
    script.submit(port, 'border', at + hours(2), (ref) => crew(random, ref, port, crossing, at + hours(2)));
  }
}

const MANNING: Readonly<Record<string, readonly string[]>> = {
  CN: ['CN'],
  JP: ['JP', 'PH'],
  KR: ['KR', 'PH'],
};

function crossingOf(stage: Stage, port: Port, kind: 'container' | 'bulk', from: string, at: number): Crossing {
  const { random } = stage;
  const vessel = ship(random, stage.fleet, kind);
  return {
    direction: 'import',
    mode: '2',
    conveyance: {
      imoNumber: vessel.imoNumber,
      name: vessel.name,
      nationality: vessel.flag,
      journey: `${random.text(3, '0123456789')}${random.pick(['W', 'E', 'N', 'S'])}`,
    },
    manifest: `${port.location.slice(2)}${chinaDate(at)}${random.digits(4)}`,
    previousPort: from,
    crew: { nationalities: MANNING[vessel.flag] ?? ['PH', 'CN', 'RU'], count: random.integer(14, 23) },
  };
}

interface Cargo {
  readonly wares: readonly Ware[];
  readonly trade: Trade;
  /** Country of origin, the port it comes from, the seller. */
  readonly source: readonly [country: string, port: string, seller: string];
  /** Tonnes. */
  readonly load: readonly [number, number];
  readonly targets: readonly Port[];
}

/** A bulk carrier is discharged: draught survey, quarantine, laboratory, weight certificate; then on by rail. */
function bulk(stage: Stage, port: Port, cargo: Cargo): Draft[] {
  const { random } = stage;
  const start = stage.now - hours(70);
  const script = newScript(stage);
  const [country, from, seller] = cargo.source;
  const crossing = crossingOf(stage, port, 'bulk', from, start);
  const consignment = declare(random, port, start, {
    direction: 'import',
    mode: '2',
    conveyance: crossing.conveyance,
    manifest: crossing.manifest,
    boxes: [],
    lines: [{ ware: random.pick(cargo.wares), kilograms: random.integer(...cargo.load) * 1000, packaging: 'bulk' }],
    origin: country,
    partner: country,
    chinese: firm(random, stage.firms, port.city, cargo.trade),
    foreign: { name: seller, country },
    declarant: broker(random, stage.firms, port.city),
  });
  call(stage, script, port, { ...crossing, transportDocument: consignment.transportDocument }, start);
  const inspected = inspectGoods(stage, script, port, consignment, start + hours(4), country);
  const weighed = start + hours(32);
  const survey = script.submit(port, 'customs', weighed, (ref) =>
    examination(random, ref, port, consignment, weighed, {
      verdict: random.weighted([
        [94, 'clean'],
        [6, 'discrepancy'],
      ] as const),
      unpacked: 0,
      also: [
        {
          type: 'weighing',
          outcome: 'conformant',
          performedAt: chinaTime(weighed),
          method: '水尺计重',
          covers: { items: [1], quantities: quantitiesOf(consignment) },
        },
      ],
    }),
  );
  if (!inspected.passed) return script.steps;
  const freed = start + hours(36);
  const released = script.submit(port, 'customs', freed, (ref) =>
    release(random, ref, port, consignment, freed, { basis: random.chance(0.3) ? 'two-step' : 'examined' }),
  );
  if (random.chance(0.6)) {
    moveOn(
      stage,
      script,
      random.pick(cargo.targets),
      consignment,
      [survey, ...inspected.keys, released],
      start + hours(66),
    );
  }
  return script.steps;
}

const SEA_PORTS = [PORTS.dalian, PORTS.dalian, PORTS.yingkou] as const;

/** 大豆: from Brazil, the United States and the Russian Far East to the crushers of Jilin and Heilongjiang. */
export function soybeans(stage: Stage): Draft[] {
  const { random } = stage;
  return bulk(stage, random.pick(SEA_PORTS), {
    wares: SOYBEANS,
    trade: '粮油',
    source: random.pick([
      ['BR', 'BRSSZ', 'EXEMPLO GRAOS LTDA'],
      ['US', 'USMSY', 'SAMPLE GRAIN INC'],
      ['RU', 'RUVVO', 'OOO DALNY PRIMER'],
    ] as const),
    load: [25_000, 66_000],
    targets: [PORTS.changchun, PORTS.harbin, PORTS.changchun],
  });
}

/** 铁矿石、煤炭: for the steelworks and power stations. */
export function oreAndCoal(stage: Stage): Draft[] {
  const { random } = stage;
  const ore = random.chance(0.6);
  return bulk(stage, random.pick(SEA_PORTS), {
    wares: ore ? IRON_ORE : SEA_COAL,
    trade: ore ? '矿业' : '能源',
    source: ore
      ? random.pick([
          ['AU', 'AUPHE', 'SAMPLE IRON PTY LTD'],
          ['BR', 'BRTUB', 'EXEMPLO MINERIO SA'],
        ] as const)
      : random.pick([
          ['RU', 'RUVYP', 'AO OBRAZETS UGOL'],
          ['ID', 'IDBDJ', 'PT CONTOH BARA'],
        ] as const),
    load: ore ? [80_000, 175_000] : [30_000, 72_000],
    targets: [PORTS.changchun, PORTS.harbin],
  });
}

/** What customs does with containers off a ship: some images, some openings, seals read in any case. */
function customsInYard(stage: Stage, script: Script, port: Port, arrived: Consignment, at: number) {
  const { random } = stage;
  const suspect = random.chance(0.05);
  const keys = [script.submit(port, 'customs', at, (ref) => scan(random, ref, port, arrived, at, { suspect }))];
  if (!suspect && !random.chance(0.12)) return { consignment: arrived, keys, passed: true };
  const opening = openAndReseal(random, arrived, 'customs');
  const verdict = random.weighted([
    [75, 'clean'],
    [17, 'discrepancy'],
    [8, 'seizure'],
  ] as const);
  keys.push(
    script.submit(port, 'customs', at + hours(5), (ref) =>
      examination(random, ref, port, arrived, at + hours(5), {
        verdict,
        containers: opening.containers,
        unpacked: random.pick([20, 50, 100]),
      }),
    ),
  );
  return { consignment: opening.consignment, keys, passed: verdict !== 'seizure' };
}

/** Containers off a liner: vehicle parts for Changchun and Shenyang, or a special consignment for whom it concerns. */
function containers(stage: Stage, handling: Consignment['handling']): Draft[] {
  const { random } = stage;
  const port = handling === undefined ? random.pick(SEA_PORTS) : PORTS.dalian;
  const start = stage.now - hours(58);
  const script = newScript(stage);
  const [country, from, seller] = random.pick([
    ['JP', 'JPNGO', 'MIHON BUHIN KK'],
    ['KR', 'KRPUS', 'YESI BUPUM CO LTD'],
    ['DE', 'DEHAM', 'MUSTER FAHRZEUGTEILE GMBH'],
  ] as const);
  const crossing = crossingOf(stage, port, 'container', from, start);
  if (random.chance(0.6)) call(stage, script, port, crossing, start);
  const load = random.integer(8_000, 18_000);
  const boxes = sealedBoxes(
    random,
    random.weighted([
      [5, 1],
      [3, 2],
      [2, 4],
    ]),
    '45G1',
    load,
    'carrier',
  );
  const wares = random.sample(handling === undefined ? VEHICLE_PARTS : SPECIAL, random.integer(1, 3));
  const packaging: Line['packaging'] = random.chance(0.5) ? 'wood' : 'paper';
  const consignment = declare(random, port, start, {
    direction: 'import',
    mode: '2',
    conveyance: crossing.conveyance,
    manifest: crossing.manifest,
    boxes,
    lines: wares.map((ware) => ({ ware, kilograms: (load * boxes.length) / wares.length, packaging })),
    origin: country,
    partner: country,
    chinese: firm(
      random,
      stage.firms,
      handling === undefined ? random.pick(['长春', '沈阳', '大连'] as const) : '大连',
      handling === undefined ? '汽车零部件' : '特种物资',
    ),
    foreign: { name: seller, country },
    declarant: broker(random, stage.firms, port.city),
    ...(handling === undefined ? {} : { handling }),
  });
  const customs = customsInYard(stage, script, port, consignment, start + hours(6));
  askNextDoor(stage, script, port, customs.consignment, customs.keys, start + hours(12));
  const inspected = inspectGoods(stage, script, port, customs.consignment, start + hours(12), country);
  if (!customs.passed || !inspected.passed) return script.steps;
  const target = random.pick([PORTS.changchun, PORTS.changchun, PORTS.harbin]);
  const freed = start + hours(40);
  const released = script.submit(port, 'customs', freed, (ref) =>
    release(random, ref, port, inspected.consignment, freed, {
      basis: random.pick(['examined', 'two-step', 'guarantee'] as const),
      destination: target,
    }),
  );
  if (random.chance(0.75)) {
    moveOn(
      stage,
      script,
      target,
      inspected.consignment,
      [...customs.keys, ...inspected.keys, released],
      start + hours(54),
    );
  }
  return script.steps;
}

/** 汽车零部件: from Japan, Korea and Germany. */
export function vehicleParts(stage: Stage): Draft[] {
  return containers(stage, undefined);
}

/** 军品、两用物项等: consignments whose results a list may withhold whole. */
export function special(stage: Stage): Draft[] {
  return containers(
    stage,
    stage.random.weighted([
      [5, 'military'],
      [3, 'dual-use'],
      [1, 'diplomatic'],
      [1, 'relief'],
    ] as const),
  );
}

/** 船员: a ship in port for her crew's sake: boarded, and every one of them checked. */
export function shipCrew(stage: Stage): Draft[] {
  const { random } = stage;
  const port = random.chance(0.8) ? PORTS.dalian : PORTS.yingkou;
  const start = stage.now - hours(8);
  const script = newScript(stage);
  const from = random.pick(['JPNGO', 'KRPUS', 'RUVVO', 'KRINC']);
  const document = transportDocument(random, '2');
  const crossing: Crossing = {
    ...crossingOf(stage, port, random.pick(['container', 'bulk'] as const), from, start),
    transportDocument: document,
  };
  const boarded = script.submit(port, 'border', start, (ref) =>
    boarding(random, ref, port, crossing, start, random.chance(0.05)),
  );
  if (random.chance(0.5)) {
    // 联合登临: one boarding, which customs or inspection need not repeat.
    const asking = random.pick(['customs', 'inspection'] as const);
    script.recognise(port, asking, start + hours(3), [boarded], (reference) => ({
      reference,
      location: port.location,
      checks: ['boarding'],
      consignment: { transportDocument: document },
    }));
  }
  script.submit(port, 'border', start + hours(2), (ref) => crew(random, ref, port, crossing, start + hours(2)));
  return script.steps;
}
