/**
 * Everything that a span may say of the mesh (INTERFACE 7): ids, kinds, units, counts and codes. What is not named here
 * cannot be put on a span: no content, no document number, nothing of a person.
 */
export const TRACE_ATTRIBUTES = {
  /** The unit at work; in the gateway, the unit whose result or request it is. */
  unit: 'clearance.unit',
  /** Who may see it: the unit that a copy is given to, is received by, or is confirmed by. */
  consumer: 'clearance.consumer',
  /** Who signed the result. */
  issuer: 'clearance.issuer',
  resultId: 'clearance.result.id',
  kind: 'clearance.result.kind',
  version: 'clearance.result.version',
  status: 'clearance.result.status',
  listVersion: 'clearance.list.version',
  /** Paths that were taken out, of all views or of one consumer's. */
  withheldCount: 'clearance.withheld.count',
  /** To how many consumers nothing of it is shown, but that it is there. */
  withheldWhole: 'clearance.withheld.whole',
  recognitionId: 'clearance.recognition.id',
  recognitionOutcome: 'clearance.recognition.outcome',
  /** Of a request: `ok`, or the code of the problem. */
  outcome: 'clearance.outcome',
  /** How often it has been offered, this time included. */
  attempt: 'clearance.attempt',
  /** What was worked on together. */
  items: 'messaging.batch.message_count',
  /** What an event is: `result.received`. */
  eventType: 'clearance.event.type',
  httpMethod: 'http.request.method',
  /** The route's template, never the path or the query, which may name a person. */
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  /** Why it is kept though its trace is not sampled: `fault`, `withheld`, or `batch` of something that is. */
  kept: 'clearance.kept',
} as const;

/** What a step may say of itself. */
export type TraceFacts = {
  -readonly [Name in keyof typeof TRACE_ATTRIBUTES]?: string | number | undefined;
};
