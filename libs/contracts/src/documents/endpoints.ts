import { RESULT_KINDS } from '../codes/results.ts';
import { SUBJECTS, type EventType } from '../wire/subjects.ts';

/** A request subject, as documents have it. */
interface Endpoint {
  name: string;
  subject: string;
  summary: string;
  /** Names of schema documents; several are alternatives. */
  request: readonly string[];
  reply: string;
}

/** The request subjects of a unit service. */
export const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'submitResult',
    subject: SUBJECTS.submit,
    summary:
      'Issue a result. The same reference with the same content gives the same result id; with other content, a conflict.',
    request: RESULT_KINDS,
    reply: 'result.receipt',
  },
  {
    name: 'submitBatch',
    subject: SUBJECTS.submitBatch,
    summary: 'Issue up to 500 results. One bad result does not stop the others.',
    request: ['submit-batch.request'],
    reply: 'submit-batch.reply',
  },
  {
    name: 'amendResult',
    subject: SUBJECTS.amend,
    summary: 'Replace the content of an own result: the next version.',
    request: ['amend.request'],
    reply: 'result.receipt',
  },
  {
    name: 'revokeResult',
    subject: SUBJECTS.revoke,
    summary: 'Withdraw an own result: the next version, revoked.',
    request: ['revoke.request'],
    reply: 'result.receipt',
  },
  {
    name: 'findResults',
    subject: SUBJECTS.find,
    summary: 'Own results and copies of others.',
    request: ['find-results.request'],
    reply: 'find-results.reply',
  },
  {
    name: 'requestRecognition',
    subject: SUBJECTS.requestRecognition,
    summary: 'Ask which checks may be relied on. The same reference with the same body returns the same recognition.',
    request: ['recognition.request'],
    reply: 'recognition',
  },
  {
    name: 'findRecognitions',
    subject: SUBJECTS.findRecognitions,
    summary: 'Recognitions of this unit.',
    request: ['find-recognitions.request'],
    reply: 'find-recognitions.reply',
  },
  {
    name: 'requestAccess',
    subject: SUBJECTS.requestAccess,
    summary: 'Ask for conditional data. The same reference with the same body returns the same request.',
    request: ['request-access.request'],
    reply: 'access-request',
  },
  {
    name: 'decideAccess',
    subject: SUBJECTS.decideAccess,
    summary: 'As the owner, grant what is asked for, in part, or refuse it with a reason.',
    request: ['decide-access.request'],
    reply: 'access-request',
  },
  {
    name: 'revokeAccess',
    subject: SUBJECTS.revokeAccess,
    summary: 'As the owner, end what was granted: it is taken back.',
    request: ['revoke-access.request'],
    reply: 'access-request',
  },
  {
    name: 'findAccess',
    subject: SUBJECTS.findAccess,
    summary: 'Requests that this unit has made, or is asked.',
    request: ['find-access.request'],
    reply: 'find-access.reply',
  },
  {
    name: 'accessRules',
    subject: SUBJECTS.accessRules,
    summary: 'The rules by which this unit answers requests at once.',
    request: ['access-rules.request'],
    reply: 'access-rules.reply',
  },
  {
    name: 'putAccessRule',
    subject: SUBJECTS.putAccessRule,
    summary: 'Lay down a rule; one of the same name takes its place.',
    request: ['access-rule'],
    reply: 'access-rules.reply',
  },
  {
    name: 'removeAccessRule',
    subject: SUBJECTS.removeAccessRule,
    summary: 'Remove a rule. What it has granted stays granted.',
    request: ['remove-access-rule.request'],
    reply: 'access-rules.reply',
  },
];

/** What each event tells. */
export const EVENT_SUMMARIES: Readonly<Record<EventType, string>> = {
  'result.received': 'A copy of another unit’s result has arrived.',
  'result.amended': 'A later version of a result that this unit holds has arrived.',
  'result.revoked': 'A result that this unit holds has been withdrawn by its issuer.',
  'result.settled': 'Every entitled unit has taken an own result.',
  'result.restricted':
    'Of a version that this unit holds, less may be seen than before: its copy has lost the values. Delete them wherever they were carried on to.',
  'result.extended': 'Of a version that this unit holds, more may be seen than before: its copy has been completed.',
  'recognition.reopened':
    'A recognition of this unit relied on a result that was amended or revoked, or whose signing key was revoked.',
  'access.requested':
    'A unit asks for what the list makes conditional in results of this unit, or a rule has just answered it.',
  'access.decided': 'The owner has answered a request of this unit, or the list in force does not admit it.',
  'access.reminded': 'An answer to a request is due soon.',
  'access.escalated': 'No answer came in time; the coordinators have been told.',
  'access.ended':
    'What was granted is over: its time is up, or the owner took it back. Copies lose the values; delete them wherever they were carried on to.',
};

/** The schema document of each event's body. */
export const EVENT_BODIES: Readonly<Record<EventType, 'result.view' | 'recognition' | 'access-request'>> = {
  'result.received': 'result.view',
  'result.amended': 'result.view',
  'result.revoked': 'result.view',
  'result.settled': 'result.view',
  'result.restricted': 'result.view',
  'result.extended': 'result.view',
  'recognition.reopened': 'recognition',
  'access.requested': 'access-request',
  'access.decided': 'access-request',
  'access.reminded': 'access-request',
  'access.escalated': 'access-request',
  'access.ended': 'access-request',
};
