import { context, diag, DiagLogLevel, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import type { MetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { register } from 'prom-client';
import type { Logger } from '../logger.ts';
import { startProcessMetrics } from '../metrics.ts';
import { recordStepsBy } from './steps.ts';
import type { OtlpProtocol, TelemetrySettings } from './telemetry-settings.ts';

/** A process's telemetry until it is stopped. */
export interface Telemetry {
  /** Sends what has not been sent yet. Never throws: what cannot be sent is given up. */
  stop(): Promise<void>;
}

/**
 * Starts a service's metrics, and its traces if somebody wants them: the SDK is loaded only then, since it costs 40 MiB.
 * Without one, traces are passed on all the same, and log lines name them.
 *
 * @param service the app's name, which is the service's name in traces: `customs-sync`
 */
export async function startTelemetry(
  service: string,
  { traces, metrics }: TelemetrySettings,
  log: Logger,
): Promise<Telemetry> {
  startProcessMetrics(service);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (traces === undefined && metrics === undefined) return { stop: async () => undefined };

  const [{ NodeSDK }, resources, { keepSampler }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/resources'),
    import('./keep-sampler.ts'),
  ]);
  logDiagnostics(log);
  const sdk: NodeSDK = new NodeSDK({
    serviceName: service,
    ...(traces === undefined ? { spanProcessors: [] } : { sampler: keepSampler(traces.sampler, traces.ratio) }),
    // Not the process's: its command line is nobody's business.
    resourceDetectors: [resources.serviceInstanceIdDetector, resources.hostDetector, resources.envDetector],
    contextManager: null as never,
    instrumentations: [],
    logRecordProcessors: [],
    metricReaders: metrics === undefined ? [] : [await metricReader(metrics)],
  });
  sdk.start();
  if (traces !== undefined) {
    recordStepsBy({ tracer: trace.getTracer('clearance'), followsParent: traces.sampler.startsWith('parentbased') });
  }
  log.info({ traces: traces?.sampler ?? 'none', metrics: metrics?.protocol ?? 'none' }, 'telemetry is sent by OTLP');
  return {
    stop: async () => {
      recordStepsBy(undefined);
      await sdk.shutdown().catch(() => undefined);
    },
  };
}

async function metricReader({
  protocol,
  intervalMs,
}: NonNullable<TelemetrySettings['metrics']>): Promise<MetricReader> {
  const [{ PeriodicExportingMetricReader }, { prometheusProducer }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('./prometheus-producer.ts'),
  ]);
  return new PeriodicExportingMetricReader({
    exporter: await metricExporter(protocol),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(30_000, intervalMs),
    metricProducers: [prometheusProducer(register, Date.now())],
  });
}

async function metricExporter(protocol: OtlpProtocol): Promise<PushMetricExporter> {
  switch (protocol) {
    case 'http/protobuf':
      return new (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter();
    case 'http/json':
      return new (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter();
    case 'grpc':
      return new (await import('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter();
  }
}

/** How often the same complaint is logged, ms: a collector that is away is complained of with every export. */
const AGAIN_AFTER_MS = 60_000;

/** What OpenTelemetry says of itself. Of what it says only the first line: there may be a stack, or a whole answer, below. */
function logDiagnostics(log: Logger): void {
  let last = 0;
  const complain = (message: string): void => {
    if (Date.now() - last < AGAIN_AFTER_MS) return;
    last = Date.now();
    log.warn({ detail: firstLine(message) }, 'telemetry is not sent; more of this is not logged for a minute');
  };
  const ignore = (): void => undefined;
  diag.setLogger(
    { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** The exporter gives its errors as JSON, with the stack in it. */
function firstLine(message: string): string {
  try {
    const { message: text } = JSON.parse(message) as { message?: unknown };
    if (typeof text === 'string') return text.split('\n', 1)[0]!;
  } catch {
    // Not JSON.
  }
  return String(message).split('\n', 1)[0]!;
}
