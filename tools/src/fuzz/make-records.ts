import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type JWK, type JWTPayload, SignJWT } from 'jose';
import { parseDocument } from 'yaml';
import { exampleContent, type Outcome, type ResultReceipt, type UnitId } from '@clearance/contracts';
import { type MeshHome, TOKEN_ROLES } from '@clearance/platform';
import { signDetached, signingKey } from '@clearance/provenance';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@clearance/provision';
import { type AskAs, askAs, askWith } from '../local-mesh/ask-as.ts';
import type { LocalMesh } from '../local-mesh/start-local-mesh.ts';
import { type Backend, decideAccess, requestAccess, submit } from '../traffic/backend.ts';
import { connectBackends } from '../traffic/simulate-backends.ts';
import type { KnownExamples } from './known-examples.ts';

const WITHIN_MS = 60_000;
const ISSUER = 'ln.customs';
const BORDER = 'ln.border';
const DAY_MS = 86_400_000;
/** Lists of the fuzzing begin after any that a mesh has. */
const FAR = { approved: '2097', written: '2098' };

/** How the services of a mesh are set that is to be fuzzed: nothing is answered 429, and evidence is there soon. */
export const FUZZED = { CLEARANCE_CALLS_PER_MINUTE: '1000000', CLEARANCE_HEAD_EVERY_MS: '500' };

/**
 * Puts into a mesh whatever its API can be asked about: results that were disclosed, with evidence; a request for access that
 * is open, one that its owner is to answer, one that is granted; a draft for each thing that is done with drafts; a preview; a catch-up.
 *
 * @param token with all roles
 * @returns what to ask with
 * @throws when a step is refused, or the results are not disclosed within a minute
 */
export async function makeRecords(mesh: LocalMesh, token: string, signal: AbortSignal): Promise<KnownExamples> {
  const { home, httpUrl } = mesh;
  const [anybody, author] = [askWith(httpUrl, token), await askAs(home, httpUrl, 'policy')];
  const [{ kid }, result, list] = await Promise.all([
    readFile(home.signingKeyFile(ISSUER), 'utf8').then((text) => JSON.parse(text) as { kid: string }),
    discloseResults(mesh, anybody, signal),
    listInForce(anybody),
  ]);
  const approvable = await laterList(list.document, FAR.approved);
  const written = await laterList(list.document, FAR.written);
  const [read, edited, submitted, withdrawn] = await Promise.all(
    Array.from({ length: 4 }, () => begin(author, written.document)),
  );
  const [returned, approved] = await Promise.all([written, approvable].map(({ document }) => laid(author, document)));
  const preview = await previewOf(anybody, read!, signal);
  const policyKey = signingKey(JSON.parse(await readFile(home.signingKeyFile('policy'), 'utf8')));
  const reason = '试探 fuzzing';
  // One that never comes: what is asked about stays as it is.
  const scheduled = { reason, notBefore: `${FAR.written}-01-01T00:00:00Z` };
  const { reviewId } = await told<{ reviewId: string }>(anybody('POST', '/api/v1/catch-ups', { body: scheduled }));
  const later = { 'If-Match': '"2"' };
  return {
    parameters: {
      ...{ id: result.resultId, resultId: result.resultId, consumer: result.holder, unit: result.holder },
      ...{ issuer: ISSUER, kid, kind: 'customs.examination', path: '/goods/0/description' },
      ...{ version: list.version, listVersion: list.version, since: list.version },
      ...{ draftId: read!, previewId: preview, reviewId, requestId: result.requestId, 'If-Match': '"1"' },
    },
    sparing: { parameter: 'Idempotency-Key', triedWith: ['draftsRestore'] },
    operations: {
      accessRequestsDecide: { parameters: { requestId: result.answerable }, body: { decision: 'refuse', reason } },
      accessRequestsRevoke: { parameters: { requestId: result.granted } },
      keysFind: { parameters: { since: '2026-01-01T00:00:00Z' } },
      evidenceFind: { parameters: { version: '1', tokenDigest: result.tokenDigest } },
      questionsWhoSaw: { parameters: { version: '1' } },
      draftsRestore: {
        body: { restore: list.version, version: `${FAR.written}.01-2`, effectiveFrom: `${FAR.written}-01-02`, reason },
      },
      draftsEdit: { parameters: { draftId: edited! }, body: { document: approvable.document, reason } },
      draftsSubmit: { parameters: { draftId: submitted! } },
      draftsWithdraw: { parameters: { draftId: withdrawn! } },
      draftsGiveBack: { parameters: { draftId: returned!, ...later } },
      draftsApprove: {
        parameters: { draftId: approved!, ...later },
        body: { signature: signDetached(new TextEncoder().encode(approvable.document), policyKey), reason },
      },
    },
  };
}

/**
 * A token with every role, for an hour, as the development sign-in would give it: the unit for which it speaks believes it
 * too.
 *
 * @throws when the mesh has no sign-in
 */
export async function tokenOfAll({ home, signInUrl }: Pick<LocalMesh, 'home' | 'signInUrl'>): Promise<string> {
  if (signInUrl === undefined) throw new Error('the mesh has no sign-in');
  const claims = { roles: [...TOKEN_ROLES, 'unit'], unit: BORDER };
  return signToken(home.signInKeyFile, signInUrl, claims);
}

/** A token of the mesh's own issuer with these roles, for an hour. */
export async function tokenWith(home: MeshHome, roles: readonly string[], claims: object = {}): Promise<string> {
  return signToken(home.tokenKeyFile, TOKEN_ISSUER, { roles: [...roles], ...claims });
}

async function signToken(keyFile: string, issuer: string, claims: JWTPayload): Promise<string> {
  const key = JSON.parse(await readFile(keyFile, 'utf8')) as JWK;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.alg!, kid: key.kid! })
    .setIssuer(issuer)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject('local-fuzzer')
    .setIssuedAt()
    .setExpirationTime('1 hour')
    .sign(createPrivateKey({ key: key as never, format: 'jwk' }));
}

interface Disclosed {
  resultId: string;
  holder: string;
  tokenDigest: string;
  /** Of requests for access: one that stays open, one to be answered, one that is granted. */
  requestId: string;
  answerable: string;
  granted: string;
}

/** A customs result and one of persons, until everybody holds the first and there is evidence of it; then requests for access. */
async function discloseResults(mesh: LocalMesh, ask: AskAs, signal: AbortSignal): Promise<Disclosed> {
  const backends = await connectBackends(mesh);
  try {
    const issue = async (unit: UnitId, kind: Parameters<typeof exampleContent>[0]): Promise<ResultReceipt> => {
      return done(await submit(backends.get(unit)!, exampleContent(kind)));
    };
    const { resultId } = await issue(ISSUER, 'customs.examination');
    await issue(BORDER, 'border.crew');
    const disclosed = await until(signal, 'a result that was disclosed, with evidence', async () => {
      const found = await ask<{ disclosures: { consumer: string; tokenDigest: string; receiptAt: string | null }[] }>(
        'GET',
        `/api/v1/results/${resultId}/disclosures`,
      );
      const held = found.ok ? found.body.disclosures.find(({ receiptAt }) => receiptAt !== null) : undefined;
      if (held === undefined) return undefined;
      // Until the ledger's next head is signed there is no evidence, and 503 says so.
      const { consumer: holder, tokenDigest } = held;
      const evidence = await ask('GET', `/api/v1/results/${resultId}/evidence?consumer=${holder}`);
      return evidence.ok ? { resultId, holder, tokenDigest } : undefined;
    });
    const asked = ['FUZZ-1', 'FUZZ-2', 'FUZZ-3'].map((reference) =>
      askForCrews(backends.get(ISSUER)!, reference, ask, signal),
    );
    const [requestId, answerable, granted] = (await Promise.all(asked)) as [string, string, string];
    await until(signal, 'a grant', async () => {
      const answered = await decideAccess(backends.get(BORDER)!, { requestId: granted, decision: 'grant' });
      return answered.ok ? granted : undefined;
    });
    return { ...disclosed, requestId, answerable, granted };
  } finally {
    await Promise.all([...backends.values()].map(({ connection }) => connection.close()));
  }
}

/** Asks for the documents of the crews that border inspection will see; nobody answers. */
async function askForCrews(backend: Backend, reference: string, ask: AskAs, signal: AbortSignal): Promise<string> {
  const { requestId } = done(
    await requestAccess(backend, {
      reference,
      results: { issuer: BORDER, kinds: ['border.crew'] },
      paths: ['/border/persons/*/documentNumber'],
      purpose: 'counter-smuggling',
      legalReference: '试探 fuzzing',
      until: new Date(Date.now() + DAY_MS).toISOString(),
    }),
  );
  await until(signal, 'a request for access', async () => {
    const found = await ask('GET', `/api/v1/access-requests/${requestId}`);
    return found.ok ? requestId : undefined;
  });
  return requestId;
}

function done<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value;
}

interface ListText {
  version: string;
  document: string;
}

async function listInForce(ask: AskAs): Promise<ListText> {
  const { lists } = await told<{ lists: { version: string; inForce: boolean }[] }>(ask('GET', '/api/v1/lists'));
  const version = lists.find(({ inForce }) => inForce)?.version;
  return told<ListText>(ask('GET', `/api/v1/lists/${encodeURIComponent(version ?? '')}`));
}

/** The same list as a new version of a year to come. */
async function laterList(document: string, year: string): Promise<ListText> {
  const list = parseDocument(document);
  const version = `${year}.01-1`;
  list.set('version', version);
  list.set('effectiveFrom', `${year}-01-01T00:00:00+08:00`);
  return { version, document: list.toString({ lineWidth: 0 }) };
}

async function begin(ask: AskAs, document: string): Promise<string> {
  const body = { document, reason: '试探 fuzzing' };
  return (await told<{ draftId: string }>(ask('POST', '/api/v1/drafts', { body }))).draftId;
}

/** A draft that lies before its approvers. */
async function laid(ask: AskAs, document: string): Promise<string> {
  const draftId = await begin(ask, document);
  const body = { reason: '试探 fuzzing' };
  await told(ask('POST', `/api/v1/drafts/${draftId}/submit`, { body, ifMatch: '"1"' }));
  return draftId;
}

async function previewOf(ask: AskAs, draftId: string, signal: AbortSignal): Promise<string> {
  const { previewId } = await told<{ previewId: string }>(
    ask('POST', `/api/v1/drafts/${draftId}/previews`, { body: { results: 10 } }),
  );
  await until(signal, 'a preview', async () => {
    const { state } = await told<{ state: string }>(ask('GET', `/api/v1/previews/${previewId}`));
    return state === 'running' ? undefined : state;
  });
  return previewId;
}

async function told<T>(asked: ReturnType<AskAs>): Promise<T> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.status}: ${answer.problem.detail ?? ''}`);
  return answer.body as T;
}

async function until<T>(signal: AbortSignal, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await delay(100, undefined, { signal })) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`一分钟内未见 not within a minute: ${what}`);
}
