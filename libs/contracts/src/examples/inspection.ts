import type { ContentOf } from '../result/content.ts';

/** Larch logs by rail at Suifenhe: bark beetles alive, fumigated with sulfuryl fluoride, released with conditions. */
export const inspectionQuarantine: ContentOf<'inspection.quarantine'> = {
  reference: 'SFH-JY-2026-007702',
  kind: 'inspection.quarantine',
  office: '1902',
  location: 'CNSFE',
  direction: 'import',
  transportMode: '3',
  declarationNumber: '190220261000077026',
  transportDocument: 'SMGS-41903311',
  conveyance: { journey: '4402', nationality: 'RU', wagons: ['60417725', '60417733'] },
  goods: [
    {
      item: 1,
      commodityCode: '4403230090101',
      description: '落叶松原木',
      origin: 'RU',
      quantity: { value: '138.250', unit: 'MTQ' },
    },
  ],
  consignee: { creditCode: '91230100MA1BQ7WE7P', name: '黑龙江某木业有限公司' },
  checks: [
    {
      type: 'quarantine',
      outcome: 'non-conformant',
      performedAt: '2026-11-18T10:30:00+08:00',
      inspectorsCount: 2,
      covers: { items: [1], quantities: [{ item: 1, value: '138.250', unit: 'MTQ' }] },
    },
    {
      type: 'quarantine',
      outcome: 'conformant',
      performedAt: '2026-11-20T08:10:00+08:00',
      remarks: '除害处理后复查',
      covers: { items: [1] },
    },
  ],
  conclusion: 'conditional',
  validUntil: '2026-12-18T00:00:00+08:00',
  inspection: {
    applicationNumber: '2311002026077026',
    certificateNumber: '231100126007702',
    foreignCertificate: { country: 'RU', number: 'RU-25-0117-2026' },
    pests: [
      {
        scientificName: 'Ips subelongatus',
        commonName: '落叶松八齿小蠹',
        group: 'insect',
        status: 'not-regulated',
        alive: true,
        foundIn: 'goods',
        item: 1,
        disposal: 'treated',
      },
    ],
    treatments: [
      {
        type: 'fumigation',
        agent: 'sulfuryl-fluoride',
        doseGramsPerCubicMetre: '104',
        temperatureCelsius: '6',
        durationMinutes: 1440,
        startedAt: '2026-11-18T18:00:00+08:00',
        provider: '绥芬河某除害处理有限公司',
        certificateNumber: 'XZ-2026-3310',
        items: [1],
      },
    ],
    samples: [{ id: 'SFH-26-7702-A', item: 1, takenAt: '2026-11-18T10:40:00+08:00' }],
    woodPackaging: [{ mark: { country: 'RU', producer: '047', treatment: 'HT' }, compliant: true, barkFound: false }],
  },
};

/** A laboratory's report on frozen cod: lead and veterinary drug residues. */
export const inspectionLaboratory: ContentOf<'inspection.laboratory'> = {
  reference: 'HC-LAB-2026-10045',
  kind: 'inspection.laboratory',
  office: '1507',
  location: 'CNHUC',
  direction: 'import',
  transportMode: '4',
  declarationNumber: '150720261000010045',
  containers: [
    { number: 'SFEU3300710', seals: [{ number: 'HC880131', condition: 'intact', affixedBy: 'inspection' }] },
  ],
  goods: [
    {
      item: 1,
      commodityCode: '0303630000999',
      description: '冻鳕鱼',
      origin: 'RU',
      quantity: { value: '18000', unit: 'KGM' },
    },
  ],
  checks: [
    {
      type: 'laboratory',
      outcome: 'conformant',
      performedAt: '2026-11-19T14:00:00+08:00',
      method: 'GB 5009.12-2023',
      covers: { containers: ['SFEU3300710'], items: [1] },
    },
  ],
  conclusion: 'released',
  validUntil: '2027-01-19T00:00:00+08:00',
  inspection: {
    laboratory: { name: '延边某口岸检测中心', accreditation: 'CNAS L2093' },
    reportNumber: 'YB-2026-FD-10045',
    reportedAt: '2026-11-20T16:30:00+08:00',
    samples: [{ id: 'HC-26-0087', item: 1, container: 'SFEU3300710', quantity: { value: '2.5', unit: 'KGM' } }],
    analyses: [
      {
        sample: 'HC-26-0087',
        analyte: '铅',
        method: 'GB 5009.12-2023',
        value: '0.021',
        unit: 'mg/kg',
        detectionLimit: '0.02',
        limit: '0.5',
        verdict: 'compliant',
      },
      { sample: 'HC-26-0087', analyte: '氯霉素', method: 'GB/T 20756-2006', unit: 'µg/kg', verdict: 'not-detected' },
    ],
  },
};

/** A phytosanitary certificate for maize exported by Heilongjiang. */
export const inspectionCertificate: ContentOf<'inspection.certificate'> = {
  reference: 'HRB-ZS-2026-00562',
  kind: 'inspection.certificate',
  office: '1919',
  location: 'CNHRB',
  direction: 'export',
  transportMode: '3',
  declarationNumber: '191920260000005623',
  goods: [
    {
      item: 1,
      commodityCode: '1005900090101',
      description: '玉米',
      origin: 'CN',
      quantity: { value: '540', unit: 'TNE' },
    },
  ],
  consignor: { creditCode: '91230100MA1BQ7WE7P', name: '黑龙江某粮油有限公司' },
  checks: [
    { type: 'documentary', outcome: 'conformant', performedAt: '2026-11-17T09:00:00+08:00', covers: { items: [1] } },
    { type: 'quarantine', outcome: 'conformant', performedAt: '2026-11-17T13:00:00+08:00', covers: { items: [1] } },
  ],
  conclusion: 'released',
  inspection: {
    applicationNumber: '2300002026005623',
    certificates: [
      {
        type: 'phytosanitary',
        number: '230000126000562',
        issuedAt: '2026-11-18T10:00:00+08:00',
        validUntil: '2026-12-09T00:00:00+08:00',
        destination: 'RU',
        copies: 2,
        items: [1],
      },
    ],
  },
};
