import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JWK, SignJWT } from 'jose';
import { type MeshHome, TOKEN_ROLES } from '@clearance/platform';
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@clearance/provision';
import { exitCodeOf } from './install-schemathesis.ts';

/** How much is tried. */
export interface FuzzOptions {
  /** Cases of each operation. */
  examples: number;
  /** The same seed tries the same cases. */
  seed: number;
  signal: AbortSignal;
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
 * Tries the API of a running gateway by its own description, as someone with all roles.
 *
 * @param program of schemathesis
 * @returns whether nothing was found
 */
export async function fuzzApi(
  program: string,
  mesh: { home: MeshHome; httpUrl: string },
  { examples, seed, signal }: FuzzOptions,
): Promise<boolean> {
  const config = join(mesh.home.root, 'schemathesis.toml');
  await writeFile(config, '[headers]\nAuthorization = "Bearer ${CLEARANCE_TOKEN}"\n');
  const code = await exitCodeOf(
    program,
    [
      ...['--config-file', config, 'run', `${mesh.httpUrl}/api/v1/openapi.json`],
      ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--continue-on-failure'],
      ...['--max-examples', String(examples), '--seed', String(seed), '--request-timeout', '20', '--no-color'],
    ],
    { cwd: mesh.home.root, signal, env: { ...process.env, CLEARANCE_TOKEN: await tokenOfAll(mesh.home) } },
  );
  return code === 0;
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
