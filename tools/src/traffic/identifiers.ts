import { containerCheckDigit, creditCodeCheckCharacter, imoCheckDigit } from '@clearance/contracts';
import type { Random } from './random.ts';

/** Owner codes of containers seen on the region's lines, all ending in U (freight containers, ISO 6346). */
const CONTAINER_OWNERS = ['TBJU', 'TKRU', 'RZDU', 'COSU', 'CSNU', 'OOLU', 'MSKU', 'SITU', 'TCLU', 'FESU'] as const;

/** A container number with its check digit (ISO 6346). */
export function containerNumber(random: Random): string {
  const body = `${random.pick(CONTAINER_OWNERS)}${random.text(6, '0123456789')}`;
  return `${body}${containerCheckDigit(body)}`;
}

/** An IMO ship number with its check digit; 9 begins the numbers of ships built since about 1990. */
export function imoNumber(random: Random): string {
  const body = `9${random.digits(5)}`;
  return `${body}${imoCheckDigit(body)}`;
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;
const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * A unified social credit code of an enterprise (GB 32100-2015): 91, the division (GB/T 2260), the organisation code with its own
 * check character (GB 11714) and the check character of the whole.
 *
 * @param division six digits, e.g. `210200` for Dalian
 */
export function creditCode(random: Random, division: string): string {
  const organisation = `MA${random.text(6, '0123456789ABCDEFGHJKLMNPQRTUWXY')}`;
  const sum = ORGANISATION_WEIGHTS.reduce(
    (total, weight, i) => total + weight * ORGANISATION_ALPHABET.indexOf(organisation.charAt(i)),
    0,
  );
  const remainder = 11 - (sum % 11);
  const check = remainder === 10 ? 'X' : remainder === 11 ? '0' : String(remainder);
  const body = `91${division}${organisation}${check}`;
  return `${body}${creditCodeCheckCharacter(body)}`;
}

/**
 * A declaration number: office, year, 1 for import or 0 for export, nine digits.
 *
 * @param office customs office where it is declared, four digits
 * @param at time of declaration, milliseconds since 1970
 */
export function declarationNumber(random: Random, office: string, direction: 'import' | 'export', at: number): string {
  return `${office}${new Date(at).getUTCFullYear()}${direction === 'import' ? '1' : '0'}${random.digits(9)}`;
}

/** A customs, carrier's or inspection seal as printed on it: one or two letters and seven digits. */
export function sealNumber(random: Random, by: 'customs' | 'inspection' | 'carrier' | 'shipper'): string {
  const prefix = { customs: 'H', inspection: 'J', carrier: random.pick(['C', 'ML', 'RZ']), shipper: 'S' }[by];
  return `${prefix}${random.digits(7)}`;
}

/** A bill of lading, rail waybill (SMGS), road waybill or air waybill number, by mode of transport. */
export function transportDocument(random: Random, mode: '2' | '3' | '4' | '5'): string {
  switch (mode) {
    case '2':
      return `${random.pick(['COSU', 'SITD', 'OOLU', 'KMTC', 'MAEU'])}${random.digits(10)}`;
    case '3':
      return random.digits(8);
    case '4':
      return `CMR${random.digits(7)}`;
    case '5': {
      // Eleven digits: the airline's three, a serial of seven and its remainder modulo 7 (IATA Resolution 600a).
      const serial = random.digits(7);
      return `${random.pick(['999', '784', '297', '180', '205'])}${serial}${Number(serial) % 7}`;
    }
    default:
      return mode satisfies never;
  }
}
