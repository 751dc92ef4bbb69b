/** A call of the HTTP interface, as the journal keeps it: who, what, when, and what became of it. */
export interface RecordedCall {
  callId: string;
  /** Ms since the epoch; of several, when the last of them came. */
  at: number;
  /** Issuer and subject; null without a good token. */
  subject: string | null;
  roles: readonly string[];
  unit: string | null;
  method: string;
  /** The route's template; null where there is no such route. */
  route: string | null;
  /** Ids in the path, by the parameter's name. */
  resources: Readonly<Record<string, string>>;
  /** HTTP; null for a write that begins. 499 when the caller went away before the answer. */
  status: number | null;
  durationMs: number | null;
  traceparent: string;
  /** How many calls this tells of: more than one only for refused ones. */
  times: number;
}

/** Shapes that ids have. What fits none of them may be anything, personal data included, and is not kept. */
const IDS = [
  // Results, recognitions, grants, drafts.
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // Versions of the list.
  /^\d{4}\.\d{2}-\d{1,4}$/,
  // Entries of the list.
  /^[A-Z]{2,4}-\d{1,5}$/,
  // Units and other consumers, and their keys.
  /^[a-z]{2}\.[a-z]{2,20}(?:\/\d{8}-[0-9a-f]{4})?$/,
  /^(?:gateway|policy)\/\d{8}-[0-9a-f]{4}$/,
];

/** Of a path's parameters those that are plainly ids. */
export function resourcesIn(parameters: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => {
      const value = entry[1];
      return typeof value === 'string' && IDS.some((shape) => shape.test(value));
    }),
  );
}
