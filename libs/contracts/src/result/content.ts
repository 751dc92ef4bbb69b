import { Type, type Static, type TObject } from 'typebox';
import type { ResultKind } from '../codes/results.ts';
import { BorderConveyanceSchema, BorderCrewSchema, BorderPassengersSchema } from './border.ts';
import type { BorderConveyance, BorderCrew, BorderPassengers } from './border.ts';
import { commonMembers } from './common.ts';
import { CustomsExaminationSchema, CustomsReleaseSchema, CustomsScanSchema } from './customs.ts';
import type { CustomsExamination, CustomsRelease, CustomsScan } from './customs.ts';
import { InspectionCertificateSchema, InspectionLaboratorySchema, InspectionQuarantineSchema } from './inspection.ts';
import type { InspectionCertificate, InspectionLaboratory, InspectionQuarantine } from './inspection.ts';
import { closed, customsOffice, declarationNumber } from './scalars.ts';

const customsMembers = { ...commonMembers, office: customsOffice() };

/** The schema of each kind's content: the common members, and its own agency's part and no other's. */
export const contentSchemas = {
  'customs.examination': Type.Object(
    { ...customsMembers, kind: Type.Literal('customs.examination'), customs: Type.Optional(CustomsExaminationSchema) },
    closed,
  ),
  'customs.scan': Type.Object(
    { ...customsMembers, kind: Type.Literal('customs.scan'), customs: CustomsScanSchema },
    closed,
  ),
  'customs.release': Type.Object(
    {
      ...customsMembers,
      kind: Type.Literal('customs.release'),
      declarationNumber: declarationNumber(),
      customs: CustomsReleaseSchema,
    },
    closed,
  ),
  'inspection.quarantine': Type.Object(
    {
      ...commonMembers,
      kind: Type.Literal('inspection.quarantine'),
      inspection: Type.Optional(InspectionQuarantineSchema),
    },
    closed,
  ),
  'inspection.laboratory': Type.Object(
    { ...commonMembers, kind: Type.Literal('inspection.laboratory'), inspection: InspectionLaboratorySchema },
    closed,
  ),
  'inspection.certificate': Type.Object(
    { ...commonMembers, kind: Type.Literal('inspection.certificate'), inspection: InspectionCertificateSchema },
    closed,
  ),
  'border.conveyance': Type.Object(
    { ...commonMembers, kind: Type.Literal('border.conveyance'), border: BorderConveyanceSchema },
    closed,
  ),
  'border.crew': Type.Object({ ...commonMembers, kind: Type.Literal('border.crew'), border: BorderCrewSchema }, closed),
  'border.passengers': Type.Object(
    { ...commonMembers, kind: Type.Literal('border.passengers'), border: BorderPassengersSchema },
    closed,
  ),
} as const satisfies Record<ResultKind, TObject>;

/** The content of one kind, exactly as its schema has it. */
export type ContentOf<Kind extends ResultKind> = Static<(typeof contentSchemas)[Kind]>;

/** The common members alone, as a closed object. */
export const CommonContentSchema = Type.Object(commonMembers, closed);

/** The members of any kind's content. */
export type CommonContent = Static<typeof CommonContentSchema>;

/** Everything that a customs, inspection or border part may hold, over the kinds of that agency. */
export type CustomsPart = Partial<CustomsExamination & CustomsScan & CustomsRelease>;
export type InspectionPart = Partial<InspectionQuarantine & InspectionLaboratory & InspectionCertificate>;
export type BorderPart = Partial<BorderConveyance & BorderCrew & BorderPassengers>;

/**
 * The content of a result of any kind, as its issuer wrote it. Use `isContentOf` to narrow it to one kind.
 * A copy's content may lack any member: what a list takes out is simply absent.
 */
export interface ResultContent extends CommonContent {
  kind: ResultKind;
  customs?: CustomsPart;
  inspection?: InspectionPart;
  border?: BorderPart;
  /**
   * Why it was revoked. Only in a revoked version, written by the issuing unit's service from `results.revoke`: a
   * submitted content that has it is refused. A list may withhold it like any other field.
   */
  revocation?: { reason: string };
}

/** Narrows a validated content to one kind. Says nothing about a redacted copy, whose members may be gone. */
export function isContentOf<Kind extends ResultKind>(
  content: ResultContent,
  kind: Kind,
): content is ResultContent & ContentOf<Kind> {
  return content.kind === kind;
}
