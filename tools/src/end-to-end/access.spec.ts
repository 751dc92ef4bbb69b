import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import {
  ACCESS_STATES,
  type AccessRequest,
  type AccessState,
  type DecideAccess,
  type DisclosureRecord,
  EVENT_TYPES,
  type LedgerRecord,
  type Outcome,
  type PreviewReport,
  type RequestAccess,
  type ResultView,
  type Review,
  SUBJECTS,
  type UnitId,
} from '@clearance/contracts';
import { borderCrew, testServers } from '@clearance/testing';
import { REPOSITORY } from '../local-mesh/paths.ts';
import {
  amend,
  decideAccess,
  find,
  findAccess,
  putAccessRule,
  requestAccess,
  revokeAccess,
  submit,
} from '../traffic/backend.ts';
import { LIST_FILE } from '../local-mesh/paths.ts';
import { putInForce } from '../local-mesh/put-in-force.ts';
import { settledDisclosures } from './disclosures.ts';
import { ask } from './gateway-http.ts';
import { type Journal, openJournal } from './journal.ts';
import { maskedText, printedByMesh, runMeshCommand } from './run-mesh-command.ts';
import { eventually, startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(180_000);

const OWNER: UnitId = 'ln.border';
const ASKER: UnitId = 'hl.customs';
const NUMBERS = '/border/persons/*/documentNumber';
const BIRTHS = '/border/persons/*/birthDate';
/** What stands in the crew's papers. */
const NUMBER = 'RU7730192';
const BIRTH = '1984-05-17';
const DAY_MS = 86_400_000;
/** How long the grant holds that is to expire: longer than what is looked at meanwhile, on a slow machine too. */
const SHORT_MS = 25_000;

let mesh: TestLocalMesh;
let ofOwner: Journal;
let ofAsker: Journal;
// The guide has units of its own: what the other tests ask for, grant and lay down is not in their answers.
const GRANTING: UnitId = 'hl.border';
const ASKING: UnitId = 'ln.customs';
const journals = new Map<UnitId, Journal>();
/** What is asked for in the guide, and the request that it leaves unanswered. */
let guided: string;
let overdue: AccessRequest;
beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl, {
    reofferAfter: 'PT2S',
    access: { answerWithin: 'PT20S', remindBefore: 'PT10S', longest: 'P366D' },
  });
  ofOwner = await openJournal(mesh.backend(OWNER));
  ofAsker = await openJournal(mesh.backend(ASKER));
  for (const unit of [GRANTING, ASKING]) journals.set(unit, await openJournal(mesh.backend(unit)));
  const content = borderCrew('access-guide', { location: 'CNFUY' });
  guided = valueOf(await submit(mesh.backend(GRANTING), content)).resultId;
  await settledDisclosures(mesh, guided);
  const unanswering = asking('LNJS-2026-016', { resultId: guided, paths: [BIRTHS] });
  overdue = valueOf(await requestAccess(mesh.backend(ASKING), unanswering));
}, 240_000);
afterAll(async () => {
  ofOwner?.close();
  ofAsker?.close();
  journals.forEach((journal) => journal.close());
  await mesh?.cleanup();
}, 120_000);

const inFuture = (ms: number): string => new Date(Date.now() + ms).toISOString();
function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
  return outcome.value;
}
async function crewOf(reference: string): Promise<string> {
  const { resultId } = valueOf(await submit(mesh.backend(OWNER), borderCrew(reference)));
  await settledDisclosures(mesh, resultId);
  return resultId;
}
function asking(reference: string, changes: Partial<RequestAccess>): RequestAccess {
  return {
    reference,
    paths: [NUMBERS, BIRTHS],
    purpose: 'counter-smuggling',
    legalReference: '缉私立案〔2026〕14号',
    until: inFuture(DAY_MS),
    ...changes,
  };
}
async function asked(reference: string, changes: Partial<RequestAccess>): Promise<AccessRequest> {
  return valueOf(await requestAccess(mesh.backend(ASKER), asking(reference, changes)));
}
async function heldBy(unit: UnitId, resultId: string): Promise<ResultView | undefined> {
  return valueOf(await find(mesh.backend(unit), { resultId })).results[0];
}
/** Waits until a unit sees exactly these of the two values. */
function sees(unit: UnitId, resultId: string, values: readonly string[]): Promise<ResultView> {
  return eventually(
    async () => {
      const view = await heldBy(unit, resultId);
      const text = JSON.stringify(view?.content);
      return view && [NUMBER, BIRTH].every((value) => text.includes(value) === values.includes(value))
        ? view
        : undefined;
    },
    `${unit} sees ${values.join(', ') || 'neither'}`,
  );
}
const inState = (unit: UnitId, requestId: string, state: AccessState): Promise<AccessRequest> =>
  eventually(
    async () => valueOf(await findAccess(mesh.backend(unit), { requestId, state })).requests[0],
    `${unit} sees ${requestId} ${state}`,
  );
async function ledgerOf(resultId: string): Promise<DisclosureRecord[]> {
  const rows = await mesh.query<{ entry: string }>(
    'gateway',
    'select entry from ledger where result_id = $1 order by sequence',
    [resultId],
  );
  return rows.map(({ entry }) => JSON.parse(entry) as DisclosureRecord);
}
async function actsOf(requestId: string): Promise<LedgerRecord[]> {
  const rows = await mesh.query<{ entry: string }>(
    'gateway',
    `select entry from ledger where result_id is null and strpos(entry, $1) > 0 order by sequence`,
    [requestId],
  );
  return rows.map(({ entry }) => JSON.parse(entry) as LedgerRecord);
}

// What takes its time is begun first, and looked at when the others have been played.
let short: AccessRequest;
let unanswered: AccessRequest;
let crew: string;

describe('a conditional crew document', () => {
  it('is asked for, granted in part, and shown in a fuller copy of the same token', async () => {
    const other = await crewOf('access-6');
    unanswered = await asked('A-6', { resultId: other });
    crew = await crewOf('access-1');
    const before = await sees(ASKER, crew, []);
    expect(before.withheld.map(({ access }) => access)).toContain('on-request');

    short = await asked('A-1', { resultId: crew });
    const about = { issuer: OWNER, resultId: crew };
    expect(short).toMatchObject({ state: 'open', requester: ASKER, owner: OWNER, about });
    const told = await ofOwner.about('access.requested', short.requestId);
    expect(told.body).toEqual(short);

    const until = inFuture(SHORT_MS);
    const { requestId } = short;
    const answer: DecideAccess = { requestId, decision: 'grant', paths: [NUMBERS], until, reason: '仅限证件号码' };
    const decided = valueOf(await decideAccess(mesh.backend(OWNER), answer));
    expect(decided).toMatchObject({ state: 'granted-in-part', decision: { by: 'owner', paths: [NUMBERS], until } });
    const heard = await ofAsker.about('access.decided', requestId);
    expect(heard.body).toMatchObject({
      state: 'granted-in-part',
      decision: { reason: '仅限证件号码', paths: [NUMBERS] },
    });

    const fuller = await sees(ASKER, crew, [NUMBER]);
    expect(fuller.signature.verified).toBe(true);
    expect(fuller.signature.token.split('~')[0]).toBe(before.signature.token.split('~')[0]);
    expect(await ofAsker.about('result.extended', crew)).toMatchObject({ body: { version: 1 } });
    // Nobody else sees more than before.
    await sees('hl.inspection', crew, []);
    await sees('ln.customs', crew, []);
    expect(await actsOf(requestId)).toMatchObject([
      {
        type: 'grant',
        requester: ASKER,
        owner: OWNER,
        grant: { paths: [NUMBERS], purpose: 'counter-smuggling', until },
      },
    ]);
  });

  it('is granted for a standing query: what is issued later comes with it at once, until it is taken back', async () => {
    const earlier = await crewOf('access-2');
    const request = await asked('A-2', { results: { issuer: OWNER, kinds: ['border.crew'] } });
    await ofOwner.about('access.requested', request.requestId);
    valueOf(await decideAccess(mesh.backend(OWNER), { requestId: request.requestId, decision: 'grant' }));
    const later = valueOf(await submit(mesh.backend(OWNER), borderCrew('access-3'))).resultId;
    await sees(ASKER, later, [NUMBER, BIRTH]);
    // An amendment is a version that the query is about as well.
    valueOf(await amend(mesh.backend(OWNER), later, borderCrew('access-3', { conclusion: 'conditional' })));
    await eventually(async () => ((await heldBy(ASKER, later))?.version === 2 ? true : undefined), 'the amendment');
    await sees(ASKER, later, [NUMBER, BIRTH]);
    await sees(ASKER, earlier, []);

    const revoked = valueOf(await revokeAccess(mesh.backend(OWNER), request.requestId, '案件已结'));
    expect(revoked).toMatchObject({ state: 'revoked', revoked: { reason: '案件已结' } });
    await sees(ASKER, later, []);
    const history = await mesh.query<{ row: string }>(
      ASKER,
      'select to_json(h)::text as row from result_history h where result_id = $1',
      [later],
    );
    expect(history).toHaveLength(1);
    const disclosed = history[0]!.row.split(/[~"\\]/).map((part) => Buffer.from(part, 'base64url').toString());
    expect([history[0]!.row, ...disclosed].join('\n')).not.toContain(NUMBER);
    expect(await ofAsker.about('access.ended', request.requestId)).toMatchObject({ body: { state: 'revoked' } });
    expect((await actsOf(request.requestId)).map(({ type }) => type)).toEqual(['grant', 'grant-end']);
  });

  it('is refused with a reason, and nothing is shown', async () => {
    const resultId = await crewOf('access-4');
    const { requestId } = await asked('A-4', { resultId });
    await ofOwner.about('access.requested', requestId);
    valueOf(await decideAccess(mesh.backend(OWNER), { requestId, decision: 'refuse', reason: '与案件无关' }));
    const heard = await ofAsker.about('access.decided', requestId);
    expect(heard.body).toMatchObject({ state: 'refused', decision: { reason: '与案件无关' } });
    expect(await actsOf(requestId)).toEqual([]);
    await sees(ASKER, resultId, []);
  });

  it('is granted at once by a rule that the owner has laid down, for as long as the rule allows', async () => {
    const rule = {
      rule: 'anti-smuggling',
      answer: 'grant' as const,
      requesters: ['*.customs'],
      kinds: ['border.crew' as const],
      paths: [NUMBERS],
      purposes: ['counter-smuggling'],
      standing: false,
      longest: 'PT1H',
      reason: '联合缉私常设授权',
    };
    expect(valueOf(await putAccessRule(mesh.backend(OWNER), rule))).toEqual({ rules: [rule] });
    const resultId = await crewOf('access-5');
    const { requestId } = await asked('A-5', { resultId, paths: ['/border/persons/0/documentNumber'] });
    const heard = await ofAsker.about('access.decided', requestId);
    expect(heard.body).toMatchObject({
      state: 'granted-in-part',
      about: { version: 1 },
      decision: { by: 'rule', rule: 'anti-smuggling', reason: '联合缉私常设授权' },
    });
    const view = await sees(ASKER, resultId, [NUMBER]);
    // Of the other person nothing was asked for.
    expect(view.withheld.map(({ path }) => path)).toContain('/border/persons/1/documentNumber');
  });
});

describe('a request that cannot be', () => {
  it('is refused with everything that is wrong with it, by the list in force, and not kept', async () => {
    const resultId = await crewOf('access-7');
    const refused = await requestAccess(
      mesh.backend(ASKER),
      asking('A-7', {
        resultId,
        paths: [NUMBERS, '/border/persons/*/name', '/border/persons/*/biometrics', '/border/nothing', '/conclusion'],
        until: inFuture(400 * DAY_MS),
      }),
    );
    expect(refused).toMatchObject({ ok: false, problem: { status: 400 } });
    expect(!refused.ok && refused.problem.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/until', 'exceeds'],
      ['/paths/1', 'not-withheld'],
      ['/paths/2', 'not-shared'],
      ['/paths/3', 'bad-format'],
      ['/paths/4', 'not-withheld'],
    ]);
    const purpose = await requestAccess(mesh.backend(ASKER), asking('A-7', { resultId, purpose: 'export-tax-refund' }));
    expect(!purpose.ok && purpose.problem.errors.map(({ code }) => code)).toEqual([
      'purpose-not-admitted',
      'purpose-not-admitted',
    ]);
    expect(valueOf(await findAccess(mesh.backend(ASKER), { reference: 'A-7' })).requests).toEqual([]);
    const statements = await mesh.query(ASKER, 'select * from access_statement');
    expect(statements).toEqual([]);
  });

  it('is the same request when it is repeated, and a conflict when the reference is used for another', async () => {
    const resultId = await crewOf('access-8');
    const body = asking('A-8', { resultId });
    const first = valueOf(await requestAccess(mesh.backend(ASKER), body));
    const again = valueOf(await requestAccess(mesh.backend(ASKER), body));
    expect(again.requestId).toBe(first.requestId);
    const other = await requestAccess(mesh.backend(ASKER), { ...body, paths: [BIRTHS] });
    expect(other).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    // Two units do not answer for one another.
    const stranger = await decideAccess(mesh.backend('jl.border'), { requestId: first.requestId, decision: 'grant' });
    expect(stranger).toMatchObject({ ok: false, problem: { code: 'unknown' } });
    const self = await decideAccess(mesh.backend(ASKER), { requestId: first.requestId, decision: 'grant' });
    expect(self).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  });
});

describe('docs/access.md', () => {
  /** The members of a guide's request that are this run's own. */
  function ofThisRun(subject: string, requestId: string): (name: string, value: unknown) => unknown {
    return (name, value) => {
      if (name === 'resultId') return guided;
      if (name === 'requestId') return requestId;
      return name === 'until' ? inFuture((subject === 'access.request' ? 30 : 20) * DAY_MS) : value;
    };
  }
  async function answerTo(unit: UnitId, subject: string, body: object): Promise<unknown> {
    const { connection, timeout } = mesh.backend(unit);
    return (await connection.request(subject, JSON.stringify(body), { timeout })).json();
  }
  const masked = (value: unknown): unknown => JSON.parse(maskedText(JSON.stringify(value)));

  it('shows what is asked, answered, told and printed, from a request to its end', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/access.md'), 'utf8');
    let requestId = '';
    let reply: unknown;
    let printed = '';
    const seen = new Set<string>();
    for (const [, language = '', body = ''] of guide.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)) {
      const [, what, unit, name = ''] = /^json (ask|event)=([\w.]+)\/(\S+)$/.exec(language) ?? [];
      if (what === 'ask') {
        const sent = JSON.parse(body, ofThisRun(name, requestId)) as object;
        reply = await answerTo(unit as UnitId, name, sent);
        if (name === 'access.request') ({ requestId = requestId } = reply as { requestId?: string });
        seen.add(name);
      } else if (what === 'event') {
        const about = name.startsWith('access.') ? requestId : guided;
        const told = await journals.get(unit as UnitId)!.about(name, about);
        expect({ [name]: masked(told.body) }).toMatchObject({ [name]: JSON.parse(maskedText(body)) as object });
        seen.add(name);
      } else if (language === 'json reply') {
        expect(masked(reply)).toEqual(JSON.parse(maskedText(body)));
      } else if (language === 'sh') {
        await journals.get(ASKING)!.about('access.escalated', overdue.requestId);
        for (const line of body.trim().split('\n')) {
          const words = line.replace('npm run mesh -- ', '').replace('REQUEST', overdue.requestId).split(' ');
          const { code, text } = await printedByMesh(mesh, words);
          expect([line, code]).toEqual([line, 0]);
          printed += text;
          seen.add(words.slice(0, 2).join(' '));
        }
      } else if (language === 'text') {
        expect(maskedText(printed)).toBe(maskedText(body));
        printed = '';
      } else expect(language).toBe('yaml');
    }
    expect([...seen].sort()).toEqual([
      'access list',
      'access remind',
      'access show',
      'access.decide',
      'access.decided',
      'access.ended',
      'access.put-rule',
      'access.request',
      'access.requested',
      'access.revoke',
      'result.extended',
      'result.restricted',
    ]);
  });

  it.each<[string, string[], number, RegExp]>([
    ['a reminder of what was answered', ['remind', 'ANSWERED'], 1, /^409 .*answered/],
    [
      'a state and a unit that are none',
      ['list', '--state', 'lost', '--owner', 'LN'],
      1,
      /^400 .*\n\/state .*\n\/owner /,
    ],
    ['one of several', ['list', '--limit', '1'], 0, /^\S+ {2}.*\n… 更多 more: --limit\n$/],
    ['a limit that is none', ['list', '--limit', '0'], 2, /^$/],
  ])('mesh access tells of %s', async (_, words, exit, expected) => {
    const { requests } = valueOf(await findAccess(mesh.backend(GRANTING), { state: 'revoked' }));
    const asked = words.map((word) => (word === 'ANSWERED' ? requests[0]!.requestId : word));
    const { code, text } = await printedByMesh(mesh, ['access', ...asked]);
    expect([code, text]).toEqual([exit, expect.stringMatching(expected)]);
  });

  it('names every subject, event, state and code that there is for it', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/access.md'), 'utf8');
    const words = [
      ...Object.values(SUBJECTS).filter((subject) => subject.startsWith('access.')),
      ...EVENT_TYPES.filter((type) => type.startsWith('access.')),
      ...ACCESS_STATES,
      ...['not-withheld', 'not-shared', 'purpose-not-admitted', 'not-own', 'unknown-reference', 'not-later', 'exceeds'],
    ];
    expect(words.filter((word) => !guide.includes(`\`${word}\``))).toEqual([]);
  });

  it('quotes the terms of mesh.yaml', async () => {
    const guide = await readFile(join(REPOSITORY, 'docs/access.md'), 'utf8');
    const [, quoted = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(guide) ?? [];
    const { access } = parse(await readFile(join(REPOSITORY, 'mesh.yaml'), 'utf8')) as { access: object };
    expect(parse(quoted)).toEqual({ access });
  });
});

describe('a conditional crew document, when time goes by', () => {
  it('is taken back when its time is over, and both sides are told', async () => {
    const { requestId } = short;
    await inState(ASKER, requestId, 'expired');
    await sees(ASKER, crew, []);
    expect(await ofAsker.about('access.ended', requestId)).toMatchObject({ body: { state: 'expired' } });
    expect(await ofOwner.about('access.ended', requestId)).toMatchObject({ body: { state: 'expired' } });
    const restricted = await ofAsker.about('result.restricted', crew);
    expect(JSON.stringify(restricted.body)).not.toContain(NUMBER);
    const shown = (await ledgerOf(crew)).filter(({ consumers }) => consumers.includes(ASKER));
    expect(shown.map(({ grants }) => grants)).toEqual([undefined, [requestId], undefined]);
    expect(shown[1]!.consumers).toEqual([ASKER]);
    expect((await actsOf(requestId)).map(({ type }) => type)).toEqual(['grant']);
  });

  it('of which nobody says anything: the owner is reminded, and the coordinators are told when no answer came in time', async () => {
    const { requestId } = unanswered;
    await ofOwner.about('access.reminded', requestId);
    const told = await ofOwner.about('access.escalated', requestId);
    expect(told.body).toMatchObject({ state: 'open', escalatedAt: expect.any(String) });
    await ofAsker.about('access.escalated', requestId);
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${mesh.httpUrl}/metrics`)).text();
      return /^clearance_access_requests\{state="overdue"\} [1-9]/m.test(text) ? text : undefined;
    }, 'an overdue request in the metrics');
    expect(metrics).toMatch(/^clearance_access_requests\{state="open"\} [1-9]/m);
    // It may still be answered.
    const granted = valueOf(await decideAccess(mesh.backend(OWNER), { requestId, decision: 'grant' }));
    expect(granted.state).toBe('granted');
    const { about } = unanswered;
    await sees(ASKER, 'resultId' in about ? about.resultId : '', [NUMBER, BIRTH]);
  });
});

let granted: string;

describe('while the gateway is away', () => {
  it('a request is kept, on its way, and judged when the gateway is there again', async () => {
    const resultId = await crewOf('access-9');
    const gateway = mesh.services.get('gateway')!;
    await gateway.stop();
    const good = await asked('A-9', { resultId });
    const bad = await asked('A-10', { resultId, purpose: 'export-tax-refund' });
    expect([good.state, bad.state]).toEqual(['submitted', 'submitted']);
    gateway.startAgain();
    await gateway.ready(60_000);
    await ofOwner.about('access.requested', good.requestId);
    await inState(ASKER, good.requestId, 'open');
    const told = await ofAsker.about('access.decided', bad.requestId);
    expect(told.body).toMatchObject({ state: 'rejected', errors: [{ code: 'purpose-not-admitted' }, {}] });
    // What was rejected may be asked for otherwise under the same reference.
    expect((await asked('A-10', { resultId })).state).toBe('open');
    valueOf(await decideAccess(mesh.backend(OWNER), { requestId: good.requestId, decision: 'grant' }));
    await sees(ASKER, resultId, [NUMBER, BIRTH]);
    granted = resultId;
  });
});

describe('the proof', () => {
  it('of what was shown under a grant is an evidence bundle, which carries the grant and is judged by it', async () => {
    const file = join(mesh.home.root, 'granted.json');
    const made = await runMeshCommand(mesh, 'evidence', granted, '--consumer', ASKER, '--out', file);
    expect(made).toMatchObject({ code: 0 });
    const bundle = JSON.parse(await readFile(file, 'utf8')) as { ledger: { entry: DisclosureRecord } };
    expect(bundle.ledger.entry).toMatchObject({ consumers: [ASKER], withheld: expect.any(Array) });
    expect(bundle.ledger.entry.grants).toHaveLength(1);
    expect(await runMeshCommand(mesh, 'verify', 'bundle', file)).toMatchObject({ code: 0, answer: { ok: true } });
  });
});

describe('a draft that allows no grant any more', () => {
  /** The default list, but crew documents cannot be asked for. */
  async function stricter(): Promise<string> {
    const list = parseDocument(await readFile(LIST_FILE, 'utf8'));
    list.set('version', '2026.12-1');
    list.set('effectiveFrom', new Date().toISOString());
    list.setIn(['entries', 0, 'class'], 'withheld');
    list.deleteIn(['entries', 0, 'purposes']);
    return list.toString();
  }

  it('is previewed with what it would take back of what was granted, and takes back just that', async () => {
    const document = await stricter();
    const body = { document, reason: '不再受理' };
    const draft = await ask<{ draftId: string }>(mesh, '/api/v1/drafts', { role: 'policy', method: 'POST', body });
    const path = `/api/v1/drafts/${draft.body.draftId}/previews`;
    const begun = await ask<{ previewId: string }>(mesh, path, { role: 'policy', method: 'POST', body: {} });
    const { report } = await eventually(async () => {
      const asked = `/api/v1/previews/${begun.body.previewId}`;
      const preview = await ask<{ state: string; report: PreviewReport }>(mesh, asked, { role: 'policy' });
      return preview.body.state === 'running' ? undefined : preview.body;
    }, 'the preview');
    const taken = report.entries.filter(({ entry, effect }) => entry === 'NL-001' && effect === 'withheld');
    expect(taken.map(({ consumer }) => consumer)).toEqual([ASKER]);

    await sees(ASKER, granted, [NUMBER, BIRTH]);
    expect(await putInForce(mesh.home, mesh.httpUrl, document)).toMatchObject({ ok: true, state: 'in-force' });
    await sees(ASKER, granted, []);
    const recall = await eventually(async () => {
      const { body: found } = await ask<{ reviews: Review[] }>(mesh, '/api/v1/reviews', { role: 'auditor' });
      return found.reviews.find(({ listVersion, state }) => listVersion === '2026.12-1' && state === 'confirmed');
    }, 'the recall');
    expect(recall.copies).toBe(taken[0]!.results);
    // It is still granted, and gives nothing free any more.
    const asked = await requestAccess(mesh.backend(ASKER), asking('A-11', { resultId: granted }));
    expect(!asked.ok && asked.problem.errors.map(({ code }) => code)).toEqual(['not-shared', 'not-shared']);
  });
});

describe('the ledger', () => {
  it('verifies: every grant, every use and every end is as it was signed', async () => {
    expect(await runMeshCommand(mesh, 'verify', 'ledger')).toMatchObject({ code: 0, answer: { ok: true } });
  });
});
