import type { UnitId } from '@clearance/contracts';

/** The units of the four provinces of the Northeast. */
export const UNITS = ['ln', 'jl', 'hl', 'nm'].flatMap((province) =>
  ['customs', 'inspection', 'border'].map((agency): UnitId => `${province}.${agency}`),
);

/** The twelve units, and two consumers that are none of the three agencies. */
export const CONSUMERS: UnitId[] = [...UNITS, 'ln.tax', 'ln.port'];

/** A day on which the default list is in force. */
export const NOW = Date.parse('2026-11-21T03:00:00Z');

type Content = Record<string, unknown>;

const common = (kind: string): Content => ({
  reference: 'EXAMPLE-2026-1',
  kind,
  location: 'CNDLC',
  direction: 'import',
  transportMode: '2',
  conclusion: 'released',
});

const goods = (): Content[] => [
  {
    item: 1,
    commodityCode: '0303630000999',
    description: '冻鳕鱼',
    origin: 'RU',
    quantity: { value: '24000', unit: 'KGM' },
    value: { amount: '61200.00', currency: 'USD' },
    manufacturer: { name: '某远洋渔业公司' },
  },
  {
    item: 2,
    commodityCode: '0306140000999',
    description: '冻蟹',
    origin: 'RU',
    quantity: { value: '8000', unit: 'KGM' },
    value: { amount: '90000.00', currency: 'USD' },
  },
];

const cargo = (): Content => ({
  declarationNumber: '090220261000000123',
  containers: [{ number: 'CSQU3054383', seals: [{ number: 'H1234567', condition: 'intact' }] }],
  goods: goods(),
  consignee: { creditCode: '91210200MA0DLX1K33', name: '大连某水产有限公司' },
});

const check = (type: string): Content => ({
  type,
  outcome: 'conformant',
  performedAt: '2026-11-21T03:10:00Z',
  remarks: '正常',
  covers: { containers: ['CSQU3054383'], items: [1] },
});

/** 海关查验 */
export const examination = (customs: Content = {}, more: Content = {}): Content => ({
  ...common('customs.examination'),
  office: '0902',
  ...cargo(),
  checks: [check('x-ray')],
  remarks: '查验正常',
  customs: { controlInstruction: 'BK-0902-20261121-0007', riskLevel: 'low', findings: [{ code: 'none' }], ...customs },
  ...more,
});

/** 机检 */
export const scan = (): Content => ({
  ...common('customs.scan'),
  office: '0902',
  ...cargo(),
  checks: [check('x-ray')],
  customs: {
    riskLevel: 'medium',
    scans: [
      {
        system: 'H986',
        imageReference: 'IMG-1',
        capturedAt: '2026-11-21T03:10:00Z',
        anomalies: [{ code: 'density', region: { x: 1, y: 2, width: 3, height: 4 } }],
        reading: { conclusion: 'suspect', analyst: 'A-17', algorithm: 'reader 4', readAt: '2026-11-21T03:20:00Z' },
      },
    ],
  },
});

/** 放行 */
export const release = (): Content => ({
  ...common('customs.release'),
  office: '0902',
  ...cargo(),
  checks: [check('documentary')],
  customs: {
    releaseInstruction: 'FX-1',
    releasedAt: '2026-11-21T05:00:00Z',
    duties: { settled: true, amount: { amount: '5000', currency: 'CNY' }, guaranteeNumber: 'G-1' },
  },
});

/** 检疫 */
export const quarantine = (inspection: Content = {}): Content => ({
  ...common('inspection.quarantine'),
  ...cargo(),
  checks: [check('quarantine')],
  inspection: { certificateNumber: 'Q-1', ...inspection },
});

/** 实验室检测 */
export const laboratory = (method = 'GB 5009.12-2023', more: Content = {}): Content => ({
  ...common('inspection.laboratory'),
  ...cargo(),
  checks: [check('laboratory')],
  inspection: {
    laboratory: { name: '大连某技术中心', accreditation: 'CNAS L1234' },
    reportNumber: 'LR-1',
    samples: [{ id: 'S-1' }],
    analyses: [{ sample: 'S-1', analyte: '铅', method, detectionLimit: '0.01', verdict: 'compliant' }],
  },
  ...more,
});

const person = (number: number): Content => ({
  name: `Ivanov ${number}`,
  nationality: 'RU',
  documentType: 'IS',
  documentNumber: `R75512${number}`,
  documentValidUntil: '2030-01-01',
  birthDate: '1985-04-0' + number,
  permit: { type: 'landing-permit', number: `LP-${number}` },
  verdict: 'admitted',
});

const sensitive: Content = {
  biometrics: { face: 'matched', reference: 'BIO-1' },
  healthDeclaration: { number: 'HD-1', temperatureCelsius: '36.5' },
  alerts: ['watchlist-hit'],
};

/** 船员查验 */
export const crew = (direction = 'import'): Content => ({
  ...common('border.crew'),
  direction,
  conveyance: { imoNumber: '9074729' },
  checks: [{ type: 'crew', outcome: 'conformant', performedAt: '2026-11-21T03:10:00Z' }],
  border: { crewCount: 2, persons: [{ ...person(1), ...sensitive }, person(2)] },
});

/** 旅客查验 */
export const passengers = (): Content => ({
  ...common('border.passengers'),
  checks: [{ type: 'crew', outcome: 'conformant', performedAt: '2026-11-21T03:10:00Z' }],
  border: {
    passengerCount: 41,
    byNationality: [{ nationality: 'RU', count: 30 }],
    persons: [{ ...person(1), ...sensitive }],
    alerts: [{ code: 'watchlist-hit', count: 1 }],
  },
});

/** 登临检查 */
export const conveyance = (): Content => ({
  ...common('border.conveyance'),
  conveyance: { imoNumber: '9074729' },
  checks: [{ type: 'boarding', outcome: 'conformant', performedAt: '2026-11-21T03:10:00Z' }],
  border: {
    boarding: { startedAt: '2026-11-21T03:00:00Z', officersCount: 3 },
    suspicious: true,
    suspicion: '夹层可疑',
  },
});

/** The nodes of a content that a view still shows: the content without what the pointers name. */
export function without(content: unknown, pointers: readonly string[]): unknown {
  if (pointers.includes('')) return undefined;
  const visit = (value: unknown, at: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const kept = Object.entries(value)
      .map(([name, member]) => ({ name, member, at: `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}` }))
      .filter((child) => !pointers.includes(child.at));
    if (Array.isArray(value)) return kept.map((child) => visit(child.member, child.at));
    return Object.fromEntries(kept.map((child) => [child.name, visit(child.member, child.at)]));
  };
  return visit(content, '');
}
