import { randomBytes } from 'node:crypto';
import { headers, type Msg } from '@nats-io/transport-node';
import {
  type DisclosureRecord,
  type Recognition,
  type ResultReceipt,
  SUBJECTS,
  TRACE_ATTRIBUTES,
  type UnitId,
  unitsOf,
} from '@clearance/contracts';
import { connectUser } from '@clearance/messaging';
import { createHunter, customsExamination, type ReceivedSpan } from '@clearance/testing';
import { seededRandom } from '../traffic/random.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { openJournal } from './journal.ts';
import { plantResult } from './planted-results.ts';
import { eventually } from './test-local-mesh.ts';
import { mesh, receiver } from './traced-mesh.fixture.ts';

const ISSUER: UnitId = 'ln.customs';
const RELYING: UnitId = 'hl.customs';
/** What no span may have beside the mesh's own attributes: OpenTelemetry's for messaging, and of a fault its code. */
const CONVENTIONS = [
  'messaging.system',
  'messaging.system.name',
  'messaging.destination.name',
  'messaging.operation.name',
  'messaging.operation.type',
  'error.type',
];
const ALLOWED = new Set<string>([...Object.values(TRACE_ATTRIBUTES), ...CONVENTIONS]);

/** A backend's own trace, of which the mesh is to be told by a header. */
function newTrace(flags = '01'): { traceId: string; spanId: string; traceparent: string } {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** A request with a `traceparent`, as a backend that is traced makes it. */
async function request<T>(unit: UnitId, subject: string, body: unknown, traceparent: string): Promise<T> {
  const { connection } = mesh.backend(unit);
  const given = headers();
  given.set('traceparent', traceparent);
  const reply: Msg = await connection.request(subject, JSON.stringify(body), { timeout: 20_000, headers: given });
  if (reply.headers?.has('Nats-Service-Error-Code')) throw new Error(reply.string());
  return reply.json<T>();
}

const spansOf = (traceId: string): ReceivedSpan[] => receiver.spans.filter((span) => span.traceId === traceId);
const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan[] =>
  spans.filter((span) => span.name === name);
const valuesOf = (spans: readonly ReceivedSpan[], fact: keyof typeof TRACE_ATTRIBUTES): unknown[] =>
  spans.map(({ attributes }) => attributes[TRACE_ATTRIBUTES[fact]]).sort();

/** The spans of a trace, once there are so many of each name. */
function completed(traceId: string, wanted: Record<string, number>): Promise<ReceivedSpan[]> {
  return eventually(
    () => {
      const spans = spansOf(traceId);
      return Object.entries(wanted).every(([name, count]) => named(spans, name).length >= count) ? spans : undefined;
    },
    `${JSON.stringify(wanted)}; there are ${[...Map.groupBy(spansOf(traceId), ({ name }) => name).keys()].join(', ')}`,
  );
}

/** Spans of a trace whose parent is in it neither, nor is the caller's own. */
function orphans(spans: readonly ReceivedSpan[], callers: readonly string[]): string[] {
  const known = new Set([...callers, ...spans.map(({ spanId }) => spanId)]);
  return spans.filter(({ parentSpanId }) => !known.has(parentSpanId)).map(({ name, service }) => `${service}: ${name}`);
}

/**
 * The spans of a trace, once there are so many of each name, and each goes on from another of it or from its caller. Services
 * send their spans each by itself: one may come before the one that it goes on from.
 */
async function connected(
  traceId: string,
  wanted: Record<string, number>,
  callers: readonly string[],
): Promise<ReceivedSpan[]> {
  await completed(traceId, wanted);
  const whole = (): true | undefined => (orphans(spansOf(traceId), callers).length === 0 ? true : undefined);
  await eventually(whole, 'every span goes on from another').catch(() => undefined);
  expect(orphans(spansOf(traceId), callers)).toEqual([]);
  return spansOf(traceId);
}

describe('one submitted result is one trace', () => {
  it('through offer, decision, every copy, event, receipt and settlement to where it is relied on', async () => {
    const { traceId, spanId, traceparent } = newTrace();
    const journal = await openJournal(mesh.backend(RELYING));
    const { content, values } = plantResult(mesh.mesh, 'customs.examination', seededRandom(traceId));
    const { resultId } = await request<ResultReceipt>(ISSUER, SUBJECTS.submit, content, traceparent);
    const { disclosures } = await settledDisclosures(mesh, resultId);
    await journal.about('result.received', resultId);
    journal.close();
    const others = unitsOf(mesh.mesh).filter((unit) => unit !== ISSUER);

    const asking = newTrace();
    const [box] = content.containers ?? [];
    const recognition = await request<Recognition>(
      RELYING,
      SUBJECTS.requestRecognition,
      {
        ...{ reference: traceId, location: 'CNHRB', checks: ['x-ray'], consignment: { containers: [box!.number] } },
        sealsObserved: [{ container: box!.number, number: box!.seals![0]!.number, condition: 'intact' }],
      },
      asking.traceparent,
    );
    expect(recognition).toMatchObject({ outcome: 'recognised', checks: [{ by: [{ resultId }] }] });

    const each = others.length;
    const wanted = {
      [SUBJECTS.submit]: 1,
      'issue result': 1,
      'offer result': 1,
      'decide disclosure': 1,
      'give copy': each,
      'receive copy': each,
      'take receipt': each,
      'settle result': 1,
      'recognise result': 1,
      'tell event': each + 1,
    };
    const spans = await connected(traceId, wanted, [spanId]);
    expect([...new Set(spans.map(({ service }) => service))].sort()).toEqual([
      'border-sync',
      'customs-sync',
      'gateway',
      'inspection-sync',
    ]);
    for (const name of ['give copy', 'receive copy', 'take receipt']) {
      expect({ name, consumers: valuesOf(named(spans, name), 'consumer') }).toEqual({ name, consumers: others.sort() });
    }
    const about = named(spans, 'receive copy').find((span) => span.attributes['clearance.consumer'] === RELYING)!;
    const shown = disclosures.find((one): one is typeof one & DisclosureRecord => one.consumer === RELYING)!;
    expect(about).toMatchObject({ service: 'customs-sync', kind: 5, status: 0 });
    expect(about.attributes).toEqual({
      'clearance.unit': RELYING,
      'clearance.consumer': RELYING,
      'clearance.issuer': ISSUER,
      'clearance.result.id': resultId,
      'clearance.result.kind': 'customs.examination',
      'clearance.result.version': 1,
      'clearance.result.status': 'issued',
      'clearance.list.version': shown.listVersion,
      'clearance.withheld.count': shown.withheld.length,
      'messaging.system': 'nats',
      'messaging.system.name': 'nats',
      'messaging.destination.name': 'COPIES',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
    });
    const [decided] = named(spans, 'decide disclosure');
    const withheld = disclosures.reduce((sum, one) => sum + one.withheld.length, 0);
    expect(withheld).toBeGreaterThan(0);
    expect(decided!.attributes).toMatchObject({ 'clearance.withheld.count': withheld, 'clearance.outcome': 'given' });

    // The recognition is in the request's trace too, and each names the other.
    const [relied] = named(spans, 'recognise result');
    expect(relied!.attributes).toMatchObject({
      'clearance.unit': RELYING,
      'clearance.recognition.id': recognition.recognitionId,
      'clearance.recognition.outcome': 'recognised',
      'clearance.result.id': resultId,
    });
    const decision = named(await completed(asking.traceId, { 'decide recognition': 1 }), 'decide recognition')[0]!;
    expect(relied!.links).toEqual([{ traceId: asking.traceId, spanId: decision.spanId }]);

    // Each step lies where its name says, in time too: nothing is received before it was decided.
    const begun = (name: string): number => Math.min(...named(spans, name).map(({ start }) => start));
    const order = ['issue result', 'offer result', 'decide disclosure', 'receive copy', 'take receipt'].map(begun);
    expect(order).toEqual([...order].sort((a, b) => a - b));

    const hunt = createHunter(values.map((value) => ({ at: 'content', value })));
    expect(hunt(Buffer.concat([...receiver.bytes]))).toEqual([]);
  });

  it('when it is handed in with others: each has a trace of its own, linked with the request and with what was done to all', async () => {
    const { traceId, traceparent } = newTrace();
    const contents = Array.from({ length: 20 }, (_, index) => customsExamination(`batch-${traceId}-${index}`));
    const { outcomes } = await request<{ outcomes: ResultReceipt[] }>(
      ISSUER,
      SUBJECTS.submitBatch,
      { results: contents },
      traceparent,
    );
    await Promise.all(outcomes.map(({ resultId }) => settledDisclosures(mesh, resultId)));
    const ids = outcomes.map(({ resultId }) => resultId);
    const issued = await eventually(() => {
      const found = named(receiver.spans, 'issue result').filter((span) =>
        ids.includes(String(span.attributes['clearance.result.id'])),
      );
      return found.length === ids.length ? found : undefined;
    }, 'every result of the batch issued');
    const [submission] = await completed(traceId, { [SUBJECTS.submitBatch]: 1 });
    expect(new Set(issued.map((span) => span.traceId)).size).toBe(ids.length);
    for (const span of issued) {
      expect(span.parentSpanId).toBe('');
      expect(span.links).toEqual([{ traceId, spanId: submission!.spanId }]);
      await connected(span.traceId, { 'receive copy': 11, 'take receipt': 11, 'settle result': 1 }, ['']);
    }
    // What was done to all of them at once names each of their traces.
    const batches = await eventually(() => {
      const found = named(receiver.spans, 'offer results').filter(({ links }) =>
        links.some((link) => issued.some((span) => span.traceId === link.traceId)),
      );
      const linked = new Set(found.flatMap(({ links }) => links.map((link) => link.traceId)));
      return issued.every((span) => linked.has(span.traceId)) ? found : undefined;
    }, 'the batch in which they were offered');
    const offered = receiver.spans.filter(({ name, links }) => name === 'offer result' && links.length > 0);
    expect(offered.some(({ links }) => links.some((link) => link.spanId === batches[0]!.spanId))).toBe(true);
  });

  it('when its issuer is restarted before the gateway takes it: offered again, in its trace', async () => {
    const gateway = mesh.services.get('gateway')!;
    const issuing = mesh.services.get('customs-sync')!;
    const { traceId, spanId, traceparent } = newTrace();
    await gateway.stop();
    const content = customsExamination(`restart-${traceId}`);
    const { resultId } = await request<ResultReceipt>(ISSUER, SUBJECTS.submit, content, traceparent);
    await completed(traceId, { 'offer result': 1 });
    await issuing.crash();
    await issuing.ready(120_000);
    const again = await eventually(
      () => named(spansOf(traceId), 'offer result').find((span) => Number(span.attributes['clearance.attempt']) > 1),
      'an offer again, after the restart',
    );
    // Not the backend's doing but the sweep's, which is named.
    const sweeps = new Set(named(receiver.spans, 'offer what is due').map((span) => span.spanId));
    expect(again.links.some((link) => sweeps.has(link.spanId))).toBe(true);
    gateway.startAgain();
    await gateway.ready(120_000);
    await settledDisclosures(mesh, resultId);
    await connected(traceId, { 'decide disclosure': 1, 'receive copy': 11, 'settle result': 1 }, [spanId]);
  });
});

describe('what is recorded', () => {
  it('of a trace that its caller does not record is nothing, but a whole result that is withheld', async () => {
    const plain = newTrace('00');
    const military = newTrace('00');
    const one = await request<ResultReceipt>(
      ISSUER,
      SUBJECTS.submit,
      customsExamination(`plain-${plain.traceId}`),
      plain.traceparent,
    );
    const other = await request<ResultReceipt>(
      ISSUER,
      SUBJECTS.submit,
      customsExamination(`military-${military.traceId}`, { handling: 'military' }),
      military.traceparent,
    );
    await Promise.all([one, other].map(({ resultId }) => settledDisclosures(mesh, resultId)));
    const spans = await completed(military.traceId, { 'decide disclosure': 1, 'receive copy': 11, 'take receipt': 11 });
    expect(named(spans, 'decide disclosure')[0]!.attributes).toMatchObject({
      'clearance.kept': 'withheld',
      'clearance.withheld.whole': 11,
    });
    expect(named(spans, 'issue result')).toEqual([]);
    // Of those to whom nothing is shown, the span does not say the kind either.
    for (const { attributes } of named(spans, 'receive copy'))
      expect(attributes).not.toHaveProperty('clearance.result.kind');
    expect(spansOf(plain.traceId)).toEqual([]);
  });

  it('is that a message was of no use, as a fault', async () => {
    const credsFile = mesh.home.credsFile(RELYING, 'gateway');
    const connection = await connectUser({ url: mesh.natsUrl, credsFile, user: 'gateway', name: 'traces' });
    connection.publish(`copies.${ISSUER}`, 'nothing of any use');
    await connection.flush();
    await connection.close();
    const letter = await eventually(
      () => named(receiver.spans, 'keep dead letter').find((span) => span.attributes['clearance.unit'] === RELYING),
      'a dead letter',
    );
    expect(letter).toMatchObject({ service: 'customs-sync', status: 2 });
    expect(letter.attributes).toMatchObject({ 'error.type': 'malformed', 'messaging.destination.name': 'COPIES' });
  });

  it('of a call of the API are its route and its status, not what was asked', async () => {
    const { status } = await ask(
      mesh,
      '/api/v1/results/019aa5a1-7c5b-7000-8000-000000000001/disclosures?person=E12345678',
      {
        role: 'auditor',
      },
    );
    expect(status).toBe(404);
    const span = await eventually(
      () =>
        named(receiver.spans, 'GET /api/v1/results/{id}/disclosures').find(
          ({ attributes }) => attributes['http.response.status_code'] === status,
        ),
      'the call of the API',
    );
    expect(span).toMatchObject({ service: 'gateway', kind: 2 });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/v1/results/{id}/disclosures',
      'http.response.status_code': status,
    });
    expect(createHunter([{ at: 'query', value: 'E12345678' }])(Buffer.concat([...receiver.bytes]))).toEqual([]);
  });

  it('is nothing but what the mesh has a name for', () => {
    const others = receiver.spans.flatMap(({ name, attributes, events }) => [
      ...Object.keys(attributes).flatMap((key) => (ALLOWED.has(key) ? [] : [`${name}: ${key}`])),
      ...events.map((event) => `${name}: ${event}`),
    ]);
    expect([...new Set(others)]).toEqual([]);
    expect(receiver.spans.length).toBeGreaterThan(500);
    for (const [service, resource] of receiver.resources) {
      expect(service).toMatch(/^(gateway|customs-sync|inspection-sync|border-sync)$/);
      expect(Object.keys(resource).filter((key) => /command|owner|executable/.test(key))).toEqual([]);
    }
  });
});

describe('figures', () => {
  it('of how long a copy took name a trace in which it took so long, and those of the gateway the list in force', async () => {
    const accept = { accept: 'application/openmetrics-text; version=1.0.0' };
    const text = await (await fetch(`${mesh.services.get('customs-sync')!.url}/metrics`, { headers: accept })).text();
    const traced = [...text.matchAll(/^clearance_copy_delay_seconds_bucket\{.*# \{trace_id="([0-9a-f]{32})"/gm)];
    expect(traced.length).toBeGreaterThan(0);
    for (const [, traceId] of traced) expect(named(spansOf(traceId!), 'receive copy').length).toBeGreaterThan(0);
    expect(text).toMatch(/^clearance_stream_lag_messages\{unit="hl.customs",stream="COPIES"\} 0$/m);
    const figures = await (await fetch(`${mesh.httpUrl}/metrics`)).text();
    const { body } = await ask<{ lists: { version: string; inForce: boolean }[] }>(mesh, '/api/v1/lists', {
      role: 'policy',
    });
    expect(figures).toContain(`clearance_list_in_force{version="${body.lists.find((one) => one.inForce)!.version}"} 1`);
  });

  it('are the same by OTLP as at /metrics', async () => {
    await eventually(async () => {
      const text = await (await fetch(`${mesh.services.get('customs-sync')!.url}/metrics`)).text();
      const issued = /^clearance_results_total\{unit="ln.customs",event="issued"\} (\d+)$/m.exec(text)?.[1];
      const point = receiver.points.get(
        `customs-sync clearance_results_total ${JSON.stringify({ unit: ISSUER, event: 'issued' })}`,
      );
      return issued !== undefined && point?.kind === 'sum' && point.value === Number(issued) ? true : undefined;
    }, 'the same number of results by both ways');
    const batches = [...receiver.points.values()].find(
      ({ service, metric, kind }) => service === 'gateway' && metric === 'clearance_batch_size' && kind === 'histogram',
    )!;
    expect(batches.bounds).toEqual([1, 4, 16, 64, 128, 256, 512, 1024]);
    expect(batches.counts).toHaveLength(9);
    expect(batches.counts!.reduce((sum, count) => sum + count, 0)).toBe(batches.value);
  });
});
