import type { AccessRequest } from '../access/access-request.ts';
import type { AccessRule } from '../access/access-rule.ts';
import type { RequestAccess } from '../access/bodies.ts';

const resultId = '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a22';
const documents = '/border/persons/*/documentNumber';
const births = '/border/persons/*/birthDate';

/** Customs at Harbin asks for the crew's papers of one ship. */
export const accessBodyExample: RequestAccess = {
  reference: 'HL-JS-2026-014',
  resultId,
  paths: [documents, births],
  purpose: 'counter-smuggling',
  legalReference: '《海关法》第六条第（四）项；缉私立案哈关缉〔2026〕14号',
  until: '2026-12-20T00:00:00+08:00',
};

/** What became of it: the numbers of the documents are granted, the birth dates are not. */
export const accessRequestExample: AccessRequest = {
  requestId: '019aa3fb-4c00-7d21-9a3e-5b8f0c6d1e42',
  reference: accessBodyExample.reference,
  state: 'granted-in-part',
  requester: 'hl.customs',
  owner: 'ln.border',
  about: { issuer: 'ln.border', resultId },
  paths: accessBodyExample.paths,
  purpose: accessBodyExample.purpose,
  legalReference: accessBodyExample.legalReference,
  until: accessBodyExample.until,
  requestedAt: '2026-11-21T03:20:00.000Z',
  dueAt: '2026-12-05T03:20:00.118Z',
  decision: {
    decision: 'granted-in-part',
    by: 'owner',
    reason: '仅限证件号码',
    paths: [documents],
    until: '2026-12-20T00:00:00+08:00',
    decidedAt: '2026-11-21T05:02:11.530Z',
  },
};

/** A unit that answers other border units at once. */
export const accessRuleExample: AccessRule = {
  rule: 'crew-papers-for-anti-smuggling',
  answer: 'grant',
  requesters: ['*.customs'],
  kinds: ['border.crew'],
  paths: [documents],
  purposes: ['counter-smuggling'],
  standing: false,
  longest: 'P30D',
  reason: '按《联合缉私协作办法》常设授权',
};
