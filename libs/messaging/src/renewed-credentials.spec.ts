import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { provisionMesh, reloadNats, renewCredentials } from '@clearance/provision';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { connectUser, watchConnection } from './connect.ts';
import { consumeBatches } from './consume-batches.ts';
import { createPublisher } from './publisher.ts';
import { eventually, keepLines } from './real-broker.fixture.ts';
import { ensureStreams } from './streams.ts';

let mesh: TestMesh;
beforeAll(async () => {
  mesh = await setupMesh({ units: ['ln.customs', 'ln.border'], databases: false });
}, 120_000);
afterAll(() => mesh?.cleanup());

const connect = (credsFile: string, user: 'sync' | 'gateway') =>
  connectUser({ url: mesh.natsUrl, credsFile, user, name: `test ${user}` });

describe('credentials that are replaced while a service runs', () => {
  it('are taken up by its connection: nothing on its way is lost, and the old ones are refused', async () => {
    const { home } = mesh;
    const { log, lines } = keepLines();
    const copies = await connect(home.credsFile('ln.customs', 'gateway'), 'gateway');
    const service = await connect(home.credsFile('ln.customs', 'sync'), 'sync');
    const stolen = join(home.root, 'stolen.creds');
    await copyFile(home.credsFile('ln.customs', 'sync'), stolen);
    const sizing = { replicas: 1, maxBytes: 16 * 1024 ** 2 };
    const prepare = () => ensureStreams(service, ['OFFERS', 'COPIES', 'RECEIPTS', 'SETTLEMENTS', 'EVENTS'], sizing);
    await prepare();
    watchConnection(service, 'ln.customs', log);

    const taken = new Set<string>();
    const stopping = new AbortController();
    const consumer = consumeBatches({
      connection: service,
      stream: 'COPIES',
      durable: 'sync',
      maxMessages: 8,
      lingerMs: 2,
      handle: async (messages) => {
        for (const { data } of messages) taken.add(new TextDecoder().decode(data));
        return messages.map(() => ({ verdict: 'done' as const }));
      },
      keepDeadLetter: async () => undefined,
      prepare,
      unit: 'ln.customs',
      logger: log,
      signal: stopping.signal,
    });
    const [inward, outward] = [createPublisher(copies), createPublisher(service)];
    const sent: string[] = [];
    const received: string[] = [];
    let renewed = false;
    /** As the outbox does: what is not acknowledged is sent again, until it is. */
    const flow = async (publish: (text: string) => Promise<unknown>, into: string[]): Promise<void> => {
      for (let number = 0; !renewed || number < 100; number += 1) {
        for (let done = false; !done;) {
          done = await publish(`{"number":${number}}`).then(
            () => true,
            () => delay(20, false),
          );
        }
        into.push(`{"number":${number}}`);
      }
    };
    const flows = Promise.all([
      flow((text) => inward.publishAll([{ subject: 'copies.ln.border', body: text }], 2_000), sent),
      flow((text) => outward.publishAll([{ subject: 'receipts', body: text }], 2_000), received),
    ]);

    await eventually('messages flow', () => taken.size >= 50 && received.length >= 50);
    const { user, revokedUser } = await renewCredentials(home, 'ln.customs', 'sync', Date.now());
    expect(user).not.toBe(revokedUser);
    expect(await reloadNats(home)).toHaveLength(1);
    await eventually('the service has been dropped and is back', () =>
      lines.some((line) => line.includes('broker is back')),
    );
    const before = { sent: sent.length, received: received.length };
    await eventually(
      'messages flow again, both ways',
      () => sent.length >= before.sent + 50 && received.length >= before.received + 50,
    );
    renewed = true;
    await flows;
    await eventually('all are taken', () => sent.every((text) => taken.has(text)));
    const manager = await jetstreamManager(await connect(home.credsFile('ln.customs', 'gateway'), 'gateway'), {
      checkAPI: false,
    });
    expect((await manager.streams.info('RECEIPTS')).state.messages).toBeGreaterThanOrEqual(received.length);

    // The old credentials are of no use any more, neither to their thief nor after a restart of the server.
    await expect(connect(stolen, 'sync')).rejects.toThrow(/authorization|authentication/i);
    await mesh.stopNats('stop');
    await mesh.startNats();
    await expect(connect(stolen, 'sync')).rejects.toThrow(/authorization|authentication/i);
    await (await connect(home.credsFile('ln.customs', 'sync'), 'sync')).close();

    // Nor when provisioning writes the account's token anew; a unit that it adds can connect without a restart.
    const grown = {
      ...mesh.mesh,
      units: [...mesh.mesh.units, { id: 'jl.customs' as const, name: { zh: '', en: '' } }],
    };
    await provisionMesh({ ...grown, limits: { maxPayloadBytes: 1_048_576 } }, home, Date.now());
    await reloadNats(home);
    await eventually('the unit that was added can connect', () =>
      connect(home.credsFile('jl.customs', 'sync'), 'sync').then(
        (connection) => connection.close().then(() => true),
        () => false,
      ),
    );
    await expect(connect(stolen, 'sync')).rejects.toThrow(/authorization|authentication/i);

    stopping.abort();
    await consumer;
    for (const connection of [service, copies]) await connection.close();
  }, 90_000);
});
