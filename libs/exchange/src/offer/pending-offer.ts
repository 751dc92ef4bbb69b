/** A version of an own result that is on its way to the gateway and not settled yet. */
export interface PendingOffer {
  resultId: string;
  version: number;
  /** The JSON text of one item of an offer message: token and trace context. */
  item: string;
}
