export { parseNegativeList } from './parse/parse-negative-list.ts';
export type { ParsedList } from './parse/parse-negative-list.ts';
export { lintNegativeList } from './lint/lint-negative-list.ts';
export type { LintContext } from './lint/lint-negative-list.ts';
export { compileNegativeList } from './compile/compile-list.ts';
export type { CompiledList } from './compile/compile-list.ts';
export { decideDisclosure } from './decide/decide-disclosure.ts';
export type { DisclosedResult, DisclosureDecision, Lifts } from './decide/decide-disclosure.ts';
export type { Lift } from './access/lift-hits.ts';
export { isAbout } from './access/grant-covers.ts';
export type { GrantedVersion } from './access/grant-covers.ts';
export { judgeAccessRequest } from './access/judge-request.ts';
export type { AskedOf } from './access/judge-request.ts';
export { answerByRule } from './access/answer-by-rule.ts';
export type { RuleAnswer } from './access/answer-by-rule.ts';
export { liesIn, meet } from './access/path-relation.ts';
export { compareDecisions, patternOf } from './preview/compare-decisions.ts';
export type { ChangedPath, ViewChange } from './preview/compare-decisions.ts';
export { contentSeen } from './preview/content-seen.ts';
export { scopeOfTurn, turnsOf } from './turns/turns.ts';
export type { ListAt, ResultsOfKind, TurnScope } from './turns/turns.ts';
export { catalogueFields } from './sharing/catalogue-fields.ts';
export type { CatalogueField } from './sharing/catalogue-fields.ts';
export { SHARING_CLASSES, sharingOf } from './sharing/sharing-classes.ts';
export type {
  FieldSharing,
  ResourceSharing,
  SharedField,
  SharingClass,
  SharingException,
} from './sharing/sharing-classes.ts';
export { LIST_BOUNDS } from './language/negative-list.ts';
export type { Entry, EntryClass, EntryMatch, NegativeList } from './language/negative-list.ts';
export { FINDING_CODES } from './language/finding.ts';
export type { Finding, FindingCode } from './language/finding.ts';
export { isPurpose, PURPOSES } from './language/purposes.ts';
export type { Purpose } from './language/purposes.ts';
export { FAIL_CLOSED } from './language/fail-closed.ts';
export type { FailClosedCode } from './language/fail-closed.ts';
export { diffLists } from './diff/diff-lists.ts';
export { CHANGE_EFFECTS } from './diff/list-change.ts';
export type {
  ChangeCode,
  ChangeDetails,
  ChangeEffect,
  EntryDetails,
  EntryScope,
  ListChange,
} from './diff/list-change.ts';
export type { UnitTerms } from './language/unit-sets.ts';
export type { NeededForRecognition } from './lint/lint-recognition.ts';
