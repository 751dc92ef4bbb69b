import { ActOnDraftSchema, ApproveDraftSchema, RestoreListSchema, WriteDraftSchema } from '@clearance/contracts';
import { body } from '../http/answers.ts';

const REASON = '船员出生日期改为有条件共享';

/** What is done with drafts over HTTP: bodies as OpenAPI tells of them. */
export const DRAFT_REQUESTS = {
  write: body(WriteDraftSchema, {
    document:
      'apiVersion: clearance/v1\nkind: NegativeList\nversion: "2026.12-1"\neffectiveFrom: 2026-12-01\nentries: []\n',
    reason: REASON,
  }),
  restore: body(RestoreListSchema, {
    restore: '2026.11-1',
    version: '2026.12-2',
    effectiveFrom: '2026-12-02T00:00:00+08:00',
    reason: REASON,
  }),
  act: body(ActOnDraftSchema, { reason: REASON }),
  approve: body(ApproveDraftSchema, {
    signature: 'eyJhbGciOiJFZERTQSIsImtpZCI6InBvbGljeS8yMDI2MTEyMS0wZTFmIn0..c2lnbmF0dXJl',
    reason: REASON,
  }),
};
