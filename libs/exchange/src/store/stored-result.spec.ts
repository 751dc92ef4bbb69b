import { v7 as uuidv7 } from 'uuid';
import { newSigner, ringOf } from '../signers.fixture.ts';
import { type StoredResult, toView, viewText } from './stored-result.ts';

const LN = newSigner('ln.customs');
const STORED: StoredResult = {
  resultId: uuidv7(),
  version: 2,
  status: 'amended',
  issuer: 'ln.customs',
  own: false,
  issuedAt: '2026-11-21T03:12:00.123Z',
  content: JSON.stringify({ reference: 'R-1', remarks: { zh: '"引号"、\\ 与 𠮷' }, goods: [] }),
  withheld: JSON.stringify([{ path: '/goods', entry: 'NL-001', legalBasis: '《法》', access: 'none' }]),
  token: 'a.b.c~d~',
  keyId: LN.key.kid,
  digest: null,
  firstDigest: null,
  listVersion: '1',
  viewNumber: 0,
};

it.each([
  ['a copy whose key is trusted', STORED, ringOf(LN)],
  ['a copy whose key is not known any more', STORED, ringOf()],
  ['a whole result that is withheld', { ...STORED, content: '{}' }, ringOf(LN)],
] as const)('the text of a view is the view: %s', (_what, stored, ring) => {
  expect(viewText(stored, ring)).toBe(JSON.stringify(toView(stored, ring)));
});
