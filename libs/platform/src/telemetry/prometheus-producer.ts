import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import type { Registry } from 'prom-client';

/**
 * What a Prometheus registry holds, as OpenTelemetry's metrics: the same figures under the same names, whichever way
 * they are asked for. Prometheus' own client is what they are kept with, because OpenTelemetry's for JavaScript has no
 * exemplars yet.
 *
 * @param since when counting began, ms since the epoch
 */
export function prometheusProducer(registry: Registry, since: number): MetricProducer {
  return {
    collect: async (): Promise<CollectionResult> => {
      const at = Date.now();
      const families: object[] = await registry.getMetricsAsJSON();
      const metrics = families.flatMap((family) => metricOf(family, hrTime(since), hrTime(at)) ?? []);
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope: { name: 'clearance' }, metrics }] },
        errors: [],
      };
    },
  };
}

/** A metric as the registry gives it, whose own type has numbers where there are names. */
interface Family {
  name: string;
  help: string;
  type: string;
  values: Value[];
}

interface Value {
  value: number;
  labels: Record<string, string>;
  /** Of a histogram's: the metric's name with `_bucket`, `_sum` or `_count`. */
  metricName?: string;
}

/** Undefined for what OpenTelemetry has no shape for: summaries, of which the mesh keeps none. */
function metricOf(family: object, startTime: HrTime, endTime: HrTime): MetricData | undefined {
  const { name, help, type, values } = family as Family;
  const common = {
    descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = (): DataPoint<number>[] =>
    values.map(({ value, labels }) => ({ startTime, endTime, attributes: { ...labels }, value }));
  switch (type) {
    case 'counter':
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points() };
    case 'gauge':
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: points() };
    case 'histogram':
      return {
        ...common,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: histogramsOf(values).map((each) => ({ startTime, endTime, ...each })),
      };
    default:
      return undefined;
  }
}

/** From one value per bucket, cumulative, with the boundary as the label `le`, to one point per set of labels. */
function histogramsOf(values: readonly Value[]): { attributes: Record<string, string>; value: Histogram }[] {
  const bySeries = Map.groupBy(values, ({ labels: { le: _bound, ...labels } }) => JSON.stringify(labels));
  return [...bySeries].map(([labels, series]) => {
    const buckets = series.filter(({ metricName }) => metricName?.endsWith('_bucket'));
    const of = (suffix: string): number => series.find(({ metricName }) => metricName?.endsWith(suffix))?.value ?? 0;
    const cumulative = buckets.map(({ value }) => value);
    const boundaries = buckets.map(({ labels: { le } }) => Number(le === '+Inf' ? Number.POSITIVE_INFINITY : le));
    return {
      attributes: JSON.parse(labels) as Record<string, string>,
      value: {
        sum: of('_sum'),
        count: of('_count'),
        buckets: {
          boundaries: boundaries.filter(Number.isFinite),
          counts: cumulative.map((count, index) => count - (cumulative[index - 1] ?? 0)),
        },
      },
    };
  });
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1e6];
}
