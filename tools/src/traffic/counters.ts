/** What the traffic did so far. Counted as it happens: a reader may look at any time. */
export interface TrafficCounters {
  /** Results handed over, whatever came of it, and those accepted. */
  submitted: number;
  accepted: number;
  amended: number;
  revoked: number;
  /** Recognitions decided, by outcome. */
  recognised: number;
  partial: number;
  declined: number;
  /** Requests that were refused for good, by problem code. */
  refused: Record<string, number>;
  /** Requests put off because a unit answered slow-down, not-ready or a fault, or not at all. */
  retried: number;
  /** Steps left out: their unit is not here, or what they build on was refused. */
  skipped: number;
  /** Recognitions asked although a copy they wait for had not come in time. */
  impatient: number;
  /** Events that the backends received, by type. */
  events: Record<string, number>;
  /** Steps that wait for something now. */
  waiting: number;
}

/** All zero. */
export function noTraffic(): TrafficCounters {
  return {
    submitted: 0,
    accepted: 0,
    amended: 0,
    revoked: 0,
    recognised: 0,
    partial: 0,
    declined: 0,
    refused: {},
    retried: 0,
    skipped: 0,
    impatient: 0,
    events: {},
    waiting: 0,
  };
}
