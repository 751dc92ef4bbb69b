import { NestFactory } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import request from 'supertest';
import { HealthModule, type Readiness } from './health.ts';
import { resultsTotal } from './metrics.ts';

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

  it('/metrics is Prometheus text', async () => {
    resultsTotal.inc({ unit: 'ln.customs', event: 'submitted' }, 3);
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('clearance_results_total{unit="ln.customs",event="submitted"} 3');
  });
});
