import { Type, type Static } from 'typebox';
import {
  closed,
  containerNumber,
  count,
  country,
  decimal,
  itemNumber,
  quantity,
  referenceNumber,
  signedDecimal,
  text,
  timestamp,
} from './scalars.ts';

const SampleSchema = Type.Object(
  {
    id: referenceNumber(64),
    item: Type.Optional(itemNumber()),
    container: Type.Optional(containerNumber()),
    takenAt: Type.Optional(timestamp()),
    quantity: Type.Optional(quantity()),
  },
  closed,
);
export type Sample = Static<typeof SampleSchema>;

const PestSchema = Type.Object(
  {
    scientificName: Type.String({ minLength: 3, maxLength: 128, pattern: '^[A-Z][a-z-]+( .+)?$' }),
    commonName: Type.Optional(text(64)),
    group: Type.Enum([
      'insect',
      'mite',
      'nematode',
      'mollusc',
      'fungus',
      'bacterium',
      'virus',
      'weed',
      'animal-disease',
    ]),
    /** 检疫性有害生物, 限定的非检疫性有害生物, 一般性有害生物 (ISPM 5). */
    status: Type.Enum(['quarantine', 'regulated-non-quarantine', 'not-regulated']),
    alive: Type.Optional(Type.Boolean()),
    foundIn: Type.Enum(['goods', 'packaging', 'container', 'conveyance']),
    item: Type.Optional(itemNumber()),
    container: Type.Optional(containerNumber()),
    disposal: Type.Enum(['none', 'treated', 'returned', 'destroyed', 'released-with-monitoring']),
  },
  closed,
);
export type Pest = Static<typeof PestSchema>;

const TreatmentSchema = Type.Object(
  {
    type: Type.Enum(['fumigation', 'heat', 'cold', 'irradiation', 'disinfection', 'incineration']),
    agent: Type.Optional(
      Type.Enum([
        'methyl-bromide',
        'phosphine',
        'sulfuryl-fluoride',
        'ethanedinitrile',
        'chlorine',
        'peracetic-acid',
        'other',
      ]),
    ),
    /** Dose of a fumigant, in grams per cubic metre. */
    doseGramsPerCubicMetre: Type.Optional(decimal()),
    /** Temperature of goods or air during the treatment, in degrees Celsius. */
    temperatureCelsius: Type.Optional(signedDecimal()),
    durationMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    startedAt: Type.Optional(timestamp()),
    provider: Type.Optional(text(128)),
    certificateNumber: Type.Optional(referenceNumber(64)),
    items: Type.Optional(Type.Array(itemNumber(), { maxItems: 999 })),
    containers: Type.Optional(Type.Array(containerNumber(), { maxItems: 500 })),
  },
  closed,
);
export type Treatment = Static<typeof TreatmentSchema>;

const WoodPackagingSchema = Type.Object(
  {
    /** The mark of ISPM 15, Annex 2. Absent when the wood bore none. */
    mark: Type.Optional(
      Type.Object(
        {
          country: country(),
          producer: referenceNumber(16),
          treatment: Type.Enum(['HT', 'MB', 'DH', 'SF']),
        },
        closed,
      ),
    ),
    container: Type.Optional(containerNumber()),
    compliant: Type.Boolean(),
    barkFound: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type WoodPackaging = Static<typeof WoodPackagingSchema>;

/** 检疫: animal, plant and food quarantine of goods, packaging and conveyance. */
export const InspectionQuarantineSchema = Type.Object(
  {
    applicationNumber: Type.Optional(referenceNumber(64)),
    certificateNumber: Type.Optional(referenceNumber(64)),
    /** 进境动植物检疫许可证. */
    permitNumber: Type.Optional(referenceNumber(64)),
    /** The exporting country's phytosanitary or veterinary certificate. */
    foreignCertificate: Type.Optional(Type.Object({ country: country(), number: referenceNumber(64) }, closed)),
    pests: Type.Optional(Type.Array(PestSchema, { maxItems: 100 })),
    treatments: Type.Optional(Type.Array(TreatmentSchema, { maxItems: 50 })),
    samples: Type.Optional(Type.Array(SampleSchema, { maxItems: 200 })),
    woodPackaging: Type.Optional(Type.Array(WoodPackagingSchema, { maxItems: 500 })),
  },
  closed,
);
export type InspectionQuarantine = Static<typeof InspectionQuarantineSchema>;

const AnalysisSchema = Type.Object(
  {
    sample: referenceNumber(64),
    analyte: text(128),
    /** Standard method, such as `GB 5009.12-2023` or `SN/T 1873-2019`. */
    method: text(64),
    value: Type.Optional(decimal()),
    unit: Type.Optional(text(16)),
    detectionLimit: Type.Optional(decimal()),
    limit: Type.Optional(decimal()),
    verdict: Type.Enum(['compliant', 'non-compliant', 'detected', 'not-detected', 'inconclusive']),
  },
  closed,
);
export type Analysis = Static<typeof AnalysisSchema>;

/** 实验室检测. `accreditation` is the laboratory's CNAS registration number. */
export const InspectionLaboratorySchema = Type.Object(
  {
    laboratory: Type.Object(
      {
        name: text(128),
        accreditation: Type.Optional(Type.String({ pattern: '^CNAS [A-Z]{1,2}[0-9]{4,5}$', maxLength: 13 })),
      },
      closed,
    ),
    reportNumber: referenceNumber(64),
    reportedAt: Type.Optional(timestamp()),
    samples: Type.Array(SampleSchema, { minItems: 1, maxItems: 200 }),
    analyses: Type.Array(AnalysisSchema, { minItems: 1, maxItems: 1000 }),
  },
  closed,
);
export type InspectionLaboratory = Static<typeof InspectionLaboratorySchema>;

const CertificateSchema = Type.Object(
  {
    type: Type.Enum([
      'health',
      'phytosanitary',
      'veterinary',
      'sanitary',
      'quality',
      'quantity',
      'weight',
      'fumigation',
      'disinfection',
      'entry-goods',
    ]),
    number: referenceNumber(64),
    issuedAt: timestamp(),
    validUntil: Type.Optional(timestamp()),
    destination: Type.Optional(country()),
    statement: Type.Optional(text(1000)),
    copies: Type.Optional(count(20)),
    replaces: Type.Optional(referenceNumber(64)),
    items: Type.Optional(Type.Array(itemNumber(), { maxItems: 999 })),
    containers: Type.Optional(Type.Array(containerNumber(), { maxItems: 500 })),
  },
  closed,
);
export type Certificate = Static<typeof CertificateSchema>;

/** 证书: what inspection attests on paper. */
export const InspectionCertificateSchema = Type.Object(
  {
    applicationNumber: Type.Optional(referenceNumber(64)),
    certificates: Type.Array(CertificateSchema, { minItems: 1, maxItems: 50 }),
  },
  closed,
);
export type InspectionCertificate = Static<typeof InspectionCertificateSchema>;
