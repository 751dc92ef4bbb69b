import type { AccountUser, Owner } from '@clearance/platform';

/** What a NATS user may publish and subscribe; all else is denied. */
export interface UserPermissions {
  publish: readonly string[];
  subscribe: readonly string[];
}

/** Prefix of the inboxes of a user: replies reach nobody else, even within one account. */
export function inboxPrefix(user: AccountUser): string {
  return `_INBOX_${user}`;
}

/** Request subjects that a unit service answers for its agency's backend (INTERFACE, section 2). */
const requests = ['results.*', 'recognitions.*', 'access.*'];

/** What the gateway asks a unit service when it reconciles: its backend cannot. */
const reconciliation = 'reconciliation.*';
/** … and when it replays traffic against a draft of the negative list. */
const replay = 'replay.*';

/** … and for somebody of the unit who has signed in there: the unit service judges who that is. */
const people = 'people.*';

/** What a unit service says to the gateway about access to conditional data, and what the gateway tells it. */
const statements = 'statements.*';
const notices = 'notices.*';

/**
 * The inbox for answers to a user's questions. Unit service and gateway may write into this one of each other's and no
 * other, so that neither can answer, or acknowledge, in a stream's place.
 */
const answersTo = (user: AccountUser): string => `${inboxPrefix(user)}.answers.>`;

/** Discovery by the NATS Services API: `nats micro ls` and the like. */
const discovery = ['PING', 'INFO', 'STATS'].flatMap((verb) => [`$SRV.${verb}`, `$SRV.${verb}.>`]);

/** Look at the account's JetStream and one stream. */
const look = (stream: string): string[] => ['$JS.API.INFO', '$JS.API.STREAM.NAMES', `$JS.API.STREAM.INFO.${stream}`];

/** Create or change a stream: a unit service lays its streams out anew when the broker has lost them. */
const lay = (stream: string): string[] => [
  `$JS.API.STREAM.CREATE.${stream}`,
  `$JS.API.STREAM.UPDATE.${stream}`,
  `$JS.API.STREAM.INFO.${stream}`,
];

/**
 * Consume one stream: consumers of one's own, pulls, acknowledgements and flow control. Servers since 2.14 may put
 * domain and account into the reply subject (`$JS.ACK.<domain>.<account>.<stream>…`, ADR-15), so both forms are named,
 * each with its number of parts: `$JS.ACK.*.*.EVENTS.>` would also be `$JS.ACK.COPIES.<consumer>.EVENTS.…`, and the
 * server, which does not look at that part, would take it as an acknowledgement in another user's place.
 */
const consume = (stream: string): string[] => [
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.*`,
  `$JS.API.CONSUMER.INFO.${stream}.*`,
  `$JS.API.CONSUMER.NAMES.${stream}`,
  `$JS.API.CONSUMER.LIST.${stream}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.*`,
  `$JS.API.CONSUMER.DELETE.${stream}.*`,
  `$JS.ACK.${stream}.*.*.*.*.*.*`, // consumer, deliveries, two sequences, time, pending
  `$JS.ACK.*.*.${stream}.*.*.*.*.*.>`,
  `$JS.FC.${stream}.*.*`,
  `$JS.FC.*.*.${stream}.*.*`,
];

/** The users of a unit's account. The order of the lines is the order of DESIGN, section 2. */
const ofUnit: Record<AccountUser, UserPermissions> = {
  backend: {
    publish: [...requests, ...discovery, ...look('EVENTS'), ...consume('EVENTS')],
    subscribe: ['_INBOX_backend.>'],
  },
  sync: {
    publish: [
      'offers',
      'receipts',
      'events.>',
      '_INBOX_backend.>', // replies to the backend
      answersTo('gateway'),
      statements,
      '$JS.API.INFO',
      '$JS.API.STREAM.NAMES',
      ...['OFFERS', 'COPIES', 'RECEIPTS', 'SETTLEMENTS', 'HEADS', 'EVENTS'].flatMap(lay),
      ...consume('COPIES'),
      ...consume('SETTLEMENTS'),
      ...consume('HEADS'),
    ],
    subscribe: [...requests, reconciliation, replay, notices, people, '$SRV.>', '_INBOX_sync.>'],
  },
  gateway: {
    publish: [
      'copies.*.*',
      'settlements',
      reconciliation,
      replay,
      notices,
      people,
      answersTo('sync'),
      'heads',
      ...look('OFFERS'),
      ...look('COPIES'),
      ...look('RECEIPTS'),
      ...consume('OFFERS'),
      ...consume('RECEIPTS'),
    ],
    subscribe: [statements, '_INBOX_gateway.>'],
  },
};

/** The gateways' own account: they announce changed lists to each other. */
const ofGateway: Partial<Record<AccountUser, UserPermissions>> = {
  gateway: { publish: ['lists.>', '_INBOX_gateway.>'], subscribe: ['lists.>', '_INBOX_gateway.>'] },
};

/** The users of an owner's account with their permissions, each subject once. */
export function usersOf(owner: Owner): { user: AccountUser; permissions: UserPermissions }[] {
  const table: Partial<Record<AccountUser, UserPermissions>> = owner === 'gateway' ? ofGateway : ofUnit;
  return (['backend', 'sync', 'gateway'] as const).flatMap((user) => {
    const permissions = table[user];
    if (permissions === undefined) return [];
    return [
      {
        user,
        permissions: {
          publish: [...new Set(permissions.publish)],
          subscribe: [...new Set(permissions.subscribe)],
        },
      },
    ];
  });
}
