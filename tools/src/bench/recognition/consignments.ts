import {
  containerCheckDigit,
  type RecognitionOutcome,
  type RecognitionReasonCode,
  type RecognitionRequest,
  type ResultContent,
  type UnitId,
} from '@clearance/contracts';
import {
  boxNumbers,
  type Consignment,
  containersOf,
  declare,
  itemNumbers,
  sealedBoxes,
} from '../../traffic/consignment.ts';
import { train, wagon } from '../../traffic/conveyances.ts';
import { examination, release, scan, wholeOf } from '../../traffic/customs-results.ts';
import { FISH } from '../../traffic/goods.ts';
import { quarantine } from '../../traffic/inspection-results.ts';
import { broker, firm } from '../../traffic/parties.ts';
import { PORTS } from '../../traffic/ports.ts';
import type { Random } from '../../traffic/random.ts';
import { chinaTime, hours } from '../../traffic/stage.ts';

/** The unit that asks, and in whose database the copies gather. */
export const ASKED: UnitId = 'nm.customs';
/** Its neighbour: receives the same copies into a database that stays small. */
export const NEIGHBOUR: UnitId = 'jl.customs';

/** Boxes that are in use on the region's lines: each comes back every eight months in the two years of a million results. */
export const BOXES = 150_000;
/** Boxes of a larger consignment, and of a block train: one on each wagon. */
const MANY = 10;
const TRAIN = 40;
/** Checks that the asking unit would make itself. */
const CHECKS = ['x-ray', 'quarantine', 'seal', 'documentary'] as const;

/** A consignment that three units have examined, and of which everything asked for is to be recognised. */
export interface ExaminedConsignment {
  readonly consignment: Consignment;
  readonly results: readonly { readonly unit: UnitId; readonly content: ResultContent }[];
}

/** A question, and how it has to be answered: else a benchmark might measure how fast refusals are. */
export interface Question {
  readonly kind: 'examined' | 'many boxes' | 'train' | 'unknown' | 'long-ago';
  readonly request: Omit<RecognitionRequest, 'reference'>;
  readonly outcome: RecognitionOutcome;
  /** A reason that must be among those given. */
  readonly because?: RecognitionReasonCode;
}

/** The number of one of the region's boxes. @param index 0 to 999,999; from {@link BOXES} on it belongs to none of them */
export function boxNumber(index: number): string {
  const body = `SITU${String(index).padStart(6, '0')}`;
  return `${body}${containerCheckDigit(body)}`;
}

/**
 * Makes consignments of one to three boxes, then of ten and, at the end, block trains, with the results of those who met them on their
 * way: the image and a quarantine at the border, the papers and seals in the next province; of every fourth, also the
 * asking unit's own release.
 *
 * @param now milliseconds since the epoch; everything was done within two days before
 */
export function examinedConsignments(
  random: Random,
  now: number,
  counts: { readonly usual: number; readonly many: number; readonly trains: number },
): ExaminedConsignment[] {
  const sizes = [
    ...Array.from({ length: counts.usual }, (_, index) => 1 + (index % 3)),
    ...Array.from({ length: counts.many }, () => MANY),
    ...Array.from({ length: counts.trains }, () => TRAIN),
  ];
  // No box is in two places within two days.
  const indexes = random.sample(
    Array.from({ length: BOXES }, (_, index) => index),
    sizes.reduce((sum, size) => sum + size, 0),
  );
  return sizes.map((size, index) => {
    const numbers = indexes.splice(0, size).map(boxNumber);
    return examine(random.fork(`consignment-${index}`), now - hours(40), numbers, index % 4 === 0);
  });
}

function examine(random: Random, at: number, numbers: readonly string[], released: boolean): ExaminedConsignment {
  const count = numbers.length;
  const [border, onTheWay, here] = [PORTS.suifenheRail, PORTS.shenyang, PORTS.manzhouliRail];
  const boxes = sealedBoxes(random, count, '45R1', 24_000, 'carrier');
  const consignment = declare(random, border, at, {
    direction: 'import',
    mode: '3',
    conveyance: { journey: train(random), nationality: 'RU', wagons: boxes.map(() => wagon(random)) },
    boxes: boxes.map((box, index) => ({ ...box, number: numbers[index]! })),
    lines: [{ ware: random.pick(FISH), kilograms: 24_000 * count, packaging: 'paper' }],
    origin: 'RU',
    partner: 'RU',
    chinese: firm(random, random.fork('firms'), border.city, '水产'),
    foreign: { name: 'Пример ООО', country: 'RU' },
    declarant: broker(random, random.fork('firms'), border.city),
  });
  const reference = (mark: string): string => `${mark}-${consignment.declarationNumber}`;
  // Of several boxes a scan now and then leaves one out; here all are driven through.
  const scanned = (attempt = 0): ResultContent => {
    const content = scan(random.fork(`scan-${attempt}`), reference('HG'), border, consignment, at, { suspect: false });
    return content.checks[0]?.covers?.containers?.length === count ? content : scanned(attempt + 1);
  };
  return {
    consignment,
    results: [
      { unit: 'hl.customs', content: scanned() },
      {
        unit: 'hl.inspection',
        content: quarantine(random, reference('JY'), border, consignment, at + hours(2), {
          verdict: 'clean',
          from: 'RU',
          wood: false,
          sampled: false,
        }),
      },
      {
        unit: 'ln.customs',
        content: examination(random, reference('CY'), onTheWay, consignment, at + hours(12), {
          verdict: 'clean',
          unpacked: 0,
          containers: containersOf(consignment),
          also: [
            {
              type: 'seal',
              outcome: 'conformant',
              performedAt: chinaTime(at + hours(12)),
              covers: wholeOf(consignment),
            },
          ],
        }),
      },
      ...(released
        ? [
            {
              unit: ASKED,
              content: release(random, reference('FX'), here, consignment, at + hours(30), { basis: 'recognised' }),
            },
          ]
        : []),
    ],
  };
}

/** What the unit asks when such a consignment has arrived. */
export function questionAbout({ consignment }: ExaminedConsignment): Question {
  const { length } = consignment.boxes;
  return {
    kind: length >= TRAIN ? 'train' : length >= MANY ? 'many boxes' : 'examined',
    outcome: 'recognised',
    request: {
      location: PORTS.manzhouliRail.location,
      checks: [...CHECKS],
      consignment: {
        declarationNumber: consignment.declarationNumber,
        transportDocument: consignment.transportDocument,
        containers: boxNumbers(consignment),
        items: itemNumbers(consignment),
      },
      sealsObserved: consignment.boxes.map(({ number, seal }) => ({
        container: number,
        number: seal.number,
        condition: 'intact' as const,
      })),
    },
  };
}

/** A question about a consignment of which nobody has heard: no document, no box that is known. */
export function unknownQuestion(random: Random): Question {
  const number = random.digits(9);
  return {
    kind: 'unknown',
    outcome: 'refused',
    because: 'no-result',
    request: {
      location: PORTS.manzhouliRail.location,
      checks: [...CHECKS],
      consignment: {
        declarationNumber: `090820${random.integer(10, 20)}1${number}`,
        transportDocument: `NONE${number}`,
        containers: [
          boxNumber(BOXES + random.integer(0, 800_000)),
          boxNumber(BOXES + random.integer(0, 800_000)),
        ].filter((box, index, boxes) => boxes.indexOf(box) === index),
        items: [1],
      },
    },
  };
}

/** A question about a consignment that was examined, but so long ago that nothing of it counts any more. */
export function longAgoQuestion(found: { declarationNumber: string; containers: readonly string[] }): Question {
  return {
    kind: 'long-ago',
    outcome: 'refused',
    because: 'expired',
    request: {
      location: PORTS.manzhouliRail.location,
      // Its own release of the papers the unit relies on for ever.
      checks: CHECKS.filter((check) => check !== 'documentary'),
      consignment: { declarationNumber: found.declarationNumber, containers: [...found.containers], items: [1] },
    },
  };
}
