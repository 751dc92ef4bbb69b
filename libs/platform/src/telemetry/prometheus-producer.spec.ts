import { DataPointType } from '@opentelemetry/sdk-metrics';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { prometheusProducer } from './prometheus-producer.ts';

describe("a Prometheus registry's figures as OpenTelemetry's", () => {
  const registry = new Registry();
  const registers = [registry];
  const counter = new Counter({ name: 'results_total', help: 'Results', labelNames: ['unit'], registers });
  const gauge = new Gauge({ name: 'waiting', help: 'Waiting', registers });
  const sizes = new Histogram({ name: 'sizes', help: 'Sizes', labelNames: ['step'], buckets: [1, 10], registers });
  new Summary({ name: 'left_out', help: 'No shape for it', registers });

  it('are the same, each with its labels', async () => {
    counter.inc({ unit: 'ln.customs' }, 3);
    counter.inc({ unit: 'hl.customs' });
    gauge.set(7);
    for (const size of [1, 2, 10, 11, 500]) sizes.observe({ step: 'offers' }, size);
    sizes.observe({ step: 'copies' }, 5);
    const { resourceMetrics } = await prometheusProducer(registry, Date.UTC(2026, 10, 22)).collect();
    const { metrics } = resourceMetrics.scopeMetrics[0]!;
    expect(metrics.map(({ descriptor, dataPointType }) => [descriptor.name, dataPointType])).toEqual([
      ['results_total', DataPointType.SUM],
      ['waiting', DataPointType.GAUGE],
      ['sizes', DataPointType.HISTOGRAM],
    ]);
    const points = metrics.map(({ dataPoints }) => dataPoints.map(({ attributes, value }) => ({ attributes, value })));
    expect(points).toEqual([
      [
        { attributes: { unit: 'ln.customs' }, value: 3 },
        { attributes: { unit: 'hl.customs' }, value: 1 },
      ],
      [{ attributes: {}, value: 7 }],
      [
        {
          attributes: { step: 'offers' },
          value: { sum: 524, count: 5, buckets: { boundaries: [1, 10], counts: [1, 2, 2] } },
        },
        {
          attributes: { step: 'copies' },
          value: { sum: 5, count: 1, buckets: { boundaries: [1, 10], counts: [0, 1, 0] } },
        },
      ],
    ]);
    expect(metrics[0]!.dataPoints[0]!.startTime).toEqual([Date.UTC(2026, 10, 22) / 1_000, 0]);
  });
});
