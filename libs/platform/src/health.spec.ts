import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { HealthModule, type Readiness } from './health.ts';
import { copyDelay, observeSeconds, resultsTotal } from './metrics.ts';

describe('HealthModule', () => {
  let app: INestApplication;
  let checks: Readiness[] = [];
  beforeAll(async () => {
    app = await NestFactory.create(
      HealthModule.withProbe(async () => checks),
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());
  const get = (path: string) => request(app.getHttpServer() as Parameters<typeof request>[0]).get(path);

  it.each<[string, Readiness[], number, string]>([
    ['nothing is needed', [], 200, 'ready'],
    ['everything holds', [{ name: 'broker', ok: true }], 200, 'ready'],
    [
      'one part is away',
      [
        { name: 'broker', ok: true },
        { name: 'database', ok: false, detail: 'refused' },
      ],
      503,
      'not-ready',
    ],
  ])('/readyz when %s', async (_what, given, status, said) => {
    checks = given;
    const answer = await get('/readyz');
    expect([answer.status, answer.body]).toEqual([status, { status: said, checks: given }]);
  });

  it('/livez does not ask what readiness rests on', async () => {
    checks = [{ name: 'broker', ok: false }];
    const answer = await get('/livez');
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });

  it('/metrics is OpenMetrics for who asks for it, with the trace of a slow request, and the same figures', async () => {
    const trace_id = '0af7651916cd43dd8448eb211c80319c';
    resultsTotal.inc({ unit: 'jl.customs', event: 'settled' }, 2);
    const labels = { unit: 'jl.customs' };
    observeSeconds(copyDelay, labels, 0.3, `00-${trace_id}-b7ad6b7169203331-01`);
    observeSeconds(copyDelay, labels, 7, `00-${trace_id}-b7ad6b7169203331-00`);
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.3';
    const open = await get('/metrics').set('accept', accept);
    expect(open.headers['content-type']).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    expect(open.text).toMatch(/^# TYPE clearance_results counter$/m);
    expect(open.text).toContain('clearance_results_total{unit="jl.customs",event="settled"} 2');
    const exemplars = open.text.split('\n').filter((line) => line.includes('trace_id'));
    expect(exemplars).toHaveLength(1);
    expect(exemplars[0]).toContain(
      `clearance_copy_delay_seconds_bucket{le="0.5",unit="jl.customs"} 1 # {trace_id="${trace_id}",span_id="b7ad6b7169203331"} 0.3 `,
    );
    expect(open.text.trimEnd().endsWith('# EOF')).toBe(true);
    const text = (await get('/metrics')).text;
    expect(text).toContain('clearance_results_total{unit="jl.customs",event="settled"} 2');
    expect(text).toContain('clearance_copy_delay_seconds_count{unit="jl.customs"} 2');
  });

  it('/metrics is Prometheus text', async () => {
    resultsTotal.inc({ unit: 'ln.customs', event: 'submitted' }, 3);
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('clearance_results_total{unit="ln.customs",event="submitted"} 3');
  });
});
