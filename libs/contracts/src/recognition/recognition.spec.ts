import { CHECK_TYPES } from '../codes/results.ts';
import { recognitionRequestExample } from '../documents/examples.ts';
import { RECOGNITION_REASONS, reasonMessage } from './reasons.ts';
import { validateRecognitionRequest } from './validate-request.ts';

const found = (input: unknown): string[] => {
  const checked = validateRecognitionRequest(input);
  return checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`);
};

describe('reasons', () => {
  it('are the twelve of the interface', () => {
    expect([...RECOGNITION_REASONS].sort()).toEqual(
      [
        'no-result not-covered no-arrangement expired non-conformant revoked seal-broken seal-mismatch seal-not-observed',
        'withheld signature-invalid control-in-force',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    );
  });

  it.each(RECOGNITION_REASONS)('%s is a sentence in both languages, for every check', (code) => {
    for (const check of CHECK_TYPES) {
      const { zh, en } = reasonMessage(code, {
        check,
        target: 'CSQU3054383',
        path: '/goods',
        at: '2026-11-21T00:00:00Z',
      });
      expect(zh).toMatch(/\p{Script=Han}{4,}/u);
      expect(en).toMatch(/^[a-z].{10,}/);
      expect(zh + en).not.toMatch(/undefined/);
    }
    expect(reasonMessage(code).en).not.toMatch(/undefined/);
  });
});

describe('a request', () => {
  it('is valid as the interface shows it', () => {
    expect(found(recognitionRequestExample)).toEqual([]);
  });

  it.each([
    ['no check', { checks: [] }, ['/checks too-few']],
    ['a check twice', { checks: ['seal', 'seal'] }, ['/checks/1 duplicate']],
    ['an unknown check', { checks: ['smell'] }, ['/checks/0 not-in-list']],
    ['a consignment that names nothing', { consignment: {}, sealsObserved: [] }, ['/consignment missing']],
    [
      'items without the declaration that numbers them',
      { consignment: { containers: ['CSQU3054383'], items: [1] } },
      ['/consignment/declarationNumber missing'],
    ],
    [
      'a seal on a container of another consignment',
      {
        sealsObserved: [{ container: 'DLCU2045117', number: 'X1', condition: 'intact' }],
      },
      ['/sealsObserved/0/container unknown-reference'],
    ],
    [
      'a wrong check digit',
      { consignment: { containers: ['CSQU3054384'] } },
      ['/consignment/containers/0 bad-check-digit'],
    ],
    ['an unknown member', { urgent: true }, ['/urgent unknown-member']],
    [
      'a quantity of one item twice',
      {
        consignment: {
          ...recognitionRequestExample.consignment,
          quantities: [
            { item: 1, value: '1', unit: 'KGM' },
            { item: 1, value: '2', unit: 'KGM' },
          ],
        },
      },
      ['/consignment/quantities/1/item duplicate'],
    ],
  ])('%s is refused', (_, change, expected) => {
    expect(found({ ...recognitionRequestExample, ...change })).toEqual(expected);
  });

  it('the same seal may not be observed twice', () => {
    const [seal] = recognitionRequestExample.sealsObserved ?? [];
    expect(found({ ...recognitionRequestExample, sealsObserved: [seal, seal] })).toEqual([
      '/sealsObserved/1 duplicate',
    ]);
  });
});
