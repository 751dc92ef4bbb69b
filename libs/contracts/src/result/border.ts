import { Type, type Static } from 'typebox';
import { BORDER_ALERTS, REFUSAL_REASONS } from '../codes/findings.ts';
import {
  closed,
  count,
  country,
  date,
  decimal,
  referenceNumber,
  signedDecimal,
  text,
  timestamp,
  unlocode,
} from './scalars.ts';

const alertMembers = {
  alerts: Type.Optional(
    Type.Array(
      Type.Object(
        { code: Type.Enum([...BORDER_ALERTS]), count: Type.Integer({ minimum: 1, maximum: 100_000 }) },
        closed,
      ),
      {
        maxItems: 50,
      },
    ),
  ),
};

const countOfNationality = () =>
  Type.Object({ nationality: country(), count: Type.Integer({ minimum: 1, maximum: 100_000 }) }, closed);

/** 登临检查: boarding of a vessel, train or aircraft. Officers are counted, never named. */
export const BorderConveyanceSchema = Type.Object(
  {
    ...alertMembers,
    boarding: Type.Object(
      {
        startedAt: timestamp(),
        endedAt: Type.Optional(timestamp()),
        officersCount: Type.Integer({ minimum: 1, maximum: 200 }),
      },
      closed,
    ),
    /** 梯口监护. */
    gangway: Type.Optional(
      Type.Object({ guarded: Type.Boolean(), passesIssued: Type.Optional(count(10_000)) }, closed),
    ),
    stowawayCheck: Type.Optional(Type.Object({ performed: Type.Boolean(), found: Type.Optional(count(1000)) }, closed)),
    crewList: Type.Optional(Type.Object({ declared: count(10_000), present: count(10_000) }, closed)),
    passengersOnBoard: Type.Optional(count(20_000)),
    previousPort: Type.Optional(unlocode()),
    nextPort: Type.Optional(unlocode()),
    suspicious: Type.Optional(Type.Boolean()),
    suspicion: Type.Optional(text(500)),
  },
  closed,
);
export type BorderConveyance = Static<typeof BorderConveyanceSchema>;

/**
 * A person checked: personal information, some of it sensitive (《个人信息保护法》 art. 28).
 * `documentType` is the document code of a machine-readable zone (ICAO Doc 9303): `P` passport, `PD` diplomatic,
 * `AC` crew member certificate, `IS` seafarer's identity document, `I` identity card.
 */
export const PersonSchema = Type.Object(
  {
    name: text(100),
    nationality: country(),
    documentType: Type.String({ pattern: '^[PVACI][A-Z]?$', maxLength: 2 }),
    documentNumber: Type.String({ pattern: '^[A-Z0-9]{4,20}$', maxLength: 20 }),
    documentIssuer: Type.Optional(country()),
    documentValidUntil: Type.Optional(date()),
    birthDate: date(),
    sex: Type.Optional(Type.Enum(['M', 'F', 'X'])),
    rank: Type.Optional(text(64)),
    permit: Type.Optional(
      Type.Object(
        {
          type: Type.Enum([
            'visa',
            'landing-permit',
            'transit-exemption',
            'visa-exemption',
            'border-pass',
            'residence-permit',
          ]),
          number: Type.Optional(referenceNumber(32)),
          validUntil: Type.Optional(date()),
        },
        closed,
      ),
    ),
    biometrics: Type.Optional(
      Type.Object(
        {
          face: Type.Optional(Type.Enum(['matched', 'not-matched', 'not-taken'])),
          fingerprints: Type.Optional(Type.Enum(['matched', 'not-matched', 'not-taken'])),
          reference: Type.Optional(referenceNumber(64)),
        },
        closed,
      ),
    ),
    healthDeclaration: Type.Optional(
      Type.Object(
        {
          number: Type.Optional(referenceNumber(64)),
          temperatureCelsius: Type.Optional(signedDecimal()),
          symptoms: Type.Optional(
            Type.Array(
              Type.Enum(['fever', 'cough', 'dyspnoea', 'diarrhoea', 'vomiting', 'rash', 'jaundice', 'other']),
              {
                maxItems: 8,
                uniqueItems: true,
              },
            ),
          ),
          referred: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    alerts: Type.Optional(Type.Array(Type.Enum([...BORDER_ALERTS]), { maxItems: 12, uniqueItems: true })),
    verdict: Type.Enum(['admitted', 'refused', 'referred', 'detained']),
    reason: Type.Optional(Type.Enum([...REFUSAL_REASONS])),
  },
  closed,
);
export type Person = Static<typeof PersonSchema>;

/** 船员查验: the crew of a conveyance, person by person. */
export const BorderCrewSchema = Type.Object(
  {
    ...alertMembers,
    crewCount: count(10_000),
    landingPermitsIssued: Type.Optional(count(10_000)),
    persons: Type.Array(PersonSchema, { maxItems: 2000 }),
  },
  closed,
);
export type BorderCrew = Static<typeof BorderCrewSchema>;

/** 旅客查验: a group or a shift of travellers in counts; `persons` only where a person must be reported. */
export const BorderPassengersSchema = Type.Object(
  {
    ...alertMembers,
    passengerCount: count(100_000),
    byNationality: Type.Optional(Type.Array(countOfNationality(), { maxItems: 250 })),
    channels: Type.Optional(
      Type.Array(
        Type.Object(
          {
            channel: Type.Enum(['staffed', 'automated', 'group', 'border-resident', 'courtesy']),
            count: count(100_000),
            /** Mean time of one traveller at the desk or gate, in seconds. */
            averageSeconds: Type.Optional(decimal()),
          },
          closed,
        ),
        { maxItems: 20 },
      ),
    ),
    refusals: Type.Optional(
      Type.Array(
        Type.Object(
          {
            reason: Type.Enum([...REFUSAL_REASONS]),
            nationality: Type.Optional(country()),
            count: Type.Integer({ minimum: 1, maximum: 100_000 }),
          },
          closed,
        ),
        { maxItems: 250 },
      ),
    ),
    persons: Type.Optional(Type.Array(PersonSchema, { maxItems: 2000 })),
  },
  closed,
);
export type BorderPassengers = Static<typeof BorderPassengersSchema>;
