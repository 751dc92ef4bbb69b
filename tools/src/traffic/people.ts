import type { Random } from './random.ts';

/** A person as read from a travel document; every name and number is made up. */
export interface Traveller {
  /** As in the machine-readable zone: surname, then given names. */
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly nationality: string;
  readonly documentNumber: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
}

const NAMES: Readonly<
  Record<string, { family: readonly string[]; given: readonly string[]; document: (r: Random) => string }>
> = {
  RU: {
    family: ['PRIMEROV', 'OBRAZTSOV', 'TESTOV', 'USLOVNOV', 'MAKETOV', 'SHABLONOV'],
    given: ['IVAN', 'PETR', 'SERGEI', 'ANDREI', 'NIKOLAI', 'OLEG'],
    document: (r) => `7${r.digits(8)}`,
  },
  CN: {
    family: ['JIA', 'YI', 'BING', 'DING', 'WU', 'GENG'],
    given: ['SHILI', 'YANGBEN', 'CESHI', 'MONI', 'FANLI'],
    document: (r) => `E${r.text(1, 'ABCDEFGHJKLM')}${r.digits(7)}`,
  },
  MN: {
    family: ['JISHEE', 'ZAGVAR', 'TURSHILT', 'DUURAIM'],
    given: ['BAT', 'BOLD', 'GANZORIG', 'TEMUUJIN'],
    document: (r) => `E${r.digits(7)}`,
  },
  KR: {
    family: ['GASANG', 'YESI', 'SIHEOM'],
    given: ['MINSU', 'JIHUN', 'DONGHYUN'],
    document: (r) => `M${r.digits(8)}`,
  },
  JP: {
    family: ['KASOU', 'REIJI', 'MIHON'],
    given: ['TARO', 'JIRO', 'SABURO'],
    document: (r) => `T${r.text(1, 'KRSZ')}${r.digits(7)}`,
  },
  PH: {
    family: ['HALIMBAWA', 'SUBOK', 'KUNWARI'],
    given: ['JOSE', 'MARIO', 'RAMON'],
    document: (r) => `P${r.digits(7)}A`,
  },
};

/**
 * A person of working age.
 *
 * @param at time at which the age is 22 to 60, milliseconds since 1970
 */
export function traveller(random: Random, nationality: keyof typeof NAMES & string, at: number): Traveller {
  const names = NAMES[nationality];
  if (names === undefined) throw new RangeError('no names are known for this nationality');
  const born = new Date(at - random.integer(22 * 365, 60 * 365) * 86_400_000);
  return {
    name: `${random.pick(names.family)} ${random.pick(names.given)}`,
    nationality,
    documentNumber: names.document(random),
    birthDate: born.toISOString().slice(0, 10),
    sex: random.chance(0.9) ? 'M' : 'F',
  };
}
