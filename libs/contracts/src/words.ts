/*
 * The words of the domain without the schemas: codes, what people call them, and identifiers. What is loaded into a page
 * comes in by this door, so that no validator comes with it.
 */
export type { LocalizedText } from './codes/localized-text.ts';
export { AGENCIES, PROVINCES, isUnitId, parseUnitId } from './codes/units.ts';
export type { Agency, Province, UnitId } from './codes/units.ts';
export {
  CHECK_TYPES,
  CONCLUSIONS,
  RESULT_KINDS,
  RESULT_STATUSES,
  agencyOfKind,
  isResultKind,
} from './codes/results.ts';
export type { CheckType, Conclusion, ResultKind, ResultStatus } from './codes/results.ts';
export { AGENCY_NAMES, CHECK_NAMES, KIND_NAMES } from './codes/names.ts';
export { PLACES } from './codes/places.ts';
export { containerCheckDigit, hasContainerNumberForm, isContainerNumber } from './identifiers/container-number.ts';
export { hasDeclarationNumberForm, isDeclarationNumber } from './identifiers/declaration-number.ts';
export { RECOGNITION_REASONS, reasonMessage } from './recognition/reasons.ts';
export type { RecognitionReasonCode } from './recognition/reasons.ts';
export { PROBLEM_CODES, problem } from './problem/problem.ts';
export type { ProblemCode } from './problem/problem.ts';
export { DIFFERENCES } from './wire/differences.ts';
export type { DifferenceCode } from './wire/differences.ts';
