/** A version of an own result that is on its way to the gateway and not settled yet. */
export interface PendingOffer {
  resultId: string;
  version: number;
  /** The JSON text of one item of an offer message: token and trace context. */
  item: string;
  /** How often it has been taken from the outbox to be offered; absent of what comes straight from its transaction. */
  attempts?: number;
}

/** A version to be offered, within the trace of its issuing. */
export function pendingOffer(
  { resultId, version }: { resultId: string; version: number },
  token: string,
  traceparent: string,
): PendingOffer {
  // The trace last: it is read back from there, without the token before it, which may be megabytes.
  return { resultId, version, item: `{"token":${JSON.stringify(token)},"traceparent":"${traceparent}"}` };
}

const TRACE_AT_THE_END = /"traceparent":"([0-9a-f-]{55})"\}$/;

/** The trace that an offer belongs to. */
export function traceOfOffer({ item }: Pick<PendingOffer, 'item'>): string | undefined {
  return TRACE_AT_THE_END.exec(item.slice(-80))?.[1];
}
