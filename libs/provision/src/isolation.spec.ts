import { readFile } from 'node:fs/promises';
import { encodeAccount, encodeOperator, encodeUser, fmtCreds, parseCreds, type KeyPair } from '@nats-io/jwt';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { credsAuthenticator, connect, jwtAuthenticator, nanos, type Authenticator } from '@nats-io/transport-node';
import {
  STREAMS,
  validateCopiesMessage,
  validateDecideForPerson,
  validateGiveNotices,
  validateGiveStatements,
  validateNoticesTaken,
  validateOfferMessage,
  validateReceiptsMessage,
  validateSettlementsMessage,
  validateRevokeForPerson,
  validateStatementsTaken,
  type Checked,
  type StreamName,
} from '@clearance/contracts';
import { onFreePorts, temporaryHome, testServers } from '@clearance/testing';
import {
  eventually,
  mint,
  NEIGHBOUR,
  READER,
  seatOf,
  seedSubject,
  setupArena,
  VICTIM,
  type Arena,
  type Attacker,
  type Move,
  type Outcome,
  type Watched,
} from './isolation.fixture.ts';
import { keyPairOf, newKeyPair } from './nkey-pair.ts';
import { inboxPrefix, type UserPermissions } from './permissions.ts';
import { removeHome, writePrivate } from './private-files.ts';
import { startNats } from './start-nats.ts';

/*
 * The attacks that the credentials of a mesh have to withstand, as a table to be read by an auditor. Every attack is made
 * twice against a real nats-server: with the credentials as provisioning writes them, where the server itself must refuse
 * it, change nothing and say so in its log; and with credentials to which exactly the attacked permission was added,
 * where it must succeed. So a permission that is loosened by mistake fails the attack's test, and a test that could not
 * see the attack succeed would fail as well.
 *
 * What lies beyond the broker is in other tests: a message of one unit that another offers as its own
 * (`wrong-account`), altered copies and false receipts are in tools/src/end-to-end/forgery.part.ts.
 */

let arena: Arena;
const attackers = new Map<Attacker, Watched>();

beforeAll(async () => {
  arena = await setupArena();
  for (const attacker of ['backend', 'sync', 'gateway', 'announcer'] as const) {
    attackers.set(attacker, await arena.connect(await arena.real(attacker), inboxOf(attacker)));
  }
}, 60_000);
afterAll(() => arena?.cleanup());

const inboxOf = (attacker: Attacker): string => inboxPrefix(seatOf(attacker).user);

/** How it shows that an attack succeeded. */
type Harm =
  /** The message reached the account, or the subscription overheard another's message. */
  | 'travels'
  /** JetStream took the request and answered it. */
  | 'answers'
  /** A stream or a consumer is not as it was. */
  | 'changes'
  /** JetStream gave out what a stream holds. */
  | 'reads';

interface Attack {
  as: Attacker;
  what: string;
  move: Move;
  harm: Harm;
  /** The only stream that it can change. */
  stream?: StreamName;
  /** The permission whose absence refuses the attack. */
  loosen: Partial<UserPermissions>;
}

const nameOf = ({ move }: Attack): string =>
  'publish' in move
    ? `publish ${move.lands ?? move.publish}`
    : `subscribe ${move.subscribe}${move.queue === undefined ? '' : ` as ${move.queue}`}`;

/** The refusal as the connection is told of it, and as the server's log has it. */
function denialOf({ move }: Attack): { told: string; logged: string } {
  if ('publish' in move) {
    const subject = move.lands ?? move.publish;
    return { told: `publish ${subject}`, logged: `Publish Violation - Subject "${subject}"` };
  }
  return { told: `subscription ${move.subscribe}`, logged: `Subscription Violation - Subject "${move.subscribe}"` };
}

/**
 * One test per attack. The refused half is made of all attacks of an attacker at once, and the account compared before and
 * after; the half that succeeds is made one by one, each with credentials of its own.
 */
function table(attacks: readonly Attack[]): void {
  const users = [...new Set(attacks.map(({ as }) => as))];
  const refusals = new Map<Attacker, { outcome: Outcome; log: string; changed: boolean }>();

  beforeAll(async () => {
    for (const as of users) {
      const attacker = attackers.get(as)!;
      const made = attacks.filter((attack) => attack.as === as);
      const from = (await arena.log()).length;
      const before = await arena.state();
      const outcome = await arena.make(
        attacker,
        made.map(({ move }) => move),
      );
      // What listens is found out by a message that a stream may keep.
      const changed =
        made.every(({ move }) => 'publish' in move) && JSON.stringify(await arena.state()) !== JSON.stringify(before);
      const log = await eventually('a line of the server’s log for each refusal', async () => {
        const lines = (await arena.log(from)).split('\n').filter((line) => line.includes(`nkey:${attacker.publicKey}`));
        return lines.length >= outcome.refused.length ? lines.join('\n') : undefined;
      });
      refusals.set(as, { outcome, log, changed });
    }
  });

  it.each(attacks.map((attack) => [attack.as, nameOf(attack), attack.what, attack] as const))(
    '%s may not %s (%s), and it is this permission that prevents it',
    async (as, _name, _what, attack) => {
      const { told, logged } = denialOf(attack);
      const { outcome, log } = refusals.get(as)!;
      expect(outcome.refused).toContain(told);
      expect(outcome.took[attacks.filter((one) => one.as === as).indexOf(attack)]).toBe(false);
      expect(log).toContain(logged);
      await succeedsWhenLoosened(attack);
    },
  );

  it('each was refused, nothing else was, and nothing changed', () => {
    for (const as of users) {
      expect(refusals.get(as)!.changed).toBe(false);
      const expected = attacks.filter((attack) => attack.as === as).map((attack) => denialOf(attack).told);
      expect(refusals.get(as)!.outcome.refused.toSorted()).toEqual(expected.toSorted());
    }
  });
}

async function succeedsWhenLoosened({ as, move, harm, loosen, stream }: Attack): Promise<void> {
  const attacker = await arena.connect(await arena.loosened(as, loosen), inboxOf(as));
  const before = harm === 'changes' ? await arena.state() : undefined;
  const outcome = await arena.make(attacker, [move], harm !== 'travels');
  expect(outcome).toMatchObject({ refused: [], took: [true] });
  switch (harm) {
    case 'travels':
      break;
    case 'answers':
      expect(outcome.answer).toMatchObject({ type: expect.stringContaining('io.nats.jetstream.api') });
      break;
    case 'reads': {
      const { message, text } = outcome.answer as { message?: { data: string }; text?: string };
      expect(text ?? Buffer.from(message!.data, 'base64').toString('utf8')).toMatch(/^the (first|second) of /);
      break;
    }
    case 'changes':
      await eventually('another state of the account', async () =>
        JSON.stringify(await arena.state()) === JSON.stringify(before) ? undefined : true,
      );
      break;
  }
  await attacker.nc.close();
  if (harm === 'changes' || harm === 'reads') await arena.restore(...(stream === undefined ? [] : [stream]));
}

/** Rows of attacks that send one message. */
const sending = (rows: readonly (readonly [as: Attacker, subject: string, what: string])[]): Attack[] =>
  rows.map(([as, subject, what]) => ({
    as,
    what,
    move: { publish: subject, body: '{}' },
    harm: 'travels',
    loosen: { publish: [subject] },
  }));

/** Rows of attacks that listen; `canary` is what they would overhear. */
const listening = (
  rows: readonly (readonly [as: Attacker, subject: string, canary: string, what: string, queue?: string])[],
): Attack[] =>
  rows.map(([as, subject, canary, what, queue]) => ({
    as,
    what,
    move: { subscribe: subject, canary, ...(queue === undefined ? {} : { queue }) },
    harm: 'travels',
    loosen: { subscribe: [subject] },
  }));

describe('listening to others', () => {
  table(
    listening([
      ...(['backend', 'sync', 'gateway', 'announcer'] as const).flatMap(
        (as): [Attacker, string, string, string, string?][] => [
          [as, '>', 'canary.x', 'hear everything'],
          [as, '*', 'canary', 'hear every subject of one part'],
          [as, '*.*', 'canary.y', 'hear every subject of two parts'],
          [as, '>', 'canary.z', 'hear everything, shared with others', 'q'],
          [as, '$SYS.>', '$SYS.ACCOUNT.x.CONNECT', 'hear who connects'],
          [as, '$JS.>', '$JS.ACK.COPIES.x.1.1.1.1.1', 'hear all of JetStream'],
          [as, '$JS.API.>', '$JS.API.STREAM.NAMES', 'hear what others ask of JetStream'],
          [as, '$JS.EVENT.>', '$JS.EVENT.ADVISORY.API', 'hear what the server tells of others'],
          [as, '_INBOX.>', '_INBOX.x', 'hear answers to whoever uses no prefix of its own'],
        ],
      ),
      ['backend', '_INBOX_sync.>', '_INBOX_sync.x', 'hear copies given to its service'],
      ['backend', '_INBOX_gateway.>', '_INBOX_gateway.x', 'hear offers and receipts'],
      ['sync', '_INBOX_backend.>', '_INBOX_backend.x', 'hear what the backend is told'],
      ['sync', '_INBOX_gateway.>', '_INBOX_gateway.x', 'hear what the gateway is told'],
      ['gateway', '_INBOX_backend.>', '_INBOX_backend.x', 'hear what the backend is told'],
      ['gateway', '_INBOX_sync.>', '_INBOX_sync.x', 'hear what the unit service is told'],
      ['announcer', '_INBOX_sync.>', '_INBOX_sync.x', 'hear what a unit service is told'],
      ['backend', '_INBOX_sync.answers.>', '_INBOX_sync.answers.x', 'hear what the gateway answers its service'],
      ['gateway', '_INBOX_sync.answers.>', '_INBOX_sync.answers.x', 'hear what another replica answers'],
      ...(['backend', 'sync', 'gateway', 'announcer'] as const).flatMap((as): [Attacker, string, string, string][] => [
        [as, 'offers', 'offers', 'read offers past the stream'],
        [as, 'receipts', 'receipts', 'read receipts past the stream'],
        [as, 'settlements', 'settlements', 'read settlements past the stream'],
        [as, 'copies.>', 'copies.jl.customs', 'read copies past the stream'],
        [as, 'events.>', 'events.result.received', 'read events past the stream'],
        [as, 'heads', 'heads', 'read ledger heads past the stream'],
      ]),
      ['backend', 'results.submit', 'results.submit', 'take submissions in the service’s place'],
      ['backend', 'results.*', 'results.submit', 'take all requests about results'],
      ['backend', 'results.submit', 'results.submit', 'take a share of the submissions, as another replica', 'q'],
      ['backend', 'recognitions.*', 'recognitions.request', 'decide on recognition in the service’s place'],
      ['backend', 'reconciliation.*', 'reconciliation.x', 'answer the gateway in the service’s place'],
      ['gateway', 'reconciliation.*', 'reconciliation.x', 'answer itself in the service’s place'],
      ['backend', 'replay.*', 'replay.x', 'answer the gateway in the service’s place'],
      ['gateway', 'replay.*', 'replay.x', 'answer itself in the service’s place'],
      ['backend', 'statements.*', 'statements.give', 'hear what its service says about access'],
      ['backend', 'statements.give', 'statements.give', 'take statements in the gateway’s place', 'q'],
      ['sync', 'statements.*', 'statements.give', 'take its own statements in the gateway’s place'],
      ['announcer', 'statements.*', 'statements.give', 'take statements in its own account'],
      ['backend', 'notices.*', 'notices.give', 'hear what the gateway tells its service'],
      ['backend', 'notices.give', 'notices.give', 'take notices in the service’s place', 'q'],
      ['gateway', 'notices.*', 'notices.give', 'take its own notices in the service’s place'],
      ['announcer', 'notices.*', 'notices.give', 'hear notices in its own account'],
      ['backend', 'people.*', 'people.decide', 'hear the tokens of its unit’s people'],
      ['backend', 'people.decide', 'people.decide', 'take answers in the service’s place', 'q'],
      ['gateway', 'people.*', 'people.decide', 'hear what other gateways pass on'],
      ['announcer', 'people.*', 'people.decide', 'hear tokens in its own account'],
      ['backend', 'access.*', 'access.request', 'answer requests for access in the service’s place'],
      ['gateway', 'access.*', 'access.request', 'take requests for access before the unit has them'],
      ['backend', '$SRV.>', '$SRV.PING', 'pass for a service'],
      ['gateway', 'results.*', 'results.find', 'take requests of the backend'],
      ['gateway', 'recognitions.request', 'recognitions.request', 'decide on recognition in the service’s place', 'q'],
      ['gateway', '$SRV.>', '$SRV.PING', 'pass for a service of the unit'],
      ['announcer', 'results.*', 'results.find', 'take requests of a backend'],
    ]),
  );
});

describe('sending in the place of others', () => {
  table([
    ...sending([
      ['backend', 'offers', 'offer a result that its service did not issue'],
      ['backend', 'receipts', 'give a receipt'],
      ['backend', 'settlements', 'settle'],
      ['backend', 'copies.jl.customs', 'make up a copy'],
      ['backend', 'heads', 'make up a ledger head'],
      ['backend', 'events.result.received', 'make up an event'],
      ['backend', 'lists.changed', 'announce a list'],
      ['backend', '_INBOX_sync.x', 'answer in a stream’s place'],
      ['backend', '_INBOX_gateway.x', 'answer in a stream’s place'],
      ['backend', '_INBOX_backend.x', 'answer in the service’s place'],
      ['backend', '_INBOX_gateway.answers.x', 'answer the gateway in the service’s place'],
      ['backend', 'reconciliation.x', 'ask as the gateway'],
      ['backend', 'replay.x', 'ask as the gateway'],
      ['backend', 'statements.give', 'ask for access, or grant it, past its service'],
      ['backend', 'notices.give', 'tell its service anything in the gateway’s name'],
      ['backend', 'people.decide', 'answer as a person who has signed in'],
      ['backend', '_INBOX_sync.answers.x', 'answer its service in the gateway’s place'],
      ['backend', '$SRV.OTHER', 'leave the discovery verbs'],
      ['sync', 'copies.jl.customs', 'make up a copy'],
      ['sync', 'settlements', 'settle its own results'],
      ['sync', 'heads', 'make up a ledger head'],
      ['sync', 'results.submit', 'submit as the backend'],
      ['sync', 'recognitions.request', 'ask as the backend'],
      ['sync', '$SRV.PING', 'ask as the backend'],
      ['sync', 'reconciliation.x', 'ask as the gateway'],
      ['sync', 'replay.x', 'ask as the gateway'],
      ['sync', 'notices.give', 'give notices as the gateway'],
      ['sync', 'access.decide', 'decide on access as the backend'],
      ['sync', 'people.decide', 'answer as a person who has signed in'],
      ['sync', '_INBOX_sync.x', 'answer its own replicas'],
      ['sync', '_INBOX_sync.answers.x', 'answer its own statements in the gateway’s place'],
      ['sync', '_INBOX_gateway.x', 'answer the gateway in a stream’s place'],
      ['gateway', 'offers', 'offer in the unit’s name'],
      ['gateway', 'receipts', 'give a receipt in the unit’s name'],
      ['gateway', 'events.result.received', 'tell the backend anything'],
      ['gateway', 'results.submit', 'submit as the backend'],
      ['gateway', 'results.revoke', 'revoke as the backend'],
      ['gateway', 'recognitions.request', 'ask as the backend'],
      ['gateway', '_INBOX_backend.x', 'answer the backend'],
      ['gateway', '_INBOX_sync.x', 'answer in a stream’s place'],
      ['gateway', '_INBOX_sync.other.answers.x', 'answer where the unit service hears its streams'],
      ['gateway', '_INBOX_sync.answers', 'leave the inbox for answers'],
      ['gateway', '_INBOX_gateway.x', 'answer its own replicas in a stream’s place'],
      ['gateway', '_INBOX_gateway.answers.x', 'answer its own questions in the service’s place'],
      ['gateway', 'statements.give', 'ask for access, or grant it, in the unit’s name'],
      ['gateway', 'access.decide', 'decide on access as the backend'],
      ['gateway', 'copies.jl.customs.more', 'leave the form of the copies’ subjects'],
      ['gateway', 'lists.changed', 'announce a list in a unit’s account'],
      ['announcer', 'copies.jl.customs', 'send copies from its own account'],
      ['announcer', 'offers', 'offer from its own account'],
      ['announcer', 'results.submit', 'submit'],
      ['announcer', 'statements.give', 'make statements in its own account'],
      ['announcer', 'notices.give', 'give notices from its own account'],
      ['announcer', 'people.decide', 'answer as a person from its own account'],
    ]),
    ...(['backend', 'sync', 'gateway', 'announcer'] as const).flatMap((as) =>
      sending([
        [as, '$SYS.REQ.SERVER.PING', 'ask the servers about themselves'],
        [as, '$SYS.REQ.USER.INFO', 'ask the server about its rights'],
        [as, '$SYS.REQ.CLAIMS.UPDATE', 'hand in an account of its own making'],
        [as, '$JS.API.META.LEADER.STEPDOWN', 'unseat the leader of the cluster'],
        [as, '$JS.API.SERVER.REMOVE', 'remove a server from the cluster'],
        [as, '$JS.API.ACCOUNT.PURGE.x', 'empty an account'],
        [as, '$JS.EVENT.ADVISORY.API', 'make up what the server tells'],
      ]),
    ),
    // The server reports the way of a message to the subject that its header names, with the sender's permissions.
    ...(
      [
        ...['offers', 'receipts', 'copies.jl.customs', 'settlements', 'events.result.received', '_INBOX_sync.x'],
        ...['statements.give', 'notices.give', 'people.decide', '_INBOX_sync.answers.x'],
      ] as const
    ).map((lands): Attack => ({
      as: 'backend',
      what: 'have the server write there, as the destination of a message’s trace',
      move: { publish: 'results.find', headers: { 'Nats-Trace-Dest': lands, 'Nats-Trace-Only': 'true' }, lands },
      harm: 'travels',
      loosen: { publish: [lands] },
    })),
  ]);
});

/** One request to JetStream about one stream. */
interface Verb {
  subject: string;
  what: string;
  body?: unknown;
  harm: Harm;
  /** Who may: by DESIGN's table of streams, not by the permissions under test. */
  may: readonly Attacker[];
}

/** The stream that this user reads, whose name it may put into subjects. */
const OWN: Record<'backend' | 'sync' | 'gateway', StreamName> = {
  backend: 'EVENTS',
  sync: 'COPIES',
  gateway: 'OFFERS',
};

/** All that can be asked of JetStream about a stream, its messages and its consumers. */
function verbs(stream: StreamName, as: 'backend' | 'sync' | 'gateway'): Verb[] {
  const { reader } = STREAMS[stream];
  // The gateway also looks whether there is room for copies.
  const watchers: Attacker[] = ['sync', reader, ...(stream === 'COPIES' ? (['gateway'] as const) : [])];
  const config = { name: stream, subjects: STREAMS[stream].subjects, retention: 'workqueue' };
  const consumer = (values: object): object => ({ stream_name: stream, config: { ack_policy: 'explicit', ...values } });
  const other = (Object.keys(STREAMS) as StreamName[]).find((name) => name !== stream)!;
  const verb = (subject: string, what: string, harm: Harm, may: readonly Attacker[], body?: unknown): Verb => ({
    subject,
    what,
    harm,
    may,
    body,
  });
  return [
    verb(`$JS.API.STREAM.CREATE.${stream}`, 'lay out a stream', 'answers', ['sync'], config),
    verb(`$JS.API.STREAM.UPDATE.${stream}`, 'change a stream', 'answers', ['sync'], { ...config, max_msgs: 1_000 }),
    verb(`$JS.API.STREAM.INFO.${stream}`, 'look at a stream', 'answers', watchers),
    verb(`$JS.API.STREAM.DELETE.${stream}`, 'delete a stream', 'changes', []),
    verb(`$JS.API.STREAM.PURGE.${stream}`, 'empty a stream', 'changes', []),
    verb(`$JS.API.STREAM.MSG.GET.${stream}`, 'read a message past every consumer', 'reads', [], { seq: 1 }),
    verb(`$JS.API.STREAM.MSG.DELETE.${stream}`, 'delete a message', 'changes', [], { seq: 1 }),
    verb(`$JS.API.DIRECT.GET.${stream}`, 'read a message past every consumer', 'travels', [], { seq: 1 }),
    verb(`$JS.API.DIRECT.GET.${stream}.${seedSubject(stream)}`, 'read the last message', 'travels', []),
    verb(`$JS.API.STREAM.SNAPSHOT.${stream}`, 'take a copy of all of a stream', 'answers', [], {
      deliver_subject: `${inboxPrefix(as)}.snapshot`,
    }),
    verb(`$JS.API.STREAM.RESTORE.${stream}`, 'put another stream in its place', 'answers', [], { config }),
    verb(`$JS.API.STREAM.LEADER.STEPDOWN.${stream}`, 'disturb the stream’s replicas', 'answers', []),
    verb(`$JS.API.STREAM.PEER.REMOVE.${stream}`, 'take a replica away', 'answers', [], { peer: 'x' }),
    verb(`$JS.API.CONSUMER.CREATE.${stream}`, 'read by an unnamed consumer', 'answers', [reader], consumer({})),
    verb(
      `$JS.API.CONSUMER.CREATE.${stream}.${READER}`,
      'change the reader’s consumer',
      'changes',
      [reader],
      consumer({ name: READER, durable_name: READER, max_ack_pending: 7 }),
    ),
    verb(
      `$JS.API.CONSUMER.CREATE.${stream}.spy.${seedSubject(stream)}`,
      'read by a named consumer with a filter',
      'answers',
      [reader],
      consumer({ name: 'spy', filter_subject: seedSubject(stream) }),
    ),
    verb(
      `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.spy`,
      'read by a durable consumer',
      'answers',
      [reader],
      consumer({ durable_name: 'spy' }),
    ),
    verb(`$JS.API.CONSUMER.NAMES.${stream}`, 'learn the names of consumers', 'answers', [reader]),
    verb(`$JS.API.CONSUMER.LIST.${stream}`, 'look at all consumers', 'answers', [reader]),
    verb(`$JS.API.CONSUMER.INFO.${stream}.${READER}`, 'look at the reader’s consumer', 'answers', [reader]),
    verb(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${READER}`, 'take the reader’s next message', 'reads', [reader]),
    verb(`$JS.API.CONSUMER.DELETE.${stream}.${READER}`, 'cut the reader off', 'changes', [reader]),
    verb(`$JS.API.CONSUMER.PAUSE.${stream}.${READER}`, 'stop the reader for a while', 'changes', [], {
      pause_until: '2126-01-01T00:00:00Z',
    }),
    verb(`$JS.API.CONSUMER.UNPIN.${stream}.${READER}`, 'move the reader to another client', 'answers', [], {
      group: 'g',
    }),
    verb(`$JS.API.CONSUMER.LEADER.STEPDOWN.${stream}.${READER}`, 'disturb the consumer’s replicas', 'answers', []),
    verb(`$JS.ACK.${stream}.${READER}.1.1.1.1.1`, 'acknowledge in the reader’s place', 'changes', [reader]),
    verb(`$JS.ACK._.hash.${stream}.${READER}.1.1.1.1.1`, 'acknowledge in the reader’s place, newer form', 'travels', [
      reader,
    ]),
    verb(
      `$JS.ACK.${stream}.${READER}.${reader === as ? other : OWN[as]}.1.1.1.1`,
      'acknowledge in the reader’s place, under the name of a stream that one may read',
      'changes',
      [reader],
    ),
    verb(`$JS.FC.${stream}.${READER}.x`, 'answer flow control in the reader’s place', 'travels', [reader]),
  ];
}

describe('JetStream: what a user may not ask', () => {
  const users = ['backend', 'sync', 'gateway'] as const;
  const streams = Object.keys(STREAMS) as StreamName[];
  describe.each(users.flatMap((as) => streams.map((stream) => [as, stream] as const)))('%s about %s', (as, stream) => {
    table(
      verbs(stream, as)
        .filter(({ may }) => !may.includes(as))
        .map(({ subject, what, body, harm }) => ({
          as,
          what,
          harm,
          stream,
          move: { publish: subject, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
          loosen: { publish: [subject] },
        })),
    );
  });

  describe('about the account', () => {
    table(
      users.flatMap((as): Attack[] => [
        {
          as,
          what: 'look at all streams',
          move: { publish: '$JS.API.STREAM.LIST' },
          harm: 'answers',
          loosen: { publish: ['$JS.API.STREAM.LIST'] },
        },
        {
          as,
          what: 'copy the account’s messages into a stream of its own',
          move: {
            publish: '$JS.API.STREAM.CREATE.SHADOW',
            body: JSON.stringify({ name: 'SHADOW', sources: [{ name: 'EVENTS' }] }),
          },
          harm: 'changes',
          loosen: { publish: ['$JS.API.STREAM.CREATE.SHADOW'] },
        },
        {
          as,
          what: 'mirror a stream',
          move: {
            publish: '$JS.API.STREAM.CREATE.MIRROR',
            body: JSON.stringify({ name: 'MIRROR', mirror: { name: 'EVENTS' } }),
          },
          harm: 'changes',
          loosen: { publish: ['$JS.API.STREAM.CREATE.MIRROR'] },
        },
        {
          as,
          what: 'catch other users’ inboxes in a stream',
          move: {
            publish: '$JS.API.STREAM.CREATE.INBOXES',
            body: JSON.stringify({ name: 'INBOXES', subjects: ['_INBOX_sync.>', '_INBOX_gateway.>'] }),
          },
          harm: 'changes',
          loosen: { publish: ['$JS.API.STREAM.CREATE.INBOXES'] },
        },
      ]),
    );
  });

  it('a stream named in the subject and another in the request: JetStream itself refuses', async () => {
    const backend = attackers.get('backend')!;
    const before = await arena.state();
    const ask = (named: StreamName): Promise<Outcome> =>
      arena.make(
        backend,
        [
          {
            publish: '$JS.API.CONSUMER.CREATE.EVENTS.spy',
            body: JSON.stringify({ stream_name: named, config: { name: 'spy', ack_policy: 'explicit' } }),
          },
        ],
        true,
      );
    expect((await ask('COPIES')).answer).toMatchObject({ error: { code: 400 } });
    expect(await arena.state()).toEqual(before);
    expect((await ask('EVENTS')).answer).not.toHaveProperty('error');
    await arena.restore();
  });
});

/*
 * What no permission prevents. Whoever may ask JetStream names the subject of the answer, and whoever may create a push
 * consumer names the subject of its messages; nats-server sends both as itself, without looking at the asker's
 * permissions (nats-io/nats-server, issue 8274). So a backend can have the server send what the server, or the unit's own
 * service, says, to a subject of its own account: never a text of its choosing, and never into another account. The
 * server itself keeps its API and acknowledgements out of reach, and whoever reads a stream refuses such a message.
 */
describe('the server as a messenger', () => {
  /** How a backend gets the server to send, each with what it sends. */
  const ways: [name: string, send: (backend: Watched, to: string) => Promise<void>][] = [
    [
      'the answer to a request',
      async ({ nc }, to) => {
        nc.publish('$JS.API.INFO', '', { reply: to });
        await nc.flush();
      },
    ],
    [
      'an answer that holds the asker’s words',
      async ({ nc }, to) => {
        const config = { name: 'words', ack_policy: 'none', metadata: { results: '[{"token":"a.b.c~"}]' } };
        nc.publish('$JS.API.CONSUMER.CREATE.EVENTS.words', JSON.stringify({ stream_name: 'EVENTS', config }), {
          reply: to,
        });
        await nc.flush();
      },
    ],
    [
      'an event that is pulled',
      async ({ nc }, to) => {
        const manager = await jetstreamManager(nc, { checkAPI: false });
        await manager.consumers.add('EVENTS', { name: 'pulled', ack_policy: AckPolicy.None });
        nc.publish('$JS.API.CONSUMER.MSG.NEXT.EVENTS.pulled', '', { reply: to });
        await nc.flush();
      },
    ],
    [
      'an empty event that is pulled',
      async ({ nc }, to) => {
        const manager = await jetstreamManager(nc, { checkAPI: false });
        await manager.consumers.add('EVENTS', { name: 'pulled', ack_policy: AckPolicy.None, headers_only: true });
        nc.publish('$JS.API.CONSUMER.MSG.NEXT.EVENTS.pulled', '', { reply: to });
        await nc.flush();
      },
    ],
    [
      'an event that is pushed',
      async ({ nc }, to) => {
        const manager = await jetstreamManager(nc, { checkAPI: false });
        await manager.consumers.add('EVENTS', { name: 'pushed', ack_policy: AckPolicy.None, deliver_subject: to });
      },
    ],
    [
      'an empty event that is pushed',
      async ({ nc }, to) => {
        const manager = await jetstreamManager(nc, { checkAPI: false });
        const config = { name: 'pushed', ack_policy: AckPolicy.None, deliver_subject: to, headers_only: true };
        await manager.consumers.add('EVENTS', config);
      },
    ],
  ];

  const sendAll = async (to: string): Promise<void> => {
    for (const [, send] of ways) {
      await send(attackers.get('backend')!, to).catch(() => undefined);
      await arena.restoreConsumers();
    }
  };
  afterEach(async () => {
    attackers.get('backend')!.refused.splice(0);
    await arena.restore();
  });

  it.each<[StreamName, (message: unknown) => Checked<unknown>]>([
    ['OFFERS', validateOfferMessage],
    ['COPIES', validateCopiesMessage],
    ['RECEIPTS', validateReceiptsMessage],
    ['SETTLEMENTS', validateSettlementsMessage],
  ])('what it sends into %s is refused by whoever reads it', async (stream, validate) => {
    const before = (await arena.manager.streams.info(stream)).state.last_seq;
    await sendAll(seedSubject(stream));
    const { last_seq } = (await arena.manager.streams.info(stream)).state;
    for (let seq = before + 1; seq <= last_seq; seq += 1) {
      const message = await arena.manager.streams.getMessage(stream, { seq });
      const text = message!.string();
      expect(isJson(text) ? validate(JSON.parse(text)).ok : false).toBe(false);
    }
  });

  it.each<[string, (message: unknown) => Checked<unknown>]>([
    ['statements.give', validateGiveStatements],
    ['notices.give', validateGiveNotices],
    ['people.decide', validateDecideForPerson],
    ['people.revoke', validateRevokeForPerson],
    ['_INBOX_sync.answers.1', validateStatementsTaken],
    ['_INBOX_gateway.answers.1', validateNoticesTaken],
  ])('what it sends to %s is refused by whoever reads it', async (subject, validate) => {
    const heard: string[] = [];
    const watch = arena.observer.subscribe(subject, { callback: (_error, { data }) => void heard.push(text(data)) });
    await arena.observer.flush();
    await sendAll(subject);
    await eventually('all that was sent', async () => (heard.length >= ways.length ? true : undefined));
    watch.unsubscribe();
    expect(heard.filter((one) => isJson(one) && validate(JSON.parse(one)).ok)).toEqual([]);
  });

  it.each([
    '$JS.API.STREAM.PURGE.OFFERS',
    '$JS.API.STREAM.DELETE.OFFERS',
    '$JS.API.STREAM.PURGE.COPIES',
    `$JS.API.CONSUMER.DELETE.COPIES.${READER}`,
    `$JS.ACK.COPIES.${READER}.1.1.1.1.1`,
    `$JS.ACK._.hash.COPIES.${READER}.1.1.1.1.1`,
  ])('%s is out of its reach: nothing changes', async (to) => {
    const before = await arena.state();
    await sendAll(to);
    expect(await arena.state()).toEqual(before);
  });

  it('it can be made to take copies from their reader’s consumer, which delays them: nobody is given them, and none is lost', async () => {
    const reader = { durable_name: 'waiting', ack_policy: AckPolicy.Explicit, ack_wait: nanos(500) };
    await arena.manager.consumers.delete('COPIES', READER);
    await arena.manager.consumers.add('COPIES', reader);
    const backend = attackers.get('backend')!;
    const heard: string[] = [];
    const inbox = backend.nc.subscribe('_INBOX_backend.>', {
      callback: (_error, { data }) => void heard.push(text(data)),
    });
    await sendAll('$JS.API.CONSUMER.MSG.NEXT.COPIES.waiting');
    await backend.nc.flush();
    inbox.unsubscribe();
    expect(heard.filter((one) => one.includes('of COPIES'))).toEqual([]);
    // What waits of the false pulls takes some of the first deliveries; each comes back unconfirmed.
    const consumer = await jetstream(arena.observer).consumers.get('COPIES', 'waiting');
    const got = new Set<string>();
    await eventually('both copies with their reader', async () => {
      const message = await consumer.next({ expires: 2_000 });
      if (message !== null && (await message.ackAck())) got.add(message.string());
      return got.size === 2 ? true : undefined;
    });
    expect([...got].sort()).toEqual(['the first of COPIES', 'the second of COPIES']);
  });

  it('a reply subject that would acknowledge is refused by the server, and logged', async () => {
    const backend = attackers.get('backend')!;
    const ack = `$JS.ACK.COPIES.${READER}.1.1.1.1.1`;
    const from = (await arena.log()).length;
    backend.nc.publish('$JS.API.INFO', '', { reply: ack });
    await backend.nc.flush();
    await eventually('the refusal in the server’s log', async () =>
      (await arena.log(from)).includes(`Publish Violation - Reply "${ack}"`) ? true : undefined,
    );
  });
});

const text = (data: Uint8Array): string => new TextDecoder().decode(data);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('between units there is no way', () => {
  /** The strongest attacker that another unit can bring forth: all rights in its own account. */
  let neighbour: Watched;
  /** The same attempts from within succeed, so that a silence means something. */
  let insider: Watched;
  beforeAll(async () => {
    neighbour = await arena.connect(await mint(arena.home, NEIGHBOUR), '_INBOX_neighbour');
    insider = await arena.connect(await mint(arena.home, VICTIM), '_INBOX_insider');
  });
  afterEach(() => arena.restore());

  it('who hears everything in its own account hears nothing of another', async () => {
    const heard = { neighbour: [] as string[], insider: [] as string[] };
    const subscriptions = Object.entries({ neighbour, insider }).map(([name, { nc }]) =>
      nc.subscribe('>', { callback: (_error, { subject }) => void heard[name as 'insider'].push(subject) }),
    );
    for (const { nc } of [neighbour, insider]) await nc.flush();
    const backend = attackers.get('backend')!;
    const gateway = attackers.get('gateway')!;
    const announcer = attackers.get('announcer')!;
    backend.nc.publish('results.submit', 'x');
    gateway.nc.publish('copies.jl.customs', 'x');
    announcer.nc.publish('lists.changed', 'x');
    for (const { nc } of [backend, gateway, announcer]) await nc.flush();
    for (const { nc } of [neighbour, insider]) {
      nc.publish('own', 'x');
      await nc.flush();
    }
    expect(heard.neighbour).toEqual(['own']);
    expect(heard.insider).toEqual(expect.arrayContaining(['results.submit', 'copies.jl.customs', 'own']));
    expect(heard.insider).not.toContain('lists.changed');
    for (const subscription of subscriptions) subscription.unsubscribe();
  });

  it('what it sends arrives nowhere else: no offer, no copy, no event, no request', async () => {
    const before = await arena.state();
    for (const subject of [
      'offers',
      'receipts',
      'settlements',
      'copies.jl.customs',
      'events.result.received',
      'heads',
    ]) {
      neighbour.nc.publish(subject, 'x');
    }
    await neighbour.nc.flush();
    const refusal = await neighbour.nc.request('results.find', '{}').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining('no responders') });
    expect(await arena.state()).toEqual(before);
    insider.nc.publish('offers', 'x');
    await insider.nc.flush();
    expect(await arena.state()).not.toEqual(before);
  });

  it('JetStream shows it no stream and no event of another', async () => {
    const names = async ({ nc }: Watched): Promise<string[]> =>
      (await jetstreamManager(nc, { checkAPI: false })).streams.names().next();
    expect(await names(neighbour)).toEqual([]);
    expect((await names(insider)).sort()).toEqual(Object.keys(STREAMS).sort());
    const event = async ({ nc }: Watched): Promise<string | undefined> => {
      const consumer = await jetstream(nc).consumers.get('EVENTS', READER);
      return (await consumer.next({ expires: 1_000 }))?.string();
    };
    await expect(event(neighbour)).rejects.toThrow('stream not found');
    expect(await event(insider)).toBe('the second of EVENTS');
  });

  it('it cannot delete, empty or read streams of another by their names', async () => {
    const before = await arena.state();
    for (const verb of ['DELETE', 'PURGE', 'MSG.GET']) {
      const answer = await neighbour.nc.request(`$JS.API.STREAM.${verb}.EVENTS`, verb === 'MSG.GET' ? '{"seq":1}' : '');
      expect(answer.json()).toMatchObject({ error: { code: 404 } });
    }
    expect(await arena.state()).toEqual(before);
    await insider.nc.request('$JS.API.STREAM.PURGE.EVENTS', '');
    expect(await arena.state()).not.toEqual(before);
  });

  it.each(['$JS.ln-customs.API', '$JS.clearance.API', 'theirs.API'])(
    'a stream that is to be filled from another account through %s stays empty',
    async (api) => {
      const fill = async ({ nc }: Watched, external: boolean): Promise<() => Promise<number>> => {
        const manager = await jetstreamManager(nc, { checkAPI: false });
        await manager.streams.add({
          name: 'TAKEN',
          sources: [{ name: 'EVENTS', ...(external ? { external: { api, deliver: '_INBOX_neighbour.taken' } } : {}) }],
        });
        return async () => (await manager.streams.info('TAKEN')).state.messages;
      };
      const taken = await fill(neighbour, true);
      const inside = await fill(insider, false);
      await eventually('the same within the account', async () => ((await inside()) === 2 ? true : undefined));
      expect(await taken()).toBe(0);
      await (await jetstreamManager(neighbour.nc, { checkAPI: false })).streams.delete('TAKEN');
    },
  );

  it('the gateway’s own account has no JetStream', async () => {
    const wide = await arena.connect(await mint(arena.home, 'gateway'), '_INBOX_wide');
    const answer = (await wide.nc.request('$JS.API.INFO', '')).json();
    expect(answer).toMatchObject({ error: { err_code: 10_039 } });
  });

  it('an account that a unit rewrote itself is not taken, by whatever way it is handed in', async () => {
    const key = keyPairOf(await readFile(arena.home.nkeySeedFile(NEIGHBOUR), 'utf8'));
    const victim = keyPairOf(await readFile(arena.home.nkeySeedFile(VICTIM), 'utf8')).getPublicKey();
    const imports = [
      { name: 'taken', account: victim, subject: 'events.>', type: 'stream' },
      { name: 'asked', account: victim, subject: '$JS.API.>', type: 'service', to: 'theirs.>' },
    ];
    const own = await encodeAccount(NEIGHBOUR, key, { imports } as object, { signer: key });
    const known = async (): Promise<unknown> =>
      (await fetch(`${arena.mesh.monitorUrl}/accountz?acc=${key.getPublicKey()}`)).json();
    const jwtOf = async (): Promise<unknown> =>
      ((await known()) as { account_detail: { jwt: string } }).account_detail.jwt;
    const before = await jwtOf();
    expect(before).toBe((await readFile(arena.home.accountJwtFile(NEIGHBOUR), 'utf8')).trim());
    for (const subject of ['$SYS.REQ.CLAIMS.UPDATE', `$SYS.REQ.ACCOUNT.${key.getPublicKey()}.CLAIMS.UPDATE`]) {
      await neighbour.nc.request(subject, own, { timeout: 500 }).catch(() => undefined);
    }
    expect(await jwtOf()).toBe(before);
    const refused = await neighbour.nc.request('theirs.STREAM.NAMES', '').catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: expect.stringContaining('no responders') });
  });
});

describe('logging in', () => {
  const accountOf = async (owner: typeof VICTIM | typeof NEIGHBOUR) =>
    keyPairOf(await readFile(arena.home.nkeySeedFile(owner), 'utf8'));
  const everything = { pub: { allow: ['>'] }, sub: { allow: ['>'] } };

  /** The library signs a user's token with an account's key only; the server has to notice the same. */
  const asAccount = (user: KeyPair): KeyPair => ({
    ...user,
    getPublicKey: () => newKeyPair('account').getPublicKey(),
  });

  async function logIn(authenticator: Authenticator | undefined, servers = arena.mesh.natsUrl): Promise<string> {
    try {
      const nc = await connect({
        servers,
        reconnect: false,
        ...(authenticator === undefined ? {} : { authenticator }),
      });
      await nc.close();
      return 'let in';
    } catch (error) {
      return (error as Error).name;
    }
  }

  /** Each forgery with what the right thing is in its place, which is let in. */
  const forgeries: [
    what: string,
    forged: () => Promise<Authenticator | undefined>,
    right: () => Promise<Authenticator>,
  ][] = [
    ['without credentials', async () => undefined, async () => credsAuthenticator(await arena.real('backend'))],
    [
      'with a name and password',
      async () => () => ({ user: 'backend', pass: 'backend' }),
      async () => credsAuthenticator(await arena.real('backend')),
    ],
    [
      'with a token of another unit’s user, but without its key',
      async () => {
        const { jwt } = await parseCreds(await arena.real('backend'));
        return jwtAuthenticator(jwt, newKeyPair('user').getSeed());
      },
      async () => {
        const { jwt, key } = await parseCreds(await arena.real('backend'));
        return jwtAuthenticator(jwt, new TextEncoder().encode(key));
      },
    ],
    [
      'with credentials of an operator that is not the mesh’s',
      async () => {
        const [operator, account, user] = [newKeyPair('operator'), newKeyPair('account'), newKeyPair('user')];
        await encodeOperator('clearance', operator);
        await encodeAccount(VICTIM, account, {}, { signer: operator });
        return credsAuthenticator(fmtCreds(await encodeUser('backend', user, account, everything), user));
      },
      async () => {
        const user = newKeyPair('user');
        return credsAuthenticator(
          fmtCreds(await encodeUser('backend', user, await accountOf(VICTIM), everything), user),
        );
      },
    ],
    [
      'with a token for one unit’s account that another account’s key signed',
      async () => {
        const user = newKeyPair('user');
        const claims = { ...everything, issuer_account: (await accountOf(VICTIM)).getPublicKey() };
        return credsAuthenticator(fmtCreds(await encodeUser('sync', user, await accountOf(NEIGHBOUR), claims), user));
      },
      async () => {
        const user = newKeyPair('user');
        return credsAuthenticator(fmtCreds(await encodeUser('sync', user, await accountOf(VICTIM), everything), user));
      },
    ],
    [
      'with wider permissions, written into its token by the user',
      async () => {
        const { jwt, key } = await parseCreds(await arena.real('backend'));
        const [head, body, signature] = jwt.split('.') as [string, string, string];
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { nats: object };
        claims.nats = { ...claims.nats, ...everything };
        const widened = Buffer.from(JSON.stringify(claims)).toString('base64url');
        return jwtAuthenticator(`${head}.${widened}.${signature}`, new TextEncoder().encode(key));
      },
      async () => credsAuthenticator(await arena.loosened('backend', { publish: ['>'], subscribe: ['>'] })),
    ],
    [
      'with wider permissions, signed by the user',
      async () => {
        const { key } = await parseCreds(await arena.real('backend'));
        const user = keyPairOf(key);
        const claims = { ...everything, issuer_account: (await accountOf(VICTIM)).getPublicKey() };
        return credsAuthenticator(fmtCreds(await encodeUser('backend', user, asAccount(user), claims), user));
      },
      async () => credsAuthenticator(await arena.loosened('backend', { publish: ['>'], subscribe: ['>'] })),
    ],
    [
      'with a token that has run out',
      async () => {
        const user = newKeyPair('user');
        const exp = Math.floor(Date.now() / 1_000) - 60;
        return credsAuthenticator(
          fmtCreds(await encodeUser('backend', user, await accountOf(VICTIM), everything, { exp }), user),
        );
      },
      async () => {
        const user = newKeyPair('user');
        const exp = Math.floor(Date.now() / 1_000) + 3_600;
        return credsAuthenticator(
          fmtCreds(await encodeUser('backend', user, await accountOf(VICTIM), everything, { exp }), user),
        );
      },
    ],
    [
      'with an account’s key in place of a user’s',
      async () => {
        const account = await accountOf(VICTIM);
        return jwtAuthenticator((await readFile(arena.home.accountJwtFile(VICTIM), 'utf8')).trim(), account.getSeed());
      },
      async () => credsAuthenticator(await arena.real('sync')),
    ],
  ];

  it.each(forgeries)('%s nobody is let in, and the log says so', async (_what, forged, right) => {
    const from = (await arena.log()).length;
    expect(await logIn(await forged())).toBe('AuthorizationError');
    await eventually('the refusal in the server’s log', async () =>
      /authentication error|Authorization|not valid|expired|failed/i.test(await arena.log(from)) ? true : undefined,
    );
    expect(await logIn(await right())).toBe('let in');
  });

  it('an account that the operator did not sign has no users, even out of the server’s own configuration', async () => {
    const account = await accountOf(VICTIM);
    const genuine = (await readFile(arena.home.accountJwtFile(VICTIM), 'utf8')).trim();
    const limits = { limits: { subs: -1, data: -1, payload: -1, conn: -1 } } as object;
    const selfSigned = await encodeAccount(VICTIM, account, limits, { signer: account });
    const other = await temporaryHome();
    try {
      const logInto = async (accountJwt: string): Promise<string> => {
        const configuration = (await readFile(arena.home.natsConfigurationFile, 'utf8'))
          .replace(genuine, accountJwt)
          .replaceAll(arena.home.natsStore, other.natsStore);
        await writePrivate(other.natsConfigurationFile, configuration);
        const server = await onFreePorts(([port, monitorPort]) =>
          startNats(other, { binary: testServers().natsServer, port, monitorPort }),
        );
        try {
          return await logIn(credsAuthenticator(await arena.real('sync')), server.url);
        } finally {
          await server.stop();
        }
      };
      expect(await logInto(selfSigned)).toBe('AuthorizationError');
      expect(await logInto(genuine)).toBe('let in');
    } finally {
      await removeHome(other);
    }
  });
});
