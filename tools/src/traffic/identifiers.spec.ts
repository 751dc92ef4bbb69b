import fc from 'fast-check';
import { isContainerNumber, isCreditCode, isDeclarationNumber, isImoNumber } from '@clearance/contracts';
import { containerNumber, creditCode, declarationNumber, imoNumber, transportDocument } from './identifiers.ts';
import { wagon } from './conveyances.ts';
import { seededRandom } from './random.ts';

describe('made-up identifiers', () => {
  it('carry the check digits of their standards', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const random = seededRandom(seed);
        const made = {
          container: containerNumber(random),
          ship: imoNumber(random),
          firm: creditCode(random, '210200'),
          declaration: declarationNumber(random, '0908', 'import', Date.UTC(2026, 10, 21)),
        };
        const refused = Object.entries({
          container: isContainerNumber(made.container),
          ship: isImoNumber(made.ship),
          firm: isCreditCode(made.firm),
          declaration: isDeclarationNumber(made.declaration),
        }).filter(([, valid]) => !valid);
        if (refused.length > 0) throw new Error(`${JSON.stringify(made)}: ${refused.map(([name]) => name).join(', ')}`);
      }),
      { numRuns: 300 },
    );
  });

  it('an air waybill ends in its serial modulo 7', () => {
    const number = transportDocument(seededRandom('awb'), '5');
    expect(number).toMatch(/^[0-9]{11}$/);
    expect(Number(number.slice(3, 10)) % 7).toBe(Number(number.slice(10)));
  });

  it('a wagon number satisfies the control digit of the 1520 mm network', () => {
    const random = seededRandom('wagons');
    for (let i = 0; i < 100; i++) {
      const sum = [...wagon(random)].reduce((total, digit, at) => {
        const product = Number(digit) * (at % 2 === 0 ? 2 : 1);
        return total + (product > 9 ? product - 9 : product);
      }, 0);
      expect(sum % 10).toBe(0);
    }
  });
});
