import {
  AGENCIES,
  type Recognition,
  type RecognitionRequest,
  type ResultContent,
  type UnitId,
} from '@clearance/contracts';
import { boxNumbers, type Consignment, declare, itemNumbers, sealedBoxes } from '../traffic/consignment.ts';
import { scan, wholeOf } from '../traffic/customs-results.ts';
import { FISH, SPECIAL, VEHICLE_PARTS } from '../traffic/goods.ts';
import { broker, firm } from '../traffic/parties.ts';
import type { Port } from '../traffic/ports.ts';
import { type Random, seededRandom } from '../traffic/random.ts';
import { chinaTime } from '../traffic/stage.ts';

export interface CargoOptions {
  readonly boxes?: number;
  readonly ware?: 'fish' | 'parts' | 'special';
  readonly handling?: 'military';
}

/** Goods of the script: the same label gives the same containers, seals and numbers every day that it is played. */
export function cargo(label: string, port: Port, at: number, options: CargoOptions = {}): Consignment {
  const random = seededRandom(`demo/${label}`);
  const { boxes = 1, ware = 'fish', handling } = options;
  const wares = { fish: FISH, parts: VEHICLE_PARTS, special: SPECIAL }[ware];
  const partner = ware === 'fish' ? 'RU' : 'JP';
  const chosen = random.pick(wares);
  return declare(random, port, at, {
    direction: 'import',
    mode: ware === 'fish' ? '3' : '2',
    conveyance: { journey: ware === 'fish' ? 'X9402' : '026W', nationality: partner },
    boxes: sealedBoxes(random, boxes, ware === 'fish' ? '45R1' : '45G1', 22_000, 'carrier'),
    lines: [{ ware: chosen, kilograms: 22_000 * boxes, packaging: 'paper' }],
    origin: partner,
    partner,
    chinese: firm(random, random.fork('firms'), port.city, handling === 'military' ? '特种物资' : '国际贸易'),
    foreign: { name: ware === 'fish' ? 'OOO PRIMER-RYBA' : 'MIHON KOGYO KK', country: partner },
    declarant: broker(random, random.fork('firms'), port.city),
    ...(handling === undefined ? {} : { handling }),
  });
}

/** A generator for the parts of a result that the script leaves open. */
export function chanceOf(label: string): Random {
  return seededRandom(`demo/${label}/content`);
}

/**
 * A clean scan of the consignment, its seals looked at.
 *
 * @param driven containers that were driven through; all of them unless told
 */
export function cleanScan(
  label: string,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  driven: readonly string[] = boxNumbers(c),
): ResultContent {
  const content = scan(chanceOf(label), reference, port, c, at, { suspect: false });
  const performedAt = chinaTime(at);
  const all = driven.length === c.boxes.length;
  return {
    ...content,
    checks: [
      {
        type: 'x-ray',
        outcome: 'conformant',
        performedAt,
        covers: all ? wholeOf(c) : { containers: [...driven] },
      },
      { type: 'seal', outcome: 'conformant', performedAt, covers: wholeOf(c) },
    ],
  } as ResultContent;
}

/** The consignment as a unit asks about it on arrival, its seals found as they are on it. */
export function arrival(
  reference: string,
  location: string,
  checks: RecognitionRequest['checks'],
  c: Consignment,
  condition: 'intact' | 'broken' = 'intact',
): RecognitionRequest {
  return {
    reference,
    location,
    checks,
    consignment: { declarationNumber: c.declarationNumber, containers: boxNumbers(c), items: itemNumbers(c) },
    sealsObserved: c.boxes.map((box) => ({ container: box.number, number: box.seal.number, condition })),
  };
}

/** A check's decision in codes: `recognised MRA-NE-03 nm.customs` or `required seal-broken`. */
export function decisionOf(recognition: Recognition, type: string): string {
  const check = recognition.checks.find((each) => each.type === type);
  if (check === undefined) return 'none';
  const by = [...new Set((check.by ?? []).map(({ issuer }) => issuer))].sort();
  const reasons = [...new Set((check.reasons ?? []).map(({ code }) => code))].sort();
  return [check.decision, ...(check.arrangement === undefined ? [] : [check.arrangement]), ...by, ...reasons].join(' ');
}

/** What was withheld, as `path entry access`, in order. */
export function withheldOf(view: { withheld: readonly { path: string; entry: string; access: string }[] }): string[] {
  return view.withheld.map(({ path, entry, access }) => `${path === '' ? '(all)' : path} ${entry} ${access}`).sort();
}

/** Which units see something, written as {@link asSelectors}. */
export function unitsThat<V>(views: ReadonlyMap<UnitId, V>, test: (view: V) => boolean): string[] {
  const found = [...views].flatMap(([unit, view]) => (test(view) ? [unit] : []));
  return asSelectors(found, [...views.keys()]);
}

/** Units as a list writes them: `*.customs` for all of an agency's units out of `all`, else one by one. */
export function asSelectors(units: readonly UnitId[], all: readonly UnitId[]): string[] {
  return AGENCIES.flatMap((agency) => {
    const ofAgency = all.filter((unit) => unit.endsWith(`.${agency}`));
    const found = ofAgency.filter((unit) => units.includes(unit));
    return found.length > 0 && found.length === ofAgency.length ? [`*.${agency}`] : found;
  });
}
