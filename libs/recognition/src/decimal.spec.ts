import * as fc from 'fast-check';
import { compareDecimals, remainingDecimal } from './decimal.ts';

/** Non-negative decimals as the contract writes them: up to 15 digits, a point, up to 6 digits. */
const decimal = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.option(fc.stringMatching(/^[0-9]{1,6}$/), { nil: undefined }))
  .map(([whole, fraction]) => (fraction === undefined ? `${whole}` : `${whole}.${fraction}`));

describe('decimals', () => {
  it.each([
    ['24000', '24000.000', 0],
    ['0.3', '0.1', 1],
    ['9', '10', -1],
    ['999999999999999.999999', '999999999999999.999998', 1],
    ['0', '0.000000', 0],
  ])('%s against %s', (left, right, expected) => {
    expect(compareDecimals(left, right)).toBe(expected);
  });

  it.each([
    ['24000', '5000', '19000'],
    ['0.3', '0.1', '0.2'],
    ['1', '0.000001', '0.999999'],
    ['100.50', '0.50', '100'],
    ['5', '7', '0'],
  ])('of %s, %s taken, %s remain', (whole, part, expected) => {
    expect(remainingDecimal(whole, part)).toBe(expected);
  });

  it.each(['', '-1', '1e3', '1.', '.5', '1,000', 'NaN', ' 1'])('"%s" is not a decimal', (text) => {
    expect(compareDecimals(text, '1')).toBeUndefined();
    expect(remainingDecimal('1', text)).toBeUndefined();
  });

  it('orders any two as their exact values do, and one way only', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        const scaled = (text: string) => {
          const [whole, fraction = ''] = text.split('.');
          return BigInt(`${whole}${fraction.padEnd(6, '0')}`);
        };
        expect(compareDecimals(a, b)).toBe(scaled(a) < scaled(b) ? -1 : scaled(a) > scaled(b) ? 1 : 0);
        expect(scaled(remainingDecimal(a, b) ?? 'x')).toBe(scaled(a) > scaled(b) ? scaled(a) - scaled(b) : 0n);
      }),
    );
  });
});
