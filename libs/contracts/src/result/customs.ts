import { Type, type Static } from 'typebox';
import { ANOMALY_CODES, FINDING_CODES } from '../codes/findings.ts';
import { RISK_LEVELS } from '../codes/results.ts';
import {
  closed,
  containerNumber,
  count,
  customsOffice,
  decimal,
  itemNumber,
  money,
  referenceNumber,
  text,
  timestamp,
} from './scalars.ts';

const FindingSchema = Type.Object(
  {
    code: Type.Enum([...FINDING_CODES]),
    text: Type.Optional(text(500)),
    item: Type.Optional(itemNumber()),
    container: Type.Optional(containerNumber()),
    caseNumber: Type.Optional(referenceNumber(64)),
  },
  closed,
);
export type Finding = Static<typeof FindingSchema>;

/** What every customs result may carry: the control instruction (布控指令) it answers, its risk and its findings. */
const controlMembers = {
  controlInstruction: Type.Optional(referenceNumber(64)),
  riskLevel: Type.Optional(Type.Enum([...RISK_LEVELS])),
  findings: Type.Optional(Type.Array(FindingSchema, { maxItems: 100 })),
};

/** 查验: opening, counting, unpacking. `unpackedPercent` is the share of packages opened (彻底查验 is 100). */
export const CustomsExaminationSchema = Type.Object(
  {
    ...controlMembers,
    examinationOrder: Type.Optional(referenceNumber(64)),
    site: Type.Optional(text(128)),
    unpackedPercent: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    samplesTaken: Type.Optional(count(1000)),
    holderPresent: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type CustomsExamination = Static<typeof CustomsExaminationSchema>;

const AnomalySchema = Type.Object(
  {
    code: Type.Enum([...ANOMALY_CODES]),
    /** Rectangle in the image, in pixels from its upper left corner. */
    region: Type.Object({ x: count(), y: count(), width: count(), height: count() }, closed),
    text: Type.Optional(text(255)),
    item: Type.Optional(itemNumber()),
  },
  closed,
);
export type Anomaly = Static<typeof AnomalySchema>;

const ScanSchema = Type.Object(
  {
    system: Type.Enum(['H986', 'FS6000', 'CT', 'backscatter', 'other']),
    imageReference: referenceNumber(128),
    /** SHA-256 of the image file, so that whoever is shown the image can tell it is the one that was read. */
    imageHash: Type.Optional(Type.String({ pattern: '^sha-256:[A-Za-z0-9_-]{43}$', maxLength: 51 })),
    capturedAt: timestamp(),
    energyMeV: Type.Optional(decimal()),
    views: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    container: Type.Optional(containerNumber()),
    registration: Type.Optional(text(20)),
    anomalies: Type.Optional(Type.Array(AnomalySchema, { maxItems: 50 })),
    reading: Type.Object(
      {
        conclusion: Type.Enum(['no-anomaly', 'suspect', 'unreadable']),
        analyst: Type.Optional(referenceNumber(32)),
        algorithm: Type.Optional(text(64)),
        readAt: timestamp(),
      },
      closed,
    ),
  },
  closed,
);
export type Scan = Static<typeof ScanSchema>;

/** 机检: images of large scanners and how they were read (审图). */
export const CustomsScanSchema = Type.Object(
  { ...controlMembers, scans: Type.Array(ScanSchema, { minItems: 1, maxItems: 500 }) },
  closed,
);
export type CustomsScan = Static<typeof CustomsScanSchema>;

/** 放行: the instruction by which goods leave supervision, what was settled and which documents were given back. */
export const CustomsReleaseSchema = Type.Object(
  {
    ...controlMembers,
    releaseInstruction: referenceNumber(64),
    releasedAt: timestamp(),
    basis: Type.Optional(Type.Enum(['examined', 'not-selected', 'guarantee', 'two-step', 'recognised'])),
    duties: Type.Optional(
      Type.Object(
        {
          settled: Type.Boolean(),
          means: Type.Optional(Type.Enum(['paid', 'guaranteed', 'deferred', 'exempt', 'not-due'])),
          amount: Type.Optional(money()),
          guaranteeNumber: Type.Optional(referenceNumber(64)),
        },
        closed,
      ),
    ),
    documents: Type.Optional(
      Type.Array(
        Type.Object(
          {
            type: Type.Enum(['declaration', 'transport-document', 'certificate', 'licence', 'transit-document']),
            number: referenceNumber(64),
          },
          closed,
        ),
        { maxItems: 50 },
      ),
    ),
    destinationOffice: Type.Optional(customsOffice()),
  },
  closed,
);
export type CustomsRelease = Static<typeof CustomsReleaseSchema>;
