import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { v7 as uuidv7 } from 'uuid';
import { unitsOf, type UnitId } from '@clearance/contracts';
import { connectUser, createPublisher, type Publisher } from '@clearance/messaging';
import { issueToken, type ResultClaims, type SigningKey, signingKey } from '@clearance/provenance';
import { customsExamination } from '@clearance/testing';
import { find, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { openJournal } from './journal.ts';
import { mesh } from './shared-mesh.fixture.ts';
import { eventually } from './test-local-mesh.ts';

/** Somebody holds the credentials of one user of one account, and writes what they like. */
interface Intruder {
  publisher: Publisher;
  close(): Promise<void>;
}

let sync: Intruder;
let gateway: Intruder;
beforeAll(async () => {
  sync = await intrude('ln.customs', 'sync');
  gateway = await intrude('hl.customs', 'gateway');
}, 240_000);
afterAll(async () => {
  await sync?.close();
  await gateway?.close();
}, 120_000);

async function intrude(unit: UnitId, user: 'sync' | 'gateway'): Promise<Intruder> {
  const credsFile = mesh.home.credsFile(unit, user);
  const connection = await connectUser({ url: mesh.natsUrl, credsFile, user, name: 'intruder' });
  const publisher = createPublisher(connection);
  return {
    publisher,
    close: async () => {
      publisher.close();
      await connection.close();
    },
  };
}

const keyOf = async (unit: UnitId): Promise<SigningKey> =>
  signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile(unit), 'utf8')));
function sign(key: SigningKey, claims: Partial<ResultClaims> & { resultId: string }, reference = 'forgery'): string {
  const made: ResultClaims = {
    issuer: 'ln.customs',
    version: 1,
    status: 'issued',
    issuedAt: new Date().toISOString(),
    ...claims,
  };
  return issueToken(made, customsExamination(reference), key, randomBytes);
}
/** One character of the signature changed. */
function alter(token: string): string {
  const place = token.indexOf('~') - 30;
  return `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`;
}

interface Letter {
  stream: string;
  subject: string;
  cause: string;
  detail: string;
  body: Buffer;
}
/** The dead letter with exactly this body: of the gateway about a unit's account, or of a unit. */
function deadLetter(owner: UnitId | 'gateway', body: string): Promise<Letter> {
  return eventually(async () => {
    const [letter] = await mesh.query<Letter>(
      owner,
      'select stream, subject, cause, detail, body from dead_letter where body = $1',
      [Buffer.from(body)],
    );
    return letter;
  }, `a dead letter of ${owner}`);
}

async function nowhere(resultId: string): Promise<void> {
  for (const unit of unitsOf(mesh.mesh)) {
    expect(
      await mesh.query(
        unit,
        'select 1 from result where result_id = $1 union all select 1 from result_history where result_id = $1',
        [resultId],
      ),
    ).toEqual([]);
  }
  for (const table of ['ledger', 'settlement']) {
    expect(await mesh.query('gateway', `select 1 from ${table} where result_id = $1`, [resultId])).toEqual([]);
  }
}

describe("with a unit's own credentials, on OFFERS", () => {
  it.each([
    ['no JSON', '{"results":['],
    ['no results', '{"results":[]}'],
    ['another form', '{"results":[{"token":"a.b.c~","issuer":"ln.customs"}]}'],
    ['an empty message', ''],
  ])('%s ends as a dead letter, malformed', async (_what, body) => {
    await sync.publisher.publishAll([{ subject: 'offers', body }]);
    expect(await deadLetter('gateway', body)).toMatchObject({
      stream: 'OFFERS',
      subject: 'offers',
      cause: 'malformed',
    });
    const [{ unit }] = (await mesh.query<{ unit: string }>('gateway', 'select unit from dead_letter where body = $1', [
      Buffer.from(body),
    ])) as [{ unit: string }];
    expect(unit).toBe('ln.customs');
  });

  it.each<[string, string, (resultId: string) => Promise<string>]>([
    [
      'a token with one altered character',
      'signature-invalid',
      async (resultId) => alter(sign(await keyOf('ln.customs'), { resultId })),
    ],
    [
      'a token of an unknown key',
      'unknown-key',
      async (resultId) =>
        sign(
          { kid: 'ln.customs/unknown', suite: 'EdDSA', privateKey: generateKeyPairSync('ed25519').privateKey },
          { resultId },
        ),
    ],
    [
      "a token under a known key's name, of another key",
      'signature-invalid',
      async (resultId) =>
        sign({ ...(await keyOf('ln.customs')), privateKey: generateKeyPairSync('ed25519').privateKey }, { resultId }),
    ],
    [
      "another unit's own token",
      'wrong-account',
      async (resultId) => sign(await keyOf('hl.customs'), { resultId, issuer: 'hl.customs' }),
    ],
    [
      "a token in this unit's name, signed by another",
      'wrong-owner',
      async (resultId) => sign(await keyOf('hl.customs'), { resultId }),
    ],
    [
      "a token in another unit's name, signed by this one",
      'wrong-owner',
      async (resultId) => sign(await keyOf('ln.customs'), { resultId, issuer: 'hl.customs' }),
    ],
    [
      "a list's signing key",
      'wrong-owner',
      async (resultId) =>
        sign(signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile('policy'), 'utf8'))), { resultId }),
    ],
    [
      'a token with a disclosure of its own added',
      'disclosure-invalid',
      async (resultId) =>
        `${sign(await keyOf('ln.customs'), { resultId })}${Buffer.from(JSON.stringify(['c2FsdHNhbHRzYWx0c2FsdA', 'conclusion', 'released'])).toString('base64url')}~`,
    ],
  ])('%s is kept with its cause and reaches nobody; the good result beside it travels', async (_what, cause, forge) => {
    const forged = uuidv7();
    const good = uuidv7();
    const token = await forge(forged);
    const reference = `forgery-${good}`;
    const body = JSON.stringify({
      results: [{ token }, { token: sign(await keyOf('ln.customs'), { resultId: good }, reference) }],
    });
    await sync.publisher.publishAll([{ subject: 'offers', body }]);
    expect(await deadLetter('gateway', body)).toMatchObject({
      cause: 'unverifiable',
      detail: `1 of 2 results refused: ${cause}`,
    });
    expect((await settledDisclosures(mesh, good)).disclosures).toHaveLength(11);
    const found = await find(mesh.backend('nm.border'), { reference });
    expect(found).toMatchObject({ ok: true, value: { results: [{ resultId: good, issuer: 'ln.customs' }] } });
    await nowhere(forged);
  });

  it('the same message once more changes nothing: no second row in the ledger, no second copy', async () => {
    const resultId = uuidv7();
    const body = JSON.stringify({ results: [{ token: sign(await keyOf('ln.customs'), { resultId }) }] });
    const ledger = () => mesh.query('gateway', 'select sequence, hash from ledger where result_id = $1', [resultId]);
    const journal = await openJournal(mesh.backend('jl.customs'));
    await sync.publisher.publishAll([{ subject: 'offers', body }]);
    const first = await settledDisclosures(mesh, resultId);
    const rows = await ledger();
    await sync.publisher.publishAll([
      { subject: 'offers', body },
      { subject: 'offers', body },
    ]);
    // What is offered after them is settled: they have been dealt with.
    const later = uuidv7();
    await sync.publisher.publishAll([
      {
        subject: 'offers',
        body: JSON.stringify({ results: [{ token: sign(await keyOf('ln.customs'), { resultId: later }) }] }),
      },
    ]);
    await settledDisclosures(mesh, later);
    expect(await ledger()).toEqual(rows);
    expect(await settledDisclosures(mesh, resultId)).toEqual(first);
    await journal.about('result.received', later);
    expect(journal.all.filter(({ about }) => about === resultId)).toHaveLength(1);
    journal.close();
  });

  it('receipts for what one was never shown, or in a wrong form, settle nothing', async () => {
    const unknown = uuidv7();
    const malformed = '{"receipts":[{"resultId":"x","version":1}]}';
    await sync.publisher.publishAll([
      {
        subject: 'receipts',
        body: JSON.stringify({ receipts: [{ resultId: unknown, version: 1, tokenDigest: 'A'.repeat(43) }] }),
      },
      { subject: 'receipts', body: malformed },
    ]);
    expect(await deadLetter('gateway', malformed)).toMatchObject({ stream: 'RECEIPTS', cause: 'malformed' });
    await nowhere(unknown);
  });

  it('the issuer cannot confirm its own result in the name of others', async () => {
    // A service that is stopped short of its copies: border units answer later.
    const border = mesh.services.get('border-sync')!;
    process.kill(border.pid()!, 'SIGSTOP');
    const resultId = uuidv7();
    const row = async () =>
      (
        await mesh.query<{ waiting: UnitId[]; receipts: string; settled_at: Date | null }>(
          'gateway',
          'select waiting, receipts, settled_at from settlement where result_id = $1',
          [resultId],
        )
      )[0];
    try {
      await sync.publisher.publishAll([
        {
          subject: 'offers',
          body: JSON.stringify({ results: [{ token: sign(await keyOf('ln.customs'), { resultId }) }] }),
        },
      ]);
      await eventually(
        async () => ((await row())?.waiting.length === 4 ? true : undefined),
        'all but the four border units',
      );
      const malformed = `{"own":"${resultId}"}`;
      await sync.publisher.publishAll([
        {
          subject: 'receipts',
          body: JSON.stringify({ receipts: [{ resultId, version: 1, tokenDigest: 'A'.repeat(43) }] }),
        },
        { subject: 'receipts', body: malformed },
      ]);
      // The second was taken after the first.
      await deadLetter('gateway', malformed);
      expect((await row())!.waiting.every((unit) => unit.endsWith('.border'))).toBe(true);
      expect(await row()).toMatchObject({ settled_at: null, waiting: { length: 4 } });
      expect(JSON.parse((await row())!.receipts)).not.toHaveProperty('ln.customs');
    } finally {
      process.kill(border.pid()!, 'SIGCONT');
    }
    expect((await settledDisclosures(mesh, resultId)).disclosures).toHaveLength(11);
  });
});

describe("with the gateway's credentials, on a unit's COPIES", () => {
  const copies = (tokens: readonly string[]): string =>
    JSON.stringify({ listVersion: '2026.11-1', copies: tokens.map((token) => ({ token, withheld: [] })) });

  it.each<[string, string, string, (resultId: string) => Promise<string>]>([
    [
      'a copy with one altered character',
      'copies.ln.customs',
      'signature-invalid',
      async (resultId) => alter(sign(await keyOf('ln.customs'), { resultId })),
    ],
    [
      'a copy of an unknown key',
      'copies.ln.customs',
      'unknown-key',
      async (resultId) =>
        sign(
          { kid: 'ln.customs/unknown', suite: 'EdDSA', privateKey: generateKeyPairSync('ed25519').privateKey },
          { resultId },
        ),
    ],
    [
      "a copy under another issuer's subject",
      'copies.jl.customs',
      'wrong-subject',
      async (resultId) => sign(await keyOf('ln.customs'), { resultId }),
    ],
    [
      "the receiver's own result",
      'copies.hl.customs',
      'wrong-subject',
      async (resultId) => sign(await keyOf('hl.customs'), { resultId, issuer: 'hl.customs' }),
    ],
  ])('%s is kept as a dead letter: no event, no receipt', async (_what, subject, cause, forge) => {
    const journal = await openJournal(mesh.backend('hl.customs'));
    const forged = uuidv7();
    const body = copies([await forge(forged)]);
    await gateway.publisher.publishAll([{ subject, body }]);
    expect(await deadLetter('hl.customs', body)).toMatchObject({
      stream: 'COPIES',
      subject,
      cause: 'unverifiable',
      detail: `1 of 1 copies refused: ${cause}`,
    });
    // A result that comes after it the right way is told of; the forged one is not.
    const genuine = await submit(mesh.backend('ln.customs'), customsExamination(`forgery-${forged}`));
    if (!genuine.ok) throw new Error(JSON.stringify(genuine.problem));
    await journal.about('result.received', genuine.value.resultId);
    await settledDisclosures(mesh, genuine.value.resultId);
    expect(journal.all.filter(({ about }) => about === forged)).toEqual([]);
    journal.close();
    await nowhere(forged);
  });

  it('a malformed message is kept, and the next good copy arrives', async () => {
    const body = '{"listVersion":"x"}';
    await gateway.publisher.publishAll([{ subject: 'copies.ln.customs', body }]);
    expect(await deadLetter('hl.customs', body)).toMatchObject({ cause: 'malformed', subject: 'copies.ln.customs' });
  });

  it('a forged word of settlement is no ground to stop offering what nobody has', async () => {
    const body = '{"settlements":[{"resultId":"x"}]}';
    await gateway.publisher.publishAll([{ subject: 'settlements', body }]);
    expect(await deadLetter('hl.customs', body)).toMatchObject({ stream: 'SETTLEMENTS', cause: 'malformed' });
  });
});
