import { imoNumber } from './identifiers.ts';
import type { Random } from './random.ts';

/** A ship that calls again and again: name, IMO number and flag stay together within a scenario. */
export interface Ship {
  readonly imoNumber: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly flag: string;
}

const CONTAINER_SHIPS = [
  ['SHILI DALIAN', 'CN'],
  ['SHILI YINGKOU', 'CN'],
  ['MIHON MARU', 'JP'],
  ['YESI PIONEER', 'KR'],
  ['SAMPLE EXPRESS', 'PA'],
] as const;
const BULK_CARRIERS = [
  ['SAMPLE TRADER', 'LR'],
  ['SPECIMEN OCEAN', 'MH'],
  ['MODEL FORTUNE', 'PA'],
  ['PATTERN GRACE', 'HK'],
  ['SHILI HARVEST', 'CN'],
] as const;

/** One of the scenario's ships. `fleet` is a generator that the whole scenario shares, only ever forked. */
export function ship(random: Random, fleet: Random, kind: 'container' | 'bulk'): Ship {
  const [name, flag] = random.pick<readonly [string, string]>(kind === 'container' ? CONTAINER_SHIPS : BULK_CARRIERS);
  return { name, flag, imoNumber: imoNumber(fleet.fork(name)) };
}

const PROVINCE_PLATES: Readonly<Record<string, string>> = { ln: '辽', jl: '吉', hl: '黑', nm: '蒙' };

/** A lorry's registration: Russian, Mongolian or Chinese (of a province). */
export function lorry(random: Random, country: 'RU' | 'MN' | 'CN', province = 'hl'): string {
  switch (country) {
    case 'RU':
      return `${random.text(1, 'ABEKMHOPCTYX')}${random.text(3, '0123456789')}${random.text(2, 'ABEKMHOPCTYX')}${random.pick(['25', '28', '75', '125'])}`;
    case 'MN':
      return `${random.digits(4)}${random.pick(['ӨМГ', 'УБА', 'ДГС'])}`;
    case 'CN':
      return `${PROVINCE_PLATES[province] ?? '辽'}${random.text(1, 'ABCDE')}${random.text(5, '0123456789')}`;
    default:
      return country satisfies never;
  }
}

/** An eight-digit wagon number with its control digit, as on the 1520 mm network. */
export function wagon(random: Random): string {
  const body = `${random.pick(['9', '5', '6'])}${random.text(6, '0123456789')}`;
  const sum = [...body].reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** A freight train's number as the railways give it. */
export function train(random: Random): string {
  return random.pick(['X9', '4', '9']) + random.digits(3);
}

/** A flight number and an aircraft registration. */
export function flight(random: Random): {
  readonly journey: string;
  readonly registration: string;
  readonly flag: string;
} {
  const [airline, registration, flag] = random.pick([
    ['CZ', `B-${random.digits(4)}`, 'CN'],
    ['CA', `B-${random.digits(4)}`, 'CN'],
    ['NH', `JA${random.digits(3)}A`, 'JP'],
    ['KE', `HL${random.digits(4)}`, 'KR'],
    ['SU', `RA-${random.digits(5)}`, 'RU'],
  ] as const);
  return { journey: `${airline}${random.digits(4)}`, registration, flag };
}
