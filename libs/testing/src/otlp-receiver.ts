import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

/** The messages of OTLP 1.x as far as the mesh's services fill them (opentelemetry-proto, fields by their numbers). */
const OTLP = `
  syntax = "proto3";
  message AnyValue { oneof value { string string = 1; bool bool = 2; int64 int = 3; double double = 4; ArrayValue array = 5; } }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message Status { string message = 2; int32 code = 3; }
  message Link { bytes trace_id = 1; bytes span_id = 2; repeated KeyValue attributes = 4; }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
    repeated Event events = 11; repeated Link links = 13; Status status = 15;
  }
  message ScopeSpans { repeated Span spans = 2; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Traces { repeated ResourceSpans resource_spans = 1; }
  message NumberPoint { repeated KeyValue attributes = 7; double as_double = 4; sfixed64 as_int = 6; }
  message Gauge { repeated NumberPoint data_points = 1; }
  message Sum { repeated NumberPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message HistogramPoint {
    repeated KeyValue attributes = 9; fixed64 count = 4; double sum = 5; repeated fixed64 bucket_counts = 6;
    repeated double explicit_bounds = 7;
  }
  message Histogram { repeated HistogramPoint data_points = 1; }
  message Metric { string name = 1; string description = 2; Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`;

type Scalar = string | number | boolean;

/** A span as it was received. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty for the root of a trace. */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  /** Ms since the epoch. */
  start: number;
  end: number;
  attributes: Record<string, Scalar>;
  links: { traceId: string; spanId: string }[];
  /** The code of its status: 2 is an error. */
  status: number;
  events: string[];
}

/** The last value of one series of a metric. */
export interface ReceivedPoint {
  service: string;
  metric: string;
  kind: 'gauge' | 'sum' | 'histogram';
  attributes: Record<string, Scalar>;
  value: number;
  /** Of a histogram. */
  bounds?: number[];
  counts?: number[];
}

/** Somebody who is sent telemetry; see {@link startOtlpReceiver}. */
export interface OtlpReceiver {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** By service, metric and labels, the newest. */
  readonly points: ReadonlyMap<string, ReceivedPoint>;
  /** The resource of each service that has sent something. */
  readonly resources: ReadonlyMap<string, Record<string, Scalar>>;
  /** All that came, as it came. */
  readonly bytes: readonly Buffer[];
  stop(): Promise<void>;
}

/** Receives OTLP over HTTP with protobuf, as a collector does, and keeps all of it. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const { root } = protobuf.parse(OTLP, { keepCase: true });
  const spans: ReceivedSpan[] = [];
  const points = new Map<string, ReceivedPoint>();
  const resources = new Map<string, Record<string, Scalar>>();
  const bytes: Buffer[] = [];
  const serviceOf = (resource: Decoded): string => {
    const attributes = attributesOf(resource?.['attributes']);
    const service = String(attributes['service.name']);
    resources.set(service, attributes);
    return service;
  };
  const take: Record<string, (body: Buffer) => void> = {
    '/v1/traces': (body) => {
      const message = decode(root, 'Traces', body);
      for (const { resource, scope_spans } of all(message['resource_spans'])) {
        const service = serviceOf(resource as Decoded);
        for (const { spans: given } of all(scope_spans))
          for (const span of all(given)) spans.push(spanOf(service, span));
      }
    },
    '/v1/metrics': (body) => {
      const message = decode(root, 'Metrics', body);
      for (const { resource, scope_metrics } of all(message['resource_metrics'])) {
        const service = serviceOf(resource as Decoded);
        for (const { metrics } of all(scope_metrics)) {
          for (const metric of all(metrics)) {
            for (const point of pointsOf(service, metric)) {
              points.set(`${service} ${point.metric} ${JSON.stringify(point.attributes)}`, point);
            }
          }
        }
      }
    },
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      bytes.push(body);
      const taker = take[request.url ?? ''];
      taker?.(body);
      response.writeHead(taker ? 200 : 404, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    resources,
    bytes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Decoded = Record<string, unknown>;

function decode(root: protobuf.Root, type: string, body: Buffer): Decoded {
  const found = root.lookupType(type);
  return found.toObject(found.decode(body), { longs: String, bytes: Buffer, defaults: false }) as Decoded;
}

function all(list: unknown): Decoded[] {
  return (list ?? []) as Decoded[];
}

function hex(bytes: unknown): string {
  return Buffer.from((bytes ?? []) as Uint8Array).toString('hex');
}

function attributesOf(list: unknown): Record<string, Scalar> {
  return Object.fromEntries(
    all(list).map(({ key, value }) => {
      const [kind, scalar] = Object.entries((value ?? {}) as Decoded)[0] ?? ['string', ''];
      return [key, kind === 'int' ? Number(scalar) : (scalar as Scalar)];
    }),
  ) as Record<string, Scalar>;
}

function spanOf(service: string, span: Decoded): ReceivedSpan {
  const ms = (nanos: unknown): number => Number(BigInt(String(nanos)) / 1_000n) / 1_000;
  return {
    service,
    traceId: hex(span['trace_id']),
    spanId: hex(span['span_id']),
    parentSpanId: hex(span['parent_span_id']),
    name: String(span['name']),
    kind: Number(span['kind'] ?? 0),
    start: ms(span['start_time_unix_nano']),
    end: ms(span['end_time_unix_nano']),
    attributes: attributesOf(span['attributes']),
    links: all(span['links']).map(({ trace_id, span_id }) => ({ traceId: hex(trace_id), spanId: hex(span_id) })),
    status: Number((span['status'] as Decoded | undefined)?.['code'] ?? 0),
    events: all(span['events']).map(({ name }) => String(name)),
  };
}

function pointsOf(service: string, metric: Decoded): ReceivedPoint[] {
  const kind = (['gauge', 'sum', 'histogram'] as const).find((each) => metric[each] !== undefined);
  if (kind === undefined) return [];
  return all((metric[kind] as Decoded)['data_points']).map((point) => ({
    service,
    metric: String(metric['name']),
    kind,
    attributes: attributesOf(point['attributes']),
    value: Number(kind === 'histogram' ? (point['count'] ?? 0) : (point['as_double'] ?? point['as_int'] ?? 0)),
    ...(kind === 'histogram'
      ? {
          bounds: (point['explicit_bounds'] ?? []) as number[],
          counts: ((point['bucket_counts'] ?? []) as string[]).map(Number),
        }
      : {}),
  }));
}
