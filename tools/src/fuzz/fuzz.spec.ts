import { join } from 'node:path';
import { jest } from '@jest/globals';
import { TOKEN_ROLES } from '@clearance/platform';
import { testServers } from '@clearance/testing';
import { startTestMesh, type TestLocalMesh } from '../end-to-end/test-local-mesh.ts';
import { REPOSITORY } from '../local-mesh/paths.ts';
import { ENDLESS, fuzzApi } from './fuzz-api.ts';
import { installSchemathesis } from './install-schemathesis.ts';
import type { ApiDescription, DescribedOperation, KnownExamples } from './known-examples.ts';
import { withKnownExamples } from './known-examples.ts';
import { FUZZED, makeRecords, tokenOfAll, tokenWith } from './make-records.ts';

// The short form of `npm run fuzz`: every operation, the same cases each time, without the bounds of every parameter, which
// `npm run fuzz` tries. Whatever controller joins is tried too.

// Conditions are waited for; the limit is for a machine that is busy with other things.
jest.setTimeout(480_000);

const signal = AbortSignal.timeout(600_000);
const nothing: KnownExamples = { parameters: {}, operations: {}, sparing: { parameter: '', triedWith: [] } };
const MADE_UP = '0195f2f0-0000-7000-8000-000000000000';
let mesh: TestLocalMesh;
let token: string;
let known: KnownExamples;
/** By method and path. */
let operations: [string, DescribedOperation][];

beforeAll(async () => {
  mesh = await startTestMesh(testServers().databaseUrl, { units: 3, signIn: true, environment: FUZZED });
  token = await tokenOfAll(mesh);
  known = await makeRecords(mesh, token, signal);
  const served = (await (await fetch(`${mesh.httpUrl}/api/v1/openapi.json`)).json()) as ApiDescription;
  operations = Object.entries(withKnownExamples(served, known).paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, DescribedOperation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}, 240_000);
afterAll(() => mesh?.cleanup(), 120_000);

const ofApi = () => operations.filter(([name]) => name.includes(' /api/'));

/** Calls an operation with its examples, but for what is given; a write with an empty body. */
async function call(
  [name, { parameters = [] }]: [string, DescribedOperation],
  { bearer, given = {} }: { bearer?: string; given?: Record<string, string> },
): Promise<number> {
  const [method, template] = name.split(' ') as [string, string];
  const valueOf = (parameter: string, example: unknown): string => given[parameter] ?? String(example);
  let path = template;
  const query = new URLSearchParams();
  for (const { name: parameter, in: place, example, required } of parameters) {
    const value = valueOf(parameter, example);
    if (place === 'path') path = path.replace(`{${parameter}}`, encodeURIComponent(value));
    if (place === 'query' && (required === true || parameter in given)) query.set(parameter, value);
  }
  const response = await fetch(`${mesh.httpUrl}${path}?${query}`, {
    method,
    headers: {
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
    signal: AbortSignal.timeout(20_000),
  });
  await response.body?.cancel();
  return response.status;
}

/** Operations that say that they need no token. */
const OPEN = ['GET /api/v1/sign-in'];

describe('who may call', () => {
  it.each([...TOKEN_ROLES, 'unit'])('%s: whatever the description says, and nothing else', async (role) => {
    const bearer = await tokenWith(mesh.home, [role], { unit: 'ln.customs' });
    const allowed = ofApi().filter(([, { security = [] }]) => security.some((each) => each['bearer']?.includes(role)));
    const letIn: string[] = [];
    for (const operation of ofApi()) if ((await call(operation, { bearer })) !== 403) letIn.push(operation[0]);
    expect(letIn.filter((name) => !OPEN.includes(name))).toEqual(allowed.map(([name]) => name));
  });

  it('nobody without a token, but where one is told how to come by one', async () => {
    for (const operation of ofApi()) {
      const [name] = operation;
      expect([name, await call(operation, {})]).toEqual([name, OPEN.includes(name) ? 200 : 401]);
    }
  });
});

describe('an id of nothing', () => {
  it('is answered 404, whatever is asked of it: by a stream of events too', async () => {
    const nothing = {
      id: MADE_UP,
      draftId: MADE_UP,
      previewId: MADE_UP,
      reviewId: MADE_UP,
      requestId: MADE_UP,
      version: '1970.01-1',
      kid: 'ln.customs/none',
    };
    // Of a month that nothing happened in there is a report too.
    for (const operation of ofApi().filter(([name]) => /^GET .*\{/.test(name) && !name.includes('{month}'))) {
      const given = Object.fromEntries(Object.entries(nothing).filter(([name]) => operation[0].includes(`{${name}}`)));
      expect([operation[0], await call(operation, { bearer: token, given })]).toEqual([operation[0], 404]);
    }
  });
});

describe('a parameter', () => {
  it.each([
    ['with a NUL, which PostgreSQL has not', 'a\0'],
    ['far too long', 'x'.repeat(5_000)],
    ['beyond every integer', '99999999999999999999'],
    ['below', '-1'],
    ['of digits that are none', '١٢'],
    ['with an end of line', 'a\r\nb'],
  ])('%s is refused or finds nothing', async (_what, value) => {
    const faults: unknown[] = [];
    for (const operation of ofApi()) {
      for (const { name, in: place } of operation[1].parameters ?? []) {
        if (place === 'header') continue;
        const status = await call(operation, { bearer: token, given: { [name]: value } });
        if (status >= 500) faults.push([operation[0], name, status]);
      }
    }
    expect(faults).toEqual([]);
  });
});

describe('schemathesis, by the API’s own description', () => {
  it('finds no 5xx and nothing that is not described', async () => {
    const program = await installSchemathesis(join(REPOSITORY, '.mesh', 'tools'));
    let said = '';
    const { ok, report } = await fuzzApi(program, {
      ...{ url: mesh.httpUrl, token, known, signal },
      ...{ directory: join(mesh.home.root, 'fuzz'), examples: 4, bounds: false, seed: 5 },
      hear: (text) => (said += text),
    });
    if (!ok) console.error(said);
    const ending = operations.filter(([name]) => !ENDLESS.some((path) => name.endsWith(path))).length;
    expect({ ok, ...report.operations, ...report.test_cases }).toMatchObject({
      ...{ ok: true, total: ending, tested: ending, errored: 0, with_failures: 0 },
    });
  });

  it('has had every operation carried out, by the gateway’s own journal', async () => {
    // Reads are written down within a second.
    const undone = async (): Promise<string[]> => {
      const done = await mesh.query<{ name: string }>(
        'gateway',
        // What has no end of its own ends when its reader goes.
        `select distinct method || ' ' || route as name from api_call where status between 200 and 299 or route = any($1)`,
        [ENDLESS],
      );
      return ofApi()
        .map(([name]) => name)
        .filter((name) => !done.some((each) => each.name === name));
    };
    for (const until = Date.now() + 10_000; (await undone()).length > 0 && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await undone()).toEqual([]);
  });
});

describe('what is tried in place of examples', () => {
  it('is what there is, and the rest stays', () => {
    const description: ApiDescription = {
      paths: {
        '/a/{id}': {
          get: {
            operationId: 'read',
            parameters: [
              { name: 'id', in: 'path', example: 'made up' },
              { name: 'limit', in: 'query', example: 1 },
              { name: 'Key', in: 'header' },
            ],
          },
          put: {
            operationId: 'write',
            parameters: [
              { name: 'id', in: 'path' },
              { name: 'Key', in: 'header' },
            ],
            requestBody: { content: { json: { examples: { example: { value: { a: 1 } } } } } },
          },
        },
      },
    };
    const there = withKnownExamples(description, {
      parameters: { id: '4711' },
      operations: { write: { parameters: { id: '4712' }, body: { a: 2 } } },
      sparing: { parameter: 'Key', triedWith: ['write'] },
    });
    expect(there.paths['/a/{id}']).toEqual({
      get: {
        operationId: 'read',
        parameters: [
          { name: 'id', in: 'path', example: '4711' },
          { name: 'limit', in: 'query', example: 1 },
        ],
      },
      put: {
        operationId: 'write',
        parameters: [
          { name: 'id', in: 'path', example: '4712' },
          { name: 'Key', in: 'header' },
        ],
        requestBody: { content: { json: { examples: { known: { value: { a: 2 } } } } } },
      },
    });
    expect(withKnownExamples(description, nothing)).toEqual(description);
  });
});
