import { randomUUID } from 'node:crypto';
import { createPublisher, type Publisher, type Relay } from '@clearance/messaging';
import { eventually, openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { createEventRelay } from './announce-events.ts';
import { type EventBatch, keepEvents, type PendingEvent } from './pending-event.ts';

describe('telling a backend its events', () => {
  let real: RealUnit;
  let publisher: Publisher;
  let relay: Relay<EventBatch> | undefined;
  beforeAll(async () => {
    real = await openRealUnit('hl.customs');
    publisher = createPublisher(real.connection);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(() => real.empty());
  afterEach(async () => {
    await relay?.stop();
    relay = undefined;
  });

  const eventOf = (bodyBytes: number): PendingEvent => {
    const subject = randomUUID();
    const body = JSON.stringify({ filler: 'x'.repeat(bodyBytes) });
    return { eventId: subject, type: 'recognition.reopened', subject, occurredAt: NOW, traceparent: null, body };
  };
  const keep = (events: readonly PendingEvent[]): Promise<EventBatch[]> =>
    real.database.transaction((transaction) => keepEvents(transaction, events, Date.parse(NOW)));
  const kept = async (): Promise<string[]> => {
    const rows: { id: string }[] = await real.database.query(
      `select each->>'eventId' as id from event_outbox, json_array_elements(events::json) each order by batch_id`,
    );
    return rows.map(({ id }) => id);
  };
  /** The relay over the real broker, and the ids of what that has taken. */
  const start = (): { relay: Relay<EventBatch>; told: string[] } => {
    const told: string[] = [];
    relay = createEventRelay({
      ...real.unit,
      publisher: {
        ...publisher,
        publishAll: async (messages) => {
          const ids = messages.map(({ headers }) => headers!.get('ce-id'));
          const sequences = await publisher.publishAll(messages).catch((error: { sequences?: number[] }) => {
            told.push(...ids.filter((_, index) => error.sequences?.[index] !== undefined));
            throw error;
          });
          told.push(...ids);
          return sequences;
        },
      },
    });
    return { relay, told };
  };
  const NOW = new Date().toISOString();

  it('removes from the outbox what the broker has taken, and all of it before it stops', async () => {
    const events = Array.from({ length: 130 }, () => eventOf(10));
    const batches = await keep(events);
    expect(batches.map((batch) => batch.events.length)).toEqual([64, 64, 2]);
    const { relay, told } = start();
    relay.push(batches);
    await eventually('all are told', () => told.length === events.length);
    await relay.stop();
    expect(told).toEqual(events.map(({ eventId }) => eventId));
    expect(await kept()).toEqual([]);
  });

  it('keeps of a batch what is larger than the broker carries, and puts only that off', async () => {
    const [before, large, after] = [eventOf(10), eventOf(real.connection.info!.max_payload!), eventOf(10)];
    const batches = await keep([before, large, after]);
    const { relay, told } = start();
    relay.push(batches);
    await eventually('it is put off', async () => {
      const [row]: { off: boolean }[] = await real.database.query(
        `select coalesce(min(next_attempt_at) > now() + interval '9 minutes', false) as off from event_outbox`,
      );
      return row!.off;
    });
    expect(told.sort()).toEqual([before.eventId, after.eventId].sort());
    expect(await kept()).toEqual([large.eventId]);
    expect(real.lines.filter((line) => line.includes(large.eventId) && line.includes('max_payload'))).toHaveLength(1);
  });

  it('keeps of a batch what cannot be told now, and removes the rest', async () => {
    const { body: _, ...orphan } = eventOf(0);
    const told = eventOf(10);
    const [batch] = await keep([told]);
    const records = JSON.stringify([{ ...told }, { ...orphan, version: 1 }]);
    await real.database.query(`update event_outbox set events = $1, next_attempt_at = now()`, [records]);
    expect(batch).toBeDefined();
    const running = start();
    await eventually('one is told', () => running.told.length === 1);
    await eventually('the other is left', async () => (await kept()).join() === orphan.eventId);
    expect(running.told).toEqual([told.eventId]);
  });

  it('loses nothing while the stream is away: all is told by the sweep when it is there again', async () => {
    const events = [eventOf(10), eventOf(10)];
    await real.loseStream('EVENTS');
    const batches = await keep(events);
    const { relay, told } = start();
    relay.push(batches);
    await eventually('it was tried', () => real.lines.some((line) => line.includes('not passed on')));
    expect(await kept()).toEqual(events.map(({ eventId }) => eventId));
    await real.layStreams();
    await real.database.query(`update event_outbox set next_attempt_at = now()`);
    await eventually('both are told', () => told.length === 2);
    await eventually('nothing is left', async () => (await kept()).length === 0);
  });
});
