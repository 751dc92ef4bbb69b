import { boarding } from '../border-results.ts';
import { declare, openAndReseal, sealedBoxes } from '../consignment.ts';
import { ship } from '../conveyances.ts';
import { examination, release, scan, wholeOf } from '../customs-results.ts';
import { EXPORTS } from '../goods.ts';
import { certificate, quarantine } from '../inspection-results.ts';
import { broker, firm } from '../parties.ts';
import { PORTS } from '../ports.ts';
import { chinaDate, chinaTime, hours, newScript } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { Draft } from '../steps.ts';
import { moveOn } from './move-on.ts';

/**
 * 出口: stuffed and inspected inland, sealed by customs, and let go at the port without a second inspection while the seal holds
 * (通报、通检、通放).
 */
export function inlandExport(stage: Stage): Draft[] {
  const { random } = stage;
  const inland = random.pick([PORTS.harbin, PORTS.changchun, PORTS.shenyang]);
  const gates = [PORTS.dalian, PORTS.yingkou, PORTS.dalian, PORTS.manzhouliRail];
  const gate = random.pick(gates.filter((port) => port.province !== inland.province));
  const byRail = gate === PORTS.manzhouliRail;
  const partner = byRail ? random.pick(['RU', 'DE']) : random.pick(['JP', 'KR', 'US']);
  const start = stage.now - hours(66);
  const script = newScript(stage);
  const vessel = ship(random, stage.fleet, 'container');
  const conveyance = byRail
    ? { journey: `X8${random.digits(3)}`, nationality: 'CN' }
    : {
        imoNumber: vessel.imoNumber,
        name: vessel.name,
        nationality: vessel.flag,
        journey: `${random.text(3, '0123456789')}E`,
      };
  const wares = random.sample(EXPORTS, random.integer(1, 2));
  const load = random.integer(9_000, 20_000);
  const boxes = sealedBoxes(random, random.integer(1, 3), random.pick(['22G1', '45G1']), load, 'shipper');
  const stuffed = declare(random, inland, start, {
    direction: 'export',
    mode: byRail ? '3' : '2',
    conveyance,
    boxes,
    lines: wares.map((ware) => ({
      ware,
      kilograms: (load * boxes.length) / wares.length,
      packaging: 'paper' as const,
    })),
    origin: 'CN',
    partner,
    chinese: firm(random, stage.firms, inland.city, '国际贸易'),
    foreign: { name: random.pick(['SAMPLE TRADING', 'MUSTER HANDEL', 'MIHON SHOJI']), country: partner },
    declarant: broker(random, stage.firms, inland.city),
  });
  const opening = openAndReseal(random, stuffed, 'customs');
  const sent = opening.consignment;
  const keys = [
    script.submit(inland, 'customs', start + hours(1), (ref) =>
      examination(random, ref, inland, stuffed, start + hours(1), {
        verdict: random.weighted([
          [96, 'clean'],
          [4, 'discrepancy'],
        ] as const),
        unpacked: random.pick([10, 20]),
        containers: opening.containers,
        also: [
          {
            type: 'seal',
            outcome: 'conformant',
            performedAt: chinaTime(start + hours(1)),
            covers: wholeOf(sent),
          },
        ],
      }),
    ),
  ];
  if (random.chance(0.6)) {
    keys.push(
      script.submit(inland, 'customs', start + hours(2), (ref) =>
        scan(random, ref, inland, sent, start + hours(2), { suspect: false }),
      ),
    );
  }
  keys.push(
    script.submit(inland, 'inspection', start + hours(3), (ref) =>
      quarantine(random, ref, inland, sent, start + hours(3), {
        verdict: 'clean',
        from: 'CN',
        wood: false,
        sampled: false,
      }),
    ),
  );
  if (random.chance(0.5)) {
    keys.push(
      script.submit(inland, 'inspection', start + hours(8), (ref) =>
        certificate(random, ref, inland, sent, start + hours(8), [
          random.pick(['phytosanitary', 'quality', 'health'] as const),
        ]),
      ),
    );
  }
  keys.push(
    script.submit(inland, 'customs', start + hours(10), (ref) =>
      release(random, ref, inland, sent, start + hours(10), { basis: 'examined', destination: gate }),
    ),
  );
  moveOn(stage, script, gate, sent, keys, start + hours(54));
  if (random.chance(0.5)) {
    const sails = start + hours(60);
    script.submit(gate, 'border', sails, (ref) =>
      boarding(
        random,
        ref,
        gate,
        {
          direction: 'export',
          mode: byRail ? '3' : '2',
          conveyance,
          nextPort: { RU: 'RUZAB', DE: 'DEDUI', JP: 'JPNGO', KR: 'KRPUS', US: 'USLAX' }[partner] ?? 'KRPUS',
          manifest: `${gate.location.slice(2)}${chinaDate(sails)}${random.digits(4)}`,
          crew: { nationalities: [byRail ? 'CN' : vessel.flag === 'JP' ? 'JP' : 'PH', 'CN'], count: byRail ? 3 : 20 },
        },
        sails,
        false,
      ),
    );
  }
  return script.steps;
}
