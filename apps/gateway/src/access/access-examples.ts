import { type AccessDetails, type AccessRequest, RemindOwnerSchema } from '@clearance/contracts';
import { body } from '../http/answers.ts';

const REQUEST: AccessRequest = {
  requestId: '019aa3fb-4c00-7d21-9a3e-5b8f0c6d1e42',
  reference: 'HL-JS-2026-014',
  state: 'open',
  requester: 'hl.customs',
  owner: 'ln.border',
  about: { issuer: 'ln.border', resultId: '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a22' },
  paths: ['/border/persons/*/documentNumber'],
  purpose: 'counter-smuggling',
  legalReference: '缉私立案哈关缉〔2026〕14号',
  until: '2026-12-20T00:00:00+08:00',
  requestedAt: '2026-11-21T03:20:00.000Z',
  dueAt: '2026-12-05T03:20:00.118Z',
};
const { state: _state, owner: _owner, dueAt: _dueAt, ...statement } = REQUEST;
const DETAILS: AccessDetails = {
  ...REQUEST,
  said: {
    request: {
      statement: { type: 'access-request', ...statement },
      signature: 'eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl',
    },
  },
};

/** Answers about requests for access, for OpenAPI. */
export const ACCESS_EXAMPLES = { page: { requests: [REQUEST] }, details: DETAILS };

/** Body of a reminder, for OpenAPI. */
export const REMIND_REQUEST = body(RemindOwnerSchema, {});
