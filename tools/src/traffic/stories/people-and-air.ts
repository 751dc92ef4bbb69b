import { boarding, crew, passengers } from '../border-results.ts';
import type { Crossing, Shift } from '../border-results.ts';
import { declare } from '../consignment.ts';
import { flight, lorry } from '../conveyances.ts';
import { release, scan } from '../customs-results.ts';
import { AIR_EXPORTS, AIR_IMPORTS } from '../goods.ts';
import { broker, firm } from '../parties.ts';
import { PORTS } from '../ports.ts';
import { chinaDate, hours, newScript } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { Draft } from '../steps.ts';
import { inspectGoods } from './inspect-goods.ts';
import { moveOn } from './move-on.ts';

/** 旅客: a shift at Heihe (ferry and bridge to Blagoveshchensk) or Hunchun (coaches from Slavyanka and Vladivostok). */
export function travellers(stage: Stage): Draft[] {
  const { random } = stage;
  const script = newScript(stage);
  const port = random.pick([PORTS.heihe, PORTS.heihe, PORTS.hunchunRoad, PORTS.manzhouliRoad]);
  const ferry = port === PORTS.heihe && random.chance(0.6);
  const shifts = random.integer(1, 3);
  for (let i = 0; i < shifts; i++) {
    const at = stage.now - hours(2 * (shifts - i));
    const shift: Shift = {
      direction: random.pick(['import', 'export'] as const),
      mode: ferry ? '2' : '4',
      conveyance: ferry
        ? { name: `黑河某渡${random.integer(1, 6)}号`, journey: `HB${random.digits(3)}`, nationality: 'CN' }
        : {
            registration: lorry(random, random.pick(['RU', 'CN'] as const), port.province),
            journey: `KC${random.digits(3)}`,
          },
      travellers: ferry ? random.integer(60, 260) : random.integer(12, 55),
      neighbour: 'RU',
    };
    script.submit(port, 'border', at, (ref) => passengers(random, ref, port, shift, at));
  }
  return script.steps;
}

/** 空运: cargo and crew of a flight at Shenyang, Harbin or Changchun, in or out; some of it goes on by road under customs. */
export function airCargo(stage: Stage): Draft[] {
  const { random } = stage;
  const script = newScript(stage);
  const port = random.pick([PORTS.shenyangAirport, PORTS.harbinAirport, PORTS.changchunAirport]);
  const start = stage.now - hours(46);
  const outward = random.chance(0.35);
  const { journey, registration, flag } = flight(random);
  const conveyance = { journey, registration, nationality: flag };
  const partner = outward ? random.pick(['RU', 'JP']) : random.pick(['DE', 'JP', 'KR', 'NO', 'CL']);
  const crossing: Crossing = {
    direction: outward ? 'export' : 'import',
    mode: '5',
    conveyance,
    manifest: `${port.location.slice(2)}${chinaDate(start)}${random.digits(4)}`,
    crew: { nationalities: [flag, 'CN'], count: random.integer(4, 9) },
  };
  script.submit(port, 'border', start, (ref) => boarding(random, ref, port, crossing, start, false));
  if (random.chance(0.6)) {
    script.submit(port, 'border', start + hours(0.7), (ref) => crew(random, ref, port, crossing, start + hours(0.7)));
  }
  const ware = random.pick(outward ? AIR_EXPORTS : AIR_IMPORTS);
  const consignment = declare(random, port, start, {
    direction: crossing.direction,
    mode: '5',
    conveyance,
    manifest: crossing.manifest,
    boxes: [],
    lines: [{ ware, kilograms: random.integer(300, 9_000), packaging: 'paper' }],
    origin: outward ? 'CN' : partner,
    partner,
    chinese: firm(random, stage.firms, port.city, outward ? '跨境电商' : '国际贸易'),
    foreign: { name: random.pick(['SAMPLE AIR TRADE', 'MUSTER LOGISTIK', 'OOO PRIMER MARKET']), country: partner },
    declarant: broker(random, stage.firms, port.city),
  });
  const scanned = start + hours(1.5);
  const keys = [
    script.submit(port, 'customs', scanned, (ref) =>
      scan(random, ref, port, consignment, scanned, { suspect: random.chance(0.03) }),
    ),
  ];
  if (!outward) {
    const inspected = inspectGoods(stage, script, port, consignment, start + hours(2), partner);
    if (!inspected.passed) return script.steps;
    keys.push(...inspected.keys);
  }
  const freed = start + hours(outward ? 3 : 31);
  keys.push(
    script.submit(port, 'customs', freed, (ref) =>
      release(random, ref, port, consignment, freed, { basis: random.pick(['examined', 'not-selected'] as const) }),
    ),
  );
  const others = [PORTS.shenyang, PORTS.harbin, PORTS.changchun, PORTS.dalian].filter(
    (other) => other.province !== port.province,
  );
  if (!outward && random.chance(0.5)) moveOn(stage, script, random.pick(others), consignment, keys, start + hours(40));
  return script.steps;
}
