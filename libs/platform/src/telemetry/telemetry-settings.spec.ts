import { readTelemetry, type TelemetrySettings } from './telemetry-settings.ts';

const TRACES = { sampler: 'parentbased_always_on', ratio: 1 };
const METRICS = { protocol: 'http/protobuf', intervalMs: 60_000 };
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

it.each<[string, Record<string, string>, object]>([
  ['nothing is set', {}, {}],
  ['an endpoint', ENDPOINT, { traces: TRACES, metrics: METRICS }],
  ['an endpoint for traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c:4318/v1/traces' }, { traces: TRACES }],
  ['an endpoint for metrics', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://c:4318' }, { metrics: METRICS }],
  ['an endpoint, but no traces', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, { metrics: METRICS }],
  ['an endpoint, but no metrics', { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' }, { traces: TRACES }],
  ['an exporter that needs no endpoint', { OTEL_TRACES_EXPORTER: 'console' }, { traces: TRACES }],
  ['all of it, but switched off', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, {}],
  [
    'how',
    {
      ...ENDPOINT,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.01',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_METRIC_EXPORT_INTERVAL: '15000',
    },
    { traces: { sampler: 'parentbased_traceidratio', ratio: 0.01 }, metrics: { protocol: 'grpc', intervalMs: 15_000 } },
  ],
])('telemetry that is sent: %s', (_what, env, expected) => {
  expect(readTelemetry(env) as TelemetrySettings).toEqual(expected);
});

it('names every variable that is wrong', () => {
  const env = {
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_TRACES_SAMPLER_ARG: '7',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http',
    OTEL_METRICS_EXPORTER: 'prometheus',
  };
  for (const name of Object.keys(env)) expect(() => readTelemetry(env)).toThrow(name);
  expect(() => readTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' })).toThrow('OTEL_EXPORTER_OTLP_ENDPOINT');
});
