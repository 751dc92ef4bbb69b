import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type CustomTransportStrategy, EventPattern, MessagePattern, Server } from '@nestjs/microservices';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { HEADERS, type Outcome, problem, type StreamName, type UnitId } from '@clearance/contracts';
import {
  continueTrace,
  describeError,
  isTransient,
  type Logger,
  observeSeconds,
  requestSeconds,
  startStep,
  within,
} from '@clearance/platform';
import { consumeBatches, type Received, type Verdict } from './consume-batches.ts';
import type { DeadLetterBox } from './dead-letters.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { reply } from './replies.ts';
import { type RunningService, serveEndpoints, type ServiceDescription } from './service-endpoints.ts';

/** Marks handlers that belong to this transport. */
const MESH_TRANSPORT = Symbol('mesh-transport');

/** What a handler learns beside the message itself. */
export interface MessageContext {
  /** The unit in whose account the message arrived. */
  unit: UnitId;
  traceparent: string;
}

/** How a stream is read; see {@link StreamConsumer}. */
export interface StreamConsumerSettings {
  durable: string;
  maxMessages: number;
  lingerMs: number;
}

/** A request handler on `subject`: gets the parsed JSON body and a MessageContext, returns an `Outcome`. */
export function Endpoint(subject: string): MethodDecorator {
  return MessagePattern(subject, MESH_TRANSPORT);
}

/** A batch handler on a work-queue stream: gets `Received[]` and a MessageContext, returns one `Verdict` per message. */
export function StreamConsumer(stream: StreamName, settings: StreamConsumerSettings): MethodDecorator {
  return EventPattern<string>(stream as string, MESH_TRANSPORT, { settings });
}

/** One unit served by this process, over one connection to its account. */
export interface Seat {
  unit: UnitId;
  connection: NatsConnection;
  /** Recreates streams that a broker has lost; called before a consumer (re)starts. */
  prepare: () => Promise<void>;
  deadLetters: DeadLetterBox;
}

/** Requests of one unit that are being answered: how many by each endpoint, and the bytes of all. */
interface Requests {
  counts: Map<string, number>;
  bytes: number;
}

/** How many requests an endpoint has in work at most, and how many bytes of them a unit: what memory is to carry at once. */
const MAX_IN_WORK = 2_048;
const MAX_BYTES_IN_WORK = 64 * 1024 ** 2;

/** Nest turns a handler's fault into "Internal server error"; this filter hands the fault itself to the transport. */
@Catch()
export class PassFaultsToTransport implements RpcExceptionFilter {
  catch(exception: unknown): Observable<never> {
    return throwError(() => exception);
  }
}

/**
 * Nest's transport over NATS for a process that serves several units: `@Endpoint` by the NATS Services API with plain
 * JSON, `@StreamConsumer` on JetStream in batches. Nest's own NATS transport knows neither JetStream nor plain JSON.
 */
export class MeshTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = MESH_TRANSPORT;
  private readonly stopping = new AbortController();
  private readonly services: RunningService[] = [];
  private readonly loops: Promise<void>[] = [];

  private readonly seats: Seat[] = [];
  private listening = false;

  constructor(
    private readonly options: {
      service: Omit<ServiceDescription, 'metadata'>;
      /** Whether discovery (`nats micro ls`) is answered; true if absent. */
      discoverable?: boolean;
      maxRequestBytes: number;
      log: Logger;
    },
  ) {
    super();
  }

  /** Serves one more unit, now or as soon as the transport listens. */
  addSeat(seat: Seat): void {
    this.seats.push(seat);
    if (this.listening) this.serve(seat);
  }

  override listen(ready: () => void): void {
    this.listening = true;
    for (const seat of this.seats) this.serve(seat);
    ready();
  }

  private serve(seat: Seat): void {
    const handlers = [...this.getHandlers()];
    const endpoints = handlers.filter(([, handler]) => !handler.isEventHandler).map(([subject]) => subject);
    if (endpoints.length > 0) {
      const { discoverable = true } = this.options;
      const service = { ...this.options.service, metadata: { unit: seat.unit } };
      const inWork: Requests = { counts: new Map(), bytes: 0 };
      const answer = (subject: string, request: Msg) => this.answer(seat, inWork, subject, request);
      this.services.push(serveEndpoints(seat.connection, service, endpoints, answer, { discoverable }));
    }
    const consumers = handlers.filter(([, handler]) => handler.isEventHandler);
    for (const [stream, handler] of consumers) {
      this.loops.push(this.consume(seat, stream, (handler.extras as { settings: StreamConsumerSettings }).settings));
    }
    const streams = consumers.map(([stream]) => stream);
    if (streams.length > 0) this.loops.push(this.replay(seat, streams));
  }

  /** Stops taking work, finishes what was begun; the seats' connections are closed by their owner. */
  override async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.services.map((service) => service.drain()));
    await Promise.all(this.loops);
  }

  override on(): void {
    // Connection events are followed by the owner of the connections.
  }

  override unwrap<T>(): T {
    return this.seats.map((seat) => seat.connection) as T;
  }

  private consume(seat: Seat, stream: string, settings: StreamConsumerSettings): Promise<void> {
    return consumeBatches({
      ...settings,
      stream,
      unit: seat.unit,
      connection: seat.connection,
      prepare: seat.prepare,
      keepDeadLetter: seat.deadLetters.keep,
      handle: (messages: Received[]) => this.handle(seat, stream, messages),
      logger: this.options.log,
      signal: this.stopping.signal,
    });
  }

  private handle(seat: Seat, stream: string, messages: Received[]): Promise<Verdict[]> {
    return this.call<Verdict[]>(stream, messages, { unit: seat.unit, traceparent: continueTrace(undefined) });
  }

  private replay(seat: Seat, streams: readonly string[]): Promise<void> {
    return replayDeadLetters({
      box: seat.deadLetters,
      unit: seat.unit,
      handle: async (stream, messages) => (streams.includes(stream) ? this.handle(seat, stream, messages) : undefined),
      log: this.options.log,
      signal: this.stopping.signal,
    });
  }

  /** Runs the handler through Nest (guards, filters) and gives what it returned, or throws what it threw. */
  private async call<T>(pattern: string, data: unknown, context: MessageContext): Promise<T> {
    const handler = this.getHandlerByPattern(pattern);
    if (!handler) throw new Error(`no handler for ${pattern}`);
    const result: unknown = await handler(data, context);
    return (isObservable(result) ? await lastValueFrom(result) : result) as T;
  }

  private async answer(seat: Seat, inWork: Requests, subject: string, request: Msg): Promise<{ error?: string }> {
    const bytes = request.data.length;
    const count = inWork.counts.get(subject) ?? 0;
    // Whoever sends faster than is answered is told so at once: a queue would only grow, and with it every wait.
    const admitted = count < MAX_IN_WORK && inWork.bytes + bytes <= MAX_BYTES_IN_WORK;
    if (!admitted) return this.reply(seat, request, { ok: false, problem: problem('slow-down') });
    inWork.counts.set(subject, count + 1);
    inWork.bytes += bytes;
    try {
      return this.reply(seat, request, await this.trace(seat, subject, request));
    } finally {
      inWork.counts.set(subject, inWork.counts.get(subject)! - 1);
      inWork.bytes -= bytes;
    }
  }

  private reply(seat: Seat, request: Msg, outcome: Outcome<unknown>): { error?: string } {
    const maxBytes = seat.connection.info?.max_payload;
    const answered = reply(request, outcome, maxBytes === undefined ? {} : { maxBytes });
    return answered.ok ? {} : { error: `${answered.problem.status}:${answered.problem.code}` };
  }

  /** A request is a step of the caller's trace, or begins one; what is logged meanwhile names it. */
  private async trace(seat: Seat, subject: string, request: Msg): Promise<Outcome<unknown>> {
    const begun = performance.now();
    const step = startStep({
      name: subject,
      from: request.headers?.get(HEADERS.traceparent),
      facts: { unit: seat.unit },
      messaging: { operation: 'process', destination: subject },
      serves: true,
    });
    const outcome = await within(step.traceparent, () => this.outcomeOf(seat, subject, request, step.traceparent));
    const code = outcome.ok ? 'ok' : outcome.problem.code;
    const labels = { unit: seat.unit, subject, outcome: code };
    observeSeconds(requestSeconds, labels, (performance.now() - begun) / 1_000, step.traceparent);
    step.end({ facts: { outcome: code }, fault: !outcome.ok && outcome.problem.status >= 500 ? code : undefined });
    return outcome;
  }

  private async outcomeOf(seat: Seat, subject: string, request: Msg, traceparent: string): Promise<Outcome<unknown>> {
    if (request.data.length > this.options.maxRequestBytes) return { ok: false, problem: problem('too-large') };
    let body: unknown;
    try {
      body = JSON.parse(UTF8.decode(request.data));
    } catch {
      return { ok: false, problem: problem('malformed-json') };
    }
    const context = { unit: seat.unit, traceparent };
    try {
      const outcome = await this.call<Outcome<unknown> | undefined>(subject, body, context);
      if (outcome === undefined) throw new TypeError('a handler gave no outcome');
      return outcome;
    } catch (error) {
      const transient = isTransient(error);
      const record = { unit: seat.unit, subject, err: describeError(error) };
      if (transient) this.options.log.warn(record, 'request not served; its surroundings are away');
      else this.options.log.error(record, 'request failed');
      return { ok: false, problem: problem(transient ? 'not-ready' : 'internal') };
    }
  }
}

/** Refuses what is not UTF-8 instead of replacing it: a name must not change silently. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });
