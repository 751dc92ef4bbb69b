export type { LocalizedText } from './codes/localized-text.ts';
export { AGENCIES, PROVINCES, UNIT_ID_PATTERN, isAgency, isUnitId, parseUnitId } from './codes/units.ts';
export type { Agency, Province, ProvinceEntry, UnitId } from './codes/units.ts';
export {
  CHECK_OUTCOMES,
  CHECK_TYPES,
  CONCLUSIONS,
  DIRECTIONS,
  RESULT_KINDS,
  RESULT_STATUSES,
  RISK_LEVELS,
  SEAL_CONDITIONS,
  agencyOfKind,
  isResultKind,
} from './codes/results.ts';
export type {
  CheckOutcome,
  CheckType,
  Conclusion,
  Direction,
  ResultKind,
  ResultStatus,
  RiskLevel,
  SealCondition,
} from './codes/results.ts';
export { TRACE_ATTRIBUTES, type TraceFacts } from './codes/trace-attributes.ts';
export { TRANSPORT_MODES } from './codes/transport-modes.ts';
export type { TransportMode } from './codes/transport-modes.ts';
export {
  ANOMALY_CODES,
  BORDER_ALERTS,
  FINDING_CODES,
  HANDLING_CODES,
  INVESTIGATION_FINDINGS,
  REFUSAL_REASONS,
} from './codes/findings.ts';
export type { AnomalyCode, BorderAlert, FindingCode, HandlingCode, RefusalReason } from './codes/findings.ts';
export { AGENCY_NAMES, CHECK_NAMES, KIND_NAMES } from './codes/names.ts';
export { CUSTOMS_OFFICES, isCustomsOffice, isDeclaringOffice } from './codes/customs-offices.ts';
export type { CustomsOffice } from './codes/customs-offices.ts';
export { PLACES } from './codes/places.ts';
export type { Place } from './codes/places.ts';
export { COUNTRIES, isCountry } from './codes/countries.ts';
export { CURRENCIES, isCurrency } from './codes/currencies.ts';
export { UNITS_OF_MEASURE, isUnitOfMeasure } from './codes/units-of-measure.ts';

export { containerCheckDigit, isContainerNumber } from './identifiers/container-number.ts';
export { creditCodeCheckCharacter, isCreditCode } from './identifiers/credit-code.ts';
export { imoCheckDigit, isImoNumber } from './identifiers/imo-number.ts';
export { directionOfDeclaration, isDeclarationNumber } from './identifiers/declaration-number.ts';
export { isCommodityCode } from './identifiers/commodity-code.ts';
export { isUnlocode } from './identifiers/unlocode.ts';
export { isDate, isTimestamp } from './identifiers/timestamp.ts';
export { compareDecimals, toMillionths } from './identifiers/decimal.ts';
export { durationMilliseconds } from './identifiers/duration.ts';

export { violation, pointerOf, escapePointerToken } from './problem/violation.ts';
export type { Checked, Violation } from './problem/violation.ts';
export { VIOLATION_CODES } from './problem/violation-messages.ts';
export type { MessageParameters, ViolationCode } from './problem/violation-messages.ts';
export { PROBLEM_CODES, problem, statusOfProblem } from './problem/problem.ts';
export type { Outcome, Problem, ProblemCode } from './problem/problem.ts';

export { isContentOf } from './result/content.ts';
export type {
  BorderPart,
  CommonContent,
  ContentOf,
  CustomsPart,
  InspectionPart,
  ResultContent,
} from './result/content.ts';
export type { Check, Container, Conveyance, Covers, Goods, Party, Seal } from './result/common.ts';
export type { Anomaly, CustomsExamination, CustomsRelease, CustomsScan, Finding, Scan } from './result/customs.ts';
export type {
  Analysis,
  Certificate,
  InspectionCertificate,
  InspectionLaboratory,
  InspectionQuarantine,
  Pest,
  Sample,
  Treatment,
  WoodPackaging,
} from './result/inspection.ts';
export type { BorderConveyance, BorderCrew, BorderPassengers, Person } from './result/border.ts';
export { WITHHELD_ACCESS } from './result/view.ts';
export type {
  DisclosedContent,
  ResultHead,
  ResultReceipt,
  ResultView,
  Withheld,
  WithheldAccess,
} from './result/view.ts';
export { validateContent } from './result/validate-content.ts';
export { validateIssuer } from './result/validate-issuer.ts';
export { fieldsOf, schemaOf } from './result/fields.ts';
export type { FieldType } from './result/fields.ts';
export { exampleContent } from './examples/examples.ts';

export { RECOGNITION_REASONS, reasonMessage } from './recognition/reasons.ts';
export type { ReasonParameters, RecognitionReasonCode } from './recognition/reasons.ts';
export { RECOGNITION_OUTCOMES, RECOGNITION_STATES } from './recognition/recognition.ts';
export type {
  CheckDecision,
  Coverage,
  ItemQuantity,
  Recognition,
  RecognitionDecision,
  RecognitionOutcome,
  RecognitionReason,
  RecognitionRequest,
  RecognitionState,
  ReopeningCause,
  ReliedResult,
  SealObservation,
} from './recognition/recognition.ts';
export { validateRecognitionRequest } from './recognition/validate-request.ts';

export {
  EVENT_TYPES,
  STREAMS,
  SUBJECTS,
  cloudEventType,
  copiesSubject,
  eventSubject,
  unitSource,
} from './wire/subjects.ts';
export type { EventType, StreamName } from './wire/subjects.ts';
export { CLOUD_EVENT_HEADERS, HEADERS, INBOX_PREFIXES } from './wire/headers.ts';
export { MAX_PACK, MAX_TOKEN_CHARACTERS } from './wire/internal-messages.ts';
export type { CopiesMessage, OfferMessage, ReceiptsMessage, SettlementsMessage } from './wire/internal-messages.ts';
export {
  validateCopiesMessage,
  validateOfferMessage,
  validateReceiptsMessage,
  validateSettlementsMessage,
} from './wire/validate-messages.ts';
export {
  MAX_HOLDINGS,
  MAX_ISSUER_NAME,
  validateHoldingsPage,
  validateHoldingsSummary,
  validateListHoldings,
  validateOfferAgain,
  validateOfferAgainReply,
  validateSummariseHoldings,
} from './wire/reconciliation.ts';
export type {
  HeldVersion,
  HoldingsPage,
  HoldingsSummary,
  ListHoldings,
  OfferAgain,
  OfferAgainReply,
  HoldingPlace,
  SummariseHoldings,
  Tally,
} from './wire/reconciliation.ts';
export {
  MAX_REPLAYED,
  MAX_REPLAYED_RECOGNITIONS,
  validateContentsReply,
  validateIssuedPage,
  validateListIssued,
  validateListRecognitions,
  validateReadContents,
  validateReportAgain,
  validateReportingAgain,
  validateRecognitionsPage,
} from './wire/replay.ts';
export type {
  ContentsReply,
  IssuedPage,
  ListIssued,
  ListRecognitions,
  ReadContents,
  RecognitionsPage,
  ReplayedRecognition,
  ReportAgain,
  ReportingAgain,
} from './wire/replay.ts';
export { DIFFERENCES } from './wire/differences.ts';
export type { DifferenceCode } from './wire/differences.ts';
export { ReconcileRequestSchema, validateReconcileRequest } from './wire/reconcile-request.ts';
export type { DifferenceReport, ReconcileRequest, ReconciliationReport } from './wire/reconcile-request.ts';
export { MAX_BATCH } from './wire/requests.ts';
export type {
  FindRecognitionsReply,
  FindRecognitionsRequest,
  FindResultsReply,
  FindResultsRequest,
  RevokeRequest,
  SubmitBatchReply,
  SubmitBatchRequest,
} from './wire/requests.ts';
export {
  validateAmend,
  validateFindRecognitions,
  validateFindResults,
  validateRevoke,
  validateSubmitBatch,
} from './wire/validate-requests.ts';
export type { AmendRequest } from './wire/validate-requests.ts';

export { ACCESS_DECISIONS, ACCESS_STATES, MAX_ACCESS_PATHS } from './access/codes.ts';
export type { AccessDecision, AccessState } from './access/codes.ts';
export { AccessRequestSchema } from './access/access-request.ts';
export type { AccessErrors, AccessRequest, FindAccessReply } from './access/access-request.ts';
export {
  AccessDetailsSchema,
  AccessRequestsSchema,
  RemindOwnerSchema,
  validateRemindOwner,
} from './access/access-details.ts';
export type { AccessDetails, AccessRequests } from './access/access-details.ts';
export { requestView } from './access/request-view.ts';
export type { FollowedRequest } from './access/request-view.ts';
export {
  AccessAnswerSchema,
  AccessEndingSchema,
  validateAccessAnswer,
  validateAccessEnding,
  validateDecideAccess,
  validateFindAccess,
  validateRequestAccess,
  validateRevokeAccess,
} from './access/bodies.ts';
export type {
  AccessAnswer,
  AccessEnding,
  DecideAccess,
  FindAccess,
  RequestAccess,
  RevokeAccess,
} from './access/bodies.ts';
export {
  MAX_ACCESS_RULES,
  validateAccessRule,
  validateFindAccessRules,
  validateRemoveAccessRule,
} from './access/access-rule.ts';
export type { AccessRule, AccessRules, RemoveAccessRule } from './access/access-rule.ts';
export { namesPlaces } from './access/scope.ts';
export type { AccessScope, Grant, StandingQuery } from './access/scope.ts';
export type {
  AccessStatement,
  DecisionStatement,
  RequestStatement,
  RevocationStatement,
  SignedStatement,
} from './access/statements.ts';
export {
  MAX_GIVEN,
  validateGiveNotices,
  validateGiveStatements,
  validateNoticesTaken,
  validateStatementsTaken,
} from './wire/access.ts';
export type { AccessNotice, GiveNotices, GiveStatements, NoticesTaken, StatementsTaken } from './wire/access.ts';
export {
  MAX_PROOF,
  MAX_TOKEN,
  PERSON_REFUSALS,
  personPath,
  validateDecideForPerson,
  validatePersonHeard,
  validateRevokeForPerson,
} from './wire/people.ts';
export type { DecideForPerson, PersonHeard, PersonRefusal, RevokeForPerson } from './wire/people.ts';
export {
  MAX_REPORTED,
  RebuildRequestSchema,
  validateRebuild,
  validateRecognitionsTaken,
  validateReportRecognitions,
} from './wire/recognition-reports.ts';
export type {
  RebuildRequest,
  RecognitionsTaken,
  ReportedRecognition,
  ReportRecognitions,
} from './wire/recognition-reports.ts';

export { LedgerRecordSchema, validateLedgerRecord } from './ledger/ledger-record.ts';
export {
  ActOnDraftSchema,
  ApproveDraftSchema,
  RestoreListSchema,
  validateActOnDraft,
  validateApproveDraft,
  validateRestoreList,
  validateWriteDraft,
  WriteDraftSchema,
} from './lists/draft-requests.ts';
export type { ActOnDraft, ApproveDraft, RestoreList, WriteDraft } from './lists/draft-requests.ts';
export {
  CatchUpRequestSchema,
  REVIEW_MODES,
  REVIEW_STATES,
  ReviewDetailsSchema,
  ReviewSchema,
  ReviewsSchema,
  validateCatchUpRequest,
} from './lists/review.ts';
export type { CatchUpRequest, Review, ReviewDetails, Reviews } from './lists/review.ts';
export { PreviewReportSchema, PreviewRequestSchema, validatePreviewRequest } from './lists/preview-report.ts';
export type { PreviewedEntry, PreviewReport, PreviewRequest, RecognitionCost } from './lists/preview-report.ts';
export type {
  DisclosureRecord,
  GrantEndRecord,
  GrantRecord,
  LedgerRecord,
  ListRecord,
} from './ledger/ledger-record.ts';
export { validateSignedDecision, validateSignedRevocation } from './ledger/grant-statements.ts';
export { MAX_HEADS, validateHeadsMessage, validateSignedHead } from './ledger/signed-head.ts';
export type { HeadsMessage, SignedHead } from './ledger/signed-head.ts';
export {
  GatewayEvidenceSchema,
  MAX_FOLLOWING,
  validateEvidenceBundle,
  validateGatewayEvidence,
} from './ledger/evidence-bundle.ts';
export type { EvidenceBundle, GatewayEvidence, GrantEvidence } from './ledger/evidence-bundle.ts';
export { ENTRY_ID_PATTERN } from './ledger/ledger-selection.ts';
export type { LedgerSelection } from './ledger/ledger-selection.ts';
export { MAX_SKIPPED, validateExportLine } from './ledger/ledger-export.ts';
export type { ExportedRow, ExportEnd, ExportHeader, ExportLine, SkippedRows } from './ledger/ledger-export.ts';

export { consumersOf, placesOf, unitsOf } from './mesh/mesh.ts';
export type {
  AccessTerms,
  Arrangement,
  ArrangementConditions,
  Mesh,
  MeshLimits,
  MeshPlace,
  MeshProvince,
  MeshUnit,
} from './mesh/mesh.ts';
export { isSelectorTerm, selects, selectorViolations, termSelects } from './mesh/selector.ts';
export type { Selector } from './mesh/selector.ts';
export { parseMesh } from './mesh/parse-mesh.ts';

export { asyncApiDocument } from './documents/asyncapi.ts';
export { ProblemSchema } from './documents/reply-schemas.ts';
export { schemaDocuments } from './documents/schema-documents.ts';
