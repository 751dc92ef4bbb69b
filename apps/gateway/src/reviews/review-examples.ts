import { type CatchUpRequest, CatchUpRequestSchema, type Review, type ReviewDetails } from '@clearance/contracts';
import { body } from '../http/answers.ts';

const RECALL: Review = {
  reviewId: '019aa5a1-7c5b-7000-8000-000000000042',
  mode: 'recall',
  state: 'under-way',
  listVersion: '2026.12-1',
  at: '2026-11-30T16:00:00.000Z',
  grant: null,
  requestedBy: null,
  reason: null,
  versions: 812,
  decided: 812,
  changed: 640,
  copies: 2560,
  waiting: 12,
  refused: 0,
};
const CATCH_UP: ReviewDetails = {
  reviewId: '019aa5a1-7c5b-7000-8000-000000000043',
  mode: 'catch-up',
  state: 'scheduled',
  listVersion: null,
  at: '2026-12-01T18:00:00.000Z',
  grant: null,
  requestedBy: 'clearance-mesh#local-coordinator',
  reason: '清单放宽',
  versions: 0,
  decided: 0,
  changed: 0,
  copies: 0,
  waiting: 0,
  refused: 0,
  stragglers: [],
  issuers: [],
  refusals: [],
};
const DETAILS: ReviewDetails = {
  ...RECALL,
  stragglers: [{ unit: 'nm.border', waiting: 12, since: '2026-11-30T16:00:01.250Z' }],
  issuers: [],
  refusals: [],
};

/** Answers about reviews, for OpenAPI. */
export const REVIEW_EXAMPLES = { page: { reviews: [RECALL] }, details: DETAILS, catchUp: CATCH_UP };

const REQUEST: CatchUpRequest = {
  kinds: ['customs.examination'],
  consumers: ['hl.border'],
  notBefore: '2026-12-02T02:00:00+08:00',
  reason: '清单放宽',
};
/** What a catch-up is asked for with. */
export const CATCH_UP_REQUEST = body(CatchUpRequestSchema, REQUEST);
