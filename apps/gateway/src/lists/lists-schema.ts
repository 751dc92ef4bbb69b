import { type Static, Type } from 'typebox';
import { actor, closed, time } from '../http/answers.ts';

const approval = {
  version: Type.String(),
  effectiveFrom: time(),
  receivedAt: time('When it was approved'),
  state: Type.Enum(['scheduled', 'in-force', 'superseded']),
  authors: Type.Array(actor()),
  approvedBy: actor(),
};

export const ListsSchema = Type.Object(
  {
    lists: Type.Array(Type.Object({ ...approval, inForce: Type.Boolean() }, closed), {
      description: 'Without their texts, the newest first',
    }),
  },
  closed,
);

export const SignedListSchema = Type.Object(
  {
    ...approval,
    document: Type.String({ description: 'The bytes that were signed' }),
    signature: Type.String({ description: 'The policy key’s detached JWS' }),
  },
  closed,
);
/** A stored list as it was signed: what `mesh verify list` takes. */
export type SignedStoredList = Static<typeof SignedListSchema>;
/** Where an approved list stands: to come, deciding, or followed by another. */
export type ListState = SignedStoredList['state'];

const APPROVAL = {
  version: '2026.11-1',
  effectiveFrom: '2026-10-31T16:00:00.000Z',
  receivedAt: '2026-10-20T02:00:00.000Z',
  state: 'in-force' as const,
  authors: ['clearance-mesh#local-policy'],
  approvedBy: 'clearance-mesh#local-policy-approver',
};

/** An answer of each kind. */
export const LIST_EXAMPLES: { lists: Static<typeof ListsSchema>; list: SignedStoredList } = {
  lists: { lists: [{ ...APPROVAL, inForce: true }] },
  list: {
    ...APPROVAL,
    document: 'apiVersion: clearance/v1\nkind: NegativeList\nversion: "2026.11-1"\n…\n',
    signature: 'eyJhbGciOiJFZERTQSIsImtpZCI6InBvbGljeS8yMDI2MTEyMS0wZTFmIn0..c2lnbmF0dXJl',
  },
};
