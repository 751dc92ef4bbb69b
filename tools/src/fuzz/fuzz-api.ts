import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Schemathesis } from './install-schemathesis.ts';
import { type ApiDescription, type KnownExamples, withKnownExamples } from './known-examples.ts';

/** How much is tried, and of what. */
export interface FuzzOptions {
  /** The gateway's address. */
  url: string;
  /** Of the caller: with all roles. */
  token: string;
  /** What there is to be asked about. */
  known: KnownExamples;
  /** Where its files go; made if it is not there. */
  directory: string;
  /** Made-up cases of each operation; none for examples and the bounds of every parameter only. */
  examples: number;
  /** Whether the bounds of every parameter and of every member of a body are tried: most of all cases. */
  bounds?: boolean;
  /** The same seed tries the same cases. */
  seed: number;
  signal: AbortSignal;
  /** Of what it says; standard error when absent. */
  hear?: (text: string) => void;
}

/** What came of it. */
export interface FuzzOutcome {
  /** Nothing was found, and nothing failed. */
  ok: boolean;
  report: FuzzReport;
}

/** Of the report that schemathesis makes what is looked at. */
export interface FuzzReport {
  operations: { total: number; tested: number; errored: number };
  test_cases: { generated: number; with_failures: number; unique_failures: number };
}

/**
 * What must hold of every answer: no 5xx; nothing but what the description says of status, content type, headers and body;
 * what breaks the schema is refused, and so is a method that there is not, and a call without a good token.
 */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'missing_required_header',
  'unsupported_method',
  'ignored_auth',
];

/** What is answered for as long as somebody listens: whoever tries it waits for the end of the answer. */
export const ENDLESS: readonly string[] = ['/api/v1/stream'];

/** The token stays out of the command line, which everybody on the machine may read. A missing If-Match is 428 (RFC 6585). */
const SETTINGS = `[headers]
Authorization = "Bearer \${CLEARANCE_TOKEN}"

[checks]
missing_required_header.expected-statuses = [400, 401, 403, 406, 415, 422, 428]
`;

/**
 * Tries the API of a running gateway by its own description, with the ids of what there is as its examples: the examples,
 * the bounds of every parameter and body, methods that there are not, and made-up cases.
 *
 * @throws when schemathesis cannot be run
 */
export async function fuzzApi({ program, args }: Schemathesis, options: FuzzOptions): Promise<FuzzOutcome> {
  const { url, directory, examples, bounds = true, seed, signal, token } = options;
  await mkdir(directory, { recursive: true });
  const file = (name: string): string => join(directory, name);
  const served = (await (await fetch(`${url}/api/v1/openapi.json`, { signal })).json()) as ApiDescription;
  for (const path of ENDLESS) delete served.paths[path];
  await writeFile(file('openapi.json'), JSON.stringify(withKnownExamples(served, options.known)));
  await writeFile(file('schemathesis.toml'), SETTINGS);
  const phases = ['examples', ...(bounds ? ['coverage'] : []), ...(examples > 0 ? ['fuzzing'] : [])];
  const code = await run(
    program,
    [
      ...[...args, '--config-file', file('schemathesis.toml'), 'run', file('openapi.json'), '--url', url],
      ...['--checks', CHECKS.join(','), '--phases', phases.join(','), '--continue-on-failure', '--no-color'],
      ...['--max-examples', String(Math.max(1, examples)), '--seed', String(seed), '--request-timeout', '20'],
      ...['--warnings', 'off', '--report', 'json', '--report-json-path', file('report.json')],
    ],
    { ...options, environment: { CLEARANCE_TOKEN: token } },
  );
  const report = JSON.parse(await readFile(file('report.json'), 'utf8')) as FuzzReport;
  return { ok: code === 0, report };
}

/** Runs a program to its end. */
function run(
  program: string,
  args: readonly string[],
  {
    directory,
    environment,
    signal,
    hear,
  }: Pick<FuzzOptions, 'directory' | 'signal' | 'hear'> & { environment: object },
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...environment },
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (hear ? hear(text) : process.stderr.write(text)));
    child.once('error', (error) => reject(new Error(`${program} 无法运行 cannot be run: ${error.message}`)));
    child.once('close', resolve);
  });
}
