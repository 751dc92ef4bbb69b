import { randomUUID } from 'node:crypto';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';

/** What a NATS service says of itself (NATS Services API, ADR-32). */
export interface ServiceDescription {
  /** `customs-sync`. */
  name: string;
  /** SemVer. */
  version: string;
  description: string;
  metadata: Record<string, string>;
}

/** Statistics of one endpoint since the service started, as `$SRV.STATS` reports them. */
interface EndpointStats {
  name: string;
  subject: string;
  queue_group: string;
  num_requests: number;
  num_errors: number;
  last_error: string;
  processing_time: number;
  average_processing_time: number;
}

/** One running instance of a service on one connection. */
export interface RunningService {
  /** Unsubscribes after what has already arrived was handed over. */
  drain(): Promise<void>;
}

const QUEUE = 'q';

/**
 * Serves endpoints by the NATS Services API, so that `nats micro ls`, `info` and `stats` see them: a queue group shares
 * requests among replicas, `$SRV.PING|INFO|STATS[.<name>[.<id>]]` answer from every one. Without `discoverable` the
 * endpoints are served all the same, but discovery is not even subscribed: for a user who may not answer it, and a service
 * that the others in the account need not see.
 *
 * `handle` answers the request itself and tells by its result whether the answer was an error, for the statistics.
 */
export function serveEndpoints(
  connection: NatsConnection,
  service: ServiceDescription,
  subjects: readonly string[],
  handle: (subject: string, request: Msg) => Promise<{ error?: string }>,
  { discoverable = true }: { discoverable?: boolean } = {},
): RunningService {
  const started = new Date().toISOString();
  // Not the client's own kind of id, whose beginning is that of this process's inboxes: a backend need not learn it.
  const identity = { name: service.name, id: randomUUID(), version: service.version, metadata: service.metadata };
  const stats = new Map<string, EndpointStats>(
    subjects.map((subject) => [
      subject,
      {
        name: subject.replaceAll('.', '-'),
        subject,
        queue_group: QUEUE,
        num_requests: 0,
        num_errors: 0,
        last_error: '',
        processing_time: 0,
        average_processing_time: 0,
      },
    ]),
  );

  const answers: Record<'PING' | 'INFO' | 'STATS', () => unknown> = {
    PING: () => ({ type: 'io.nats.micro.v1.ping_response', ...identity }),
    INFO: () => ({
      type: 'io.nats.micro.v1.info_response',
      ...identity,
      description: service.description,
      endpoints: [...stats.values()].map(({ name, subject, queue_group }) => ({ name, subject, queue_group })),
    }),
    STATS: () => ({ type: 'io.nats.micro.v1.stats_response', ...identity, started, endpoints: [...stats.values()] }),
  };

  const subscriptions: Subscription[] = [];
  for (const verb of discoverable ? (['PING', 'INFO', 'STATS'] as const) : []) {
    for (const suffix of ['', `.${identity.name}`, `.${identity.name}.${identity.id}`]) {
      // With an error, a refused subscription, there is no request: the connection's status tells of it.
      const callback = (error: Error | null, request: Msg): void => {
        if (error || !asksForAnInbox(request)) return;
        request.respond(JSON.stringify(answers[verb]()));
      };
      subscriptions.push(connection.subscribe(`$SRV.${verb}${suffix}`, { callback }));
    }
  }

  const inProgress = new Set<Promise<void>>();
  for (const [subject, endpoint] of stats) {
    const callback = (error: Error | null, request: Msg): void => {
      if (error || !asksForAnInbox(request)) return;
      const work = measure(endpoint, () => handle(subject, request));
      inProgress.add(work);
      void work.finally(() => inProgress.delete(work));
    };
    subscriptions.push(connection.subscribe(subject, { queue: QUEUE, callback }));
  }

  return {
    drain: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.drain().catch(() => undefined)));
      await Promise.all(inProgress);
    },
  };
}

/**
 * Whoever asks chooses the subject of the answer, but it is this service's permissions that publish it: an answer goes
 * into an inbox or nowhere, lest a backend write into `offers` or `events.>` through its unit.
 */
function asksForAnInbox({ reply }: Msg): boolean {
  return reply === undefined || reply === '' || reply.startsWith('_INBOX');
}

async function measure(endpoint: EndpointStats, work: () => Promise<{ error?: string }>): Promise<void> {
  const begun = process.hrtime.bigint();
  // A handler that throws has not answered; its fault must not end the process.
  const { error } = await work().catch((fault: unknown) => ({
    error: fault instanceof Error ? fault.message : 'failed',
  }));
  endpoint.num_requests += 1;
  if (error !== undefined) {
    endpoint.num_errors += 1;
    endpoint.last_error = error;
  }
  endpoint.processing_time += Number(process.hrtime.bigint() - begun);
  endpoint.average_processing_time = Math.round(endpoint.processing_time / endpoint.num_requests);
}
