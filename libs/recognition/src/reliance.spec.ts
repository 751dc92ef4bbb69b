import * as fc from 'fast-check';
import type { ResultStatus } from '@clearance/contracts';
import {
  DALIAN,
  MANZHOULI,
  NOW,
  OPEN,
  SEALED,
  box,
  check,
  on,
  request,
  result,
  seal,
  A,
  HARBIN,
} from './builders.fixture.ts';
import { decideRecognition } from './decide-recognition.ts';
import { reliesOn, shouldReopen } from './reliance.ts';

const decide = (checks: Parameters<typeof request>[0], known: ReturnType<typeof result>[]) =>
  decideRecognition(
    request(checks, { sealsObserved: [{ container: A, number: 'J200', condition: 'intact' }] }),
    known,
    [SEALED, OPEN],
    { unit: DALIAN, now: NOW },
  );
const examined = result('MZL', { version: 2, checks: [check('x-ray'), check('quarantine')] });
const resealed = result('HRB', {
  issuer: HARBIN,
  content: { containers: [box(A, seal('J200', { replaces: 'H100', affixedBy: 'customs' }))], goods: [] },
  checks: [check('seal', { performedAt: on('21 18:00'), covers: { containers: [A] } })],
});

describe('what a decision rests on', () => {
  it('names each version once, over all checks, and the resealing without which the seal would not fit', () => {
    const decision = decide(['x-ray', 'quarantine'], [examined, resealed]);
    expect(decision.checks[0]).toMatchObject({
      by: [{ resultId: 'MZL', version: 2, issuer: MANZHOULI }],
      evidence: [{ resultId: 'HRB', version: 1, issuer: HARBIN }],
    });
    expect(reliesOn(decision)).toEqual([
      { resultId: 'HRB', version: 1 },
      { resultId: 'MZL', version: 2 },
    ]);
  });

  it('is what a partial decision relies on, too', () => {
    const partial = decide(['quarantine', 'radiation'], [examined, resealed]);
    expect(partial.outcome).toBe('partial');
    expect(reliesOn(partial)).toEqual([{ resultId: 'MZL', version: 2 }]);
  });

  it('is nothing where everything is required', () => {
    expect(reliesOn(decide(['radiation'], [examined, resealed]))).toEqual([]);
  });
});

describe('when a decision is reopened', () => {
  it.each<[string, string, number, ResultStatus, boolean]>([
    ['a later version revokes it', 'MZL', 3, 'revoked', true],
    ['a later version amends it', 'MZL', 3, 'amended', true],
    ['a much later version arrives first', 'MZL', 7, 'amended', true],
    ['the same version arrives again', 'MZL', 2, 'amended', false],
    ['an older version arrives late', 'MZL', 1, 'issued', false],
    ['another result is revoked', 'HRB', 3, 'revoked', false],
  ])('%s', (_, resultId, version, status, reopens) => {
    expect(shouldReopen({ resultId: 'MZL', version: 2 }, { resultId, version, status })).toBe(reopens);
  });

  it('never by what is not later', () => {
    fc.assert(
      fc.property(
        fc.nat(9),
        fc.nat(9),
        fc.constantFrom<ResultStatus>('issued', 'amended', 'revoked'),
        (relied, arrived, status) => {
          const reopens = shouldReopen({ resultId: 'R', version: relied }, { resultId: 'R', version: arrived, status });
          expect(reopens).toBe(arrived > relied && status !== 'issued');
        },
      ),
    );
  });
});
