import type { UnitId } from '@clearance/contracts';
import { entryOf } from '../ledger/append-ledger.ts';
import { unrecorded } from './unrecorded.ts';
import type { View } from './view.ts';

const AT = '2026-11-21T08:00:00.000Z';
const VIEW: View = {
  claims: {
    issuer: 'ln.customs',
    resultId: '019aa5a1-7c5b-7000-8000-000000000001',
    version: 1,
    status: 'issued',
    issuedAt: AT,
  },
  kind: 'customs.scan',
  listVersion: '2026.11-1',
  listRecord: '0'.repeat(64),
  consumers: ['jl.customs', 'hl.customs'],
  withheld: [],
  token: 'a.b.c~',
  tokenDigest: 'digest-1',
  traceparent: undefined,
};
const view = (changes: Partial<View>): View => ({ ...VIEW, ...changes });
const claims = (changes: Partial<View['claims']>): View => view({ claims: { ...VIEW.claims, ...changes } });

describe('a view that is given again', () => {
  it.each([
    ['to the same consumers', VIEW, false],
    ['to those only whose receipt is missing', view({ consumers: ['hl.customs'] }), false],
    ['to one more consumer', view({ consumers: ['hl.customs', 'nm.customs'] as UnitId[] }), true],
    ['under another list', view({ listVersion: '2026.12-1' }), true],
    ['with other fields withheld', view({ tokenDigest: 'digest-2' }), true],
    ['of the next version', claims({ version: 2 }), true],
    ['of another result', claims({ resultId: '019aa5a1-7c5b-7000-8000-000000000002' }), true],
  ])('%s', (_what, again, isNew) => {
    expect(unrecorded([again], [entryOf(VIEW, AT)])).toEqual(isNew ? [again] : []);
  });

  it('is new as a whole when the ledger has only part of its consumers in any one entry', () => {
    const entries = [
      entryOf(view({ consumers: ['jl.customs'] }), AT),
      entryOf(view({ consumers: ['hl.customs'] }), AT),
    ];
    expect(unrecorded([VIEW], entries)).toEqual([VIEW]);
  });

  it('is new when the ledger is empty', () => {
    expect(unrecorded([VIEW], [])).toEqual([VIEW]);
  });
});
