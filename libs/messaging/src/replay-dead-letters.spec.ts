import { type DataSource, NotReadyError, openDatabase } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import type { Received, Verdict } from './consume-batches.ts';
import { DEAD_LETTER_TABLE, deadLetterBox, type DeadLetterBox } from './dead-letters.ts';
import { eventually, keepLines } from './real-broker.fixture.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';

const UNIT = 'ln.customs';
const PATIENT = 'waits for its surroundings';

describe('dead letters', () => {
  let mesh: TestMesh;
  let database: DataSource;
  let box: DeadLetterBox;
  const { log, lines } = keepLines();
  /** What the handler makes of a text; `done` unless the test says otherwise. */
  let handle: (text: string) => Verdict = () => ({ verdict: 'done' });
  const handled: string[] = [];
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];

  beforeAll(async () => {
    mesh = await setupMesh({ units: [UNIT] });
    database = await openDatabase({
      url: mesh.databaseUrls.get(UNIT)!,
      migrations: [],
      applicationName: 'dead letters spec',
      poolSize: 4,
    });
    await database.query(DEAD_LETTER_TABLE);
    box = deadLetterBox(database, UNIT);
    // Two processes look after the same box, as two gateways do.
    for (const name of ['one', 'two']) {
      const options = {
        box,
        unit: UNIT,
        log: log.child({ name }),
        signal: stopping.signal,
        handle: async (stream: string, messages: Received[]): Promise<Verdict[] | undefined> => {
          if (stream !== 'COPIES') return undefined;
          return messages.map(({ data }) => {
            const text = new TextDecoder().decode(data);
            handled.push(text);
            return handle(text);
          });
        },
      };
      loops.push(replayDeadLetters(options));
    }
  }, 60_000);
  afterAll(async () => {
    stopping.abort();
    await Promise.all(loops);
    await database?.destroy();
    await mesh?.cleanup();
  }, 30_000);
  beforeEach(async () => {
    await database.query('truncate dead_letter');
    handled.length = 0;
    handle = () => ({ verdict: 'done' });
  });

  const keep = (body: string, stream = 'COPIES'): Promise<void> =>
    box.keep({
      stream,
      subject: 'copies.jl.customs',
      sequence: 7,
      deliveries: 1,
      cause: 'unverifiable',
      detail: 'no such key',
      body: Buffer.from(body),
    });
  const request = (): Promise<unknown> => database.query('update dead_letter set replay_requested_at = now()');
  const letters = (): Promise<Record<string, unknown>[]> =>
    database.query(
      `select cause, detail, deliveries, replays, replay_requested_at is not null as requested,
         replayed_at is not null as replayed from dead_letter order by dead_letter_id`,
    );
  const concluded = (): Promise<void> =>
    eventually('all are concluded', async () => (await letters()).every(({ requested }) => requested === false));

  it('are left alone until the operator asks', async () => {
    await keep('a');
    await box.takeRequested();
    expect(await letters()).toEqual([
      { cause: 'unverifiable', detail: 'no such key', deliveries: 1, replays: 0, requested: false, replayed: false },
    ]);
    expect(handled).toEqual([]);
  });

  it('are handled again, each once, and marked as replayed when that succeeds', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `letter ${index}`);
    for (const text of texts) await keep(text);
    await request();
    await concluded();
    expect([...handled].sort()).toEqual([...texts].sort());
    for (const letter of await letters()) {
      expect(letter).toEqual({
        cause: 'unverifiable',
        detail: 'no such key',
        deliveries: 2,
        replays: 1,
        requested: false,
        replayed: true,
      });
    }
  }, 30_000);

  it.each<[string, () => Verdict, object]>([
    [
      'is refused again',
      () => ({ verdict: 'poison', cause: 'malformed', detail: 'still nothing' }),
      { cause: 'malformed', detail: 'still nothing' },
    ],
    [
      'fails its handler',
      () => {
        throw new TypeError('cannot read');
      },
      { cause: 'handler-failed', detail: 'TypeError: cannot read' },
    ],
  ])(
    'stay, with the new cause, when the letter %s; and can be replayed once more',
    async (_what, verdict, cause) => {
      handle = verdict;
      await keep('bad');
      await request();
      await concluded();
      expect(await letters()).toMatchObject([{ ...cause, deliveries: 2, replays: 1, replayed: false }]);
      handle = () => ({ verdict: 'done' });
      await request();
      await concluded();
      expect(await letters()).toMatchObject([{ ...cause, deliveries: 3, replays: 2, replayed: true }]);
    },
    30_000,
  );

  it('of a stream that this service does not read stay', async () => {
    await keep('x', 'OFFERS');
    await request();
    await concluded();
    expect(await letters()).toMatchObject([{ cause: 'handler-failed', replays: 1, replayed: false }]);
    expect(handled).toEqual([]);
  }, 30_000);

  it('wait for surroundings that are away, and are not lost by it', async () => {
    handle = () => {
      throw new NotReadyError(PATIENT);
    };
    await keep('patient');
    await request();
    await eventually('it was tried', () => lines.some((line) => line.includes(PATIENT)));
    expect(await letters()).toMatchObject([{ requested: true, replays: 0 }]);
    handle = () => ({ verdict: 'done' });
    // Whoever had it in hand may have died: after a minute another takes it.
    await database.query(`update dead_letter set replay_begun_at = replay_begun_at - interval '1 minute'`);
    await concluded();
    expect(await letters()).toMatchObject([{ replays: 1, replayed: true }]);
  }, 30_000);

  it('of another unit in the same database are not this one’s', async () => {
    await deadLetterBox(database, 'jl.customs').keep({
      stream: 'COPIES',
      subject: 's',
      sequence: 1,
      deliveries: 1,
      cause: 'malformed',
      detail: '',
      body: Buffer.from('theirs'),
    });
    await request();
    expect(await box.takeRequested()).toEqual([]);
    const [theirs] = await deadLetterBox(database, 'jl.customs').takeRequested();
    expect(Buffer.from(theirs!.body).toString()).toBe('theirs');
  });
});
