import type { ResultKind } from '../codes/results.ts';
import type { ContentOf } from '../result/content.ts';
import { borderConveyance, borderCrew, borderPassengers } from './border.ts';
import { customsExamination, customsRelease, customsScan } from './customs.ts';
import { inspectionCertificate, inspectionLaboratory, inspectionQuarantine } from './inspection.ts';

const examples: { readonly [Kind in ResultKind]: ContentOf<Kind> } = {
  'customs.examination': customsExamination,
  'customs.scan': customsScan,
  'customs.release': customsRelease,
  'inspection.quarantine': inspectionQuarantine,
  'inspection.laboratory': inspectionLaboratory,
  'inspection.certificate': inspectionCertificate,
  'border.conveyance': borderConveyance,
  'border.crew': borderCrew,
  'border.passengers': borderPassengers,
};

/** A valid content of a kind, for documents and tests: a fresh copy on every call. All names and numbers are made up. */
export function exampleContent<Kind extends ResultKind>(kind: Kind): ContentOf<Kind> {
  return structuredClone(examples[kind]);
}
