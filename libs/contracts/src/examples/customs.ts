import type { ContentOf } from '../result/content.ts';

/** A reefer container of frozen cod, scanned and released at Dalian. */
export const customsExamination: ContentOf<'customs.examination'> = {
  reference: 'DLHG-2026-000123',
  kind: 'customs.examination',
  office: '0902',
  location: 'CNDLC',
  direction: 'import',
  transportMode: '2',
  declarationNumber: '090220261000000123',
  transportDocument: 'COSU6123456780',
  conveyance: { imoNumber: '9074729', journey: '026W' },
  containers: [{ number: 'CSQU3054383', seals: [{ number: 'H1234567', condition: 'intact' }] }],
  goods: [
    {
      item: 1,
      commodityCode: '0303630000999',
      description: '冻鳕鱼',
      origin: 'RU',
      quantity: { value: '24000', unit: 'KGM' },
      value: { amount: '61200.00', currency: 'USD' },
    },
  ],
  consignee: { creditCode: '91210200MA0DLX1K33', name: '大连某水产有限公司' },
  checks: [
    {
      type: 'x-ray',
      outcome: 'conformant',
      performedAt: '2026-11-21T03:10:00Z',
      equipment: 'DL-H986-02',
      covers: { containers: ['CSQU3054383'], items: [1] },
    },
  ],
  conclusion: 'released',
  validUntil: '2026-12-21T00:00:00Z',
  customs: {
    controlInstruction: 'BK-0902-20261121-0007',
    riskLevel: 'low',
    findings: [{ code: 'none', text: '未发现异常', item: 1 }],
  },
};

/** Two containers of vehicle parts read on the rail scanner at Manzhouli; one image is suspect. */
export const customsScan: ContentOf<'customs.scan'> = {
  reference: 'MZL-JJ-2026-004411',
  kind: 'customs.scan',
  office: '0609',
  location: 'CNMLX',
  direction: 'import',
  transportMode: '3',
  transportDocument: 'SMGS-31477025',
  conveyance: { registration: '54871236', journey: '1442', nationality: 'RU' },
  containers: [
    {
      number: 'TCLU4788120',
      sizeType: '45G1',
      seals: [{ number: 'RU5530178', condition: 'intact', affixedBy: 'carrier' }],
    },
    {
      number: 'MLXU1002345',
      seals: [
        { number: 'RU5530179', condition: 'broken', affixedBy: 'carrier' },
        { number: 'CN0609331', condition: 'intact', replaces: 'RU5530179', affixedBy: 'customs' },
      ],
    },
  ],
  checks: [
    {
      type: 'x-ray',
      outcome: 'conformant',
      performedAt: '2026-11-20T22:41:00+08:00',
      equipment: 'MZL-H986-01',
      covers: { containers: ['TCLU4788120'] },
    },
    {
      type: 'x-ray',
      outcome: 'inconclusive',
      performedAt: '2026-11-20T22:44:00+08:00',
      equipment: 'MZL-H986-01',
      covers: { containers: ['MLXU1002345'] },
    },
  ],
  conclusion: 'examination-required',
  customs: {
    riskLevel: 'medium',
    scans: [
      {
        system: 'H986',
        imageReference: 'MZL01/20261120/004411-1',
        imageHash: 'sha-256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
        capturedAt: '2026-11-20T22:41:00+08:00',
        energyMeV: '6',
        views: 1,
        container: 'TCLU4788120',
        reading: { conclusion: 'no-anomaly', analyst: 'MZL-0417', readAt: '2026-11-20T22:52:00+08:00' },
      },
      {
        system: 'H986',
        imageReference: 'MZL01/20261120/004411-2',
        capturedAt: '2026-11-20T22:44:00+08:00',
        energyMeV: '6',
        views: 1,
        container: 'MLXU1002345',
        anomalies: [
          { code: 'density', region: { x: 1820, y: 340, width: 260, height: 190 }, text: '右后部密度与申报不符' },
        ],
        reading: {
          conclusion: 'suspect',
          analyst: 'MZL-0417',
          algorithm: '智能审图 3.2',
          readAt: '2026-11-20T22:55:00+08:00',
        },
      },
    ],
  },
};

/** Soybeans in bulk released at Yingkou on guarantee, part of them still aboard. */
export const customsRelease: ContentOf<'customs.release'> = {
  reference: 'YK-FX-2026-018820',
  kind: 'customs.release',
  office: '0940',
  location: 'CNYIK',
  direction: 'import',
  transportMode: '2',
  declarationNumber: '094020261000188207',
  transportDocument: 'SLVB-2026-771',
  conveyance: { imoNumber: '9561875', name: 'NORTHERN HARVEST', nationality: 'PA' },
  goods: [
    {
      item: 1,
      commodityCode: '1201901900101',
      description: '黄大豆（非种用）',
      origin: 'BR',
      quantity: { value: '62000000', unit: 'KGM' },
      value: { amount: '28520000.00', currency: 'USD' },
      packages: { count: 1, material: 'bulk' },
    },
  ],
  consignee: { creditCode: '91230100MA1BQ7WE7P', name: '黑龙江某粮油有限公司' },
  declarant: { creditCode: '91210200MA0DLX1K33', name: '大连某报关有限公司' },
  checks: [
    { type: 'documentary', outcome: 'conformant', performedAt: '2026-11-19T09:05:00+08:00', covers: { items: [1] } },
    {
      type: 'weighing',
      outcome: 'conformant',
      performedAt: '2026-11-19T15:20:00+08:00',
      method: '水尺计重',
      covers: { items: [1], quantities: [{ item: 1, value: '61984500', unit: 'KGM' }] },
    },
  ],
  conclusion: 'released',
  customs: {
    releaseInstruction: 'FX-0940-20261119-0231',
    releasedAt: '2026-11-19T16:02:00+08:00',
    basis: 'guarantee',
    duties: {
      settled: true,
      means: 'guaranteed',
      amount: { amount: '5988000.00', currency: 'CNY' },
      guaranteeNumber: 'GB-0940-2026-0071',
    },
    documents: [
      { type: 'declaration', number: '094020261000188207' },
      { type: 'transport-document', number: 'SLVB-2026-771' },
    ],
  },
};
