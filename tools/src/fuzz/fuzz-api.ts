import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type JWK, SignJWT } from 'jose';
import { type MeshHome, TOKEN_ROLES } from '@clearance/platform';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@clearance/provision';
import type { LocalMesh } from '../local-mesh/start-local-mesh.ts';
import type { Progress } from '../progress.ts';
import { simulateBackends } from '../traffic/simulate-backends.ts';
import { exitCodeOf } from './install-schemathesis.ts';

/** How much is tried. */
export interface FuzzOptions {
  /** Cases of each operation. */
  examples: number;
  /** The same seed tries the same cases. */
  seed: number;
  signal: AbortSignal;
  progress: Progress;
}

/**
 * What must hold of every answer: no 5xx, and nothing but what the description says of status, content type, headers and
 * body; no answer without a token where one is needed.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'ignored_auth',
];

/**
 * Tries the API of a running gateway by its own description, as someone with all roles: every operation with made-up
 * ids, and then those that ask about results with ids of results that there are.
 *
 * @param program of schemathesis
 * @returns whether nothing was found
 * @throws when no result is disclosed within a minute
 */
export async function fuzzApi(
  program: string,
  mesh: LocalMesh,
  { examples, seed, signal, progress }: FuzzOptions,
): Promise<boolean> {
  const { home, httpUrl } = mesh;
  const token = await tokenOfAll(home);
  const tryAll = async (parameters: Record<string, string>, selection: readonly string[]): Promise<boolean> => {
    const config = join(home.root, 'schemathesis.toml');
    const given = Object.entries(parameters).map(
      ([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`,
    );
    // The token stays out of the command line, which everybody on the machine may read.
    const lines = ['[headers]', 'Authorization = "Bearer ${CLEARANCE_TOKEN}"', '[parameters]', ...given];
    await writeFile(config, `${lines.join('\n')}\n`);
    const code = await exitCodeOf(
      program,
      [
        ...['--config-file', config, 'run', `${httpUrl}/api/v1/openapi.json`, ...selection],
        ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--continue-on-failure'],
        ...['--max-examples', String(examples), '--seed', String(seed), '--request-timeout', '20', '--no-color'],
      ],
      { cwd: home.root, signal, env: { ...process.env, CLEARANCE_TOKEN: token } },
    );
    return code === 0;
  };
  const unknown = await tryAll({}, []);
  const { kid, resultId, holder } = await progress.step('业务数据 results', () =>
    someResult(mesh, token, signal, progress),
  );
  const known = await tryAll({ 'path.id': resultId, 'path.kid': kid, 'query.consumer': holder }, [
    '--include-path-regex',
    String.raw`/results/\{id\}/|/keys/`,
  ]);
  return unknown && known;
}

const RESULT_WITHIN_MS = 60_000;

/** Lets the simulated backends work until a result has been disclosed: its id, its key, and who holds it. */
async function someResult(
  mesh: LocalMesh,
  token: string,
  signal: AbortSignal,
  progress: Progress,
): Promise<{ kid: string; resultId: string; holder: string }> {
  const { kid } = JSON.parse(await readFile(mesh.home.signingKeyFile('ln.customs'), 'utf8')) as { kid: string };
  const enough = new AbortController();
  const traffic = simulateBackends(mesh, { signal: AbortSignal.any([signal, enough.signal]), progress });
  try {
    const ask = (path: string): Promise<Response> =>
      fetch(`${mesh.httpUrl}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` }, signal });
    for (const until = Date.now() + RESULT_WITHIN_MS; Date.now() < until; await delay(200)) {
      const response = await ask(`keys/${encodeURIComponent(kid)}/results`);
      if (!response.ok) throw new Error(`keys/${kid}/results: ${response.status}`);
      const { results } = (await response.json()) as { results: { resultId: string; holders: string[] }[] };
      const held = results.find(({ holders }) => holders.length > 0);
      if (held === undefined) continue;
      const found = { kid, resultId: held.resultId, holder: held.holders[0]! };
      // Until the ledger's next head is signed there is no evidence, and 503 says so.
      if ((await ask(`results/${found.resultId}/evidence?consumer=${found.holder}`)).ok) return found;
    }
    throw new Error('一分钟内无结果可供试探 no result was disclosed within a minute');
  } finally {
    enough.abort();
    await traffic;
  }
}

/** A token with every role but a unit's, for an hour. */
async function tokenOfAll(home: MeshHome): Promise<string> {
  const key = JSON.parse(await readFile(home.tokenKeyFile, 'utf8')) as JWK;
  return new SignJWT({ roles: TOKEN_ROLES })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid! })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setSubject('local-fuzzer')
    .setIssuedAt()
    .setExpirationTime('1 hour')
    .sign(createPrivateKey({ key: key as never, format: 'jwk' }));
}
