import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { collectReceipts } from '../settle/collect-receipts.ts';
import { openRealGateway, type RealGateway } from './real-gateway.fixture.ts';

const ISSUER: UnitId = 'ln.customs';
const AWAY: UnitId = 'jl.customs';
const OTHER: UnitId = 'hl.customs';
const DIGEST = 'A'.repeat(43);

describe('results that are offered again while a unit is away', () => {
  let real: RealGateway;
  let sync: NatsConnection;
  let manager: JetStreamManager;
  let ids: string[];
  let tokens: string[];

  beforeAll(async () => {
    real = await openRealGateway([ISSUER, AWAY, OTHER]);
    sync = await real.connectAs(AWAY, 'sync');
    manager = await jetstreamManager(sync, { checkAPI: false });
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);
  beforeEach(async () => {
    await real.layStreams(AWAY);
    await takeAll();
    await real.forget();
    ids = Array.from({ length: 5 }, () => uuidv7());
    tokens = ids.map((resultId) => real.sign(ISSUER, { resultId }));
  });

  async function offerTimes(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) expect(await real.offer(ISSUER, tokens)).toEqual([{ verdict: 'done' }]);
  }
  /** Offers again until something is so: what the gateway knows of a queue is up to a second old. */
  async function offerUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 30_000; !(await holds()); await delay(100)) {
      if (Date.now() > deadline) throw new Error(`not within 30 s: ${what}`);
      await offerTimes(1);
    }
  }
  const messages = async (): Promise<number> => (await manager.streams.info('COPIES')).state.messages;
  /** The unit takes all that waits for it, and says nothing of it to the gateway. */
  async function takeAll(): Promise<string[]> {
    await manager.consumers.add('COPIES', { durable_name: 'sync', ack_policy: AckPolicy.Explicit });
    const reader = await jetstream(sync).consumers.get('COPIES', 'sync');
    const taken: string[] = [];
    for (let waiting = await messages(); waiting > 0; waiting -= 1) {
      const message = (await reader.next({ expires: 5_000 }))!;
      taken.push(...message.json<{ copies: { token: string }[] }>().copies.map(({ token }) => token));
      await message.ackAck();
    }
    return taken;
  }
  const ledgerRows = async (): Promise<number> => {
    const [row] = await real.database.query<[{ count: string }]>('select count(*) from ledger');
    return Number(row.count);
  };
  const receiptsOf = (unit: UnitId) => {
    const receipts = ids.map((resultId) => ({ resultId, version: 1, tokenDigest: DIGEST }));
    return collectReceipts(real.gateway, [{ unit, data: Buffer.from(JSON.stringify({ receipts })), at: Date.now() }]);
  };

  it('leave one copy of each version, and nothing more in the ledger, however often', async () => {
    await offerTimes(1);
    const rows = await ledgerRows();
    await offerTimes(20);
    expect(await ledgerRows()).toBe(rows);
    expect((await takeAll()).sort()).toEqual([...tokens].sort());
    expect(await messages()).toBe(0);
  });

  it('leave one copy more when the gateway has started anew in between, not twenty', async () => {
    await offerTimes(1);
    await real.forget();
    await offerTimes(20);
    expect((await takeAll()).sort()).toEqual([...tokens, ...tokens].sort());
  });

  it('are given to those alone whose receipt is missing', async () => {
    const others = await jetstreamManager(await real.connectAs(OTHER, 'sync'), { checkAPI: false });
    await offerTimes(1);
    await receiptsOf(OTHER);
    await real.loseStream(OTHER, 'COPIES');
    await real.layStreams(OTHER);
    // Nobody remembers what waits where: only receipts tell who is to be given something.
    await real.forget();
    await offerTimes(3);
    expect((await others.streams.info('COPIES')).state.messages).toBe(0);
    expect(await messages()).toBe(2);
  });

  it('are given again when the stream was lost and made anew', async () => {
    await offerTimes(3);
    await real.loseStream(AWAY, 'COPIES');
    await real.layStreams(AWAY);
    await offerUntil('the copies are there again', async () => (await messages()) > 0);
    await offerTimes(20);
    expect((await takeAll()).sort()).toEqual([...tokens].sort());
  });

  it('are given again when the unit took them and its receipt was lost', async () => {
    await offerTimes(3);
    expect((await takeAll()).sort()).toEqual([...tokens].sort());
    await offerUntil('the copies are there again', async () => (await messages()) > 0);
    await offerTimes(20);
    expect((await takeAll()).sort()).toEqual([...tokens].sort());
  });

  it('do not fill what is left of a queue that is more than half full: that is for what is new', async () => {
    await offerTimes(1);
    await real.layStreams(AWAY, 2 * (await manager.streams.info('COPIES')).state.bytes - 2);
    // Nobody remembers that the copies wait there.
    await real.forget();
    await offerTimes(10);
    expect(await messages()).toBe(1);
    const fresh = real.sign(ISSUER, { resultId: uuidv7() });
    await real.offer(ISSUER, [fresh]);
    expect(await messages()).toBe(2);
    expect((await takeAll()).sort()).toEqual([...tokens, fresh].sort());
    await offerUntil('the queue has room for repetitions again', async () => (await messages()) > 0);
    expect((await takeAll()).sort()).toEqual([...tokens].sort());
  });
});
