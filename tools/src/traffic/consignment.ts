import type { Container, Conveyance, Goods, Party, Seal } from '@clearance/contracts';
import type { Ware } from './goods.ts';
import { containerNumber, declarationNumber, sealNumber, transportDocument } from './identifiers.ts';
import type { Port } from './ports.ts';
import type { Random } from './random.ts';

/** A box and the seal that is on it now. */
export interface Box {
  readonly number: string;
  readonly sizeType: string;
  /** Kilograms, gross. */
  readonly gross: number;
  readonly seal: Seal;
}

/** Goods on their way, as every agency's papers about them name them. */
export interface Consignment {
  readonly direction: 'import' | 'export';
  readonly mode: '2' | '3' | '4' | '5';
  readonly declarationNumber: string;
  readonly transportDocument: string;
  /** Number of the manifest under which the conveyance brought it; border inspection's results bear it too. */
  readonly manifest?: string;
  readonly conveyance: Conveyance;
  readonly boxes: readonly Box[];
  readonly goods: readonly Goods[];
  /** The wares behind the goods, line by line: what may be found in them. */
  readonly wares: readonly Ware[];
  readonly consignee: Party;
  readonly consignor: Party;
  readonly declarant: Party;
  readonly handling?: 'military' | 'diplomatic' | 'dual-use' | 'relief';
}

/** Units of account per US dollar, of a plausible order; yen and won have no minor unit. */
const RATES = { USD: 1, CNY: 7.12, RUB: 81, MNT: 3560, JPY: 154, KRW: 1440, EUR: 0.87 } as const;
export type Currency = keyof typeof RATES;

/** In what a country's trade with the region is invoiced. */
const INVOICED: Readonly<Record<string, readonly (readonly [number, Currency])[]>> = {
  RU: [
    [5, 'CNY'],
    [3, 'RUB'],
    [2, 'USD'],
  ],
  MN: [
    [5, 'CNY'],
    [3, 'USD'],
    [2, 'MNT'],
  ],
  JP: [
    [7, 'JPY'],
    [3, 'USD'],
  ],
  KR: [
    [6, 'USD'],
    [4, 'KRW'],
  ],
  DE: [
    [8, 'EUR'],
    [2, 'USD'],
  ],
};

/** An amount of money for a price in USD. */
export function money(usd: number, currency: Currency): { amount: string; currency: Currency } {
  const amount = usd * RATES[currency];
  return { amount: amount.toFixed(currency === 'JPY' || currency === 'KRW' ? 0 : 2), currency };
}

/** The currency that an invoice from or to a country is in. */
export function invoiceCurrency(random: Random, country: string): Currency {
  return random.weighted(INVOICED[country] ?? [[1, 'USD']]);
}

export interface Line {
  readonly ware: Ware;
  /** Kilograms, net. */
  readonly kilograms: number;
  readonly packaging: 'wood' | 'paper' | 'plastic' | 'textile' | 'bulk';
}

/** The goods list of a declaration: one item per line, numbered from 1. */
export function goodsList(random: Random, lines: readonly Line[], origin: string, partner: string): Goods[] {
  const currency = invoiceCurrency(random, partner);
  return lines.map(({ ware, kilograms, packaging }, i) => {
    const units = kilograms / ware.weight;
    const value =
      ware.unit === 'H87' ? Math.max(1, Math.round(units)) : Number(units.toFixed(ware.unit === 'KGM' ? 0 : 3));
    const [low, high] = ware.price;
    return {
      item: i + 1,
      commodityCode: ware.commodityCode,
      description: ware.description,
      origin,
      quantity: { value: String(value), unit: ware.unit },
      netWeight: { value: String(Math.max(1, Math.round(value * ware.weight))), unit: 'KGM' },
      value: money(value * (low + (high - low) * random.fraction()), currency),
      packages:
        packaging === 'bulk'
          ? { count: 1, material: 'bulk' }
          : { count: Math.max(1, Math.round(kilograms / random.pick([10, 20, 25, 500]))), material: packaging },
    };
  });
}

/**
 * So many boxes under seals of the carrier or the shipper.
 *
 * @param load kilograms of goods in each
 */
export function sealedBoxes(
  random: Random,
  count: number,
  sizeType: string,
  load: number,
  by: 'carrier' | 'shipper',
): Box[] {
  return Array.from({ length: count }, () => ({
    number: containerNumber(random),
    sizeType,
    // Tare of a 20-foot box about 2.2 t, of a 40-foot one 3.8 t, of a reefer 4.6 t.
    gross: Math.round(load) + (sizeType.startsWith('2') ? 2200 : sizeType.includes('R') ? 4600 : 3800),
    seal: { number: sealNumber(random, by), condition: 'intact', affixedBy: by },
  }));
}

/** The containers as a result records them, each under the seal that is on it now. */
export function containersOf(consignment: Consignment): Container[] {
  return consignment.boxes.map((box) => ({
    number: box.number,
    sizeType: box.sizeType,
    loadStatus: 'full',
    grossWeight: { value: String(box.gross), unit: 'KGM' },
    seals: [box.seal],
  }));
}

/** The numbers of the containers. */
export function boxNumbers(consignment: Consignment): string[] {
  return consignment.boxes.map((box) => box.number);
}

/** The item numbers of the goods. */
export function itemNumbers(consignment: Consignment): number[] {
  return consignment.goods.map((line) => line.item);
}

/** The full quantities of the goods, as a check that weighed or counted all of them covers them. */
export function quantitiesOf(consignment: Consignment): { item: number; value: string; unit: string }[] {
  return consignment.goods.flatMap(({ item, quantity }) => (quantity ? [{ item, ...quantity }] : []));
}

/** Boxes opened and sealed again by an agency. */
export interface Opening {
  /** What the opening's record says: the old seal broken, the new one in its place. */
  readonly containers: Container[];
  /** The consignment as it travels on. */
  readonly consignment: Consignment;
}

/**
 * Opens boxes officially and seals them again.
 *
 * @param which numbers of the boxes to open; the others stay as they are
 */
export function openAndReseal(
  random: Random,
  consignment: Consignment,
  by: 'customs' | 'inspection',
  which: readonly string[] = boxNumbers(consignment),
): Opening {
  const boxes = consignment.boxes.map((box): Box => {
    if (!which.includes(box.number)) return box;
    const seal: Seal = {
      number: sealNumber(random, by),
      condition: 'intact',
      replaces: box.seal.number,
      affixedBy: by,
    };
    return { ...box, seal };
  });
  const containers = boxes.map((box, i): Container => {
    const before = consignment.boxes[i]?.seal;
    const opened = before !== undefined && before.number !== box.seal.number;
    const { number, sizeType } = box;
    const grossWeight = { value: String(box.gross), unit: 'KGM' };
    const seals: Seal[] = opened
      ? [{ ...before, condition: before.condition === 'intact' ? 'broken' : before.condition }, box.seal]
      : [box.seal];
    return { number, sizeType, loadStatus: 'full', grossWeight, seals };
  });
  return { containers, consignment: { ...consignment, boxes } };
}

export interface Papers {
  readonly direction: 'import' | 'export';
  readonly mode: '2' | '3' | '4' | '5';
  readonly conveyance: Conveyance;
  readonly manifest?: string;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** ISO 3166-1 alpha-2. */
  readonly origin: string;
  /** The other side's country. */
  readonly partner: string;
  readonly chinese: Party;
  readonly foreign: Party;
  readonly declarant: Party;
  readonly handling?: Consignment['handling'];
}

/** A consignment as it is declared at a port. */
export function declare(random: Random, port: Port, at: number, papers: Papers): Consignment {
  const { direction, mode, conveyance, boxes, lines, chinese, foreign, declarant, handling } = papers;
  return {
    direction,
    mode,
    declarationNumber: declarationNumber(random, port.office, direction, at),
    transportDocument: transportDocument(random, mode),
    ...(papers.manifest === undefined ? {} : { manifest: papers.manifest }),
    conveyance,
    boxes,
    goods: goodsList(random, lines, papers.origin, papers.partner),
    wares: lines.map((line) => line.ware),
    consignee: direction === 'import' ? chinese : foreign,
    consignor: direction === 'import' ? foreign : chinese,
    declarant,
    ...(handling === undefined ? {} : { handling }),
  };
}
