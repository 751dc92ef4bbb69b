import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { Command } from 'commander';
import type { UnitId } from '@clearance/contracts';
import { DEAD_LETTER_TABLE, deadLetterBox, type DeadLetterBox } from '@clearance/messaging';
import { type DataSource, openDatabase } from '@clearance/platform';
import { exportTrust, issueToken, keyRing, redactToken, type SigningKey, verifyToken } from '@clearance/provenance';
import { borderCrew, setupMesh, type TestMesh } from '@clearance/testing';
import { addDeadLetters } from './dead-letters.ts';

const OWNER: UnitId = 'ln.border';
const ISSUER: UnitId = 'jl.border';
const ID = '019aa5a1-7c5b-7000-8000-000000000001';
/** Everything of the content that is anybody's business. */
const SECRETS = ['IVANOV', 'RU7730192', '1984-05-17', '李某某', 'CN5520817', 'R-SECRET'];

let mesh: TestMesh;
let database: DataSource;
let box: DeadLetterBox;
let key: SigningKey;
let token: string;
const home = process.env['MESH_HOME'];
beforeAll(async () => {
  mesh = await setupMesh({ units: [OWNER] });
  process.env['MESH_HOME'] = mesh.home.root;
  for (const owner of [OWNER, 'gateway'] as const) {
    const opened = await openDatabase({
      url: mesh.databaseUrls.get(owner)!,
      migrations: [],
      applicationName: 'dead letters spec',
      poolSize: 3,
    });
    await opened.query(DEAD_LETTER_TABLE);
    if (owner === OWNER) database = opened;
    else await opened.destroy();
  }
  box = deadLetterBox(database, OWNER);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  key = { kid: `${ISSUER}/t`, suite: 'EdDSA', privateKey };
  const trust = exportTrust([{ kid: key.kid, owner: ISSUER, suite: 'EdDSA', publicKey, notBefore: 0 }]);
  await writeFile(mesh.home.trustFile, JSON.stringify(trust));
  token = sign(key);
}, 60_000);
afterAll(async () => {
  if (home === undefined) delete process.env['MESH_HOME'];
  else process.env['MESH_HOME'] = home;
  await database?.destroy();
  await mesh?.cleanup();
}, 30_000);
beforeEach(() => database.query('truncate dead_letter restart identity'));
afterEach(() => {
  process.exitCode = 0;
});

const sign = (by: SigningKey): string =>
  issueToken(
    { issuer: ISSUER, resultId: ID, version: 3, status: 'amended', issuedAt: '2026-11-21T03:12:00.123Z' },
    borderCrew('R-SECRET'),
    by,
    randomBytes,
  );
const keep = (stream: string, body: string | Uint8Array): Promise<void> =>
  box.keep({
    stream,
    subject: `copies.${ISSUER}`,
    sequence: 41,
    deliveries: 2,
    cause: 'unverifiable',
    detail: '1 of 1 copies refused: wrong-subject',
    body: Buffer.from(body),
  });
const copies = (...tokens: string[]): string =>
  JSON.stringify({
    listVersion: '2026.11-1',
    copies: tokens.map((each) => ({
      token: each,
      withheld: [{ path: '/border/persons/0/name', entry: 'NL-001', legalBasis: '《出境入境管理法》', access: 'none' }],
    })),
  });

/** Runs a verb; gives what it printed and its exit code. */
async function run(...words: string[]): Promise<{ text: string; code: number | string | undefined; json: never }> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const program = new Command().exitOverride();
    addDeadLetters(program);
    await program.parseAsync(['node', 'mesh', 'dead-letters', ...words]);
  } finally {
    spy.mockRestore();
  }
  const text = written.join('');
  return {
    text,
    code: process.exitCode ?? 0,
    json: words.includes('--json') ? (JSON.parse(text) as never) : (undefined as never),
  };
}
/** The service's part: takes what was asked for, and says what came of each. */
async function serve(outcome: Parameters<DeadLetterBox['conclude']>[1], count: number): Promise<void> {
  for (let served = 0; served < count;) {
    for (const { id } of await box.takeRequested()) {
      await box.conclude(id, outcome);
      served += 1;
    }
  }
}

describe('mesh dead-letters', () => {
  it('says that there are none', async () => {
    expect(await run('list')).toMatchObject({ text: '没有死信 there are no dead letters\n', code: 0 });
    expect((await run('list', '--json')).json).toEqual({ ok: true, deadLetters: [] });
  });

  it('lists those of all owners whose secrets are here, newest first, with their causes', async () => {
    await keep('COPIES', copies(token));
    await keep('SETTLEMENTS', 'x');
    const { json } = await run('list', '--json');
    expect(json).toMatchObject({
      deadLetters: [
        { owner: OWNER, id: '2', unit: OWNER, stream: 'SETTLEMENTS', bytes: 1 },
        { owner: OWNER, id: '1', stream: 'COPIES', cause: 'unverifiable', deliveries: 2, sequence: '41' },
      ],
    });
    const { text } = await run('list', '--owner', OWNER, '--limit', '1');
    expect(text).toMatch(
      /^ln\.border 2 SETTLEMENTS .* unverifiable: 1 of 1 copies refused: wrong-subject \(2×, 1 B\)\n$/,
    );
    await expect(run('list', '--owner', 'xx.customs')).rejects.toThrow('not in mesh.yaml');
    await expect(run('list', '--owner', 'jl.customs')).rejects.toThrow('its database URL is not here');
  });

  it('shows what a letter is about', async () => {
    const verified = verifyToken(token, keyRing(JSON.parse(await readFile(mesh.home.trustFile, 'utf8'))));
    if (!verified.ok) throw new Error(verified.detail);
    const redacted = redactToken(verified.result, ['/border/persons/0/name']).token;
    await keep('COPIES', copies(token, redacted));
    const version = { resultId: ID, version: 3, status: 'amended', issuer: ISSUER, kind: 'border.crew' };
    expect((await run('show', OWNER, '1', '--json')).json).toMatchObject({
      ok: true,
      deadLetter: {
        owner: OWNER,
        stream: 'COPIES',
        body: {
          form: 'copies',
          listVersion: '2026.11-1',
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          items: [
            { ...version, characters: token.length, withheld: 1, signature: 'verified' },
            { ...version, characters: redacted.length, withheld: 1, signature: 'verified' },
          ],
        },
      },
    });
    expect((await run('show', OWNER, '1')).text).toContain(`${ID} v3, amended, ${ISSUER}, border.crew, `);
  });

  const { privateKey } = generateKeyPairSync('ed25519');
  const forger: SigningKey = { kid: 'jl.border/forged', suite: 'EdDSA', privateKey };
  it.each<[string, string, () => string | Uint8Array, object]>([
    ['a copy', 'COPIES', () => copies(token), { form: 'copies' }],
    ['an offer', 'OFFERS', () => JSON.stringify({ results: [{ token }] }), { form: 'offers' }],
    [
      'a copy that somebody forged',
      'COPIES',
      () => copies(sign(forger)),
      { form: 'copies', items: [{ resultId: ID, version: 3, issuer: ISSUER, signature: 'unknown-key' }] },
    ],
    ['a copy with a member too many', 'COPIES', () => copies(token).replace('{', '{"more":"IVANOV",'), { items: [] }],
    ['a copy on the wrong stream', 'RECEIPTS', () => copies(token), { items: [] }],
    ['a content that is no message', 'COPIES', () => JSON.stringify(borderCrew('R-SECRET')), { items: [] }],
    [
      'what is not even UTF-8',
      'COPIES',
      () => Buffer.concat([Buffer.from([0xff]), Buffer.from('IVANOV')]),
      { items: [] },
    ],
    [
      'a token whose claims are somebody’s name',
      'COPIES',
      () => {
        const payload = { iss: 'IVANOV', jti: 'RU7730192', ver: '1984-05-17', status: '李某某' };
        return copies(`a.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c~`);
      },
      { form: 'copies', items: [{ characters: expect.any(Number), withheld: 1, signature: 'malformed' }] },
    ],
  ])('shows nothing of the content of %s', async (_what, stream, body, expected) => {
    await keep(stream, body());
    const { text, json } = await run('show', OWNER, '1', '--json');
    expect(json).toMatchObject({ deadLetter: { body: expected } });
    const shown = [text, (await run('show', OWNER, '1')).text, (await run('list')).text].join('\n');
    for (const secret of [...SECRETS, token]) {
      for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')]) {
        expect(shown).not.toContain(form.replace(/=+$/, ''));
      }
    }
    for (const disclosure of token.split('~').slice(1, -1)) expect(shown).not.toContain(disclosure);
  });

  it('has a letter replayed by its service, and tells what came of it', async () => {
    await keep('COPIES', copies(token));
    await keep('COPIES', copies(token));
    const [{ json, code }] = await Promise.all([run('replay', OWNER, '1', '--json'), serve({ taken: true }, 1)]);
    expect(json).toMatchObject({ ok: true, taken: 1, kept: 0, waiting: 0, deadLetters: [{ id: '1', replays: 1 }] });
    expect(code).toBe(0);
    // It is a dead letter no longer.
    expect((await run('list', '--json')).json).toMatchObject({ deadLetters: [{ id: '2' }] });
    expect((await run('list', '--replayed', '--json')).json).toMatchObject({ deadLetters: [{ id: '2' }, { id: '1' }] });
    expect((await run('replay', OWNER, '1', '--json')).code).toBe(1);
  });

  it('has all of them replayed, and says which are refused again', async () => {
    for (let index = 0; index < 9; index += 1) await keep('COPIES', copies(token));
    const refusal = { taken: false, cause: 'malformed', detail: 'still nothing' } as const;
    const [{ json, code }] = await Promise.all([run('replay', OWNER, '--all', '--json'), serve(refusal, 9)]);
    expect(json).toMatchObject({ ok: false, taken: 0, kept: 9, waiting: 0 });
    expect(code).toBe(1);
    expect((await run('list')).text).toContain('malformed: still nothing (3×');
  });

  it('waits no longer than it was told for a service that is away; the letter waits for it', async () => {
    await keep('COPIES', copies(token));
    const { json, code } = await run('replay', OWNER, '1', '--wait', '0', '--json');
    expect(json).toMatchObject({ ok: false, waiting: 1 });
    expect(code).toBe(1);
    await serve({ taken: true }, 1);
    expect((await run('list', '--json')).json).toEqual({ ok: true, deadLetters: [] });
  });

  it.each([
    [['show', OWNER, '7'], 1],
    [['replay', OWNER, '7'], 1],
  ] as const)('refuses what is not there: %s', async (words, expected) => {
    expect((await run(...words)).code).toBe(expected);
  });

  it.each([
    [['show', OWNER, "1' or '1'='1"], 'not the id of a dead letter'],
    [['replay', OWNER], 'give an id or --all'],
    [['replay', OWNER, '1', '--all'], 'give an id or --all'],
  ] as const)('does not understand %s', async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
  });
});
