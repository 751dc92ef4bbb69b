import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type JWK, type JWTPayload, SignJWT } from 'jose';
import {
  type AccessDetails,
  type AccessRequest,
  type AccessRequests,
  type Outcome,
  type PersonHeard,
  type Problem,
  type RequestAccess,
  SUBJECTS,
  type UnitId,
} from '@clearance/contracts';
import { type Asker, connectUser, createAsker, type NatsConnection } from '@clearance/messaging';
import { TOKEN_AUDIENCE } from '@clearance/provision';
import { contentDigest } from '@clearance/provenance';
import { borderCrew, newCallerKey, testServers } from '@clearance/testing';
import { find, findAccess, requestAccess, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { type Answer, ask } from './gateway-http.ts';
import { signInAs } from './sign-in-as.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

jest.setTimeout(120_000);

const OWNER: UnitId = 'ln.border';
const ASKER: UnitId = 'ln.customs';
const STRANGER: UnitId = 'ln.inspection';
const NUMBERS = '/border/persons/*/documentNumber';
const BIRTHS = '/border/persons/*/birthDate';
/** What stands in the crew's papers. */
const NUMBER = 'RU7730192';
const BIRTH = '1984-05-17';
const DAY_MS = 86_400_000;

let mesh: TestLocalMesh;
/** Tokens of people who have signed in, by whom they chose to be. */
const tokens = new Map<string, string>();
/** The gateway's own connection to the owner's account, in the hands of somebody else. */
let asGateway: NatsConnection;
let asker: Asker;
beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl, { units: 3, signIn: true });
  for (const person of [OWNER, ASKER, STRANGER, 'coordinator', 'auditor', 'policy', 'firm'])
    tokens.set(person, (await signInAs(mesh, person)).access_token);
  asGateway = await connectUser({
    ...{ url: mesh.natsUrl, credsFile: mesh.home.credsFile(OWNER, 'gateway'), user: 'gateway', name: 'spec' },
  });
  asker = createAsker(asGateway);
}, 240_000);
afterAll(async () => {
  asker?.close();
  await asGateway?.close();
  await mesh?.cleanup();
}, 120_000);

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}
const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();

let references = 0;
/** A crew list of the owner's, and the request of another unit for its papers, which the owner has. */
async function asked(changes: Partial<RequestAccess> = {}): Promise<{ resultId: string; requestId: string }> {
  const reference = `P-${(references += 1)}`;
  const { resultId } = valueOf(await submit(mesh.backend(OWNER), borderCrew(`people-${references}`)));
  await settledDisclosures(mesh, resultId);
  const { requestId } = valueOf(
    await requestAccess(mesh.backend(ASKER), {
      ...{ reference, resultId, paths: [NUMBERS, BIRTHS], purpose: 'counter-smuggling' },
      ...{ legalReference: '缉私立案〔2026〕14号', until: inFuture(DAY_MS) },
      ...changes,
    }),
  );
  await eventually(async () => known(OWNER, requestId), 'the request at its owner');
  return { resultId, requestId };
}
async function known(unit: UnitId, requestId: string): Promise<AccessRequest | undefined> {
  return valueOf(await findAccess(mesh.backend(unit), { requestId })).requests[0];
}
/** Waits until the requester's copy shows exactly these of the two values. */
function sees(resultId: string, values: readonly string[]): Promise<unknown> {
  return eventually(
    async () => {
      const view = valueOf(await find(mesh.backend(ASKER), { resultId })).results[0];
      const text = JSON.stringify(view?.content);
      return [NUMBER, BIRTH].every((value) => text.includes(value) === values.includes(value)) ? view : undefined;
    },
    `${ASKER} sees ${values.join(', ') || 'neither'}`,
  );
}

const pathOf = (requestId: string, word: 'decision' | 'revocation'): string =>
  `/api/v1/access-requests/${requestId}/${word}`;
/** Answers a request over HTTP, as somebody who has signed in. */
function decide<T = AccessDetails>(person: string, requestId: string, body: unknown): Promise<Answer<T>> {
  return ask<T>(mesh, pathOf(requestId, 'decision'), { token: tokens.get(person)!, method: 'POST', body });
}

describe('somebody on duty at the owner, who has signed in', () => {
  let resultId: string;
  let requestId: string;

  it('sees what their unit is asked, and grants a part of it: the requester’s copy shows that part', async () => {
    ({ resultId, requestId } = await asked());
    await sees(resultId, []);
    const token = tokens.get(OWNER)!;
    const { body: list } = await ask<AccessRequests>(mesh, '/api/v1/access-requests?state=open', { token });
    expect(list.requests.map((request) => request.requestId)).toContain(requestId);
    const until = inFuture(DAY_MS / 2);
    const body = { decision: 'grant', paths: [NUMBERS], until, reason: '仅限证件号码' };
    const answered = await decide(OWNER, requestId, body);
    expect(answered).toMatchObject({ status: 200, body: { state: 'granted-in-part', decision: { by: 'owner' } } });
    expect(answered.body.said.decision!.statement).toMatchObject({ owner: OWNER, grant: { paths: [NUMBERS], until } });
    await sees(resultId, [NUMBER]);
    const heard = await eventually(async () => {
      const request = await known(ASKER, requestId);
      return request?.state === 'granted-in-part' ? request : undefined;
    }, 'the answer at its requester');
    expect(heard.decision).toMatchObject({ by: 'owner', reason: '仅限证件号码', paths: [NUMBERS] });
  });

  it('may say the same again, and nothing else', async () => {
    const { said, decision } = (
      await ask<AccessDetails>(mesh, `/api/v1/access-requests/${requestId}`, { token: tokens.get(OWNER)! })
    ).body;
    const { paths, until, reason } = decision!;
    const again = await decide(OWNER, requestId, { decision: 'grant', paths, until, reason });
    expect(again).toMatchObject({ status: 200, body: { said } });
    const otherwise = await decide<Problem>(OWNER, requestId, { decision: 'refuse', reason: '不' });
    expect(otherwise).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('takes back what was granted', async () => {
    const options = { token: tokens.get(OWNER)!, method: 'POST' as const, body: { reason: '案件已结' } };
    const ended = await ask<AccessDetails>(mesh, pathOf(requestId, 'revocation'), options);
    expect(ended).toMatchObject({ status: 200, body: { state: 'revoked', revoked: { reason: '案件已结' } } });
    await sees(resultId, []);
    expect(await ask(mesh, pathOf(requestId, 'revocation'), options)).toMatchObject({ status: 200 });
  });

  it('is known by name to the journal and to their own unit, and to nobody else', async () => {
    const person = `${mesh.signInUrl}#${OWNER}`;
    const calls = await eventually(async () => {
      const rows = await mesh.query<{ route: string; status: number }>(
        'gateway',
        `select route, status from api_call where subject = $1 and method = 'POST' and status = 200 order by at`,
        [person],
      );
      return rows.length === 0 ? undefined : rows;
    }, 'the calls');
    expect(new Set(calls.map(({ route }) => route.split('/').at(-1)))).toEqual(new Set(['decision', 'revocation']));
    const speakers = await mesh.query(OWNER, 'select type, person from access_speaker where request_id = $1', [
      requestId,
    ]);
    expect(speakers).toEqual(
      expect.arrayContaining([
        { type: 'access-decision', person },
        { type: 'access-revocation', person },
      ]),
    );
    const { body } = await ask(mesh, `/api/v1/access-requests/${requestId}`, { token: tokens.get('auditor')! });
    expect(JSON.stringify(body)).not.toContain(person);
  });

  it('gets the first answer again under the same idempotency key', async () => {
    const { requestId: other } = await asked();
    const send = () =>
      fetch(`${mesh.httpUrl}${pathOf(other, 'decision')}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${tokens.get(OWNER)}`,
          'content-type': 'application/json',
          'idempotency-key': 'duty-1',
        },
        body: '{"decision":"refuse","reason":"与案件无关"}',
      });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 200, 'true']);
    expect(await second.json()).toEqual(await first.json());
  });

  it('is told everything that is wrong with an answer', async () => {
    const { requestId: other } = await asked();
    const faults = async (body: unknown) => {
      const { status, body: told } = await decide<Problem>(OWNER, other, body);
      return [status, told.errors.map(({ pointer, code }) => `${pointer} ${code}`)];
    };
    expect(await faults({ decision: 'maybe', paths: [], until: 'soon', requestId: other })).toEqual([
      400,
      expect.arrayContaining([
        '/decision not-in-list',
        '/paths too-few',
        '/until bad-format',
        '/requestId unknown-member',
      ]),
    ]);
    expect(await faults({ decision: 'refuse', paths: [NUMBERS] })).toEqual([
      400,
      ['/reason missing', '/paths contradiction'],
    ]);
    // What the unit alone can judge: what was asked for.
    const beyond = { decision: 'grant', paths: [NUMBERS, '/border/persons/*/name'], until: inFuture(2 * DAY_MS) };
    expect(await faults(beyond)).toEqual([400, ['/paths/1 unknown-reference', '/until exceeds', '/reason missing']]);
    expect(await known(OWNER, other)).toMatchObject({ state: 'open' });
  });
});

describe('whoever else has signed in', () => {
  let requestId: string;
  beforeAll(async () => {
    ({ requestId } = await asked());
  }, 60_000);
  afterEach(async () => expect(await known(OWNER, requestId)).toMatchObject({ state: 'open' }));

  it.each([
    ['somebody of another unit', STRANGER, 404],
    ['somebody of the requester', ASKER, 403],
    ['a coordinator', 'coordinator', 403],
    ['an auditor', 'auditor', 403],
    ['an author of lists', 'policy', 403],
    ['a firm', 'firm', 403],
  ])('%s cannot answer, nor revoke: %s, %i', async (_what, person, status) => {
    expect((await decide(person, requestId, { decision: 'grant' })).status).toBe(status);
    const options = { token: tokens.get(person)!, method: 'POST' as const, body: { reason: '已结' } };
    expect((await ask(mesh, pathOf(requestId, 'revocation'), options)).status).toBe(status);
  });

  it('somebody of another unit is not told that the request is there', async () => {
    const token = tokens.get(STRANGER)!;
    expect((await ask(mesh, `/api/v1/access-requests/${requestId}`, { token })).status).toBe(404);
    const { body } = await ask<AccessRequests>(mesh, '/api/v1/access-requests', { token });
    expect(body.requests).toEqual([]);
    const { body: own } = await ask<AccessRequests>(mesh, '/api/v1/access-requests', { token: tokens.get(ASKER)! });
    expect(own.requests.map((request) => request.requestId)).toContain(requestId);
  });

  it('nobody answers without a token', async () => {
    const answer = await ask(mesh, pathOf(requestId, 'decision'), { method: 'POST', body: { decision: 'grant' } });
    expect(answer.status).toBe(401);
  });

  it('who has a token of the mesh’s own issuer, from a file, has not signed in: the unit does not believe it', async () => {
    const options = { role: OWNER, method: 'POST' as const, body: { decision: 'grant' } };
    const answer = await ask(mesh, pathOf(requestId, 'decision'), options);
    expect(answer).toMatchObject({ status: 403, body: { detail: expect.stringContaining('不认可') } });
  });
});

describe('a gateway that would answer in a unit’s name, with all that a gateway has', () => {
  let requestId: string;
  beforeAll(async () => {
    ({ requestId } = await asked());
  }, 60_000);

  const say = (token: string): Promise<Outcome<unknown>> =>
    asker.ask(SUBJECTS.decideForPerson, { token, requestId, answer: { decision: 'grant' } });
  const NOT_BELIEVED: Outcome<PersonHeard> = { ok: true, value: { done: false, because: 'not-believed', errors: [] } };

  /** A token as the sign-in would sign it, for somebody of the owner. */
  async function signed(claims: JWTPayload, keyFile = mesh.home.signInKeyFile): Promise<string> {
    const key = JSON.parse(await readFile(keyFile, 'utf8')) as JWK;
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: mesh.signInUrl!, aud: TOKEN_AUDIENCE, sub: OWNER, roles: ['unit'], unit: OWNER };
    return new SignJWT({ ...usual, iat: now, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: key.alg!, kid: key.kid! })
      .sign(createPrivateKey({ key: key as never, format: 'jwk' }));
  }
  const past = (s: number): number => Math.floor(Date.now() / 1_000) - s;

  it.each<[string, () => Promise<string> | string]>([
    ['somebody of another unit', () => tokens.get(STRANGER)!],
    ['somebody of the requester', () => tokens.get(ASKER)!],
    ['a coordinator', () => tokens.get('coordinator')!],
    ['a coordinator who calls the unit theirs', () => signed({ roles: ['coordinator'] })],
    ['somebody whose token is over', () => signed({ iat: past(900), exp: past(300) })],
    ['somebody whose token is from yesterday', () => signed({ iat: past(86_400) })],
    ['somebody for whom the token was not made', () => signed({ aud: 'clearance-console' })],
    ['the mesh’s own issuer, whose key lies beside the gateway', () => signed({}, mesh.home.tokenKeyFile)],
    ['the same, by its own name', () => signed({ iss: 'clearance-mesh' }, mesh.home.tokenKeyFile)],
    ['the unit’s file', async () => (await readFile(mesh.home.tokenFile(OWNER), 'utf8')).trim()],
  ])('has no use for the token of %s', async (_whose, make) => {
    expect(await say(await make())).toEqual(NOT_BELIEVED);
    expect(await known(OWNER, requestId)).toMatchObject({ state: 'open' });
  });

  it('has none without a token', async () => {
    expect(await say('')).toMatchObject({ ok: false, problem: { code: 'invalid' } });
    const bare = await asker.ask(SUBJECTS.decideForPerson, { requestId, answer: { decision: 'grant' } });
    expect(bare).toMatchObject({ ok: false, problem: { code: 'invalid' } });
  });

  it('needs what somebody of the unit has: with that the same words are taken', async () => {
    expect(await say(await signed({}))).toEqual({ ok: true, value: { done: true } });
    expect(await known(OWNER, requestId)).toMatchObject({ state: 'granted' });
  });
});

describe('somebody whose token is bound to a key of theirs', () => {
  it('answers with a proof of their words, of which a gateway can make no others', async () => {
    const key = await newCallerKey();
    const { access_token: token, token_type: type } = await signInAs(mesh, OWNER, undefined, key.pair);
    expect(type).toBe('dpop');
    const [{ requestId, resultId }, { requestId: another }] = [await asked(), await asked()];
    const url = `${mesh.httpUrl}${pathOf(requestId, 'decision')}`;
    const answer = { decision: 'grant' as const, paths: [NUMBERS], reason: '仅限证件号码' };
    const proof = await key.prove({ method: 'POST', url, token }, { body_digest: contentDigest(answer) });
    const post = async (body: object, headers: Record<string, string>): Promise<number> => {
      const sent = { ...headers, 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(body) })).status;
    };
    // Without the key the token is of no use.
    expect(await post(answer, { authorization: `Bearer ${token}` })).toBe(401);
    expect(await post({ decision: 'grant' }, { authorization: `DPoP ${token}`, dpop: proof })).toBe(403);
    const altered = { token, proof, requestId, answer: { ...answer, paths: [NUMBERS, BIRTHS] } };
    const elsewhere = { token, proof, requestId: another, answer };
    for (const said of [altered, elsewhere, { token, requestId, answer }])
      expect(await asker.ask(SUBJECTS.decideForPerson, said)).toMatchObject({ value: { because: 'not-proven' } });
    expect(await known(OWNER, requestId)).toMatchObject({ state: 'open' });

    expect(await post(answer, { authorization: `DPoP ${token}`, dpop: proof })).toBe(200);
    await sees(resultId, [NUMBER]);
  });
});

describe('tokens', () => {
  it('stand in no log and in no database', async () => {
    // What is only signed in part cannot be used; the whole is told by its last part.
    const signatures = [...tokens.values()].map((token) => token.split('.')[2]!);
    const logs = await readdir(join(mesh.home.root, 'logs'));
    for (const file of logs) {
      const text = await readFile(join(mesh.home.root, 'logs', file), 'utf8');
      expect([file, signatures.some((signature) => text.includes(signature))]).toEqual([file, false]);
    }
    for (const owner of ['gateway', OWNER] as const) {
      const tables = await mesh.query<{ name: string }>(
        owner,
        `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
      );
      expect(tables.map(({ name }) => name)).toContain('access_request');
      for (const { name } of tables) {
        const found = await mesh.query(
          owner,
          `select 1 from ${name} t where exists (select from unnest($1::text[]) s where strpos(t::text, s) > 0) limit 1`,
          [signatures],
        );
        expect([owner, name, found]).toEqual([owner, name, []]);
      }
    }
  });
});
