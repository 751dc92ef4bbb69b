import { jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { describeError, type Logger } from '@clearance/platform';

/** Where something is that this process put on a work queue: `waiting` there still, or `taken` out by its reader. */
export type Whereabouts = 'waiting' | 'taken';

/**
 * What this process has put on one work queue. It is asked before something is sent again, so that a reader who is away
 * finds each thing once. Forgetting costs a repetition; what is said to be waiting certainly waits.
 */
export interface SentMemory {
  /** Notes what the stream has acknowledged under a sequence, by the sender's own keys. */
  remember(keys: Iterable<string>, sequence: number): void;
  /** Of these keys, what is certain; a key that is not in the answer is to be sent again. Never throws. */
  whereabouts(keys: Iterable<string>): Promise<Map<string, Whereabouts>>;
  /** Whether the queue is so full that only what is new should go there. False when it is not known. */
  crowded(): Promise<boolean>;
}

export interface SentMemoryOptions {
  connection: NatsConnection;
  /** A work queue that nothing expires from. */
  stream: string;
  unit: string;
  log: Logger;
  /** Milliseconds since the epoch. */
  now?: () => number;
  maxKeys?: number;
}

/** A look at a stream serves every question of the next second; after a failed one it is left alone for longer. */
const LOOK_FOR_MS = 1_000;
const BLIND_FOR_MS = 15_000;
const LOOK_TIMEOUT_MS = 2_000;
/** Some 3 MB per queue at most. What is pushed out is sent once more. */
const MAX_KEYS = 50_000;
/** After this long something is sent again whatever the stream says: what nobody thought of must not lose it for good. */
const TRUST_MS = 6 * 60 * 60 * 1_000;
const MARK_EVERY_MS = 60_000;
/** A list of gaps that is longer than this costs more than the repetitions that it saves. */
const MAX_GAPS = 10_000;

/** The stream as it was a moment ago. */
interface Look {
  /** Changes when the stream may have lost messages: made anew, another leader, another server, another connection. */
  identity: string;
  firstSequence: number;
  lastSequence: number;
  /** Sequences between these two that are gone; undefined when there are too many to tell. */
  gaps: ReadonlySet<number> | undefined;
  crowded: boolean;
}

/**
 * Remembers what went onto a work queue, in memory: a work queue holds a message until its reader has acknowledged it,
 * so a sequence between its first and its last one that is no gap is there still, provided that it is the same stream.
 * The broker may lose what it acknowledged, so all is forgotten whenever the stream, its leader, the server or the
 * connection has changed, or the stream's last sequence lies below one that it has acknowledged.
 */
export function createSentMemory(options: SentMemoryOptions): SentMemory {
  const { connection, stream, unit, log, now = Date.now, maxKeys = MAX_KEYS } = options;
  const sequences = new Map<string, number>();
  let highest = 0;
  let identity: string | undefined;
  let marks: { at: number; sequence: number }[] = [];
  let looked: { until: number; look: Promise<Look | undefined> } | undefined;

  const forget = (): void => {
    sequences.clear();
    marks = [];
    highest = 0;
  };

  const lookNow = async (): Promise<Look | undefined> => {
    const acknowledged = highest;
    try {
      const look = await lookAt(connection, stream);
      if (look.identity !== identity || look.lastSequence < acknowledged) forget();
      identity = look.identity;
      if (now() - (marks.at(-1)?.at ?? 0) >= MARK_EVERY_MS) marks.push({ at: now(), sequence: look.lastSequence });
      return look;
    } catch (error) {
      identity = undefined;
      log.warn(
        { unit, stream, err: describeError(error) },
        'queue not to be seen; what is offered again goes there again',
      );
      if (looked) looked.until = now() + BLIND_FOR_MS;
      return undefined;
    }
  };
  const look = (): Promise<Look | undefined> => {
    if (looked === undefined || now() >= looked.until) looked = { until: now() + LOOK_FOR_MS, look: lookNow() };
    return looked.look;
  };

  /** The highest sequence that was there too long ago to be trusted. */
  const distrusted = (): number => {
    while (marks[1] !== undefined && now() - marks[1].at >= TRUST_MS) marks.shift();
    const [oldest] = marks;
    return oldest !== undefined && now() - oldest.at >= TRUST_MS ? oldest.sequence : 0;
  };

  // What is noted before the first look cannot be told from what an earlier stream of the name has held.
  void look();
  return {
    remember: (keys, sequence) => {
      highest = Math.max(highest, sequence);
      for (const key of keys) {
        sequences.delete(key);
        sequences.set(key, sequence);
      }
      for (const oldest of sequences.keys()) {
        if (sequences.size <= maxKeys) break;
        sequences.delete(oldest);
      }
      if (identity === undefined) void look();
    },
    whereabouts: async (keys) => {
      const found = new Map<string, Whereabouts>();
      const seen = await look();
      if (seen?.gaps === undefined) return found;
      const old = distrusted();
      for (const key of keys) {
        const sequence = sequences.get(key);
        if (sequence === undefined || sequence <= old) continue;
        // Published after the look: it may be anywhere, and it is too early to ask.
        const waits = sequence >= seen.firstSequence && !seen.gaps.has(sequence);
        found.set(key, waits ? 'waiting' : 'taken');
      }
      return found;
    },
    crowded: async () => (await look())?.crowded ?? false,
  };
}

async function lookAt(connection: NatsConnection, stream: string): Promise<Look> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: LOOK_TIMEOUT_MS });
  let info: StreamInfo = await manager.streams.info(stream);
  const gaps = info.state.num_deleted ?? 0;
  if (gaps > 0 && gaps <= MAX_GAPS) info = await manager.streams.info(stream, { deleted_details: true });
  const { state, config, created, cluster } = info;
  const { server_id: server, client_id: client } = connection.info ?? {};
  const known = state.deleted ?? [];
  return {
    identity: [created, cluster?.leader, server, client].join(' '),
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    gaps: known.length >= (state.num_deleted ?? 0) ? new Set(known) : undefined,
    crowded: config.max_bytes > 0 && state.bytes > config.max_bytes / 2,
  };
}
