import type { ContentOf } from '../result/content.ts';

/** A bulk carrier boarded at Dalian: crew complete, no stowaway. */
export const borderConveyance: ContentOf<'border.conveyance'> = {
  reference: 'DLBJ-2026-CB-3312',
  kind: 'border.conveyance',
  location: 'CNDXG',
  direction: 'import',
  transportMode: '2',
  conveyance: { imoNumber: '9302140', name: 'AMUR STAR', journey: '118E', nationality: 'LR' },
  checks: [
    {
      type: 'boarding',
      outcome: 'conformant',
      performedAt: '2026-11-21T06:20:00+08:00',
      inspectorsCount: 4,
      jointWith: ['customs', 'inspection'],
    },
  ],
  conclusion: 'released',
  validUntil: '2026-11-24T06:20:00+08:00',
  border: {
    boarding: { startedAt: '2026-11-21T06:20:00+08:00', endedAt: '2026-11-21T07:05:00+08:00', officersCount: 4 },
    gangway: { guarded: true, passesIssued: 12 },
    stowawayCheck: { performed: true, found: 0 },
    crewList: { declared: 22, present: 22 },
    previousPort: 'RUVVO',
    nextPort: 'CNYIK',
    suspicious: false,
  },
};

/** The crew of a vessel at Dalian, person by person. Names and numbers are made up. */
export const borderCrew: ContentOf<'border.crew'> = {
  reference: 'DLBJ-2026-CY-3312',
  kind: 'border.crew',
  location: 'CNDXG',
  direction: 'import',
  transportMode: '2',
  conveyance: { imoNumber: '9302140', name: 'AMUR STAR', journey: '118E', nationality: 'LR' },
  checks: [{ type: 'crew', outcome: 'conformant', performedAt: '2026-11-21T06:40:00+08:00', inspectorsCount: 4 }],
  conclusion: 'released',
  border: {
    crewCount: 2,
    landingPermitsIssued: 1,
    persons: [
      {
        name: 'SPECIMEN PETR',
        nationality: 'RU',
        documentType: 'IS',
        documentNumber: 'RUS0012345',
        documentIssuer: 'RU',
        documentValidUntil: '2029-05-31',
        birthDate: '1981-04-12',
        sex: 'M',
        rank: 'MASTER',
        permit: { type: 'landing-permit', number: 'DL-2026-88120', validUntil: '2026-11-28' },
        biometrics: { face: 'matched', fingerprints: 'not-taken', reference: 'BIO-DL-2026-7781' },
        healthDeclaration: { number: 'HD-2026-55121', temperatureCelsius: '36.5' },
        verdict: 'admitted',
      },
      {
        name: 'SPECIMEN MARIA',
        nationality: 'PH',
        documentType: 'P',
        documentNumber: 'P0000000A',
        birthDate: '1993-09-02',
        sex: 'F',
        rank: 'SECOND OFFICER',
        alerts: ['document-expired'],
        verdict: 'refused',
        reason: 'no-valid-document',
      },
    ],
  },
};

/** A day of travellers at Heihe, in counts. */
export const borderPassengers: ContentOf<'border.passengers'> = {
  reference: 'HHBJ-2026-LK-1120',
  kind: 'border.passengers',
  location: 'CNHEK',
  direction: 'import',
  transportMode: '4',
  checks: [
    { type: 'documentary', outcome: 'conformant', performedAt: '2026-11-20T18:00:00+08:00', inspectorsCount: 16 },
    { type: 'crew', outcome: 'conformant', performedAt: '2026-11-20T18:00:00+08:00' },
  ],
  conclusion: 'released',
  border: {
    passengerCount: 1843,
    byNationality: [
      { nationality: 'RU', count: 1210 },
      { nationality: 'CN', count: 633 },
    ],
    channels: [
      { channel: 'automated', count: 590, averageSeconds: '11.4' },
      { channel: 'staffed', count: 1253, averageSeconds: '34.8' },
    ],
    alerts: [{ code: 'visa-invalid', count: 2 }],
    refusals: [{ reason: 'no-valid-visa', nationality: 'RU', count: 2 }],
  },
};
