import { openAndReseal } from '../consignment.ts';
import type { Consignment } from '../consignment.ts';
import { analytesOf, certificate, laboratory, quarantine } from '../inspection-results.ts';
import type { CertificateType } from '../inspection-results.ts';
import type { Port } from '../ports.ts';
import { hours } from '../stage.ts';
import type { Script, Stage } from '../stage.ts';

export interface Inspected {
  /** As it goes on: under a new seal where boxes were opened. */
  readonly consignment: Consignment;
  /** Keys of the results. */
  readonly keys: string[];
  /** False when the goods were turned back. */
  readonly passed: boolean;
}

/**
 * What inspection does with goods that enter: quarantine on the spot (opened and sealed again for samples), the laboratory where
 * something is measured in such goods, then the certificate.
 *
 * @param at start; all of it takes at most 27 hours
 * @param from country whose certificate came with the goods
 */
export function inspectGoods(
  stage: Stage,
  script: Script,
  port: Port,
  arrived: Consignment,
  at: number,
  from: string,
): Inspected {
  const { random } = stage;
  const tested = analytesOf(arrived).length > 0 && random.chance(0.4);
  const pests = arrived.wares.some((ware) => (ware.pests ?? []).length > 0);
  const verdict = pests
    ? random.weighted([
        [86, 'clean'],
        [12, 'pest'],
        [2, 'refused'],
      ] as const)
    : random.weighted([
        [99, 'clean'],
        [1, 'refused'],
      ] as const);
  const opens = arrived.boxes.length > 0 && (tested || verdict !== 'clean');
  const opening = opens ? openAndReseal(random, arrived, 'inspection') : undefined;
  const consignment = opening?.consignment ?? arrived;
  const keys = [
    script.submit(port, 'inspection', at, (ref) =>
      quarantine(random, ref, port, arrived, at, {
        verdict,
        from,
        sampled: tested,
        wood: arrived.goods.some((line) => line.packages?.material === 'wood'),
        ...(opening === undefined ? {} : { containers: opening.containers }),
      }),
    ),
  ];
  if (verdict === 'refused') return { consignment, keys, passed: false };
  let passed = true;
  if (tested) {
    const reported = at + hours(22);
    passed = random.chance(0.96);
    keys.push(
      script.submit(port, 'inspection', reported, (ref) =>
        laboratory(random, ref, port, consignment, reported, passed),
      ),
    );
  }
  if (passed && random.chance(0.6)) {
    const issued = at + hours(27);
    const types: CertificateType[] = [
      tested ? 'health' : 'entry-goods',
      ...(pests ? (['phytosanitary'] as const) : []),
    ];
    keys.push(
      script.submit(port, 'inspection', issued, (ref) => certificate(random, ref, port, consignment, issued, types)),
    );
  }
  return { consignment, keys, passed };
}
