import type { GatewayEvidence } from '@clearance/contracts';

const HASHES = ['6b3a2f0c9d6c1d0a8f4a5c27e0f5b6d1', 'c3e2a9b80f7d6e5c4b3a29181706f5e4'].map((half) => half.repeat(2));
const SIGNATURE = 'eyJhbGciOiJFZERTQSIsImtpZCI6ImdhdGV3YXkvMjAyNjExMjEtMGUxZiJ9..c2lnbmF0dXJl';

/** An answer of `GET /api/v1/results/{id}/evidence`: its form, with hashes and signatures of nothing. */
export const EVIDENCE_EXAMPLE: GatewayEvidence = {
  ledger: {
    sequence: 12,
    previous: HASHES[0]!,
    entry: {
      type: 'disclosure',
      resultId: '019aa5a1-7c5b-7000-8000-000000000001',
      version: 1,
      status: 'issued',
      issuer: 'ln.customs',
      kind: 'customs.examination',
      listVersion: '2026.11-1',
      listRecord: HASHES[1]!,
      consumers: ['hl.border', 'jl.border'],
      withheld: [
        {
          path: '/goods/0/value',
          entry: 'NL-003',
          legalBasis: '《海关法》第七十二条第（四）项',
          access: 'on-request',
        },
      ],
      tokenDigest: 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk',
      decidedAt: '2026-11-21T08:00:00.000Z',
    },
    following: [HASHES[1]!],
    head: { sequence: 13, hash: HASHES[0]!, at: '2026-11-21T08:00:10.000Z', signature: SIGNATURE },
  },
  list: {
    record: {
      type: 'list',
      version: '2026.11-1',
      effectiveFrom: '2026-10-31T16:00:00.000Z',
      documentDigest: 'mF3K1cO0b0b2s1q3J3v9h8Yw2dYcYb6l0mZk9J7p0Qk',
      signature: SIGNATURE,
      receivedAt: '2026-10-20T02:00:00.000Z',
      authors: ['clearance-mesh#local-policy'],
      approvedBy: 'clearance-mesh#local-policy-approver',
    },
    document: 'apiVersion: clearance/v1\nkind: NegativeList\nversion: "2026.11-1"\n…\n',
  },
};
