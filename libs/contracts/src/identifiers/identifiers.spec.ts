import fc from 'fast-check';
import { isCommodityCode } from './commodity-code.ts';
import { containerCheckDigit, isContainerNumber } from './container-number.ts';
import { creditCodeCheckCharacter, isCreditCode } from './credit-code.ts';
import { compareDecimals } from './decimal.ts';
import { directionOfDeclaration, isDeclarationNumber } from './declaration-number.ts';
import { durationMilliseconds } from './duration.ts';
import { imoCheckDigit, isImoNumber } from './imo-number.ts';
import { isDate, isTimestamp } from './timestamp.ts';
import { isUnlocode } from './unlocode.ts';

type Case = readonly [text: string, valid: boolean, why: string];

const tables: Readonly<Record<string, { is: (text: string) => boolean; cases: readonly Case[] }>> = {
  'container number (ISO 6346)': {
    is: isContainerNumber,
    cases: [
      ['CSQU3054383', true, "the standard's own example"],
      ['DLCU2045117', true, 'ordinary'],
      ['DLCU0000140', true, 'remainder 10, written 0'],
      ['CSQU3054384', false, 'check digit'],
      ['CSQX3054383', false, 'X is no equipment category'],
      ['DLCU204511', false, 'no check digit'],
      ['csqu3054383', false, 'lower case'],
      ['CSQU3054383 ', false, 'trailing space'],
      ['CSQU3054383\n', false, 'trailing line break'],
    ],
  },
  'credit code (GB 32100-2015)': {
    is: isCreditCode,
    cases: [
      ['91210200MA0DLX1K33', true, 'firm'],
      ['91220100MA0JLC2T1T', true, 'firm'],
      ['11210000002012347T', true, 'state organ'],
      ['91350100M000100Y4Z', false, 'Z is not in the alphabet'],
      ['91350100M000100Y43', true, "the standard's own example"],
      ['91210200MA0DLX1K34', false, 'check character'],
      ['91210200MA0ILX1K33', false, 'I is not in the alphabet'],
      ['91210200MA0DLX1K3', false, 'seventeen characters'],
    ],
  },
  'IMO number': {
    is: isImoNumber,
    cases: [
      ['9074729', true, 'the usual example'],
      ['9561875', true, 'ordinary'],
      ['9302140', true, 'check digit 0'],
      ['9074728', false, 'check digit'],
      ['9561879', false, 'check digit'],
      ['907472', false, 'six digits'],
      ['IMO9074729', false, 'with letters'],
    ],
  },
  'declaration number': {
    is: isDeclarationNumber,
    cases: [
      ['090120261000000123', true, 'Dalian, import'],
      ['190120260000004567', true, 'Harbin, export'],
      ['060120261012345678', true, 'Manzhouli, import'],
      ['020220261000000123', true, 'Tianjin: declared outside the region'],
      ['090120262000000123', false, 'neither 1 import nor 0 export'],
      ['09012026100000012', false, 'seventeen digits'],
      ['990120261000000123', false, 'no customs office 9901'],
      ['097720261000000123', false, 'no office 0977 in Dalian customs'],
      ['090119991000000123', false, 'year before the form existed'],
    ],
  },
  'UN/LOCODE': {
    is: isUnlocode,
    cases: [
      ['CNDLC', true, 'Dalian'],
      ['CNMLX', true, 'Manzhouli'],
      ['CNSFE', true, 'Suifenhe'],
      ['US2ML', true, 'digits 2 to 9 occur'],
      ['CNDL0', false, 'digit 0 is not used'],
      ['CNDLC1', false, 'six characters'],
      ['cndlc', false, 'lower case'],
      ['QQDLC', false, 'no such country'],
    ],
  },
  'commodity code': {
    is: isCommodityCode,
    cases: [
      ['0303630000999', true, 'frozen cod'],
      ['9803000000999', true, "chapter 98 is China's own"],
      ['7700000000999', false, 'chapter 77 is reserved'],
      ['0000000000999', false, 'no chapter 00'],
      ['9900000000999', false, 'no chapter 99'],
      ['030363000099', false, 'twelve digits'],
    ],
  },
  'timestamp (RFC 3339)': {
    is: isTimestamp,
    cases: [
      ['2026-11-21T03:10:00Z', true, 'UTC'],
      ['2026-11-21T11:10:00+08:00', true, 'Beijing time'],
      ['2026-11-21T11:10:00.123456789+08:00', true, 'nanoseconds'],
      ['2024-02-29T00:00:00Z', true, 'leap day'],
      ['2026-02-29T00:00:00Z', false, 'no leap year'],
      ['2100-02-29T00:00:00Z', false, 'a century is no leap year'],
      ['2026-11-21T03:10:00', false, 'no offset'],
      ['2026-11-21 03:10:00Z', false, 'space for T'],
      ['2026-11-21T24:00:00Z', false, 'hour 24'],
      ['2026-11-21T03:10:60Z', false, 'leap second'],
      ['2026-13-01T00:00:00Z', false, 'month 13'],
      ['2026-11-31T00:00:00Z', false, '31 November'],
      ['2026-11-21T03:10:00+24:00', false, 'offset of a day'],
    ],
  },
  'date (RFC 3339)': {
    is: isDate,
    cases: [
      ['1981-04-12', true, 'ordinary'],
      ['1981-4-12', false, 'one digit'],
      ['1981-00-12', false, 'month 0'],
      ['1981-04-31', false, '31 April'],
    ],
  },
};

describe.each(Object.entries(tables))('%s', (_, { is, cases }) => {
  it.each(cases)('%j is valid: %s (%s)', (text, valid) => {
    expect(is(text)).toBe(valid);
  });
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const gbAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A text and the same text with one character, at a given position, replaced by another one of an alphabet. */
function oneChange(text: string, alphabet: (position: number) => string) {
  return fc
    .nat(text.length - 1)
    .chain((position) =>
      fc
        .constantFrom(...alphabet(position))
        .map((character) => ({ position, changed: text.slice(0, position) + character + text.slice(position + 1) })),
    )
    .filter(({ changed }) => changed !== text);
}

describe('check digits catch a single wrong character', () => {
  const container = fc
    .tuple(fc.stringMatching(/^[A-Z]{3}[UJZ]$/), digits(6))
    .map(([owner, serial]) => owner + serial)
    .map((ten) => ten + String(containerCheckDigit(ten)));

  it('container number: except where ISO 6346 itself cannot tell', () => {
    const alphabet = (position: number) =>
      position < 3 ? 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' : position === 3 ? 'UJZ' : '0123456789';
    // Values of letters repeat modulo 11 (A = 10, K = 21, U = 32), and remainders 0 and 10 are both written 0.
    const value = (character: string) => {
      const letters = 'A_BCDEFGHIJK_LMNOPQRSTU_VWXYZ';
      const at = letters.indexOf(character);
      return at >= 0 ? at + 10 : Number(character);
    };
    const remainder = (text: string) =>
      [...text.slice(0, 10)].reduce((sum, character, position) => sum + value(character) * 2 ** position, 0) % 11;
    fc.assert(
      fc.property(
        container.chain((text) => oneChange(text, alphabet).map((change) => ({ text, ...change }))),
        ({ text, position, changed }) => {
          expect(isContainerNumber(text)).toBe(true);
          const indistinguishable = position < 10 && remainder(changed) % 10 === remainder(text) % 10;
          expect(isContainerNumber(changed)).toBe(indistinguishable);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('credit code: every one, since 31 is a prime', () => {
    const code = fc
      .tuple(
        fc.stringMatching(/^9[1-3][0-9]{6}$/),
        fc.array(fc.constantFrom(...gbAlphabet), { minLength: 9, maxLength: 9 }),
      )
      .map(([head, body]) => head + body.join(''))
      .map((first17) => first17 + creditCodeCheckCharacter(first17));
    fc.assert(
      fc.property(
        code.chain((text) => oneChange(text, () => gbAlphabet).map(({ changed }) => ({ text, changed }))),
        ({ text, changed }) => {
          expect(isCreditCode(text)).toBe(true);
          expect(isCreditCode(changed)).toBe(false);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('IMO number: except differences that its weights 6, 5, 4 and 2 make a multiple of ten', () => {
    const imo = digits(6).map((six) => six + String(imoCheckDigit(six)));
    fc.assert(
      fc.property(
        imo.chain((text) => oneChange(text, () => '0123456789').map((change) => ({ text, ...change }))),
        ({ text, position, changed }) => {
          expect(isImoNumber(text)).toBe(true);
          const difference = Math.abs(Number(text[position]) - Number(changed[position]));
          const weight = position < 6 ? 7 - position : 1;
          expect(isImoNumber(changed)).toBe((difference * weight) % 10 === 0);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('decimals and durations', () => {
  it.each([
    ['0', '0.000000', 0],
    ['24000', '24000.0', 0],
    ['0.1', '0.09', 1],
    ['999999999999999.999999', '999999999999999.999998', 1],
    ['-1.5', '-1.4', -1],
    ['9', '10', -1],
  ])('%s compared with %s is %i, exactly', (left, right, expected) => {
    expect(compareDecimals(left, right)).toBe(expected);
  });

  it.each([
    ['P30D', 2_592_000_000],
    ['P2W', 1_209_600_000],
    ['PT72H', 259_200_000],
    ['P1DT1H30M', 91_800_000],
    ['PT0S', 0],
    ['P', undefined],
    ['PT', undefined],
    ['P1DT', undefined],
    ['P1M', undefined],
    ['P1Y', undefined],
    ['-P1D', undefined],
    ['30D', undefined],
  ])('%s is %s ms', (text, expected) => {
    expect(durationMilliseconds(text)).toBe(expected);
  });

  it('a declaration number tells its direction', () => {
    expect(directionOfDeclaration('090120261000000123')).toBe('import');
    expect(directionOfDeclaration('190120260000004567')).toBe('export');
  });
});
