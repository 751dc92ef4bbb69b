import type { Check, Container, InspectionPart, ResultContent } from '@clearance/contracts';
import { boxNumbers, itemNumbers, quantitiesOf } from './consignment.ts';
import type { Consignment } from './consignment.ts';
import { common, wholeOf } from './customs-results.ts';
import type { Analyte, Pest } from './goods.ts';
import type { Port } from './ports.ts';
import type { Random } from './random.ts';
import { chinaDate, chinaTime, hours } from './stage.ts';

/** A number of inspection's own: a letter for what it is, the place, the date and a serial. */
function number(random: Random, mark: string, port: Port, at: number): string {
  return `${mark}${port.location.slice(2)}${chinaDate(at)}${random.text(5, '0123456789')}`;
}

/** Chapters whose import needs an entry permit for animals and plants (进境动植物检疫许可证): cereals, oilseed, fresh fruit. */
const NEEDS_PERMIT = /^(08|10|12)/;

export interface QuarantineFacts {
  /** Boxes as the record shows them, where some were opened to take samples. */
  readonly containers?: Container[];
  /** `pest`: something alive was found, and treated; `refused`: returned or destroyed. */
  readonly verdict: 'clean' | 'pest' | 'refused';
  /** Country whose certificate came with the goods. */
  readonly from: string;
  /** Whether wooden packaging was looked at (ISPM 15). */
  readonly wood: boolean;
  readonly sampled: boolean;
}

/** Pests of the weeds' families are plants, the rest of this region's finds are insects. */
function groupOf(pest: Pest): 'insect' | 'weed' {
  return /^(Ambrosia|Sorghum|Xanthium)/.test(pest.scientificName) ? 'weed' : 'insect';
}

/** 检疫: goods, packaging and container looked at; samples taken; what is found is treated or turned back. */
export function quarantine(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  facts: QuarantineFacts,
): ResultContent {
  const known = c.wares.flatMap((ware, i) => (ware.pests ?? []).map((pest) => ({ pest, item: i + 1 })));
  const found = facts.verdict === 'clean' || known.length === 0 ? undefined : random.pick(known);
  const refused = facts.verdict === 'refused';
  const clean = found === undefined && !refused;
  const containers = boxNumbers(c);
  const fumigated = found !== undefined && !refused;
  // A fumigation takes a day under the sheet, and the goods are looked at again after it.
  const done = fumigated ? at + hours(25) : at;
  const part: InspectionPart = {
    applicationNumber: number(random, 'BJ', port, at),
    // A certificate closes a quarantine that let the goods pass, treated or not.
    ...(refused ? {} : { certificateNumber: number(random, 'JY', port, at) }),
    ...(c.wares.some((ware) => NEEDS_PERMIT.test(ware.commodityCode)) ? { permitNumber: `AP${random.digits(8)}` } : {}),
    foreignCertificate: { country: facts.from, number: `${facts.from}-${random.digits(9)}` },
    ...(found === undefined
      ? {}
      : {
          pests: [
            {
              scientificName: found.pest.scientificName,
              commonName: found.pest.commonName,
              group: groupOf(found.pest),
              status: 'quarantine',
              alive: true,
              foundIn: 'goods',
              item: found.item,
              ...(containers.length === 0 ? {} : { container: random.pick(containers) }),
              disposal: refused ? 'returned' : 'treated',
            },
          ],
        }),
    ...(fumigated
      ? {
          treatments: [
            {
              type: 'fumigation',
              agent: random.pick(['sulfuryl-fluoride', 'methyl-bromide', 'phosphine'] as const),
              doseGramsPerCubicMetre: String(random.integer(32, 80)),
              temperatureCelsius: String(random.integer(-4, 22)),
              durationMinutes: 1440,
              startedAt: chinaTime(at + hours(0.5)),
              provider: `${port.city}某熏蒸消毒服务有限公司`,
              certificateNumber: number(random, 'XZ', port, at),
              items: itemNumbers(c),
              ...(containers.length === 0 ? {} : { containers }),
            },
          ],
        }
      : {}),
    ...(facts.sampled
      ? {
          samples: [
            {
              id: number(random, 'YP', port, at),
              item: 1,
              ...(containers.length === 0 ? {} : { container: random.pick(containers) }),
              takenAt: chinaTime(at),
              quantity: { value: '2.5', unit: 'KGM' },
            },
          ],
        }
      : {}),
    ...(facts.wood
      ? {
          woodPackaging: [
            {
              mark: { country: facts.from, producer: random.digits(3), treatment: random.pick(['HT', 'MB'] as const) },
              ...(containers.length === 0 ? {} : { container: random.pick(containers) }),
              compliant: true,
              barkFound: false,
            },
          ],
        }
      : {}),
  };
  const checks: Check[] = [
    { type: 'documentary', outcome: 'conformant', performedAt: chinaTime(at - 1_800_000), covers: wholeOf(c) },
    {
      type: 'quarantine',
      outcome: clean || fumigated ? 'conformant' : 'non-conformant',
      performedAt: chinaTime(done),
      method: '现场检疫',
      inspectorsCount: 2,
      ...(fumigated ? { remarks: '检出有害生物,经熏蒸处理后合格' } : {}),
      covers: { ...wholeOf(c), quantities: quantitiesOf(c) },
    },
  ];
  return {
    ...common(reference, port, c, facts.containers),
    kind: 'inspection.quarantine',
    checks,
    conclusion: refused ? 'refused' : fumigated ? 'conditional' : 'released',
    ...(refused ? {} : { validUntil: chinaTime(done + hours(24 * 21)) }),
    inspection: part,
  };
}

/** A measured value on the right or the wrong side of the analyte's limit. */
function measured(random: Random, analyte: Analyte, passes: boolean): string {
  const { limit, floor } = analyte;
  const share = passes === (floor === true) ? 1.02 + random.fraction() * 0.1 : 0.05 + random.fraction() * 0.85;
  return (limit * share).toFixed(3);
}

/** What a laboratory can measure in the consignment, with the item that it is in. */
export function analytesOf(c: Consignment): { analyte: Analyte; item: number }[] {
  return c.wares.flatMap((ware, i) => (ware.analytes ?? []).map((analyte) => ({ analyte, item: i + 1 })));
}

/**
 * 实验室检测: the samples measured by standard methods against their limits.
 *
 * @param passes false: one analyte is beyond its limit
 * @throws RangeError when nothing in the consignment is ever measured
 */
export function laboratory(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  passes: boolean,
): ResultContent {
  const tested = analytesOf(c);
  const failing = passes ? -1 : random.integer(0, tested.length - 1);
  const sample = (item: number): string => `${reference}-Y${item}`;
  const items = [...new Set(tested.map((one) => one.item))];
  const box = boxNumbers(c)[0];
  if (items.length === 0) throw new RangeError('no laboratory measures anything in these goods');
  return {
    ...common(reference, port, c),
    kind: 'inspection.laboratory',
    checks: [
      {
        type: 'laboratory',
        outcome: passes ? 'conformant' : 'non-conformant',
        performedAt: chinaTime(at),
        covers: { ...wholeOf(c), items },
      },
    ],
    conclusion: passes ? 'released' : 'refused',
    ...(passes ? { validUntil: chinaTime(at + hours(24 * 60)) } : {}),
    inspection: {
      laboratory: { name: `${port.city}某综合技术中心实验室`, accreditation: `CNAS L${random.digits(4)}` },
      reportNumber: number(random, 'SY', port, at),
      reportedAt: chinaTime(at + 1_800_000),
      samples: items.map((item) => ({
        id: sample(item),
        item,
        ...(box === undefined ? {} : { container: box }),
        takenAt: chinaTime(at - hours(20)),
        quantity: { value: '2.5', unit: 'KGM' },
      })),
      analyses: tested.map(({ analyte, item }, i) => ({
        sample: sample(item),
        analyte: analyte.name,
        method: analyte.method,
        value: measured(random, analyte, i !== failing),
        unit: analyte.unit,
        limit: String(analyte.limit),
        verdict: i === failing ? 'non-compliant' : 'compliant',
      })),
    },
  };
}

export type CertificateType = 'health' | 'phytosanitary' | 'quality' | 'weight' | 'entry-goods' | 'veterinary';

/** 证书: what inspection attests; `types` one certificate each. */
export function certificate(
  random: Random,
  reference: string,
  port: Port,
  c: Consignment,
  at: number,
  types: readonly CertificateType[],
): ResultContent {
  const containers = boxNumbers(c);
  return {
    ...common(reference, port, c),
    kind: 'inspection.certificate',
    checks: [{ type: 'documentary', outcome: 'conformant', performedAt: chinaTime(at), covers: wholeOf(c) }],
    conclusion: 'released',
    validUntil: chinaTime(at + hours(24 * 60)),
    inspection: {
      applicationNumber: number(random, 'BJ', port, at),
      certificates: types.map((type) => ({
        type,
        number: number(
          random,
          { health: 'WS', phytosanitary: 'ZW', quality: 'PZ', weight: 'ZL', 'entry-goods': 'RJ', veterinary: 'SY' }[
            type
          ],
          port,
          at,
        ),
        issuedAt: chinaTime(at),
        validUntil: chinaTime(at + hours(24 * 60)),
        statement: '经检验检疫,上述货物符合要求。',
        copies: random.integer(1, 3),
        items: itemNumbers(c),
        ...(containers.length === 0 ? {} : { containers }),
      })),
    },
  };
}
