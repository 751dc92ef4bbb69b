import { randomBytes } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type RecognitionRequest, type ResultContent, unitsOf, type UnitId } from '@clearance/contracts';
import { connectUser, createPublisher } from '@clearance/messaging';
import { issueToken, type SigningKey, signingKey } from '@clearance/provenance';
import { borderCrew, customsExamination, inspectionQuarantine, testServers } from '@clearance/testing';
import { withOneMoreEntry } from '../demo/new-list.ts';
import { LIST_FILE } from '../local-mesh/paths.ts';
import { find, requestRecognition, submit } from '../traffic/backend.ts';
import { accountFor, wellAccounted } from './account.ts';
import { readiness } from './gateway-http.ts';
import { openJournal } from './journal.ts';
import { type Accepted, type Issuer, type Load, startLoad } from './load.ts';
import { type CommandResult, runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(240_000);

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const ISSUERS: readonly Issuer[] = [
  [LN, customsExamination],
  ['ln.inspection', inspectionQuarantine],
  ['ln.border', borderCrew],
];
/** A consignment of its own, so that nothing else is found with it. */
const CONTAINER = 'MSKU6011672';
const DECLARATION = '090220261000777001';

let mesh: TestLocalMesh;
let load: Load | undefined;
beforeAll(async () => {
  // What a dropped connection has lost is soon offered again.
  mesh = await startTestMesh(testServers().databaseUrl, { reofferAfter: 'PT5S' });
}, 240_000);
afterEach(() => load?.abandon());
afterAll(async () => {
  await mesh?.cleanup();
}, 120_000);

const keys = <T>(...command: string[]): Promise<CommandResult<T & { ok: boolean }>> =>
  runMeshCommand<T & { ok: boolean }>(mesh, 'keys', ...command);
const keyOf = async (owner: UnitId | 'policy'): Promise<SigningKey> =>
  signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile(owner), 'utf8')));
/** Keys that signed what a unit holds of these results. */
async function keysHeld(unit: UnitId, accepted: readonly Accepted[]): Promise<Set<string>> {
  const rows = await mesh.query<{ key_id: string }>(
    unit,
    'select distinct key_id from result where result_id = any($1::uuid[])',
    [accepted.filter((one) => one.unit === LN).map(({ resultId }) => resultId)],
  );
  return new Set(rows.map(({ key_id }) => key_id));
}
/** Waits until a unit signs with another key than this one. */
async function signsWithAnother(unit: UnitId, former: string): Promise<string> {
  return eventually(async () => {
    const [row] = await mesh.query<{ key_id: string }>(
      unit,
      `select key_id from result where own and key_id <> $1 limit 1`,
      [former],
    );
    return row?.key_id;
  }, `${unit} signs with its new key`);
}
function examinationOfOwnConsignment(reference: string): ResultContent {
  const text = JSON.stringify(
    customsExamination(reference, { declarationNumber: DECLARATION } as Partial<ResultContent>),
  );
  return JSON.parse(
    text.replaceAll('CSQU3054383', CONTAINER).replaceAll('COSU6123456780', 'COSU6000777001'),
  ) as ResultContent;
}
const recognitionOf = (reference: string): RecognitionRequest => ({
  reference,
  location: 'CNHRB',
  checks: ['x-ray'],
  consignment: { containers: [CONTAINER], declarationNumber: DECLARATION, items: [1] },
  sealsObserved: [{ container: CONTAINER, number: 'H1234567', condition: 'intact' }],
});
async function recognise(reference: string) {
  const outcome = await requestRecognition(mesh.backend(HL), recognitionOf(reference));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}

describe('keys and credentials that are replaced under load', () => {
  it('rotated keys and renewed credentials lose nothing, and are noticed by nobody', async () => {
    load = startLoad(mesh, 'rotated', ISSUERS);
    await load.more(30);
    const former = await keyOf(LN);
    for (const owner of [LN, 'policy', 'gateway']) {
      expect(await keys<object>('rotate', owner)).toMatchObject({ code: 0, answer: { ok: true, owner } });
    }
    const next = await signsWithAnother(LN, former.kid);
    await load.more(30);

    const stolen = join(mesh.home.root, 'stolen.creds');
    await copyFile(mesh.home.credsFile(LN, 'sync'), stolen);
    const renewed = await keys<{ reloaded: number }>('renew-credentials', LN, 'sync');
    expect(renewed).toMatchObject({ code: 0, answer: { ok: true, reloaded: 1 } });
    await load.more(60);
    const asThief = { url: mesh.natsUrl, credsFile: stolen, user: 'sync' as const, name: 'thief' };
    await expect(connectUser(asThief)).rejects.toThrow(/authorization|authentication/i);

    const accepted = await load.stop();
    expect(await accountFor(mesh, accepted)).toEqual(wellAccounted(accepted.length, unitsOf(mesh.mesh).length));
    expect(await keysHeld(HL, accepted)).toEqual(new Set([former.kid, next]));
    // What the former key signed is still verified.
    const byFormer = await mesh.query<{ result_id: string }>(
      HL,
      'select result_id from result where key_id = $1 limit 1',
      [former.kid],
    );
    const found = await find(mesh.backend(HL), { resultId: byFormer[0]!.result_id });
    expect(found).toMatchObject({
      ok: true,
      value: { results: [{ signature: { verified: true, keyId: former.kid } }] },
    });
    const listed = await keys<{ keys: { kid: string; signs: boolean; notAfter?: string }[] }>('list');
    expect(listed.answer.keys).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kid: former.kid, signs: false, notAfter: expect.any(String) }),
        expect.objectContaining({ kid: next, signs: true }),
      ]),
    );
  });
});

describe('a key that was stolen', () => {
  it('is revoked: results of the time in question are named, what rests on them is reopened, and nothing is lost', async () => {
    const stolen = await keyOf(LN);
    load = startLoad(mesh, 'revoked', ISSUERS);
    await load.more(10);
    const since = new Date();
    const relied = await submit(mesh.backend(LN), examinationOfOwnConsignment('relied-on'));
    if (!relied.ok) throw new Error(JSON.stringify(relied.problem));
    const { resultId } = relied.value;
    await eventually(async () => {
      const rows = await mesh.query(HL, 'select 1 from result where result_id = $1', [resultId]);
      return rows.length > 0 ? true : undefined;
    }, 'the copy at hl.customs');
    const recognition = await recognise('KEY-1');
    expect(recognition).toMatchObject({ outcome: 'recognised', checks: [{ by: [{ resultId }] }] });
    await load.more(30);

    const journal = await openJournal(mesh.backend(HL));
    const revoked = await keys<{
      replacement: string;
      affected: { count: number; units: Record<string, number>; results: { resultId: string; since: string }[] };
    }>('revoke', stolen.kid, '--since', since.toISOString());
    expect(revoked).toMatchObject({ code: 0, answer: { ok: true, kid: stolen.kid, owner: LN } });
    const { affected, replacement } = revoked.answer;
    expect(affected.results).toContainEqual(expect.objectContaining({ resultId, since: 'issued' }));
    expect(affected.count).toBe(affected.results.length);
    expect(affected.units[LN]).toBe(affected.count);
    const named = new Set(affected.results.map((each) => each.resultId));
    // Everything that was signed in that time and had been disclosed is named; nothing of others.
    const settledBefore = load.accepted.filter(
      (one) =>
        one.unit === LN &&
        Date.parse(one.issuedAt) >= since.getTime() &&
        Date.parse(one.issuedAt) < Date.now() - 20_000,
    );
    for (const one of settledBefore) expect(named).toContain(one.resultId);
    for (const one of load.accepted) if (one.unit !== LN) expect(named).not.toContain(one.resultId);

    const reopened = await journal.about('recognition.reopened', recognition.recognitionId);
    expect(reopened.body).toMatchObject({
      state: 'reopened',
      reopened: { by: { resultId, version: 1, code: 'signature-invalid' } },
    });

    const forged = await forge(stolen, uuidv7(), new Date(since.getTime() - 1_000));
    const letter = await eventually(async () => {
      const [found] = await mesh.query<{ cause: string; detail: string }>(
        'gateway',
        'select cause, detail from dead_letter where body = $1',
        [Buffer.from(forged.body)],
      );
      return found;
    }, 'the forgery among the dead letters');
    expect(letter).toEqual({
      cause: 'unverifiable',
      detail: `1 of 1 results refused: key-revoked (${forged.resultId} v1)`,
    });
    expect(await mesh.query('gateway', 'select 1 from ledger where result_id = $1', [forged.resultId])).toEqual([]);

    await load.more(30);
    const accepted = await load.stop();
    const account = await accountFor(mesh, [...accepted, { ...relied.value, unit: LN, reference: 'relied-on' }]);
    const units = unitsOf(mesh.mesh).length;
    expect({ ...account, deadLetters: [] }).toEqual(wellAccounted(accepted.length + 1, units));
    // What was on its way under the revoked key is refused; nothing else.
    expect(account.deadLetters.filter((each) => !/^(gateway OFFERS|[a-z.]+ COPIES) unverifiable$/.test(each))).toEqual(
      [],
    );

    // All of that time is signed anew, at its issuer and at everybody who holds it.
    for (const unit of unitsOf(mesh.mesh)) {
      await eventually(async () => {
        const left = await mesh.query(
          unit,
          `select result_id from result where issuer = $1 and key_id = $2 and issued_at >= $3 limit 1`,
          [LN, stolen.kid, since],
        );
        return left.length === 0 ? true : undefined;
      }, `${unit} holds nothing of the time in question under the revoked key`);
    }
    const view = await find(mesh.backend(HL), { resultId });
    expect(view).toMatchObject({
      ok: true,
      value: { results: [{ version: 1, signature: { verified: true, keyId: replacement } }] },
    });
    expect(await recognise('KEY-2')).toMatchObject({ outcome: 'recognised', state: 'in-force' });
    const before = await find(mesh.backend(HL), { resultId: accepted.find((one) => one.unit === LN)!.resultId });
    expect(before).toMatchObject({ ok: true, value: { results: [{ signature: { verified: true } }] } });
    const later = await keys<{ affected: { results: { resultId: string; replacedAt: string | null }[] } }>(
      'results',
      stolen.kid,
    );
    expect(later.answer.affected.results).toContainEqual(
      expect.objectContaining({ resultId, replacedAt: expect.any(String) }),
    );
    journal.close();
  });

  it('is revoked, of the policy authority: no list decides until another key has signed one', async () => {
    const negativeList = async () => {
      const { checks } = await readiness(mesh.httpUrl);
      return checks.find(({ name }) => name === 'negative list')!;
    };
    expect(await negativeList()).toMatchObject({ ok: true });
    const present = (await keyOf('policy')).kid;
    // The list in force was signed by the first of the policy keys, which the first test has rotated out.
    const { answer } = await keys<{ keys: { kid: string; owner: string }[] }>('list');
    const signedBy = answer.keys.find(({ owner, kid }) => owner === 'policy' && kid !== present)!.kid;
    expect(await keys('revoke', signedBy, '--since', '2026-01-01T00:00:00Z')).toMatchObject({ code: 0 });
    await eventually(async () => ((await negativeList()).ok ? undefined : true), 'no list in force');
    const waiting = await submit(mesh.backend(LN), customsExamination('waits-for-a-list'));
    if (!waiting.ok) throw new Error(JSON.stringify(waiting.problem));
    const file = join(mesh.home.root, 'list.yaml');
    const withholding = { kinds: ['customs.*'], fields: ['/goods/*/manufacturer'], consumers: { only: ['*.border'] } };
    const { document } = withOneMoreEntry(await readFile(LIST_FILE, 'utf8'), Date.now(), withholding);
    await writeFile(file, document);
    expect(
      await mesh.query('gateway', 'select 1 from settlement where result_id = $1', [waiting.value.resultId]),
    ).toEqual([]);
    expect(await runMeshCommand(mesh, 'lists', 'put', file)).toMatchObject({ code: 0, answer: { ok: true } });
    await eventually(async () => ((await negativeList()).ok ? true : undefined), 'a list in force again');
    await accountFor(mesh, [{ ...waiting.value, unit: LN, reference: 'waits-for-a-list' }]);
  });
});

/** Signs with a stolen key, in the name and with the credentials of its unit, under a date from before the theft. */
async function forge(key: SigningKey, resultId: string, at: Date): Promise<{ resultId: string; body: string }> {
  const claims = { issuer: LN, resultId, version: 1, status: 'issued' as const, issuedAt: at.toISOString() };
  const token = issueToken(claims, customsExamination('forged'), key, randomBytes);
  const body = JSON.stringify({ results: [{ token }] });
  const credsFile = mesh.home.credsFile(LN, 'sync');
  const connection = await connectUser({ url: mesh.natsUrl, credsFile, user: 'sync', name: 'thief' });
  const publisher = createPublisher(connection);
  await publisher.publishAll([{ subject: 'offers', body }]);
  publisher.close();
  await connection.close();
  return { resultId, body };
}
