import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import type { UnitId } from '@clearance/contracts';
import { openRealGateway, type RealGateway } from './real-gateway.fixture.ts';

const ISSUER: UnitId = 'ln.customs';
const AWAY: UnitId = 'jl.customs';
const OTHER: UnitId = 'hl.customs';
const ROOM_BYTES = 40_000;

describe('a unit that is away until its queue is full', () => {
  let real: RealGateway;
  const syncs = new Map<UnitId, NatsConnection>();
  beforeAll(async () => {
    real = await openRealGateway([ISSUER, AWAY, OTHER]);
    for (const unit of [AWAY, OTHER]) syncs.set(unit, await real.connectAs(unit, 'sync'));
    await real.layStreams(AWAY, ROOM_BYTES);
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);

  /** A unit takes all that waits for it; the tokens, in order. */
  async function takeAll(unit: UnitId): Promise<string[]> {
    const manager = await jetstreamManager(syncs.get(unit)!, { checkAPI: false });
    await manager.consumers.add('COPIES', { durable_name: 'sync', ack_policy: AckPolicy.Explicit });
    const reader = await jetstream(syncs.get(unit)!).consumers.get('COPIES', 'sync');
    const taken: string[] = [];
    for (let waiting = (await manager.streams.info('COPIES')).state.messages; waiting > 0; waiting -= 1) {
      const message = (await reader.next({ expires: 5_000 }))!;
      taken.push(...message.json<{ copies: { token: string }[] }>().copies.map(({ token }) => token));
      await message.ackAck();
    }
    return taken;
  }

  it('holds up nobody, and gets everything when it is back', async () => {
    const tokens = Array.from({ length: 60 }, () =>
      real.sign(ISSUER, { resultId: uuidv7() }, { reference: 'R'.repeat(1_000) }),
    );
    for (const token of tokens) expect(await real.offer(ISSUER, [token])).toEqual([{ verdict: 'done' }]);
    // The others have everything.
    expect(await takeAll(OTHER)).toEqual(tokens);
    expect(real.lines.some((line) => line.includes('copies not taken') && line.includes('maximum bytes'))).toBe(true);
    // What there was room for waits for the unit, the oldest; it was not pushed out by what came later.
    const first = await takeAll(AWAY);
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(tokens.length);
    expect(first).toEqual(tokens.slice(0, first.length));

    // It is back: with the offers that its missing receipts bring, it gets the rest, as often as it takes.
    const got = new Set(first);
    for (const deadline = Date.now() + 60_000; got.size < tokens.length; await delay(50)) {
      expect(Date.now()).toBeLessThan(deadline);
      const missing = tokens.filter((token) => !got.has(token));
      for (const token of missing) expect(await real.offer(ISSUER, [token])).toEqual([{ verdict: 'done' }]);
      for (const token of await takeAll(AWAY)) got.add(token);
    }
    expect(got).toEqual(new Set(tokens));
  }, 90_000);

  it('whose stream is missing altogether holds up nobody either', async () => {
    await real.loseStream(AWAY, 'COPIES');
    const token = real.sign(ISSUER, { resultId: uuidv7() });
    const startedAt = performance.now();
    expect(await real.offer(ISSUER, [token])).toEqual([{ verdict: 'done' }]);
    // Nothing was waited for: the broker says at once that there is no stream.
    expect(performance.now() - startedAt).toBeLessThan(9_000);
    expect(await takeAll(OTHER)).toContain(token);
    await real.layStreams(AWAY);
  });
});
