import { collectDefaultMetrics, Counter, Gauge, Histogram, type Metric, register, Registry } from 'prom-client';
import { isSampled, spanContextOf } from './telemetry/traceparent.ts';

export { Counter, Gauge, Histogram } from 'prom-client';

// The library keeps exemplars only in a registry of the format that can say them; `figures` writes the other one too.
const OPEN_METRICS = Registry.OPENMETRICS_CONTENT_TYPE as never;
register.setContentType(OPEN_METRICS);

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

/** Messages that wait on a stream for their reader: its lag. */
export const streamLag = new Gauge({
  name: 'clearance_stream_lag_messages',
  help: 'Messages that a stream holds for its reader, when it last gave some, by unit and stream',
  labelNames: ['unit', 'stream'] as const,
});

/** Delays that people wait for, from a tenth of a second to a day. */
const DELAYS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];

/** From the issuing of a version to its being stored by a unit that may see it. */
export const copyDelay = new Histogram({
  name: 'clearance_copy_delay_seconds',
  help: 'Time from the issuing of a result version to its copy being stored, by receiving unit',
  labelNames: ['unit'] as const,
  buckets: DELAYS,
  enableExemplars: true,
});

/** From the issuing of a version to its being settled. */
export const settlementDelay = new Histogram({
  name: 'clearance_settlement_delay_seconds',
  help: 'Time from the issuing of a result version to its being settled, by issuing unit',
  labelNames: ['unit'] as const,
  buckets: DELAYS,
  enableExemplars: true,
});

/** How long requests of the NATS Services API take. */
export const requestSeconds = new Histogram({
  name: 'clearance_request_seconds',
  help: 'Duration of requests by unit, subject and outcome (ok, or the code of the problem)',
  labelNames: ['unit', 'subject', 'outcome'] as const,
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  enableExemplars: true,
});

/** Histograms whose values can name the trace in which they were measured. */
export type TracedHistogram<L extends string> = Histogram<L>;

/** Measures a duration; a value within a recorded trace names it, so that a slow one can be looked at. */
export function observeSeconds<L extends string>(
  histogram: TracedHistogram<L>,
  labels: Record<L, string>,
  seconds: number,
  traceparent: string | null | undefined,
): void {
  if (!isSampled(traceparent)) return histogram.observe({ labels, value: seconds } as never);
  const { traceId, spanId } = spanContextOf(traceparent as string);
  const exemplarLabels = { trace_id: traceId, span_id: spanId };
  histogram.observe({ labels, value: seconds, exemplarLabels } as never);
}

/** Decided recognitions by outcome. */
export const recognitionsTotal = new Counter({
  name: 'clearance_recognitions_total',
  help: 'Recognitions by unit and outcome',
  labelNames: ['unit', 'outcome'] as const,
});

/** What recognitions said of each check: that it need not be repeated, or why it must be. */
export const recognisedChecksTotal = new Counter({
  name: 'clearance_recognised_checks_total',
  help: 'Checks decided by recognitions, by unit, check and reason (recognised, or why the check is required)',
  labelNames: ['unit', 'check', 'reason'] as const,
});

/** How large the batches on the data path are: the figure to look at first when throughput disappoints. */
export const batchSize = new Histogram({
  name: 'clearance_batch_size',
  help: 'Items per batch by step',
  labelNames: ['step'] as const,
  buckets: [1, 4, 16, 64, 128, 256, 512, 1024],
});

/** For how long the oldest of them has been waiting. */
export const oldestUnsettledSeconds = new Gauge({
  name: 'clearance_oldest_unsettled_seconds',
  help: 'Age of the oldest result version not yet settled, by unit, in seconds',
  labelNames: ['unit'] as const,
});

/** Results not yet settled, per unit; set by whoever counts them. */
export const unsettled = new Gauge({
  name: 'clearance_unsettled_results',
  help: 'Result versions not yet settled',
  labelNames: ['unit'] as const,
});

/**
 * All figures of the process, in the format that is asked for: OpenMetrics, which has exemplars, for who can read it, and
 * else Prometheus' own text.
 *
 * @param accept the request's `Accept`
 */
export async function figures(accept: string | undefined): Promise<{ contentType: string; text: string }> {
  const open = accept?.includes('application/openmetrics-text') === true;
  const written = new Registry();
  if (open) written.setContentType(OPEN_METRICS);
  // The library renames counters while it writes them as OpenMetrics: these are the same metrics with names of their own.
  for (const metric of register.getMetricsAsArray()) {
    written.registerMetric(Object.create(metric as unknown as object) as Metric);
  }
  return { contentType: written.contentType, text: await written.metrics() };
}
