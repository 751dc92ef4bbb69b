import type { Check, Container, CustomsPart, ResultContent } from '@clearance/contracts';
import { boxNumbers, containersOf, itemNumbers } from './consignment.ts';
import type { Consignment } from './consignment.ts';
import type { Port } from './ports.ts';
import type { Random } from './random.ts';
import { chinaDate, chinaTime, hours } from './stage.ts';

/** The members that every result about a consignment has: what, where, whose, by which means. */
export function common(reference: string, port: Port, c: Consignment, containers?: Container[]) {
  const boxes = containers ?? containersOf(c);
  return {
    reference,
    office: port.office,
    location: port.location,
    direction: c.direction,
    transportMode: c.mode,
    ...(c.handling === undefined ? {} : { handling: c.handling }),
    declarationNumber: c.declarationNumber,
    transportDocument: c.transportDocument,
    ...(c.manifest === undefined ? {} : { manifestNumber: c.manifest }),
    conveyance: c.conveyance,
    ...(boxes.length === 0 ? {} : { containers: boxes }),
    packagesCount: c.goods.reduce((sum, line) => sum + (line.packages?.count ?? 0), 0),
    goods: [...c.goods],
    consignee: c.consignee,
    consignor: c.consignor,
    declarant: c.declarant,
  };
}

/** What a check of the whole consignment covers. */
export function wholeOf(c: Consignment): NonNullable<Check['covers']> {
  const containers = boxNumbers(c);
  return { ...(containers.length === 0 ? {} : { containers }), items: itemNumbers(c) };
}

/** Whether and why a consignment was selected (布控): some are, and then the papers carry the instruction. */
export function selection(
  random: Random,
  port: Port,
  at: number,
): Pick<CustomsPart, 'controlInstruction' | 'riskLevel'> {
  const riskLevel = random.weighted([
    [70, 'low'],
    [22, 'medium'],
    [8, 'high'],
  ] as const);
  const selected = riskLevel !== 'low' || random.chance(0.15);
  return {
    riskLevel,
    ...(selected ? { controlInstruction: `BK-${port.office}-${chinaDate(at)}-${random.text(4, '0123456789')}` } : {}),
  };
}

export interface ScanFacts {
  readonly suspect: boolean;
  /** Registration of the lorry or wagon that was driven through, where no container was. */
  readonly registration?: string;
}

/** 机检: every box (or the vehicle) driven through the scanner, and the images read. */
export function scan(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  facts: ScanFacts,
): ResultContent {
  const equipment = `${port.location.slice(2)}-${c.mode === '5' ? 'CT' : 'H986'}-0${random.integer(1, 3)}`;
  const all = boxNumbers(c);
  // Of several boxes now and then one is left out: its image is nobody's to rely on.
  const driven = all.length > 1 && random.chance(0.1) ? all.slice(1) : all;
  const imaged = driven.length === all.length ? wholeOf(c) : { containers: driven };
  const targets: (string | undefined)[] = driven.length === 0 ? [undefined] : driven;
  const suspect = facts.suspect ? random.integer(0, targets.length - 1) : -1;
  const scans = targets.map((container, i) => ({
    system: c.mode === '5' ? ('CT' as const) : ('H986' as const),
    imageReference: `${equipment}/${chinaDate(at)}/${random.digits(6)}`,
    imageHash: `sha-256:${random.text(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')}`,
    capturedAt: chinaTime(at + i * 180_000),
    energyMeV: c.mode === '5' ? '0.16' : random.pick(['6', '9']),
    views: random.integer(1, 2),
    ...(container === undefined ? {} : { container }),
    ...(container === undefined && facts.registration !== undefined ? { registration: facts.registration } : {}),
    ...(i === suspect
      ? {
          anomalies: [
            {
              code: random.pick(['density', 'organic-in-inorganic', 'concealed-space', 'quantity'] as const),
              region: { x: random.integer(200, 1500), y: random.integer(100, 600), width: 220, height: 140 },
              text: '图像局部密度异常,与申报货物不符',
              item: 1,
            },
          ],
        }
      : {}),
    reading: {
      conclusion: i === suspect ? ('suspect' as const) : ('no-anomaly' as const),
      analyst: `ST${random.digits(4)}`,
      algorithm: '智能审图',
      readAt: chinaTime(at + i * 180_000 + 420_000),
    },
  }));
  const performedAt = chinaTime(at + (targets.length - 1) * 180_000);
  const end = at + hours(24 * 30);
  const outcome = facts.suspect ? 'inconclusive' : 'conformant';
  return {
    ...common(reference, port, c),
    kind: 'customs.scan',
    checks: [
      { type: 'x-ray', outcome, performedAt, equipment, covers: imaged },
      ...(random.chance(0.5) && !facts.suspect
        ? [
            {
              type: 'radiation' as const,
              outcome: 'conformant' as const,
              performedAt,
              method: '门式放射性监测',
              covers: imaged,
            },
          ]
        : []),
      ...(c.boxes.length > 0
        ? [
            {
              type: 'seal' as const,
              outcome: 'conformant' as const,
              performedAt,
              covers: wholeOf(c),
            },
          ]
        : []),
    ],
    conclusion: facts.suspect ? 'examination-required' : 'released',
    validUntil: chinaTime(end),
    customs: { ...selection(random, port, at), scans },
  };
}

export type ExaminationVerdict = 'clean' | 'discrepancy' | 'seizure';

export interface ExaminationFacts {
  readonly verdict: ExaminationVerdict;
  /** Boxes as the examination's record shows them, where some were opened. */
  readonly containers?: Container[];
  /** Share of packages unpacked, percent; 0 is a check from outside. */
  readonly unpacked: number;
  /** Further checks made at the same time. */
  readonly also?: readonly Check[];
}

/** 查验: opened, counted, compared with the declaration; now and then something is not as declared. */
export function examination(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  facts: ExaminationFacts,
): ResultContent {
  const performedAt = chinaTime(at);
  const { verdict, unpacked } = facts;
  const outcome = verdict === 'clean' ? 'conformant' : 'non-conformant';
  const findings = {
    clean: () => [{ code: 'none' as const, text: '未发现异常' }],
    discrepancy: () => [
      random.pick([
        { code: 'quantity-discrepancy' as const, text: '实际件数少于申报', item: 1 },
        { code: 'weight-discrepancy' as const, text: '实际重量超出申报3%', item: 1 },
        { code: 'misdeclared-commodity' as const, text: '归类存疑,待化验', item: 1 },
        { code: 'document-irregularity' as const, text: '原产地证书印章模糊' },
      ]),
    ],
    seizure: () => [
      { code: 'undeclared-goods' as const, text: '夹藏未申报货物', item: 1 },
      { code: 'smuggling-suspected' as const, text: '涉嫌走私', caseNumber: `QS${port.office}${random.digits(6)}` },
    ],
  }[verdict]();
  const sound = (facts.also ?? []).every((check) => check.outcome === 'conformant');
  const type = unpacked === 0 ? 'documentary' : 'physical';
  // 联合查验: one opening, inspection looking on.
  const jointWith = unpacked > 0 && random.chance(0.3) ? { jointWith: ['inspection' as const] } : {};
  return {
    ...common(reference, port, c, facts.containers),
    kind: 'customs.examination',
    checks: [
      { type, outcome, performedAt, inspectorsCount: random.integer(2, 3), ...jointWith, covers: wholeOf(c) },
      ...(facts.also ?? []),
    ],
    conclusion: {
      clean: sound ? ('released' as const) : ('conditional' as const),
      discrepancy: 'conditional' as const,
      seizure: 'detained' as const,
    }[verdict],
    validUntil: chinaTime(at + hours(24 * 30)),
    customs: {
      ...selection(random, port, at),
      examinationOrder: `CY${port.office}${chinaDate(at)}${random.text(4, '0123456789')}`,
      site: `${port.name}查验场${random.integer(1, 3)}号`,
      unpackedPercent: unpacked,
      ...(verdict === 'discrepancy' ? { samplesTaken: random.integer(0, 2) } : {}),
      holderPresent: unpacked > 0,
      findings,
    },
  };
}

export interface ReleaseFacts {
  readonly basis: 'examined' | 'not-selected' | 'guarantee' | 'two-step' | 'recognised';
  /** Office of destination, for transit under customs seal. */
  readonly destination?: Port;
}

/** 放行: the documents checked, duties settled, the goods free or on their way under seal. */
export function release(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  facts: ReleaseFacts,
): ResultContent {
  const guaranteed = facts.basis === 'guarantee';
  const value = c.goods.reduce((sum, line) => sum + Number(line.netWeight?.value ?? 0), 0);
  return {
    ...common(reference, port, c),
    kind: 'customs.release',
    declarationNumber: c.declarationNumber,
    checks: [{ type: 'documentary', outcome: 'conformant', performedAt: chinaTime(at - 600_000), covers: wholeOf(c) }],
    conclusion: guaranteed ? 'conditional' : 'released',
    customs: {
      ...selection(random, port, at),
      releaseInstruction: `FX${c.declarationNumber}`,
      releasedAt: chinaTime(at),
      basis: facts.basis,
      duties:
        c.direction === 'export'
          ? { settled: true, means: 'not-due' }
          : {
              settled: true,
              means: guaranteed ? 'guaranteed' : 'paid',
              // Of a plausible order only: what is levied depends on more than a simulation knows.
              amount: { amount: (value * random.integer(4, 30) * 0.01).toFixed(2), currency: 'CNY' },
              ...(guaranteed ? { guaranteeNumber: `BH${random.digits(10)}` } : {}),
            },
      documents: [
        { type: 'declaration', number: c.declarationNumber },
        { type: 'transport-document', number: c.transportDocument },
      ],
      ...(facts.destination === undefined ? {} : { destinationOffice: facts.destination.office }),
    },
  };
}
