import {
  AccessAnswerSchema,
  type AccessDetails,
  AccessEndingSchema,
  type AccessRequest,
  RemindOwnerSchema,
} from '@clearance/contracts';
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

const SIGNATURE = 'eyJhbGciOiJFZERTQSJ9..c2lnbmF0dXJl';
const DIGEST = 'RBNvo1WzZ4oRRq0W9-hkpnT7T8If536DEMBg9hyq_4o';
const GRANTED = { paths: REQUEST.paths, until: '2026-12-10T00:00:00+08:00' };
const PARTIES = { requestId: REQUEST.requestId, owner: REQUEST.owner, requester: REQUEST.requester };
const DECIDED: AccessDetails = {
  ...DETAILS,
  state: 'granted-in-part',
  decision: {
    ...{ decision: 'granted-in-part', by: 'owner', reason: '仅限案件侦办期间' },
    ...{ ...GRANTED, decidedAt: '2026-11-21T06:02:11.410Z' },
  },
  said: {
    ...DETAILS.said,
    decision: {
      statement: {
        ...{ type: 'access-decision', ...PARTIES, request: DIGEST },
        ...{ decision: 'granted-in-part', by: 'owner', reason: '仅限案件侦办期间' },
        grant: { about: REQUEST.about, purpose: REQUEST.purpose, ...GRANTED },
        decidedAt: '2026-11-21T06:02:11.410Z',
      },
      signature: SIGNATURE,
    },
  },
};
const REVOKED: AccessDetails = {
  ...DECIDED,
  state: 'revoked',
  revoked: { reason: '案件已结', at: '2026-11-24T01:05:12.032Z' },
  said: {
    ...DECIDED.said,
    revocation: {
      statement: {
        ...{ type: 'access-revocation', ...PARTIES, decision: DIGEST },
        ...{ reason: '案件已结', revokedAt: '2026-11-24T01:05:12.032Z' },
      },
      signature: SIGNATURE,
    },
  },
};

/** Answers about requests for access, for OpenAPI. */
export const ACCESS_EXAMPLES = {
  ...{ page: { requests: [REQUEST] }, details: DETAILS },
  ...{ decided: DECIDED, revoked: REVOKED },
};

/** Body of a reminder, for OpenAPI. */
export const REMIND_REQUEST = body(RemindOwnerSchema, {});

/** Body of an answer, for OpenAPI. */
export const ANSWER_REQUEST = body(AccessAnswerSchema, { decision: 'grant', ...GRANTED, reason: '仅限案件侦办期间' });

/** Body of a revocation, for OpenAPI. */
export const ENDING_REQUEST = body(AccessEndingSchema, { reason: '案件已结' });
