import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import type {
  DecisionStatement,
  DisclosureRecord,
  EvidenceBundle,
  GrantRecord,
  LedgerRecord,
  SignedHead,
} from '@clearance/contracts';
import { consumersOf } from '@clearance/contracts';
import {
  canonicalJson,
  chainHash,
  type KeyRing,
  keyRing,
  type LedgerFinding,
  rowHash,
  signHead,
  signingKey,
  signStatement,
  statementDigest,
} from '@clearance/provenance';
import { customsExamination, testServers } from '@clearance/testing';
import { auditDatabase, unitWitness, type Witness } from '../ledger/audit-database.ts';
import { openSnapshot, type Snapshot } from '../ledger/read-only.ts';
import { amend, submit } from '../traffic/backend.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(120_000);

let mesh: TestLocalMesh;
let resultId: string;
let ring: KeyRing;
/** The gateway's database as its owner, who may do anything with it. */
let owner: pg.Client;
let opened: Snapshot[] = [];
let witnesses: Witness[];

beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl);
  const ids = await Promise.all(['ledger-1', 'ledger-2', 'ledger-3', 'ledger-4'].map(submitted));
  resultId = ids[0]!;
  await Promise.all(ids.map((id) => settledDisclosures(mesh, id)));
  await everywhere();
  const changed = customsExamination('ledger-1', { validUntil: '2037-12-21T00:00:00Z' });
  const amended = await amend(mesh.backend('ln.customs'), resultId, changed);
  if (!amended.ok) throw new Error(amended.problem.detail);
  await settledDisclosures(mesh, resultId, 2);
  await everywhere();
  ring = keyRing(JSON.parse(await readFile(mesh.home.trustFile, 'utf8')));
  owner = new pg.Client({ connectionString: await urlOf('gateway') });
  await owner.connect();
  const units = consumersOf(mesh.mesh);
  opened = await Promise.all(units.map(async (unit) => openSnapshot(await urlOf(unit))));
  witnesses = units.map((unit, index) => unitWitness(unit, opened[index]!));
}, 300_000);
afterAll(async () => {
  await owner?.end();
  await Promise.all(opened.map((snapshot) => snapshot.close()));
  await mesh?.cleanup();
}, 120_000);

const urlOf = async (who: Parameters<TestLocalMesh['query']>[0]): Promise<string> =>
  (await readFile(mesh.home.databaseUrlFile(who), 'utf8')).trim();
async function submitted(reference: string): Promise<string> {
  const outcome = await submit(mesh.backend('ln.customs'), customsExamination(reference));
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value.resultId;
}
/** Waits until every unit keeps the head of the ledger as it now is. */
async function everywhere(): Promise<void> {
  const [end] = await mesh.query<{ sequence: string }>('gateway', 'select sequence from ledger_head');
  for (const unit of consumersOf(mesh.mesh)) {
    await eventually(async () => {
      const rows = await mesh.query(unit, 'select 1 from ledger_witness where sequence >= $1', [end!.sequence]);
      return rows.length > 0 ? true : undefined;
    }, `${unit} keeps the head ${end!.sequence}`);
  }
}

interface LedgerAnswer {
  ok: boolean;
  rows: number;
  confirmed: number;
  unconfirmed: number;
  witnesses: string[];
  findings: LedgerFinding[];
}
const run = async <T>([verb, ...options]: string[]): Promise<{ code: number | null; json: T }> => {
  const { code, answer, stderr } = await runMeshCommand<T>(mesh, verb!, ...options);
  if (answer === undefined) throw new Error(stderr);
  return { code, json: answer };
};
const inHome = (name: string): string => join(mesh.home.root, name);

describe('npm run mesh -- verify', () => {
  it('ledger: finds nothing in the ledger of a mesh at work, which every unit witnesses', async () => {
    const { code, json } = await run<LedgerAnswer>(['verify', 'ledger']);
    expect(json).toMatchObject({ ok: true, findings: [], unconfirmed: 0 });
    expect(json.witnesses).toHaveLength(12);
    expect([code, json.rows]).toEqual([0, json.confirmed]);
    // One list, two views of each of five versions.
    expect(json.rows).toBeGreaterThanOrEqual(11);
  });

  it('ledger: by heads that units handed over, without their databases', async () => {
    const file = inHome('heads.jsonl');
    const exported = await run<{ heads: number }>(['verify', 'heads', '--unit', 'jl.border', '--out', file]);
    expect(exported.json.heads).toBeGreaterThanOrEqual(2);
    const args = ['verify', 'ledger', '--no-unit-witnesses', '--witness', file];
    expect((await run<LedgerAnswer>(args)).json).toMatchObject({ ok: true, findings: [] });
    const line = (await readFile(file, 'utf8')).trim().split('\n').at(-1);
    await writeFile(file, `${line!.replace(/"sequence":\d+/, '"sequence":1')}\n`);
    const { code, json } = await run<LedgerAnswer>(args);
    expect([code, json.findings[0]?.code]).toEqual([1, 'head-invalid']);
  });

  it.each([
    ['the version that the unit has', []],
    ['the version before, which the unit has replaced', ['--version', '1']],
  ])('bundle: holds for %s, offline', async (_what, more) => {
    const file = inHome('bundle.json');
    const made = await run(['evidence', resultId, '--consumer', 'jl.border', '--out', file, ...more]);
    expect([made.code, made.json]).toEqual([0, expect.objectContaining({ ok: true, findings: [], unchecked: [] })]);
    const verified = await run<{ bundle: { version: number; withheld: object[] } }>(['verify', 'bundle', file]);
    expect(verified).toMatchObject({ code: 0, json: { ok: true, findings: [], unchecked: [] } });
    expect(verified.json.bundle).toMatchObject({
      consumer: 'jl.border',
      issuer: 'ln.customs',
      resultId,
      version: more.length > 0 ? 1 : 2,
    });
    expect(verified.json.bundle.withheld.length).toBeGreaterThan(0);

    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"consumer":"jl.border"', '"consumer":"jl.customs"'));
    const altered = await run<{ findings: { pointer: string; code: string }[] }>(['verify', 'bundle', file]);
    expect(altered.code).toBe(1);
    expect(altered.json.findings.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/consumer consumer-not-named',
      '/digest digest-mismatch',
    ]);
    await writeFile(file, text);
  });

  it('token and list: hold as they are, and with no other character', async () => {
    const { view, list } = JSON.parse(await readFile(inHome('bundle.json'), 'utf8')) as EvidenceBundle;
    const files = { token: inHome('token'), list: inHome('list.json') };
    await writeFile(files.token, `${view.token}\n`);
    const { body: signed } = await ask<{ document: string }>(mesh, '/api/v1/lists/2026.11-1', { role: 'auditor' });
    const { type: _type, documentDigest: _digest, ...record } = list.record;
    expect(signed).toEqual({ ...record, document: list.document, state: 'in-force' });
    await writeFile(files.list, JSON.stringify(signed));
    const token = await run(['verify', 'token', files.token]);
    expect(token).toMatchObject({ code: 0, json: { ok: true, issuer: 'ln.customs', resultId } });
    expect(await run(['verify', 'list', files.list])).toMatchObject({
      code: 0,
      json: { ok: true, version: '2026.11-1' },
    });
    await writeFile(files.token, view.token.replace('~', '~A'));
    await writeFile(files.list, JSON.stringify({ ...signed, document: `${signed.document} ` }));
    for (const [verb, code] of [
      ['token', 'disclosure-invalid'],
      ['list', 'signature-invalid'],
    ] as const) {
      expect(await run(['verify', verb, files[verb]])).toMatchObject({
        code: 1,
        json: { ok: false, code },
      });
    }
  });
});

/** What an audit finds while somebody's changes are there; afterwards all is as it was. */
async function foundWith(tamper: () => Promise<unknown>, by: readonly Witness[] = witnesses): Promise<string[]> {
  await owner.query('begin');
  try {
    await owner.query(`set local lock_timeout = '30s'`);
    for (const table of ['ledger', 'signed_head']) await owner.query(`alter table ${table} disable trigger user`);
    await tamper();
    const own: Snapshot = {
      query: async <R>(sql: string, parameters: readonly unknown[] = []) =>
        (await owner.query(sql, [...parameters])).rows as R[],
      close: async () => undefined,
    };
    const { findings, more } = await auditDatabase(own, by, ring, () => undefined);
    expect(more).toBe(0);
    return findings.map(({ code, where, from, sequence, detail }) =>
      [code, where, from === undefined ? sequence : `${from}-${sequence}`, detail]
        .filter((part) => part !== undefined)
        .join(' '),
    );
  } finally {
    await owner.query('rollback');
  }
}
const doing =
  (...statements: string[]) =>
  async (): Promise<void> => {
    for (const statement of statements) await owner.query(statement);
  };

interface Row {
  sequence: string;
  entry: string;
  hash: string;
}
/** Takes a unit out of an entry and makes every hash after it anew, and the end too: nothing in the ledger shows it. */
async function rewriteFrom(place: number): Promise<Row[]> {
  const rows = (await owner.query<Row>('select sequence, entry, hash from ledger order by sequence')).rows;
  let previous = rows[place - 2]!.hash;
  const anew = rows.slice(place - 1).map((row, index) => {
    const record = JSON.parse(row.entry) as { consumers: string[] };
    const entry = index === 0 ? canonicalJson({ ...record, consumers: record.consumers.slice(1) }) : row.entry;
    previous = chainHash(previous, rowHash(entry));
    return { ...row, entry, hash: previous };
  });
  for (const { sequence, entry, hash } of anew) {
    await owner.query('update ledger set entry = $2, hash = $3 where sequence = $1', [sequence, entry, hash]);
  }
  await owner.query('update ledger_head set hash = $1', [previous]);
  return anew;
}
/** Signs every head anew over the ledger as it now is, as only the holder of the gateway's key can. */
async function signAnew(): Promise<void> {
  const key = signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile('gateway'), 'utf8')));
  const heads = await owner.query<{ sequence: string; statement: string; hash: string }>(
    'select h.sequence, h.statement, l.hash from signed_head h join ledger l on l.sequence = h.sequence',
  );
  for (const { sequence, statement, hash } of heads.rows) {
    const { at } = JSON.parse(statement) as SignedHead;
    const head = signHead({ sequence: Number(sequence), hash, at }, key);
    await owner.query('update signed_head set statement = $2 where sequence = $1', [sequence, JSON.stringify(head)]);
  }
}

describe('an operator of the gateway who', () => {
  const LAST = '(select max(sequence) from ledger)';

  it('changes nothing is not accused', async () => {
    expect(await foundWith(doing())).toEqual([]);
  });

  it.each<[string, string[], RegExp[]]>([
    [
      'alters an entry',
      [`update ledger set entry = replace(entry, 'ln.customs', 'hl.customs') where sequence = 3`],
      [/^row-altered ledger 3$/],
    ],
    [
      'alters a space of an entry',
      [`update ledger set entry = entry || ' ' where sequence = 3`],
      [/^row-altered ledger 3$/],
    ],
    [
      'alters a hash',
      [`update ledger set hash = translate(hash, '01', '10') where sequence = 3`],
      [/^row-altered ledger 3$/],
    ],
    [
      'alters a result id',
      [`update ledger set result_id = '019aa5a1-7c5b-7000-8000-000000000001' where sequence = 3`],
      [/^column-altered ledger 3 result_id$/],
    ],
    [
      'takes a result id out',
      ['update ledger set result_id = null where sequence = 3'],
      [/^column-altered ledger 3 result_id$/],
    ],
    [
      'alters a version',
      ['update ledger set version = version + 1 where sequence = 3'],
      [/^column-altered ledger 3 version$/],
    ],
    [
      'alters a time by a microsecond',
      [`update ledger set decided_at = decided_at + interval '1 microsecond' where sequence = 3`],
      [/^column-altered ledger 3 decided_at$/],
    ],
    [
      'moves a row',
      ['update ledger set sequence = 100000 where sequence = 3'],
      [/^row-missing ledger 3-3$/, /^row-missing ledger \d+-99999$/, /^end-altered ledger_head/],
    ],
    [
      'deletes the last row',
      [`delete from ledger where sequence = ${LAST}`],
      [/^cut-off signed_head/, /^cut-off witness ln.customs/, /^end-altered ledger_head/],
    ],
    [
      'deletes the last row and moves the end back',
      [
        `delete from ledger where sequence = ${LAST}`,
        `update ledger_head set (sequence, hash) = (select sequence, hash from ledger order by sequence desc limit 1)`,
      ],
      [/^cut-off signed_head/, /^cut-off witness nm.border/],
    ],
    [
      'deletes the last row, moves the end back and takes the heads away',
      [
        `delete from ledger where sequence = ${LAST}`,
        `update ledger_head set (sequence, hash) = (select sequence, hash from ledger order by sequence desc limit 1)`,
        'delete from signed_head',
      ],
      [/^cut-off witness nm.border/, /^signed-head-missing witness/],
    ],
    ['deletes a row in the middle', ['delete from ledger where sequence = 3'], [/^row-missing ledger 3-3$/]],
    [
      'deletes a row in the middle and closes the gap',
      [
        'delete from ledger where sequence = 3',
        'update ledger set sequence = -sequence where sequence > 3',
        'update ledger set sequence = -sequence - 1 where sequence < 0',
      ],
      [/^row-altered ledger 3$/, /^cut-off witness/],
    ],
    [
      'swaps two rows',
      [
        'update ledger set sequence = -3 where sequence = 3',
        'update ledger set sequence = 3 where sequence = 4',
        'update ledger set sequence = 4 where sequence = -3',
      ],
      [/^row-altered ledger 3$/, /^row-altered ledger 4$/],
    ],
    [
      'empties everything',
      ['truncate ledger, ledger_head, signed_head'],
      [/^cut-off witness ln.customs/, /^list-unrecorded negative_list/],
    ],
    ['alters the end', ['update ledger_head set sequence = sequence - 1'], [/^end-altered ledger_head/]],
    [
      'takes a signed head away',
      ['delete from signed_head where sequence = (select min(sequence) from signed_head)'],
      [/^signed-head-missing witness/],
    ],
    [
      'alters a signed head',
      [`update signed_head set statement = replace(statement, '"at":"2', '"at":"3')`],
      [/^head-invalid signed_head \d+ (signature-invalid|key)/],
    ],
    [
      'moves a signed head',
      ['update signed_head set sequence = sequence - 1 where sequence = (select max(sequence) from signed_head)'],
      [/^head-invalid signed_head \d+ sequence$/, /^signed-head-missing witness/],
    ],
    ['deletes a list', ['delete from negative_list'], [/^list-missing negative_list/]],
    [
      'alters a list',
      [`update negative_list set document = replace(document, '/goods/*/value', '/goods/*/origin')`],
      [/^list-altered negative_list \d+ document$/, /^list-signature-invalid negative_list/],
    ],
    [
      'alters the signature of a list',
      [`update negative_list set signature = translate(signature, 'AB', 'BA')`],
      [/^list-altered negative_list \d+ signature$/],
    ],
    [
      'brings a list forward',
      [`update negative_list set effective_from = effective_from - interval '1 microsecond'`],
      [/^list-altered negative_list \d+ effective_from$/],
    ],
    [
      'dates the receipt of a list back',
      [`update negative_list set received_at = received_at - interval '1 second'`],
      [/^list-altered negative_list \d+ received_at$/],
    ],
    [
      'renames a list',
      [`update negative_list set version = 'x'`],
      [/^list-missing negative_list/, /^list-unrecorded negative_list/],
    ],
  ])('%s is found out, and where', async (_what, statements, expected) => {
    const findings = await foundWith(doing(...statements));
    for (const pattern of expected) expect(findings).toContainEqual(expect.stringMatching(pattern));
  });

  describe('shows something under a grant, and', () => {
    const requestId = '019aa5a1-7c5b-7000-8000-00000000a001';
    let grant: GrantRecord;
    let disclosed: DisclosureRecord;
    let stored: string;
    beforeAll(async () => {
      const now = Date.now();
      const at = (seconds: number): string => new Date(now + seconds * 1_000).toISOString();
      const granted: GrantRecord['grant'] = {
        about: { issuer: 'ln.customs', resultId },
        ...{ paths: ['/goods/*/value'], purpose: 'risk-assessment', until: at(3_600) },
      };
      const statement: DecisionStatement = {
        ...{ type: 'access-decision', requestId, request: 'R'.repeat(43), owner: 'ln.customs', requester: 'jl.border' },
        ...{ decision: 'granted', by: 'owner', grant: granted, decidedAt: at(-2) },
      };
      const key = signingKey(JSON.parse(await readFile(mesh.home.signingKeyFile('ln.customs'), 'utf8')));
      const signed = signStatement(statement, key);
      stored = JSON.stringify(signed);
      grant = {
        ...{ type: 'grant', requestId, owner: 'ln.customs', requester: 'jl.border', grant: granted },
        ...{ decision: statementDigest(statement), signature: signed.signature, receivedAt: at(-1) },
      };
      const { rows } = await owner.query<{ entry: string }>(
        'select entry from ledger where result_id = $1 order by sequence desc limit 1',
        [resultId],
      );
      const last = JSON.parse(rows[0]!.entry) as DisclosureRecord;
      disclosed = { ...last, consumers: ['jl.border'], grants: [requestId], decidedAt: at(0) };
    });

    /** Adds rows to the end of the ledger, as its gateway does, and stores what the owner has said of the grant. */
    async function append(...records: LedgerRecord[]): Promise<void> {
      const { rows } = await owner.query<{ sequence: string; hash: string }>('select sequence, hash from ledger_head');
      let sequence = Number(rows[0]!.sequence);
      let { hash } = rows[0]!;
      for (const record of records) {
        const entry = canonicalJson(record);
        sequence += 1;
        hash = chainHash(hash, rowHash(entry));
        const columns =
          record.type === 'disclosure'
            ? [record.resultId, record.version, record.decidedAt]
            : [null, null, record.receivedAt];
        await owner.query('insert into ledger values ($1, $2, $3, $4, $5, $6)', [sequence, ...columns, entry, hash]);
      }
      await owner.query('update ledger_head set sequence = $1, hash = $2', [sequence, hash]);
      await owner.query(
        `insert into access_request (request_id, requester, owner, state, purpose, requested_at, received_at, due_at,
           remind_at, granted_until, request, decision)
         values ($1, 'jl.border', 'ln.customs', 'granted', 'risk-assessment', now(), now(), now(), now(), $2, '{}', $3)`,
        [requestId, grant.grant.until, stored],
      );
    }

    it('says so is not accused', async () => {
      expect(await foundWith(() => append(grant, disclosed))).toEqual([]);
    });

    it.each<[string, () => LedgerRecord[], string[], string[]]>([
      ['has no grant', () => [disclosed], [], ['grant-unknown ledger N', 'grant-unrecorded access_request decision']],
      ['adds the grant afterwards', () => [disclosed, grant], [], ['grant-unknown ledger N']],
      [
        'shows it to somebody else',
        () => [grant, { ...disclosed, consumers: ['jl.inspection'] }],
        [],
        ['grant-of-another ledger N consumers'],
      ],
      [
        'gives more than the owner',
        () => [{ ...grant, grant: { ...grant.grant, paths: ['/goods'] } }, disclosed],
        [],
        ['grant-altered access_request N grant'],
      ],
      [
        'deletes what the owner has said',
        () => [grant, disclosed],
        ['delete from access_request'],
        ['grant-missing access_request N decision'],
      ],
      [
        'alters what the owner has said',
        () => [grant, disclosed],
        [`update access_request set decision = replace(decision, 'risk-assessment', 'audit-supervision')`],
        ['grant-altered access_request N decision'],
      ],
      [
        'keeps quiet that the owner has taken it back',
        () => [grant, disclosed],
        [`update access_request set state = 'revoked', revocation = '{}'`],
        ['grant-unrecorded access_request revocation'],
      ],
    ])('%s is found out', async (_what, records, statements, expected) => {
      const findings = await foundWith(async () => {
        await append(...records());
        await doing(...statements)();
      });
      expect(findings.map((one) => one.replace(/(?<= )\d+/, 'N'))).toEqual(expected);
    });
  });

  it('writes the past anew, with every hash and the end, is found out by the heads that were signed', async () => {
    const findings = await foundWith(() => rewriteFrom(3));
    expect(findings.filter((one) => !one.startsWith('head-contradicted'))).toEqual([]);
    for (const where of ['signed_head', 'witness ln.customs', 'witness nm.border']) {
      expect(findings).toContainEqual(expect.stringMatching(`^head-contradicted ${where} [12]-`));
    }
  });

  it('writes the past anew and signs it with the gateway’s own key is found out by the units', async () => {
    const tamper = async (): Promise<void> => {
      await rewriteFrom(3);
      await signAnew();
    };
    const findings = await foundWith(tamper);
    expect(findings).toContainEqual(expect.stringMatching('^heads-forked signed_head, witness '));
    expect(findings).toContainEqual(expect.stringMatching('^head-contradicted witness nm.border'));
    // One unit is enough; without any nobody could tell.
    expect(await foundWith(tamper, witnesses.slice(0, 1))).toContainEqual(
      expect.stringMatching('^head-contradicted witness'),
    );
    expect(await foundWith(tamper, [])).toEqual([]);
  });

  it('does so for good is told by the tool, and by the gateway, which signs nothing over it', async () => {
    await owner.query('alter table ledger disable trigger user');
    await rewriteFrom(3);
    await owner.query('alter table ledger enable trigger user');
    const { code, json } = await run<LedgerAnswer>(['verify', 'ledger']);
    expect([code, json.ok]).toEqual([1, false]);
    expect(json.findings.every((finding) => finding.code === 'head-contradicted')).toBe(true);
    await eventually(async () => {
      const log = await readFile(mesh.home.logFile('gateway'), 'utf8');
      return log.includes('the ledger is not what was signed before') ? true : undefined;
    }, 'the gateway sees it');
  });
});
