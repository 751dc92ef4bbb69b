import { Counter, Gauge, Histogram } from '@clearance/platform';

/** Copies given, by kind and by whether the list took something out. */
export const disclosuresTotal = new Counter({
  name: 'clearance_disclosures_total',
  help: 'Copies decided, by kind and outcome (full, in-part, withheld)',
  labelNames: ['kind', 'outcome'] as const,
});

/** Heads of the ledger: signed, or not signed because the ledger contradicts what was signed before. */
export const headsTotal = new Counter({
  name: 'clearance_ledger_heads_total',
  help: 'Heads of the ledger by outcome (signed, contradicted); a contradicted one means that the past was changed',
  labelNames: ['outcome'] as const,
});

/** What the list took out, by entry: fields (or whole results) times consumers. */
export const withheldTotal = new Counter({
  name: 'clearance_withheld_total',
  help: 'Withheld fields by entry of the negative list',
  labelNames: ['entry'] as const,
});

/** What reconciliation found, by code; an alarm (not-disclosed, other-token) is found again by every run. */
export const reconciledTotal = new Counter({
  name: 'clearance_reconciled_total',
  help: 'Differences found between issuers, gateway and receivers, by code',
  labelNames: ['code'] as const,
});

/** Copies that a unit has not confirmed; of a very long backlog, at least so many. */
export const waitingReceipts = new Gauge({
  name: 'clearance_waiting_receipts',
  help: 'Versions that a unit has been given and has not confirmed',
  labelNames: ['unit'] as const,
});

/** For how long the oldest of them has been waited for. */
export const oldestWaitingSeconds = new Gauge({
  name: 'clearance_oldest_waiting_seconds',
  help: 'Age of the oldest version that a unit has been given and has not confirmed, in seconds',
  labelNames: ['unit'] as const,
});

/** Requests for access that wait for an owner's answer, and of these those whose time for it is over. */
export const accessRequests = new Gauge({
  name: 'clearance_access_requests',
  help: 'Requests for access to conditional data by state (open, overdue)',
  labelNames: ['state'] as const,
});

/** The list by which this replica decides; the replicas of a region must name the same. */
export const listInForce = new Gauge({
  name: 'clearance_list_in_force',
  help: 'Version of the negative list by which this replica decides (1), none while it has none',
  labelNames: ['version'] as const,
});

/** How long calls of the API take. */
export const httpSeconds = new Histogram({
  name: 'clearance_http_seconds',
  help: 'Duration of calls of the API by method, route and status',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  enableExemplars: true,
});
