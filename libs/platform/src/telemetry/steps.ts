import {
  type Attributes,
  context,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { TRACE_ATTRIBUTES, type TraceFacts } from '@clearance/contracts';
import { describeError } from '../describe-error.ts';
import { continueTrace, isSampled, isTraceparent, spanContextOf, traceparentOf } from './traceparent.ts';

/** A `traceparent`, or that there is none. */
export type MaybeTrace = string | null | undefined;

/** What a step is to a broker (OpenTelemetry, messaging conventions), and where. */
export interface MessagingStep {
  operation: 'create' | 'send' | 'process' | 'settle';
  /** Stream or subject; never one that is made for a single message. */
  destination: string;
}

/** A step of a result's way that begins. */
export interface BegunStep {
  /** What it does, in words of few: `decide disclosure`. */
  name: string;
  /** What it goes on from; absent where a trace begins. */
  from: MaybeTrace;
  /** What it says of itself; asked for only if it is recorded, when it is a function. */
  facts?: TraceFacts | (() => TraceFacts);
  /** What else it has to do with: the batch that it was part of, the results that a decision rests on. */
  links?: readonly MaybeTrace[];
  messaging?: MessagingStep;
  /** Whether it answers somebody who waits for it. */
  serves?: boolean;
  /** When it began, ms since the epoch; now if absent. */
  at?: number;
}

/** How a step ended. */
export interface EndedStep {
  /** A better name than it began with. */
  name?: string;
  facts?: TraceFacts;
  /** Why it failed: a code, never the words of an error, which may repeat what was said. */
  fault?: string | undefined;
  /** When, ms since the epoch; now if absent. */
  endedAt?: number;
}

/** A step under way. */
export interface Step {
  /** What follows from it goes on from here. */
  readonly traceparent: string;
  end(ended?: EndedStep): void;
  /** Ends because the work on its whole batch failed, which is recorded by itself: what is not sampled stays unrecorded. */
  abandon(fault: string): void;
}

/** A step that is over; `keep` has it recorded though its trace is not. */
export type DoneStep = BegunStep & Omit<EndedStep, 'facts' | 'name'> & { keep?: 'withheld' | undefined };

interface Recording {
  tracer: Tracer;
  /** Whether what goes on from an unsampled step is unsampled: then nothing has to be made to find that out. */
  followsParent: boolean;
}

let recording: Recording | undefined;

/** Has steps recorded by this tracer from now on, or by none. */
export function recordStepsBy(by: Recording | undefined): void {
  recording = by;
}

/** Links of a span, at most: OpenTelemetry's own limit, which would leave out the others without a word. */
const MAX_LINKS = 128;

/** Begins a step whose place in the trace must be known before it is over: it is written down with what it does. */
export function startStep(step: BegunStep): Step {
  if (recording === undefined || isSkipped(recording, step.from)) return skippedStep(step);
  const span = begin(recording.tracer, step);
  if (!span.isRecording()) return skippedStep({ ...step, from: traceparentOf(span.spanContext()) });
  const end = ({ name, facts, fault, endedAt }: EndedStep = {}): void => {
    if (name !== undefined) span.updateName(name);
    if (facts) span.setAttributes(attributesOf(facts));
    if (fault !== undefined) markFault(span, fault);
    span.end(endedAt);
  };
  return { traceparent: traceparentOf(span.spanContext()), end, abandon: (fault) => end({ fault }) };
}

function markFault(span: Span, fault: string): void {
  span.setAttribute('error.type', fault).setStatus({ code: SpanStatusCode.ERROR, message: fault });
}

/** Of a trace that is not recorded. When it fails, that is recorded all the same. */
function skippedStep(step: BegunStep): Step {
  const at = step.at ?? Date.now();
  return {
    traceparent: continueTrace(step.from),
    end: (ended) => {
      if (ended?.fault !== undefined)
        recordStep({ ...step, at, ...ended, facts: { ...factsOf(step), ...ended.facts } });
    },
    abandon: () => undefined,
  };
}

/**
 * Records a step that is over: faults and what is to be kept always, all else as its trace is sampled.
 *
 * @returns what follows from it goes on from here; `from` itself when it was not recorded
 */
export function recordStep(step: DoneStep): string | undefined {
  const from = step.from ?? undefined;
  const keep = step.fault === undefined ? step.keep : 'fault';
  if (recording === undefined || (keep === undefined && isSkipped(recording, from))) return from;
  const kept = keep !== undefined && !isSampled(from);
  const span = begin(recording.tracer, kept ? { ...step, facts: { ...factsOf(step), kept: keep } } : step);
  if (step.fault !== undefined) markFault(span, step.fault);
  span.end(step.endedAt);
  return traceparentOf(span.spanContext());
}

/** Several items that are worked on together. */
export interface Batch {
  name: string;
  /** What each item goes on from. */
  from: readonly MaybeTrace[];
  facts?: TraceFacts;
  messaging?: MessagingStep;
  /** Whether the work is a thing of its own even for one item, such as a sweep through a table. */
  ownCause?: boolean;
}

/**
 * Works on several items at once. Each has a trace of its own, in which the caller records its step; the work on all of
 * them is a trace too, linked with theirs. A single item needs no such thing: the work is within its trace.
 *
 * @param work is given the trace of the batch, for the links of the items' steps; undefined when there is none
 */
export async function inBatch<T>(batch: Batch, work: (trace: string | undefined) => Promise<T>): Promise<T> {
  const { name, from, messaging } = batch;
  const sampled = recording === undefined ? [] : distinct(from.filter(isSampled));
  const single = from.length === 1 && batch.ownCause !== true;
  const facts = { ...batch.facts, items: from.length };
  const begun: BegunStep = { name, from: undefined, facts, ...(messaging === undefined ? {} : { messaging }) };
  const span =
    recording === undefined || single || sampled.length === 0
      ? undefined
      : begin(recording.tracer, { ...begun, facts: { ...facts, kept: 'batch' }, links: sampled });
  const at = Date.now();
  const trace = span === undefined ? undefined : traceparentOf(span.spanContext());
  try {
    return await within(trace ?? (single ? from[0] : undefined), () => work(trace));
  } catch (error) {
    const fault = describeError(error).type;
    if (span === undefined) recordStep({ ...begun, from: single ? from[0] : undefined, at, fault });
    else markFault(span, fault);
    throw error;
  } finally {
    span?.end();
  }
}

/** Does something within a trace: what is logged meanwhile names it. */
export function within<T>(traceparent: MaybeTrace, work: () => T): T {
  return isTraceparent(traceparent) ? context.with(contextOf(traceparent), work) : work();
}

/** The trace within which this is asked; undefined outside any. */
export function currentTrace(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? undefined : traceparentOf(active);
}

function isSkipped({ followsParent }: Recording, from: MaybeTrace): boolean {
  return followsParent && isTraceparent(from) && !isSampled(from);
}

function contextOf(traceparent: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, spanContextOf(traceparent));
}

function factsOf({ facts }: Pick<BegunStep, 'facts'>): TraceFacts {
  return typeof facts === 'function' ? facts() : (facts ?? {});
}

function begin(tracer: Tracer, step: BegunStep): Span {
  const { name, from, links = [], messaging, serves, at } = step;
  const parent = isTraceparent(from) ? contextOf(from) : ROOT_CONTEXT;
  const attributes = { ...attributesOf(factsOf(step)), ...(messaging === undefined ? {} : messagingOf(messaging)) };
  return tracer.startSpan(
    name,
    {
      kind: serves ? SpanKind.SERVER : messaging === undefined ? SpanKind.INTERNAL : KINDS[messaging.operation],
      attributes,
      links: links
        .filter(isTraceparent)
        .slice(0, MAX_LINKS)
        .map((link) => ({ context: spanContextOf(link) })),
      ...(at === undefined ? {} : { startTime: at }),
    },
    parent,
  );
}

const KINDS: Record<MessagingStep['operation'], SpanKind> = {
  create: SpanKind.PRODUCER,
  send: SpanKind.PRODUCER,
  process: SpanKind.CONSUMER,
  settle: SpanKind.INTERNAL,
};

/** Both the name that the conventions have now and the one before, which most tools still look for. */
function messagingOf({ operation, destination }: MessagingStep): Attributes {
  return {
    'messaging.system': 'nats',
    'messaging.system.name': 'nats',
    'messaging.destination.name': destination,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
  };
}

function attributesOf(facts: TraceFacts): Attributes {
  const attributes: Attributes = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) attributes[TRACE_ATTRIBUTES[name as keyof TraceFacts]] = value;
  }
  return attributes;
}

function distinct(traces: readonly MaybeTrace[]): MaybeTrace[] {
  return [...new Set(traces)];
}
