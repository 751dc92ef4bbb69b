import { type JWTPayload, SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import type { AccessRequest, Outcome, PersonHeard, RequestStatement, UnitId } from '@clearance/contracts';
import { NotReadyError } from '@clearance/platform';
import { type KeyWaits, type TokenVerifier, tokenVerifier } from '@clearance/platform/tokens';
import { contentDigest, signStatement, verifyStatement } from '@clearance/provenance';
import { type IssuerKey, newCallerKey, startTokenIssuer, type TestTokenIssuer } from '@clearance/testing';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { newSigner } from '../signers.fixture.ts';
import type { Unit } from '../unit.ts';
import { findAccess } from './find-access.ts';
import { decideForPerson, revokeForPerson } from './hear-person.ts';
import { takeNotices } from './take-notices.ts';

const OWN: UnitId = 'ln.customs';
const OTHER = newSigner('hl.customs');
const NAME = '/consignee/name';
const AT = '2026-11-21T04:00:00.000Z';
const AUDIENCE = 'clearance-gateway';
const HOUR_S = 3_600;

let own: RealUnit;
let issuer: TestTokenIssuer;
let key: IssuerKey;
let unit: Unit;
let verifier: TokenVerifier;
beforeAll(async () => {
  own = await openRealUnit(OWN, [OTHER]);
  issuer = await startTokenIssuer();
  key = await issuer.addKey('ES256');
  [unit, verifier] = signingIn();
}, 60_000);
afterAll(async () => {
  verifier?.stop();
  await issuer?.stop();
  await own?.cleanup();
}, 60_000);
beforeEach(async () => {
  await own.database.query('truncate access_request, access_statement, access_speaker cascade');
  own.lines.length = 0;
});

/** The unit, with people who sign in by the issuer. */
function signingIn(waits: KeyWaits = {}): [Unit, TokenVerifier] {
  const issuers = [{ issuer: issuer.url, claims: { roles: 'roles', unit: 'unit' } }];
  const people = tokenVerifier({ audience: AUDIENCE, issuers, maxAgeS: HOUR_S }, own.log, waits);
  return [{ ...own.unit, people }, people];
}

const now = (): number => Math.floor(Date.now() / 1_000);
function token(claims: JWTPayload = {}, by: IssuerKey = key): Promise<string> {
  const usual = { iss: issuer.url, aud: AUDIENCE, sub: 'wang', roles: ['unit'], unit: OWN };
  return new SignJWT({ ...usual, iat: now(), exp: now() + 300, ...claims })
    .setProtectedHeader({ alg: by.alg, kid: by.kid })
    .sign(by.privateKey);
}

/** Asks this unit for something, as another unit; or another, as this one. @returns the request's id */
async function asked(changes: Partial<RequestStatement> = {}): Promise<string> {
  const statement: RequestStatement = {
    type: 'access-request',
    requestId: uuidv7(),
    reference: 'A-1',
    requester: OTHER.owner,
    about: { issuer: OWN, kinds: ['customs.scan'], since: AT },
    paths: [NAME],
    purpose: 'counter-smuggling',
    legalReference: '立案〔2026〕14号',
    until: '2036-12-20T00:00:00Z',
    requestedAt: AT,
    ...changes,
  };
  const { requestId } = statement;
  const told = { noticeId: uuidv7(), requestId, at: AT, signed: signStatement(statement, OTHER.key), dueAt: AT };
  const taken = await takeNotices(own.unit, { notices: [{ notice: 'requested', ...told }] });
  expect(taken).toMatchObject({ ok: true, value: { taken: [expect.any(String)] } });
  return requestId;
}
async function known(requestId: string): Promise<AccessRequest | undefined> {
  const outcome = await findAccess(own.unit, { requestId });
  return outcome.ok ? outcome.value.requests[0] : undefined;
}
const speakers = (): Promise<unknown[]> =>
  own.database.query('select request_id as id, type, person from access_speaker order by said_at');

const DONE: Outcome<PersonHeard> = { ok: true, value: { done: true } };
const refused = (because: string): object => ({ ok: true, value: { done: false, because } });
const GRANT = { decision: 'grant' as const };

describe('the word of somebody who has signed in', () => {
  it('is signed by the unit as its own, and the unit knows who said it', async () => {
    const requestId = await asked();
    const answer = { ...GRANT, until: '2030-01-01T00:00:00Z', reason: '够用' };
    expect(await decideForPerson(unit, { token: await token(), requestId, answer })).toEqual(DONE);
    expect(await known(requestId)).toMatchObject({
      state: 'granted-in-part',
      decision: { by: 'owner', reason: '够用' },
    });
    const [row]: { signed: string }[] = await own.database.query('select signed from access_statement');
    const signed = JSON.parse(row!.signed) as Parameters<typeof verifyStatement>[0];
    expect(verifyStatement(signed, own.unit.keyRing(), Date.now())).toMatchObject({ ok: true });
    // Who of its people it was is the unit's own affair.
    expect(row!.signed).not.toContain('wang');
    const ended = { token: await token({ sub: 'li' }), requestId, ending: { reason: '已结' } };
    expect(await revokeForPerson(unit, ended)).toEqual(DONE);
    expect(await known(requestId)).toMatchObject({ state: 'revoked', revoked: { reason: '已结' } });
    expect(await speakers()).toEqual([
      { id: requestId, type: 'access-decision', person: `${issuer.url}#wang` },
      { id: requestId, type: 'access-revocation', person: `${issuer.url}#li` },
    ]);
  });

  it('said again changes nothing, nor who said it; said otherwise it is a conflict', async () => {
    const requestId = await asked();
    const said = { requestId, answer: GRANT };
    expect(await decideForPerson(unit, { token: await token(), ...said })).toEqual(DONE);
    expect(await decideForPerson(unit, { token: await token({ sub: 'li' }), ...said })).toEqual(DONE);
    expect(await speakers()).toMatchObject([{ person: `${issuer.url}#wang` }]);
    const otherwise = { requestId, answer: { decision: 'refuse' as const, reason: '不' } };
    expect(await decideForPerson(unit, { token: await token(), ...otherwise })).toMatchObject(refused('conflict'));
  });

  it('is told with everything that is wrong with it', async () => {
    const requestId = await asked();
    const answer = { ...GRANT, paths: [NAME, '/goods'], until: '2046-01-01T00:00:00Z' };
    const heard = await decideForPerson(unit, { token: await token(), requestId, answer });
    expect(heard).toMatchObject({
      value: {
        because: 'invalid',
        errors: [
          { pointer: '/paths/1', code: 'unknown-reference' },
          { pointer: '/until', code: 'exceeds' },
        ],
      },
    });
    expect(await known(requestId)).toMatchObject({ state: 'open' });
    expect(await speakers()).toEqual([]);
  });

  it('is about a request that this unit is asked', async () => {
    const said = async (requestId: string) => ({ token: await token(), requestId, answer: GRANT });
    expect(await decideForPerson(unit, await said(uuidv7()))).toMatchObject(refused('unknown'));
    const ending = { reason: '已结' };
    expect(await revokeForPerson(unit, { token: await token(), requestId: await asked(), ending })).toMatchObject(
      refused('conflict'),
    );
  });
});

describe('a token by which the gateway cannot make up a word', () => {
  it.each<[string, JWTPayload]>([
    ['another unit’s', { unit: 'hl.customs' }],
    ['a unit’s, without the role', { roles: ['coordinator', 'policy', 'auditor'] }],
    ['nobody’s', { sub: undefined as never }],
    ['over', { exp: now() - 120 }],
    ['for another service', { aud: 'clearance-console' }],
    ['another issuer’s', { iss: 'https://id.example' }],
    ['the mesh’s own issuer’s', { iss: 'clearance-mesh' }],
    ['older than an hour, though it lives for a day', { iat: now() - 2 * HOUR_S, exp: now() + 24 * HOUR_S }],
    ['without the time of its issue', { iat: undefined as never }],
    ['an identity token', { typ: 'ID' }],
  ])('is %s', async (_what, claims) => {
    const requestId = await asked();
    const said = { token: await token(claims), requestId, answer: GRANT };
    expect(await decideForPerson(unit, said)).toMatchObject(refused('not-believed'));
    expect(await known(requestId)).toMatchObject({ state: 'open' });
    expect(await own.database.query('select * from access_statement')).toEqual([]);
    // The same words with a good token are taken: it was the token.
    expect(await decideForPerson(unit, { ...said, token: await token() })).toEqual(DONE);
  });

  it('is signed with a key of its own', async () => {
    const requestId = await asked();
    const forged = { ...(await issuer.addKey('ES256')), kid: key.kid };
    issuer.keys.pop();
    const said = { token: await token({}, forged), requestId, answer: GRANT };
    expect(await decideForPerson(unit, said)).toMatchObject(refused('not-believed'));
  });

  it('is none, or what is no token', async () => {
    const requestId = await asked();
    for (const bad of ['', 'a b', 'x'.repeat(20_000), 1, undefined]) {
      const heard = await decideForPerson(unit, { token: bad, requestId, answer: GRANT });
      expect(heard).toMatchObject({ ok: false, problem: { code: 'invalid', errors: [] } });
    }
    expect(await decideForPerson(unit, { token: 'a.b.c', requestId, answer: GRANT })).toMatchObject(
      refused('not-believed'),
    );
  });

  it('is any, at a unit that knows no sign-in', async () => {
    const said = { token: await token(), requestId: await asked(), answer: GRANT };
    expect(await decideForPerson(own.unit, said)).toMatchObject(refused('no-sign-in'));
    expect(await known(said.requestId)).toMatchObject({ state: 'open' });
  });

  it('cannot be judged while its issuer is away: then nothing is signed', async () => {
    const [waiting, stop] = signingIn({ timeout: 200 });
    issuer.how = 'away';
    try {
      const said = { token: await token(), requestId: await asked(), answer: GRANT };
      await expect(decideForPerson(waiting, said)).rejects.toThrow(NotReadyError);
      expect(await known(said.requestId)).toMatchObject({ state: 'open' });
    } finally {
      issuer.how = 'answers';
      stop.stop();
    }
  });

  it('stands in no line of the log, nor does who said it', async () => {
    const requestId = await asked();
    const [good, bad] = [await token(), await token({ unit: 'hl.customs' })];
    await decideForPerson(unit, { token: bad, requestId, answer: GRANT });
    await decideForPerson(unit, { token: good, requestId, answer: GRANT });
    const lines = own.lines.join('\n');
    expect(lines).toContain('may not speak for this unit');
    for (const secret of [good, bad]) expect(lines).not.toContain(secret.split('.')[2]);
    expect(lines).not.toMatch(/wang|eyJ/);
  });
});

describe('a token that is bound to a key', () => {
  const pathOf = (requestId: string, word = 'decision'): string =>
    `https://gateway.example/api/v1/access-requests/${requestId}/${word}`;

  it('lets its holder say what they have signed, of this request, and lets the gateway make nothing else of it', async () => {
    const key = await newCallerKey();
    const bound = await token({ cnf: { jkt: key.thumbprint } });
    const [requestId, another] = [await asked(), await asked({ reference: 'A-2' })];
    const answer = { ...GRANT, until: '2030-01-01T00:00:00Z', reason: '够用' };
    const url = pathOf(requestId);
    const proof = await key.prove({ method: 'POST', url, token: bound }, { body_digest: contentDigest(answer) });
    const shown = { token: bound, proof };
    for (const changed of [
      { ...shown, requestId, answer: GRANT },
      { ...shown, requestId, answer: { ...answer, until: '2031-01-01T00:00:00Z' } },
      { ...shown, requestId: another, answer },
      { token: bound, requestId, answer },
      { token: bound, proof: await key.prove({ method: 'POST', url, token: bound }), requestId, answer },
    ])
      expect(await decideForPerson(unit, changed)).toMatchObject(refused('not-proven'));
    expect(await known(requestId)).toMatchObject({ state: 'open' });
    expect(await known(another)).toMatchObject({ state: 'open' });

    // Members in another order are the same words.
    const { reason, ...rest } = answer;
    expect(await decideForPerson(unit, { ...shown, requestId, answer: { reason, ...rest } })).toEqual(DONE);
    expect(await decideForPerson(unit, { ...shown, requestId, answer })).toEqual(DONE);
    // A proof of a grant ends none.
    expect(await revokeForPerson(unit, { ...shown, requestId, ending: { reason: '已结' } })).toMatchObject(
      refused('not-proven'),
    );
  });

  it('may be what a unit asks of all', async () => {
    const strict: Unit = { ...unit, needsProof: true };
    const requestId = await asked();
    const borne = { token: await token(), requestId, answer: GRANT };
    expect(await decideForPerson(strict, borne)).toMatchObject(refused('not-proven'));
    const key = await newCallerKey();
    const bound = await token({ cnf: { jkt: key.thumbprint } });
    const call = { method: 'POST', url: pathOf(requestId), token: bound };
    const proof = await key.prove(call, { body_digest: contentDigest(GRANT) });
    expect(await decideForPerson(strict, { token: bound, proof, requestId, answer: GRANT })).toEqual(DONE);
  });

  it('is not every token: a proof beside one that is bound to none says nothing', async () => {
    const [free, key, requestId] = [await token(), await newCallerKey(), await asked()];
    const call = { method: 'POST', url: pathOf(requestId), token: free };
    const proof = await key.prove(call, { body_digest: contentDigest(GRANT) });
    const heard = await decideForPerson(unit, { token: free, proof, requestId, answer: GRANT });
    expect(heard).toMatchObject(refused('not-proven'));
  });
});
