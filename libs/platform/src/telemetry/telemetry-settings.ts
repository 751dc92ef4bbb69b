import { type Static, Type } from 'typebox';
import { EnvironmentError, readEnvironment } from '../read-environment.ts';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;
/** How it is chosen which traces are recorded (OpenTelemetry, SDK environment variables). */
export type SamplerName = (typeof SAMPLERS)[number];

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
/** How OTLP is spoken. */
export type OtlpProtocol = (typeof PROTOCOLS)[number];

/**
 * Of OpenTelemetry's variables those that say whether there is anything to send, and to be told at the start when they are
 * wrong; its SDK reads the others itself (`OTEL_EXPORTER_OTLP_*`, `OTEL_BSP_*`, `OTEL_RESOURCE_ATTRIBUTES`, …).
 */
const Environment = Type.Object({
  OTEL_SDK_DISABLED: Type.String({ default: 'false', pattern: '^([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])$' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(Type.String()),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(Type.String()),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: Type.Optional(Type.String()),
  OTEL_EXPORTER_OTLP_PROTOCOL: Type.Enum([...PROTOCOLS], { default: 'http/protobuf' }),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: Type.Optional(Type.Enum([...PROTOCOLS])),
  OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: Type.Optional(Type.Enum([...PROTOCOLS])),
  OTEL_TRACES_EXPORTER: Type.Optional(Type.Enum(['otlp', 'console', 'none'])),
  OTEL_METRICS_EXPORTER: Type.Optional(Type.Enum(['otlp', 'none'])),
  OTEL_TRACES_SAMPLER: Type.Enum([...SAMPLERS], { default: 'parentbased_always_on' }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({ default: 1, minimum: 0, maximum: 1 }),
  /** Ms between two exports of metrics. */
  OTEL_METRIC_EXPORT_INTERVAL: Type.Integer({ default: 60_000, minimum: 100 }),
});
type Variables = Static<typeof Environment>;

/** What telemetry is sent, beside the figures at `/metrics` that are there for whoever asks. */
export interface TelemetrySettings {
  /** Absent: traces are passed on, and not recorded. */
  traces?: { sampler: SamplerName; ratio: number };
  metrics?: { protocol: OtlpProtocol; intervalMs: number };
}

/**
 * What the `OTEL_*` variables ask for. By default nothing, unless an endpoint is named: one for all, or one for traces or
 * metrics alone, which says nothing of the other.
 *
 * @param env usually `process.env`
 * @throws EnvironmentError naming every variable at fault
 */
export function readTelemetry(env: Record<string, string | undefined>): TelemetrySettings {
  const variables = readEnvironment(Environment, env);
  if (variables.OTEL_SDK_DISABLED.toLowerCase() === 'true') return {};
  const traces = isWanted(variables, variables.OTEL_TRACES_EXPORTER, variables.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
  const metrics = isWanted(variables, variables.OTEL_METRICS_EXPORTER, variables.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT);
  for (const [name, value] of Object.entries(variables))
    if (name.endsWith('_ENDPOINT')) requireUrl(name, String(value));
  return {
    ...(traces ? { traces: { sampler: variables.OTEL_TRACES_SAMPLER, ratio: variables.OTEL_TRACES_SAMPLER_ARG } } : {}),
    ...(metrics
      ? {
          metrics: {
            protocol: variables.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL ?? variables.OTEL_EXPORTER_OTLP_PROTOCOL,
            intervalMs: variables.OTEL_METRIC_EXPORT_INTERVAL,
          },
        }
      : {}),
  };
}

function isWanted(variables: Variables, exporter: string | undefined, endpoint: string | undefined): boolean {
  if (exporter !== undefined) return exporter !== 'none';
  return endpoint !== undefined || variables.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
}

function requireUrl(name: string, value: string): void {
  if (!URL.canParse(value)) throw new EnvironmentError(`${name} 不是有效网址 is not a URL`);
}
