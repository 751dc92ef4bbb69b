import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import {
  createPublisher,
  type NatsConnection,
  type Publisher,
  type Relay,
  type SentMemory,
} from '@clearance/messaging';
import { eventually, openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { keepOffers } from './keep-offers.ts';
import { createOfferRelay } from './offer-results.ts';
import type { PendingOffer } from './pending-offer.ts';
import { takeDueOffers } from './take-due-offers.ts';

const UNIT: UnitId = 'ln.customs';
const REOFFER = 'PT1M';

describe('offers', () => {
  let real: RealUnit;
  let gateway: NatsConnection;
  let manager: JetStreamManager;
  let publisher: Publisher;
  let queue: SentMemory;
  let relay: Relay<PendingOffer> | undefined;

  beforeAll(async () => {
    real = await openRealUnit(UNIT);
    gateway = await real.connectAs('gateway');
    manager = await jetstreamManager(gateway, { checkAPI: false });
    publisher = createPublisher(real.connection);
  }, 120_000);
  afterAll(async () => {
    publisher?.close();
    await real?.cleanup();
  }, 60_000);
  beforeEach(async () => {
    await real.empty();
    await real.layStreams();
    await takeAll();
    queue = await real.newMemory();
  });
  afterEach(async () => {
    await relay?.stop();
    relay = undefined;
  });

  const start = (): Relay<PendingOffer> => {
    const { database, log } = real;
    relay = createOfferRelay({ id: UNIT, database, publisher, queue, packResults: 64, reofferAfter: REOFFER, log });
    return relay;
  };
  const newOffers = (count: number, item = '{"token":"a~"}'): PendingOffer[] =>
    Array.from({ length: count }, () => ({ resultId: uuidv7(), version: 1, item }));
  const commit = (offers: readonly PendingOffer[]): Promise<void> =>
    keepOffers(real.database.manager, offers, Date.now());
  const allDue = (): Promise<unknown> =>
    real.database.query(
      `update offer_outbox set next_offer_at = now() - interval '1 second', created_at = now() - interval '6 seconds'`,
    );
  const outbox = (): Promise<{ attempts: number; seconds: number }[]> =>
    real.database.query(
      `select attempts, extract(epoch from next_offer_at - now())::float as seconds from offer_outbox order by 1, 2`,
    );
  const attempts = async (): Promise<number[]> => (await outbox()).map((row) => row.attempts);
  const messages = async (): Promise<number> => (await manager.streams.info('OFFERS')).state.messages;
  const take = (limit = 512): Promise<PendingOffer[]> =>
    takeDueOffers({ database: real.database, queue, reofferAfter: REOFFER }, limit);

  /** The gateway takes what waits, and settles nothing. */
  async function takeAll(): Promise<number> {
    await manager.consumers.add('OFFERS', { durable_name: 'gateway', ack_policy: AckPolicy.Explicit });
    const reader = await jetstream(gateway).consumers.get('OFFERS', 'gateway');
    let taken = 0;
    for (let waiting = await messages(); waiting > 0; waiting -= 1) {
      const message = (await reader.next({ expires: 5_000 }))!;
      taken += message.json<{ results: unknown[] }>().results.length;
      await message.ackAck();
    }
    return taken;
  }
  /** The relay passes on what was committed, and leaves the sweeps to the test. */
  const passOn = async (offers: readonly PendingOffer[]): Promise<void> => {
    await commit(offers);
    start().push(offers);
    await eventually('all is published', async () => (await messages()) > 0);
    await relay!.stop();
  };

  it('that wait on the stream still are not published again, however often they are due', async () => {
    const offers = newOffers(10);
    await passOn(offers);
    for (let time = 0; time < 20; time += 1) {
      await allDue();
      expect(await take()).toEqual([]);
    }
    // They were offered once; looking was no attempt.
    expect(await attempts()).toEqual(Array(10).fill(1));
    expect(await takeAll()).toBe(10);
  });

  it('that the gateway has taken are given their time to settle, and then offered again', async () => {
    const offers = newOffers(3);
    await passOn(offers);
    await takeAll();
    queue = await rememberedBy(offers);
    await allDue();
    expect(await take()).toEqual([]);
    for (const { attempts: tried, seconds } of await outbox()) {
      expect(tried).toBe(1);
      expect(seconds).toBeGreaterThan(40);
    }
    await allDue();
    expect((await take()).length).toBe(3);
  });

  it('that nobody has offered are published by the sweep', async () => {
    await commit(newOffers(700));
    await allDue();
    start();
    await eventually('all were offered', async () => !(await attempts()).includes(0));
    await eventually('all are there', async () => (await messages()) >= Math.ceil(700 / 64));
    expect(await takeAll()).toBe(700);
  });

  it('are published again when the stream was lost', async () => {
    const offers = newOffers(5);
    await passOn(offers);
    await real.loseStream('OFFERS');
    await real.layStreams();
    queue = await real.newMemory();
    await allDue();
    expect((await take()).length).toBe(5);
  });

  it('that could not be published are due again soon, as if they had not been tried', async () => {
    await real.loseStream('OFFERS');
    await commit(newOffers(5));
    await allDue();
    start();
    await eventually('a sweep has failed', () => real.lines.some((line) => line.includes('sweep failed')));
    await relay!.stop();
    for (const { attempts: tried, seconds } of await outbox()) {
      expect(tried).toBe(0);
      expect(seconds).toBeLessThan(6);
    }
  }, 40_000);

  it('that are new come before those that are offered again, and these in moderation', async () => {
    await commit(newOffers(300));
    await real.database.query('update offer_outbox set attempts = 7');
    await commit(newOffers(20));
    await allDue();
    const due = await take();
    expect(due.length).toBe(20 + 128);
    expect((await attempts()).slice(0, 20)).toEqual(Array(20).fill(1));
  });

  it('are read into memory by the megabyte, however many are due', async () => {
    await commit(newOffers(40, `{"token":"${'a'.repeat(1024 ** 2)}"}`));
    await allDue();
    const due = await take();
    expect(due.length).toBe(8);
    // The others were not touched.
    expect((await attempts()).filter((tried) => tried === 0)).toHaveLength(32);
  });

  it('that find the stream full stay in the outbox, and follow as the gateway takes what is there', async () => {
    await real.layStreams(1_000_000);
    await commit(newOffers(100, `{"token":"${'a'.repeat(20_000)}"}`));
    await allDue();
    start();
    await eventually('the stream is full', () => real.lines.some((line) => line.includes('maximum bytes')));
    let taken = 0;
    const rest = async (): Promise<boolean> => {
      taken += await takeAll();
      // Time goes by: what was given back is due again.
      await real.database.query(`update offer_outbox set next_offer_at = now() where attempts = 0`);
      return taken >= 100;
    };
    await eventually('all were taken', rest, 60_000);
    await relay!.stop();
    // Each once: what the stream took of a batch that failed was not given back.
    expect(taken + (await takeAll())).toBe(100);
    expect(await attempts()).toEqual(Array(100).fill(1));
  }, 90_000);

  it('that the broker cannot carry are named, and hold up nobody', async () => {
    const [large] = newOffers(1, `{"token":"${'a'.repeat(5 * 1024 ** 2)}"}`);
    const small = newOffers(3);
    await commit([large!, ...small]);
    start().push([large!, ...small]);
    await eventually('it is named', () => real.lines.some((line) => line.includes('raise its max_payload')));
    const [line] = real.lines.filter((each) => each.includes('raise its max_payload'));
    expect(JSON.parse(line!)).toMatchObject({ level: 50, unit: UNIT, versions: [`${large!.resultId}:1`] });
    expect(await takeAll()).toBe(3);
  });

  /** The queue's memory after a look that is certainly fresh. */
  async function rememberedBy(offers: readonly PendingOffer[]): Promise<SentMemory> {
    const keys = offers.map(({ resultId, version }) => `${resultId}:${version}`);
    await eventually('the look is fresh', async () => [...(await queue.whereabouts(keys)).values()].includes('taken'));
    return queue;
  }
});
