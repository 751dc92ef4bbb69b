import type { UnitId } from '../codes/units.ts';

/** Request subjects of a unit service, inside the unit's own account. */
export const SUBJECTS = {
  submit: 'results.submit',
  submitBatch: 'results.submit-batch',
  amend: 'results.amend',
  revoke: 'results.revoke',
  find: 'results.find',
  requestRecognition: 'recognitions.request',
  findRecognitions: 'recognitions.find',
  /** Conditional data: ask, answer as owner, end what was granted, follow; and the rules by which an owner answers at once. */
  requestAccess: 'access.request',
  decideAccess: 'access.decide',
  revokeAccess: 'access.revoke',
  findAccess: 'access.find',
  accessRules: 'access.rules',
  putAccessRule: 'access.put-rule',
  removeAccessRule: 'access.remove-rule',
  /** What units say about access to the gateway, and what it tells them. */
  giveStatements: 'statements.give',
  giveNotices: 'notices.give',
  /** Asked by the gateway alone, for somebody of the unit who has signed in there. */
  decideForPerson: 'people.decide',
  revokeForPerson: 'people.revoke',
  /** What units decide of recognitions, for the coordinators. */
  reportRecognitions: 'statements.recognitions',
  /** Asked by the gateway alone, when it reconciles. */
  summariseHoldings: 'reconciliation.summarise',
  listHoldings: 'reconciliation.list',
  offerAgain: 'reconciliation.reoffer',
  /** Asked by the gateway alone, when it replays traffic against a draft of the negative list. */
  listIssued: 'replay.results',
  readContents: 'replay.contents',
  listRecognitions: 'replay.recognitions',
  reportAgain: 'replay.report-recognitions',
  /** Streams' subjects; see STREAMS. */
  offers: 'offers',
  receipts: 'receipts',
  settlements: 'settlements',
  heads: 'heads',
} as const;

/** The six streams of a unit's account. `writer` and `reader` are the account's users. */
export const STREAMS = {
  OFFERS: { name: 'OFFERS', subjects: ['offers'], writer: 'sync', reader: 'gateway' },
  COPIES: { name: 'COPIES', subjects: ['copies.*.*'], writer: 'gateway', reader: 'sync' },
  RECEIPTS: { name: 'RECEIPTS', subjects: ['receipts'], writer: 'sync', reader: 'gateway' },
  SETTLEMENTS: { name: 'SETTLEMENTS', subjects: ['settlements'], writer: 'gateway', reader: 'sync' },
  HEADS: { name: 'HEADS', subjects: ['heads'], writer: 'gateway', reader: 'sync' },
  EVENTS: { name: 'EVENTS', subjects: ['events.>'], writer: 'sync', reader: 'backend' },
} as const;
export type StreamName = keyof typeof STREAMS;

/** What a backend is told about, as the last part of the event's subject. */
export const EVENT_TYPES = [
  'result.received',
  'result.amended',
  'result.revoked',
  'result.settled',
  'result.restricted',
  'result.extended',
  'recognition.reopened',
  'access.requested',
  'access.decided',
  'access.reminded',
  'access.escalated',
  'access.ended',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Subject of an event on the stream EVENTS: `events.result.received`. */
export function eventSubject(type: EventType): string {
  return `events.${type}`;
}

/** Subject on which a unit is given copies of an issuer's results: `copies.ln.customs`. */
export function copiesSubject(issuer: UnitId): string {
  return `copies.${issuer}`;
}

/** CloudEvents `ce-type` of an event. */
export function cloudEventType(type: EventType): string {
  return `cn.clearance.${type}.v1`;
}

/** CloudEvents `ce-source` of a unit. */
export function unitSource(unit: UnitId): string {
  return `/units/${unit}`;
}
