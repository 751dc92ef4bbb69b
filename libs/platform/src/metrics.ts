import { collectDefaultMetrics, Counter, Gauge, Histogram } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** Starts the process's own figures (memory, CPU, event loop lag). Once per process. */
export function startProcessMetrics(service: string): void {
  collectDefaultMetrics({ labels: { service } });
}

/** Results by what happened to them: submitted, refused, duplicate, offered, received, settled … per unit. */
export const resultsTotal = new Counter({
  name: 'clearance_results_total',
  help: 'Results by unit and event',
  labelNames: ['unit', 'event'] as const,
});

/** Messages that no retry could mend, per stream and cause. */
export const deadLettersTotal = new Counter({
  name: 'clearance_dead_letters_total',
  help: 'Dead letters by unit, stream and cause',
  labelNames: ['unit', 'stream', 'cause'] as const,
});

/** Decided recognitions by outcome. */
export const recognitionsTotal = new Counter({
  name: 'clearance_recognitions_total',
  help: 'Recognitions by unit and outcome',
  labelNames: ['unit', 'outcome'] as const,
});

/** How large the batches on the data path are: the figure to look at first when throughput disappoints. */
export const batchSize = new Histogram({
  name: 'clearance_batch_size',
  help: 'Items per batch by step',
  labelNames: ['step'] as const,
  buckets: [1, 4, 16, 64, 128, 256, 512, 1024],
});

/** Results not yet settled, per unit; set by whoever counts them. */
export const unsettled = new Gauge({
  name: 'clearance_unsettled_results',
  help: 'Result versions not yet settled',
  labelNames: ['unit'] as const,
});
