import { generateKeyPairSync } from 'node:crypto';
import type { UnitId } from '@clearance/contracts';
import { type KeyRing, signDetached, type SigningKey } from '@clearance/provenance';
import type { Gateway } from '../gateway.ts';
import { ledgerDatabase, type LedgerDatabase } from '../ledger/ledger-database.fixture.ts';
import { actOnDraft, beginDraft } from './act-on-draft.ts';
import { approveDraft } from './approve-draft.ts';
import { readDraft } from './keep-drafts.ts';

const NOW = Date.parse('2026-11-21T08:00:00Z');
const pair = generateKeyPairSync('ed25519');
const POLICY: SigningKey = { kid: 'policy/1', suite: 'EdDSA', privateKey: pair.privateKey };
const RING: KeyRing = new Map([
  [POLICY.kid, { kid: POLICY.kid, owner: 'policy', suite: 'EdDSA', publicKey: pair.publicKey, notBefore: 0 }],
]);
const UNITS: UnitId[] = ['ln.customs', 'hl.border'];

let own: LedgerDatabase;
let gateway: Gateway;
beforeAll(async () => {
  own = await ledgerDatabase();
  gateway = {
    consumers: UNITS,
    recognitionNeeds: [],
    database: own.database,
    keyRing: () => RING,
    now: () => NOW,
  } as unknown as Gateway;
}, 60_000);
afterAll(() => own?.drop(), 60_000);
beforeEach(() => own.empty());

const listText = (version: string, effectiveFrom = '2026-11-01T00:00:00Z'): string =>
  JSON.stringify({ apiVersion: 'clearance/v1', kind: 'NegativeList', version, effectiveFrom, entries: [] });
const signatureOf = (document: string): string => signDetached(new TextEncoder().encode(document), POLICY);

/** A draft that 甲 wrote and submitted. */
async function submitted(document: string): Promise<string> {
  const { draft } = await beginDraft(gateway, { actor: '甲', reason: '起草', document });
  const done = await actOnDraft(gateway, draft.draftId, { act: 'submitted', actor: '甲', revision: 1, reason: '送审' });
  expect(done).toMatchObject({ ok: true, value: { draft: { state: 'submitted', revision: 2 } } });
  return draft.draftId;
}
const approve = (draftId: string, document: string, actor = '乙', revision = 2) =>
  approveDraft(gateway, draftId, { actor, revision, reason: '同意', signature: signatureOf(document) });
const schedule = async (): Promise<unknown[]> =>
  own.database.query('select version, authors, approved_by from negative_list order by effective_from');
const records = async (): Promise<unknown[]> =>
  (await own.database.query('select entry from ledger order by sequence')).map(({ entry }: { entry: string }) =>
    JSON.parse(entry),
  );

it('第二人批准：清单、历史、台账一致 an approval is one list, one step and one row of the ledger', async () => {
  const document = listText('1');
  const draftId = await submitted(document);
  expect(await approve(draftId, document)).toMatchObject({ ok: true, value: { version: '1', state: 'in-force' } });
  expect(await schedule()).toEqual([{ version: '1', authors: ['甲'], approved_by: '乙' }]);
  expect(await records()).toEqual([
    expect.objectContaining({ type: 'list', version: '1', authors: ['甲'], approvedBy: '乙' }),
  ]);
  expect(await readDraft(own.database, draftId)).toMatchObject({ state: 'approved', version: '1', revision: 3 });
});

describe('批准被拒：什么也不留下 a refused approval leaves nothing', () => {
  afterEach(async () => {
    expect(await schedule()).toEqual([]);
    expect(await records()).toEqual([]);
  });
  it.each<[string, (draftId: string, document: string) => Promise<unknown>, string]>([
    ['起草人自己批准', (draftId, document) => approve(draftId, document, '甲'), 'forbidden'],
    ['看到的是旧版本', (draftId, document) => approve(draftId, document, '乙', 1), 'conflict'],
    ['签的是别的文本', (draftId, document) => approve(draftId, `${document} `), 'forbidden'],
    ['没有这份草案', (_, document) => approve('019aa5a1-7c5b-7000-8000-000000000000', document), 'unknown'],
  ])('%s', async (_what, attempt, code) => {
    const document = listText('1');
    const draftId = await submitted(document);
    expect(await attempt(draftId, document)).toMatchObject({ ok: false, problem: { code } });
    expect(await readDraft(own.database, draftId)).toMatchObject({ state: 'submitted', revision: 2 });
  });
});

it('版本号已用、生效时间不晚于已有清单：拒绝 a version that is taken, a beginning that is not later', async () => {
  const first = listText('1', '2026-11-10T00:00:00Z');
  await approve(await submitted(first), first);
  for (const document of [listText('1', '2026-11-12T00:00:00Z'), listText('2', '2026-11-10T00:00:00Z')]) {
    expect(await approve(await submitted(document), document)).toMatchObject({
      ok: false,
      problem: { code: 'conflict' },
    });
  }
  expect(await schedule()).toHaveLength(1);
});

it('多人同时批准：只成一份 of many approvals at the same moment one is made', async () => {
  const document = listText('1');
  const draftId = await submitted(document);
  const outcomes = await Promise.all(['乙', '丙', '丁', '戊'].map((actor) => approve(draftId, document, actor)));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  for (const outcome of outcomes) {
    if (!outcome.ok) expect(outcome).toMatchObject({ problem: { code: 'conflict' } });
  }
  expect(await schedule()).toHaveLength(1);
  expect(await records()).toHaveLength(1);
});

it('批准与撤回同时：只成一事 an approval and a withdrawal at the same moment: one of them', async () => {
  for (let round = 1; round <= 8; round += 1) {
    const document = listText(`${round}`, `2026-11-${String(round).padStart(2, '0')}T00:00:00Z`);
    const draftId = await submitted(document);
    const [approved, withdrawn] = await Promise.all([
      approve(draftId, document),
      actOnDraft(gateway, draftId, { act: 'withdrawn', actor: '甲', revision: 2, reason: '不办了' }),
    ]);
    expect([approved.ok, withdrawn.ok].sort()).toEqual([false, true]);
    const draft = (await readDraft(own.database, draftId))!;
    expect(draft.state).toBe(approved.ok ? 'approved' : 'withdrawn');
    const versions = ((await schedule()) as { version: string }[]).map(({ version }) => version);
    expect(versions.includes(`${round}`)).toBe(approved.ok);
  }
});

it('历史只增不改 what was done cannot be undone in the history', async () => {
  await submitted(listText('1'));
  for (const statement of [`update list_event set actor = '丙'`, 'delete from list_event', 'truncate list_event']) {
    await expect(own.database.query(statement)).rejects.toThrow('only ever added to');
  }
});
