import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, headers } from '@nats-io/transport-node';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { problem, validateContent, validateIssuer, validateRecognitionRequest } from '@clearance/contracts';
import type { Outcome, ProblemCode, ResultContent, ResultReceipt, UnitId } from '@clearance/contracts';

/**
 * The other end of the wire for the backend's own tests: answers the subjects of one unit as INTERFACE, section 2, has it, on the unit's
 * `sync` credentials, and keeps results in memory. It signs nothing and withholds nothing.
 */
export interface UnitOnTheWire {
  readonly connection: NatsConnection;
  readonly results: Map<string, { content: ResultContent; receipt: ResultReceipt }>;
  /** References of the recognition requests that came in, with the result ids known to the unit at that moment. */
  readonly asked: { reference: string; known: Set<string> }[];
  /** Results whose copies or own ids the unit has. */
  readonly known: Set<string>;
  /** Answers this problem to so many of the next requests. */
  refuseNext(count: number, code: ProblemCode): void;
  /** Gives the unit a copy: its backend gets the event. */
  receive(resultId: string, content: ResultContent, issuer: UnitId): Promise<void>;
  close(): Promise<void>;
}

export interface UnitOnTheWireOptions {
  url: string;
  creds: Uint8Array;
  unit: UnitId;
  /** Told of every accepted result, to hand copies on. */
  accepted?: (resultId: string, content: ResultContent, issuer: UnitId) => void;
}

export async function unitOnTheWire(options: UnitOnTheWireOptions): Promise<UnitOnTheWire> {
  const { unit } = options;
  const connection = await connect({
    servers: options.url,
    authenticator: credsAuthenticator(options.creds),
    inboxPrefix: '_INBOX_sync',
  });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'EVENTS', subjects: ['events.>'] });
  const results: UnitOnTheWire['results'] = new Map();
  const byReference = new Map<string, string>();
  const known = new Set<string>();
  const asked: UnitOnTheWire['asked'] = [];
  let refusals: { left: number; code: ProblemCode } = { left: 0, code: 'internal' };

  const refuse = <T>(code: ProblemCode, errors: Parameters<typeof problem>[1] = {}): Outcome<T> => ({
    ok: false,
    problem: problem(code, errors),
  });

  function accept(content: unknown): Outcome<ResultReceipt> {
    const checked = validateContent(content);
    if (!checked.ok) return refuse('invalid', { errors: checked.violations });
    const forbidden = validateIssuer(checked.value, unit);
    if (forbidden.length > 0) return refuse('forbidden', { errors: forbidden });
    const before = byReference.get(checked.value.reference);
    const held = before === undefined ? undefined : results.get(before);
    if (held !== undefined) {
      return JSON.stringify(held.content) === JSON.stringify(content)
        ? { ok: true, value: held.receipt }
        : refuse('conflict');
    }
    const resultId = randomUUID();
    const receipt: ResultReceipt = {
      resultId,
      version: 1,
      status: 'issued',
      digest: 'sha-256:',
      issuedAt: new Date().toISOString(),
    };
    results.set(resultId, { content: checked.value, receipt });
    byReference.set(checked.value.reference, resultId);
    known.add(resultId);
    options.accepted?.(resultId, checked.value, unit);
    return { ok: true, value: receipt };
  }

  function again(resultId: string, status: 'amended' | 'revoked', content?: ResultContent): Outcome<ResultReceipt> {
    const held = results.get(resultId);
    if (held === undefined) return refuse('unknown');
    const receipt = { ...held.receipt, version: held.receipt.version + 1, status };
    results.set(resultId, { content: content ?? held.content, receipt });
    return { ok: true, value: receipt };
  }

  const endpoints: Record<string, (body: never) => Outcome<unknown>> = {
    'results.submit': (content) => accept(content),
    'results.submit-batch': ({ results: contents }: { results: unknown[] }) => ({
      ok: true,
      value: { outcomes: contents.map(accept).map((one) => (one.ok ? one.value : { error: one.problem })) },
    }),
    'results.amend': ({ resultId, content }: { resultId: string; content: ResultContent }) =>
      again(resultId, 'amended', content),
    'results.revoke': ({ resultId }: { resultId: string }) => again(resultId, 'revoked'),
    'results.find': ({ reference }: { reference: string }) => ({
      ok: true,
      value: { results: [byReference.get(reference)].flatMap((id) => (id === undefined ? [] : [{ resultId: id }])) },
    }),
    'recognitions.request': (request: { reference: string }) => {
      const checked = validateRecognitionRequest(request);
      if (!checked.ok) return refuse('invalid', { errors: checked.violations });
      asked.push({ reference: request.reference, known: new Set(known) });
      return {
        ok: true,
        value: { recognitionId: randomUUID(), reference: request.reference, outcome: 'recognised', checks: [] },
      };
    },
    'recognitions.find': () => ({ ok: true, value: { recognitions: [] } }),
  };

  function answer(message: Msg): void {
    let outcome: Outcome<unknown>;
    if (refusals.left > 0) {
      refusals = { ...refusals, left: refusals.left - 1 };
      outcome = refuse(refusals.code);
    } else outcome = endpoints[message.subject]?.(message.json<never>()) ?? refuse('unknown');
    if (outcome.ok) {
      message.respond(JSON.stringify(outcome.value));
      return;
    }
    const header = headers();
    header.set('Nats-Service-Error', outcome.problem.title);
    header.set('Nats-Service-Error-Code', String(outcome.problem.status));
    message.respond(JSON.stringify(outcome.problem), { headers: header });
  }
  for (const subject of ['results.*', 'recognitions.*']) {
    connection.subscribe(subject, { callback: (error, message) => (error === null ? answer(message) : undefined) });
  }
  await connection.flush();

  return {
    connection,
    results,
    asked,
    known,
    refuseNext: (left, code) => {
      refusals = { left, code };
    },
    receive: async (resultId, content, issuer) => {
      known.add(resultId);
      const header = headers();
      header.set('ce-id', `${resultId}/1`);
      header.set('ce-subject', resultId);
      header.set('ce-time', new Date().toISOString());
      const view = { resultId, version: 1, status: 'issued', issuer, content, withheld: [] };
      connection.publish('events.result.received', JSON.stringify(view), { headers: header });
      await connection.flush();
    },
    close: () => connection.drain(),
  };
}
