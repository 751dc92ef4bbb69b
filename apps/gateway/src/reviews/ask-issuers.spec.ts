import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { problem, SUBJECTS, type UnitId } from '@clearance/contracts';
import type { Gateway } from '../gateway.ts';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { askersOf } from './ask-issuers.ts';

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const idOf = (number: number): string => `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`;

let at: LedgerDatabase;
beforeAll(async () => {
  at = await ledgerDatabase();
}, 120_000);
afterAll(() => at?.drop(), 60_000);
beforeEach(() => at.database.query('truncate review cascade'));

/** Puts versions of an issuer into a recall. */
async function reviewed(issuer: UnitId, from: number, to: number): Promise<void> {
  const [row]: { review_id: string }[] = await at.database.query(
    `insert into review (review_id, mode, list_version, at, scope, collected_at)
     values (gen_random_uuid(), 'recall', $1, now(), '{}', now()) returning review_id`,
    [`of ${issuer} from ${from}`],
  );
  const ids = Array.from({ length: to - from }, (_, index) => idOf(from + index));
  await at.database.query(
    'insert into review_version (review_id, result_id, version, issuer) select $1, id, 1, $2 from unnest($3::uuid[]) id',
    [row!.review_id, issuer, ids],
  );
}

interface Asked {
  unit: UnitId;
  results: { resultId: string }[];
}

/** A gateway whose units answer as they are told to, and what they were asked. */
function gatewayOver(answers: Partial<Record<UnitId, 'takes' | 'refuses' | 'away' | 'silent'>>): {
  gateway: Gateway;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const gateway = {
    database: at.database,
    consumers: [LN, HL],
    log: pino({ level: 'silent' }),
    askUnit: async (unit: UnitId, subject: string, body: { results: { resultId: string; version: number }[] }) => {
      expect(subject).toBe(SUBJECTS.offerAgain);
      asked.push({ unit, results: body.results });
      const how = answers[unit] ?? 'takes';
      if (how === 'silent') return new Promise(() => undefined);
      if (how === 'away') return { ok: false, problem: problem('not-ready') };
      const refused = how === 'refuses' ? body.results.map((result) => ({ ...result, reason: 'unknown' })) : [];
      return { ok: true, value: { refused } };
    },
  };
  return { gateway: gateway as unknown as Gateway, asked };
}
async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const limit = Date.now() + 20_000; !(await holds()); await delay(20)) {
    if (Date.now() > limit) throw new Error(`not within 20 s: ${what}`);
  }
}
const countOf = async (condition: string): Promise<number> => {
  const [row] = await at.database.query<[{ count: string }]>(
    `select count(*) as count from review_version where ${condition}`,
  );
  return Number(row.count);
};

it('asks each issuer for its own, no more than is under way, and not for the same again', async () => {
  await reviewed(LN, 0, 300);
  await reviewed(HL, 300, 310);
  const { gateway, asked } = gatewayOver({});
  const askers = askersOf(gateway);
  expect(await askers.ask()).toBe(true);
  await until('all that may be under way is', async () => (await countOf('asked_at is not null')) === 266);
  expect(await askers.ask()).toBe(true);
  await askers.stop();
  expect(asked.map(({ unit, results }) => [unit, results.length]).sort()).toEqual([
    [HL, 10],
    [LN, 256],
  ]);
});

it.each(['silent', 'away'] as const)('goes on with the others while an issuer is %s', async (how) => {
  await reviewed(LN, 0, 5);
  await reviewed(HL, 300, 305);
  const { gateway, asked } = gatewayOver({ [LN]: how });
  const askers = askersOf(gateway);
  await askers.ask();
  await until('the other one is asked', async () => (await countOf(`asked_at is not null and issuer = '${HL}'`)) === 5);
  await reviewed(HL, 305, 310);
  await askers.ask();
  await until('and again', async () => (await countOf(`asked_at is not null and issuer = '${HL}'`)) === 10);
  expect(await countOf(`asked_at is not null and issuer = '${LN}'`)).toBe(0);
  // It is left in peace for a while.
  expect(asked.filter(({ unit }) => unit === LN)).toHaveLength(1);
  await askers.stop();
});

it.each<[string, boolean, string | undefined]>([
  ['just as it was asked for: the word of that may have ended the offer', true, '1 second'],
  ['long before', false, '1 hour'],
  ['not yet', false, undefined],
])('what was settled %s, is asked for once more soon: %s', async (_, again, before) => {
  await reviewed(LN, 0, 3);
  await at.database.query('truncate settlement');
  const { gateway, asked } = gatewayOver({});
  const askers = askersOf(gateway);
  await askers.ask();
  await until('it is asked for', async () => (await countOf('asked_at is not null')) === 3);
  await at.database.query(
    `insert into settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting,
       disclosed_at, settled_at)
     values ($1, 1, $2, 'customs.scan', now(), 'k', 'd', '{}', '{}', now(), now() - $3::interval)`,
    [idOf(1), LN, before ?? null],
  );
  await askers.ask();
  expect(asked).toHaveLength(1);
  await at.database.query(`update review_version set asked_at = asked_at - interval '3 seconds'`);
  await reviewed(HL, 300, 301);
  const asksOf = (unit: UnitId): Asked[] => asked.filter((each) => each.unit === unit);
  await until('all is asked for that is due', async () => {
    await askers.ask();
    return asksOf(HL).length === 1 && (!again || asksOf(LN).length === 2);
  });
  await askers.stop();
  const ofLn = asksOf(LN).map(({ results }) => results.map(({ resultId }) => resultId));
  expect(ofLn.slice(1)).toEqual(again ? [[idOf(1)]] : []);
});

it('does not count what an issuer cannot offer as open, and asks for it again an hour later', async () => {
  await reviewed(LN, 0, 3);
  const { gateway, asked } = gatewayOver({ [LN]: 'refuses' });
  const askers = askersOf(gateway);
  await askers.ask();
  await until('the refusals are written down', async () => (await countOf(`refused = 'unknown'`)) === 3);
  expect(await askers.ask()).toBe(false);
  await at.database.query(`update review_version set asked_at = now() - interval '61 minutes'`);
  expect(await askers.ask()).toBe(true);
  await until('it is asked again', () => asked.length === 2);
  await askers.stop();
});
