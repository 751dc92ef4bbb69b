import { reasonMessage } from '../recognition/reasons.ts';
import type { Recognition, RecognitionRequest } from '../recognition/recognition.ts';
import { problem } from '../problem/problem.ts';
import { violation } from '../problem/violation.ts';
import type { ResultReceipt, ResultView } from '../result/view.ts';
import { borderCrew } from '../examples/border.ts';

const resultId = '019aa3f2-7c41-7e0b-9d55-3f1c2a7b6e10';
const otherId = '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a22';

/** Reply to a submission. */
export const receiptExample: ResultReceipt = {
  resultId,
  version: 1,
  status: 'issued',
  digest: 'sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
  issuedAt: '2026-11-21T03:12:07.412Z',
};

/** A crew result as a customs unit sees it: documents and birth dates are taken out. */
export const viewExample: ResultView = {
  resultId: otherId,
  version: 1,
  status: 'issued',
  issuer: 'ln.border',
  issuedAt: '2026-11-20T22:45:30.020Z',
  content: {
    ...borderCrew,
    border: { crewCount: 2, landingPermitsIssued: 1 },
  },
  withheld: [
    { path: '/border/persons', entry: 'NL-001', legalBasis: '《中华人民共和国出境入境管理法》', access: 'on-request' },
  ],
  signature: {
    verified: true,
    keyId: 'ln.border/20261101-5f3a',
    token: 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJsbi5ib3JkZXIifQ.c2ln~',
  },
};

/** A refused submission. */
export const problemExample = problem('invalid', {
  errors: [
    violation('/containers/0/number', 'bad-check-digit', { expected: 'ISO 6346' }),
    violation('/conclusion', 'missing'),
  ],
});

/** What Harbin asks about a container from Dalian. */
export const recognitionRequestExample: RecognitionRequest = {
  reference: 'HRB-2026-77',
  location: 'CNHRB',
  checks: ['x-ray', 'quarantine', 'seal'],
  consignment: { containers: ['CSQU3054383'], declarationNumber: '090220261000000123', items: [1] },
  sealsObserved: [{ container: 'CSQU3054383', number: 'H1234567', condition: 'intact' }],
};

/** And what it may rely on. */
export const recognitionExample: Recognition = {
  recognitionId: '019aa3f9-1b30-7c55-b2f6-64d08e3a9c01',
  reference: 'HRB-2026-77',
  outcome: 'partial',
  state: 'in-force',
  decidedAt: '2026-11-22T01:00:00.000Z',
  checks: [
    {
      type: 'x-ray',
      decision: 'recognised',
      by: [{ resultId, version: 1, issuer: 'ln.customs' }],
      arrangement: 'MRA-NE-03',
      validUntil: '2026-12-21T00:00:00Z',
      covers: { containers: ['CSQU3054383'], items: [1] },
    },
    {
      type: 'quarantine',
      decision: 'required',
      reasons: [{ code: 'expired', resultId: otherId, message: reasonMessage('expired', { check: 'quarantine' }) }],
    },
    {
      type: 'seal',
      decision: 'required',
      reasons: [{ code: 'no-result', message: reasonMessage('no-result', { check: 'seal' }) }],
    },
  ],
};
