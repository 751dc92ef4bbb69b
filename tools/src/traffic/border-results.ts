import type { BorderPart, Conveyance, ResultContent } from '@clearance/contracts';
import { traveller } from './people.ts';
import type { Port } from './ports.ts';
import type { Random } from './random.ts';
import { chinaDate, chinaTime, hours } from './stage.ts';

type Person = NonNullable<BorderPart['persons']>[number];
type Alert = NonNullable<Person['alerts']>[number];

/** A conveyance's crossing or call, as border inspection sees it. */
export interface Crossing {
  readonly direction: 'import' | 'export';
  readonly mode: '2' | '3' | '4' | '5';
  readonly conveyance: Conveyance;
  /** Manifest number, by which cargo and conveyance find each other. */
  readonly manifest: string;
  /** Bill of lading, where the whole conveyance carries one consignment. */
  readonly transportDocument?: string;
  readonly previousPort?: string;
  readonly nextPort?: string;
  /** Nationalities of the crew, most frequent first, and how many there are. */
  readonly crew: { readonly nationalities: readonly string[]; readonly count: number };
}

function head(reference: string, port: Port, crossing: Crossing) {
  return {
    reference,
    location: port.location,
    direction: crossing.direction,
    transportMode: crossing.mode,
    manifestNumber: crossing.manifest,
    ...(crossing.transportDocument === undefined ? {} : { transportDocument: crossing.transportDocument }),
    conveyance: crossing.conveyance,
  };
}

/** 登临检查: boarded, searched for stowaways, the crew list compared with those present. */
export function boarding(
  random: Random,
  reference: string,
  port: Port,
  crossing: Crossing,
  at: number,
  suspicious: boolean,
): ResultContent {
  const minutes = { '2': 75, '3': 40, '4': 6, '5': 18 }[crossing.mode] + random.integer(0, 20);
  const end = at + minutes * 60_000;
  return {
    ...head(reference, port, crossing),
    kind: 'border.conveyance',
    checks: [
      {
        type: 'boarding',
        outcome: suspicious ? 'inconclusive' : 'conformant',
        performedAt: chinaTime(end),
        inspectorsCount: crossing.mode === '2' ? 4 : 2,
        ...(random.chance(0.2) ? { jointWith: ['customs' as const, 'inspection' as const] } : {}),
      },
    ],
    conclusion: suspicious ? 'examination-required' : 'released',
    border: {
      boarding: { startedAt: chinaTime(at), endedAt: chinaTime(end), officersCount: crossing.mode === '2' ? 4 : 2 },
      ...(crossing.mode === '2' ? { gangway: { guarded: true, passesIssued: random.integer(0, 12) } } : {}),
      stowawayCheck: { performed: true, found: 0 },
      crewList: { declared: crossing.crew.count, present: crossing.crew.count },
      passengersOnBoard: 0,
      ...(crossing.previousPort === undefined ? {} : { previousPort: crossing.previousPort }),
      ...(crossing.nextPort === undefined ? {} : { nextPort: crossing.nextPort }),
      suspicious,
      ...(suspicious
        ? {
            suspicion: '货舱局部改装痕迹,建议联合登临检查',
            alerts: [
              { code: crossing.mode === '2' ? ('gangway-breach' as const) : ('crew-unlisted' as const), count: 1 },
            ],
          }
        : {}),
    },
  };
}

const RANKS = ['船长', '大副', '轮机长', '二副', '大管轮', '水手长', '一水', '机工', '大厨'] as const;
const RANKS_ON_LAND = {
  '3': ['司机', '副司机', '列车员'],
  '4': ['驾驶员'],
  '5': ['机长', '副驾驶', '乘务员'],
} as const;

type Trouble = 'none' | 'document' | 'fever';

/** What becomes of one of the crew: most go ashore; a bad document or a fever keeps a few from it. */
function verdictOn(trouble: Trouble): Pick<Person, 'verdict' | 'reason' | 'alerts'> {
  switch (trouble) {
    case 'none':
      return { verdict: 'admitted' };
    case 'document':
      return { verdict: 'refused', reason: 'no-valid-document', alerts: ['document-expired'] };
    case 'fever':
      return { verdict: 'referred', alerts: ['health-referral'] };
    default:
      return trouble satisfies never;
  }
}

/** One of the crew with a travel document; where the permit to land depends on the document. */
function crewMember(random: Random, crossing: Crossing, index: number, at: number): Person {
  const { nationalities } = crossing.crew;
  const nationality = index === 0 || random.chance(0.7) ? nationalities[0] : random.pick(nationalities);
  const person = traveller(random, nationality ?? 'CN', at);
  const ranks = crossing.mode === '2' ? RANKS : RANKS_ON_LAND[crossing.mode];
  const seafarer = crossing.mode === '2' && random.chance(0.8);
  const foreign = person.nationality !== 'CN';
  const trouble = random.weighted([
    [985, 'none'],
    [8, 'document'],
    [7, 'fever'],
  ] as const);
  return {
    name: person.name,
    nationality: person.nationality,
    documentType: seafarer ? 'IS' : 'P',
    documentNumber: person.documentNumber,
    documentIssuer: person.nationality,
    documentValidUntil: new Date(at + hours(24 * random.integer(200, 3000))).toISOString().slice(0, 10),
    birthDate: person.birthDate,
    sex: person.sex,
    rank: ranks[Math.min(index, ranks.length - 1)] ?? ranks[0],
    ...(foreign && crossing.mode === '2' && trouble === 'none'
      ? { permit: { type: 'landing-permit' as const, number: `LP${chinaDate(at)}${random.text(4, '0123456789')}` } }
      : {}),
    ...(random.chance(0.4)
      ? {
          biometrics: {
            face: 'matched' as const,
            fingerprints: 'matched' as const,
            reference: `BIO-${random.digits(10)}`,
          },
        }
      : {}),
    ...(foreign
      ? {
          healthDeclaration: {
            number: `JKSB${random.digits(12)}`,
            temperatureCelsius: (trouble === 'fever' ? 38.1 : 36 + random.fraction() * 0.9).toFixed(1),
            ...(trouble === 'fever' ? { symptoms: ['fever' as const, 'cough' as const], referred: true } : {}),
          },
        }
      : {}),
    ...verdictOn(foreign || trouble !== 'fever' ? trouble : 'none'),
  };
}

/** 员工查验: every one of the crew, person by person. */
export function crew(random: Random, reference: string, port: Port, crossing: Crossing, at: number): ResultContent {
  const persons = Array.from({ length: crossing.crew.count }, (_, i) => crewMember(random, crossing, i, at));
  const landed = persons.filter((person) => person.permit !== undefined);
  const alerts = [...new Set(persons.flatMap((person): readonly Alert[] => person.alerts ?? []))].map((code) => ({
    code,
    count: persons.filter((person) => person.alerts?.includes(code)).length,
  }));
  return {
    ...head(reference, port, crossing),
    kind: 'border.crew',
    checks: [
      {
        type: 'crew',
        outcome: alerts.length === 0 ? 'conformant' : 'non-conformant',
        performedAt: chinaTime(at),
        inspectorsCount: 2,
      },
    ],
    conclusion: alerts.length === 0 ? 'released' : 'conditional',
    border: {
      crewCount: persons.length,
      landingPermitsIssued: landed.length,
      ...(alerts.length === 0 ? {} : { alerts }),
      persons,
    },
  };
}

export interface Shift {
  readonly direction: 'import' | 'export';
  readonly mode: '2' | '3' | '4' | '5';
  readonly conveyance: Conveyance;
  readonly travellers: number;
  readonly neighbour: 'RU' | 'MN' | 'KR' | 'JP';
}

/** 旅客查验: a shift or a boat-load of travellers in counts; who was refused also as a person. */
export function passengers(random: Random, reference: string, port: Port, shift: Shift, at: number): ResultContent {
  const total = shift.travellers;
  const neighbours = Math.floor(total * (0.3 + random.fraction() * 0.4));
  const others = random.integer(0, Math.min(4, total - neighbours));
  const refusals = random.chance(0.15) ? 1 : 0;
  const automated = Math.floor((total - neighbours - others) * 0.6);
  const refused = refusals === 0 ? undefined : traveller(random, shift.neighbour, at);
  const reason = random.pick(['no-valid-visa', 'no-valid-document', 'purpose-not-credible'] as const);
  return {
    reference,
    location: port.location,
    direction: shift.direction,
    transportMode: shift.mode,
    conveyance: shift.conveyance,
    kind: 'border.passengers',
    checks: [
      { type: 'crew', outcome: 'conformant', performedAt: chinaTime(at), inspectorsCount: random.integer(4, 12) },
    ],
    conclusion: 'released',
    border: {
      passengerCount: total,
      byNationality: [
        { nationality: 'CN', count: total - neighbours - others },
        { nationality: shift.neighbour, count: neighbours },
        { nationality: 'KZ', count: others },
      ].filter((one) => one.count > 0),
      channels: [
        { channel: 'staffed' as const, count: total - automated, averageSeconds: String(random.integer(18, 39)) },
        { channel: 'automated' as const, count: automated, averageSeconds: String(random.integer(8, 15)) },
      ],
      ...(refused === undefined
        ? {}
        : {
            refusals: [{ reason, nationality: shift.neighbour, count: refusals }],
            persons: [
              {
                name: refused.name,
                nationality: refused.nationality,
                documentType: 'P',
                documentNumber: refused.documentNumber,
                birthDate: refused.birthDate,
                sex: refused.sex,
                biometrics: { face: 'matched' as const, reference: `BIO-${random.digits(10)}` },
                verdict: 'refused' as const,
                reason,
              },
            ],
          }),
    },
  };
}
