import { jest } from '@jest/globals';
import { type Context, context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { createLogger } from '../logger.ts';
import { keepSampler } from './keep-sampler.ts';
import { currentTrace, inBatch, recordStep, recordStepsBy, startStep, within } from './steps.ts';
import type { SamplerName } from './telemetry-settings.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const OTHER = '1bf7651916cd43dd8448eb211c80319d';
const SPAN = 'b7ad6b7169203331';
const sampled = `00-${TRACE}-${SPAN}-01`;
const unsampled = `00-${TRACE}-${SPAN}-00`;

const exporter = new InMemorySpanExporter();

/** Records with this sampler, as a service does. */
function recordBy(name: SamplerName, ratio = 1): void {
  const provider = new TracerProvider({
    sampler: keepSampler(name, ratio),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  recordStepsBy({ tracer: provider.getTracer('test'), followsParent: name.startsWith('parentbased') });
}
const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const parts = (traceparent: string | undefined): string[] => (traceparent ?? '').split('-');

beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
beforeEach(() => {
  exporter.reset();
  recordBy('parentbased_always_on');
});
afterEach(() => recordStepsBy(undefined));

describe('a step', () => {
  it('goes on from the trace that it is given, and what follows goes on from it', () => {
    const step = startStep({ name: 'issue result', from: sampled, facts: { unit: 'ln.customs' } });
    const after = recordStep({ name: 'offer result', from: step.traceparent });
    step.end({ facts: { outcome: 'ok' } });
    const [offered, issued] = spans();
    expect(issued!.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: SPAN });
    expect(issued!.attributes).toEqual({ 'clearance.unit': 'ln.customs', 'clearance.outcome': 'ok' });
    expect(offered!.parentSpanContext!.spanId).toBe(issued!.spanContext().spanId);
    expect(parts(after)).toEqual(['00', TRACE, offered!.spanContext().spanId, '01']);
  });

  it('begins a trace where it is given none', () => {
    const step = startStep({ name: 'issue result', from: undefined });
    step.end();
    expect(spans()[0]!.parentSpanContext).toBeUndefined();
    expect(parts(step.traceparent)[1]).toBe(spans()[0]!.spanContext().traceId);
  });

  it('of a trace that its caller does not record is not recorded, and the trace is passed on as it came', () => {
    const facts = jest.fn(() => ({ unit: 'ln.customs' }));
    const step = startStep({ name: 'issue result', from: unsampled, facts });
    step.end();
    step.abandon('QueryFailedError');
    expect(step.traceparent).toBe(unsampled);
    expect(recordStep({ name: 'offer result', from: unsampled, facts })).toBe(unsampled);
    expect(spans()).toEqual([]);
    expect(facts).not.toHaveBeenCalled();
  });

  it.each<SamplerName>(['parentbased_always_on', 'parentbased_always_off', 'always_off', 'traceidratio'])(
    'that failed is recorded whatever is sampled: %s',
    (sampler) => {
      recordBy(sampler, 0);
      startStep({ name: 'results.submit', from: unsampled, facts: { unit: 'ln.customs' } }).end({ fault: 'internal' });
      recordStep({ name: 'decide disclosure', from: unsampled, fault: 'key-revoked' });
      expect(spans().map(({ name, status, attributes }) => [name, status.code, attributes['error.type']])).toEqual([
        ['results.submit', SpanStatusCode.ERROR, 'internal'],
        ['decide disclosure', SpanStatusCode.ERROR, 'key-revoked'],
      ]);
      expect(spans()[0]!.attributes).toMatchObject({ 'clearance.unit': 'ln.customs', 'clearance.kept': 'fault' });
      expect(spans()[0]!.spanContext().traceId).toBe(TRACE);
    },
  );

  it('that withheld a whole result is recorded whatever is sampled, and so is what follows from it', () => {
    const decided = recordStep({ name: 'decide disclosure', from: unsampled, keep: 'withheld' });
    expect(parts(decided)[3]).toBe('01');
    recordStep({ name: 'give copy', from: decided });
    expect(spans().map(({ name, attributes }) => [name, attributes['clearance.kept']])).toEqual([
      ['decide disclosure', 'withheld'],
      ['give copy', undefined],
    ]);
  });

  it('of a sampled trace says of no fact why it was kept', () => {
    recordStep({ name: 'decide disclosure', from: sampled, keep: 'withheld' });
    expect(spans()[0]!.attributes).toEqual({});
  });

  it.each<[SamplerName, number, number]>([
    ['always_on', 1, 1],
    ['always_off', 1, 0],
    ['traceidratio', 0, 0],
    ['traceidratio', 1, 1],
    ['parentbased_always_off', 1, 0],
    ['parentbased_traceidratio', 0, 0],
  ])('with %s %d and no caller: %d recorded', (sampler, ratio, count) => {
    recordBy(sampler, ratio);
    startStep({ name: 'issue result', from: undefined }).end();
    expect(spans()).toHaveLength(count);
  });

  it('is recorded nowhere when nobody wants it, and traces are passed on all the same', () => {
    recordStepsBy(undefined);
    expect(startStep({ name: 'issue result', from: sampled }).traceparent).toBe(sampled);
    expect(startStep({ name: 'issue result', from: undefined }).traceparent).toMatch(
      /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/,
    );
    expect(recordStep({ name: 'offer result', from: undefined, fault: 'x' })).toBeUndefined();
  });
});

describe('a batch', () => {
  const other = `00-${OTHER}-${SPAN}-01`;

  it('of several has a trace of its own, linked with each of theirs that is recorded', async () => {
    const inside = await inBatch(
      { name: 'offer results', from: [sampled, other, sampled, unsampled, undefined] },
      async (batch) => ({ batch, current: currentTrace() }),
    );
    expect(inside.batch).toBe(inside.current);
    const [span] = spans();
    expect(parts(inside.batch)[1]).toBe(span!.spanContext().traceId);
    expect(span!.links.map(({ context: linked }) => linked.traceId)).toEqual([TRACE, OTHER]);
    expect(span!.attributes).toEqual({ 'messaging.batch.message_count': 5, 'clearance.kept': 'batch' });
  });

  it('of one is within its trace', async () => {
    const inside = await inBatch({ name: 'offer results', from: [sampled] }, async (batch) => [batch, currentTrace()]);
    expect(inside).toEqual([undefined, sampled]);
    expect(spans()).toEqual([]);
  });

  it('of one, but with a cause of its own, is linked with it', async () => {
    await inBatch({ name: 'offer what is due', from: [sampled], ownCause: true }, async () => undefined);
    expect(spans()[0]!.links).toHaveLength(1);
  });

  it('of nothing that is recorded is not recorded, unless it fails', async () => {
    await inBatch({ name: 'offer results', from: [unsampled, undefined] }, async () => undefined);
    expect(spans()).toEqual([]);
    const failing = inBatch({ name: 'offer results', from: [unsampled, undefined] }, () =>
      Promise.reject(new TypeError('document E12345678')),
    );
    await expect(failing).rejects.toThrow(TypeError);
    const [span] = spans();
    expect(span!.attributes).toMatchObject({ 'error.type': 'TypeError', 'clearance.kept': 'fault' });
    expect(JSON.stringify(span!.attributes) + span!.status.message).not.toContain('E12345678');
  });

  it('that fails is a fault once', async () => {
    await inBatch({ name: 'offer results', from: [sampled, other] }, () => Promise.reject(new Error('away'))).catch(
      () => undefined,
    );
    expect(spans().map(({ status }) => status.code)).toEqual([SpanStatusCode.ERROR]);
  });

  it('has no more links than a span may have', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `00-${String(index + 1).padStart(32, '0')}-${SPAN}-01`);
    await inBatch({ name: 'offer results', from: many }, async () => undefined);
    expect(spans()[0]!.links).toHaveLength(128);
    expect(spans()[0]!.droppedLinksCount).toBe(0);
  });
});

describe('a log line', () => {
  const lineOf = (write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> => {
    const lines: string[] = [];
    const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
    write(log);
    return JSON.parse(lines[0]!) as Record<string, unknown>;
  };

  it.each([sampled, unsampled])('names the trace within which it was written: %s', (traceparent) => {
    const line = within(traceparent, () => lineOf((log) => log.info('done')));
    expect(line).toMatchObject({ trace_id: TRACE, span_id: SPAN, msg: 'done' });
  });

  it('names none outside any', () => {
    expect(lineOf((log) => log.info('done'))).not.toHaveProperty('trace_id');
    const nowhere: Context = trace.deleteSpan(context.active());
    expect(context.with(nowhere, currentTrace)).toBeUndefined();
  });
});
