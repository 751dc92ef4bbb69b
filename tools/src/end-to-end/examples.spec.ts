import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connect } from '@nats-io/transport-node';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  parseMesh,
  problem,
  type ResultView,
  type UnitId,
  unitsOf,
  validateContent,
  validateRecognitionRequest,
} from '@clearance/contracts';
import {
  compileNegativeList,
  decideDisclosure,
  FAIL_CLOSED,
  FINDING_CODES,
  lintNegativeList,
  parseNegativeList,
  PURPOSES,
} from '@clearance/negative-list';
import { keyRing, verifyToken } from '@clearance/provenance';
import { testServers } from '@clearance/testing';
import { parse } from 'yaml';
import { find, type Backend } from '../traffic/backend.ts';
import { startTestMesh, type TestLocalMesh } from './test-local-mesh.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLES = join(REPOSITORY, 'examples');
const text = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

/** A fenced block of a document: its language, what else its fence says, its text, and the text of the block after it. */
interface Block {
  language: string;
  meta: string;
  body: string;
  next: string;
}

function blocksOf(document: string): Block[] {
  const found = [...document.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)];
  return found.map(([, language = '', meta = '', body = ''], index) => ({
    language,
    meta,
    body,
    next: found[index + 1]?.[3] ?? '',
  }));
}

/** The lines of a file between its comments `region <name>` and `endregion <name>`. */
function regionOf(path: string, name: string): string {
  const mark = (word: string): string => `^(?://|#) ?#?${word} ${name}$`;
  const [, region] = new RegExp(`${mark('region')}\n([\\s\\S]*?)\n${mark('endregion')}`, 'm').exec(text(path)) ?? [];
  if (region === undefined) throw new Error(`${path} has no region ${name}`);
  return region.trim();
}

/** The headings of a document as GitHub names their anchors. */
function anchorsOf(document: string): string[] {
  return [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const guide = text('docs/integration.md');
const listGuide = text('docs/negative-list.md');
const parsedMesh = parseMesh(parse(text('mesh.yaml')));
if (!parsedMesh.ok) throw new Error('mesh.yaml is not valid');
const { limits } = parsedMesh.value;
const units = unitsOf(parsedMesh.value);

describe('docs/integration.md', () => {
  const blocks = blocksOf(guide);
  const code = blocks.filter(({ language }) => ['js', 'python', 'go'].includes(language));
  const samples = blocks.filter(({ language }) => language === 'json');

  it('has code in three languages, JSON samples, and nothing that is not checked', () => {
    expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(['js', 'python', 'go', 'json', 'sh']));
  });

  it.each(code.map((block) => [block.meta, block] as const))('shows %s as it is', (meta, { body }) => {
    const [, path = '', region = ''] = /^file=(\S+)#(\S+)$/.exec(meta) ?? [];
    expect(body.trim()).toBe(regionOf(path, region));
  });

  it.each(samples.map((block) => [block.meta, block] as const))('gives a valid sample: %s', (meta, { body }) => {
    const [, schema = '', part] = /^schema=(\S+)(?: part=(\S+))?$/.exec(meta) ?? [];
    const document = json(`docs/schemas/${schema}.json`) as { properties: Record<string, object> };
    const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
    const validate = ajv.compile(part === undefined ? document : document.properties[part]!);
    const sample: unknown = JSON.parse(body);
    expect([validate(sample), validate.errors]).toEqual([true, null]);
    if (schema === 'customs.examination') expect(validateContent(sample).ok).toBe(true);
    if (schema === 'recognition.request') expect(validateRecognitionRequest(sample).ok).toBe(true);
  });

  it('begins with the content that the examples submit', () => {
    const content = samples.find(({ meta }) => meta === 'schema=customs.examination');
    expect(JSON.parse(content!.body)).toEqual(json('examples/customs-examination.json'));
  });

  it('quotes the limits of mesh.yaml', () => {
    const quoted = [...guide.matchAll(/^\|[^|]*\| (\d+)(?: bytes)? +\| `(\w+)` +\|$/gm)];
    expect(quoted).toHaveLength(5);
    for (const [, value, name] of quoted)
      expect([name, Number(value)]).toEqual([name, limits[name as keyof typeof limits]]);
  });

  it('names every status and code of a problem that a backend may meet', () => {
    const codes = [
      'invalid',
      'malformed-json',
      'forbidden',
      'unknown',
      'conflict',
      'too-large',
      'slow-down',
      'internal',
      'not-ready',
    ] as const;
    for (const each of codes) expect(guide).toMatch(new RegExp(`\\| ${problem(each).status} +\\|.*\`${each}\``));
  });
});

it.each(['docs/integration.md', 'docs/negative-list.md', 'examples/README.md'])('%s has no dead link', (path) => {
  for (const [, target = ''] of text(path).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : normalize(join(dirname(path), file));
    if (extname(linked) !== '.md') expect(readFileOrFolder(linked)).toBe(true);
    else if (anchor !== undefined) expect(anchorsOf(text(linked))).toContain(anchor);
    else expect(text(linked)).not.toBe('');
  }
});

function readFileOrFolder(path: string): boolean {
  try {
    readFileSync(join(REPOSITORY, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}

describe('docs/negative-list.md', () => {
  const HEAD = [
    'apiVersion: clearance/v1',
    'kind: NegativeList',
    "version: '1'",
    'effectiveFrom: 2026-11-01',
    'entries:',
  ];
  const at = Date.parse('2026-11-21T00:00:00Z');
  const blocks = blocksOf(listGuide);
  const entries = (kind: string) => blocks.filter(({ language, meta }) => language === 'yaml' && meta === kind);
  const idOf = (body: string): string => /- id: (\S+)/.exec(body)?.[1] ?? '';
  const wrap = (body: string): string => `${HEAD.join('\n')}\n${body.replace(/^(?=.)/gm, '  ')}`;

  /** Findings as the text quotes them, with lines and columns counted in the block itself. */
  const quote = (body: string): string =>
    lintNegativeList(wrap(body), { units, at })
      .map(({ line, column, severity, code, entry, message }) =>
        [`${line - HEAD.length}:${column - 2} ${severity} ${code} ${entry}`, `  ${message.zh}`, `  ${message.en}`].join(
          '\n',
        ),
      )
      .join('\n');

  it.each(entries('good').map(({ body }) => [idOf(body), body]))('%s is clean', (_, body) => {
    expect(quote(body)).toBe('');
  });

  it.each(entries('bad').map((block) => [idOf(block.body), block] as const))(
    '%s is found fault with as told',
    (_, { body, next }) => {
      expect(quote(body)).toBe(next.trim());
      expect(next).not.toBe('');
    },
  );

  it('begins with a whole list that is clean', () => {
    const [whole] = entries('list');
    expect(lintNegativeList(whole!.body, { units, at })).toEqual([]);
    expect(parseNegativeList(whole!.body).ok).toBe(true);
  });

  it('shows what a copy then names', () => {
    const shown = blocks.filter(({ meta }) => meta.startsWith('shows='));
    expect(shown).toHaveLength(1);
    for (const { meta, body } of shown) {
      const entry = entries('good').find((block) => idOf(block.body) === meta.slice('shows='.length));
      const parsed = parseNegativeList(wrap(entry!.body));
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
      const content = json('examples/customs-examination.json') as object;
      const result = { kind: 'customs.examination', issuer: 'ln.customs' as UnitId, content };
      const [decision] = decideDisclosure(compileNegativeList(parsed.list, units), result, ['hl.border'], at);
      expect(decision?.withheld).toEqual(JSON.parse(body));
    }
  });

  it('explains every code, purpose and reason', () => {
    const words = [...FINDING_CODES, ...Object.keys(PURPOSES), ...Object.keys(FAIL_CLOSED)];
    expect(words.filter((word) => !listGuide.includes(`\`${word}\``))).toEqual([]);
    for (const { zh, en } of Object.values(PURPOSES)) expect(listGuide).toContain(`${zh} ${en}`);
    for (const told of Object.values(FAIL_CLOSED)) expect(listGuide).toContain(told);
  });
});

/** How a program ended. */
interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a program that is not there fails the test and says what to do about it. */
function run(program: string, args: readonly string[], cwd = REPOSITORY): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, timeout: 110_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') {
        const told =
          'is not on this machine. Install it, or set CLEARANCE_SKIP_LANGUAGES=python,go to leave languages out.';
        reject(new Error(`${program} ${told}`));
      } else resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
  });
}

async function succeed(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, cwd);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

describe('the examples, against a real mesh', () => {
  const skipped = new Set((process.env['CLEARANCE_SKIP_LANGUAGES'] ?? '').split(',').map((name) => name.trim()));
  let mesh: TestLocalMesh;
  let scratch: string;
  let creds: string;

  beforeAll(async () => {
    mesh = await startTestMesh(testServers().databaseUrl);
    creds = join(mesh.home.root, 'creds');
    scratch = await mkdtemp(join(tmpdir(), 'clearance-examples-'));
  }, 120_000);

  afterAll(async () => {
    await mesh?.cleanup();
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }, 60_000);

  /** The command of each language, ready to be given its arguments; resolves when all that it needs is installed. */
  const languages: Record<string, () => Promise<(args: string[]) => Promise<Ended>>> = {
    javascript: async () => (args) => run(process.execPath, [join(EXAMPLES, 'javascript/exchange.mjs'), ...args]),
    python: async () => {
      const venv = join(scratch, 'venv');
      const python = join(venv, 'bin', 'python');
      await succeed('python3', ['-m', 'venv', venv]);
      await succeed(python, ['-m', 'pip', 'install', '--quiet', '-r', join(EXAMPLES, 'python/requirements.txt')]);
      return (args) => run(python, [join(EXAMPLES, 'python/exchange.py'), ...args]);
    },
    go: async () => {
      const program = join(scratch, 'exchange');
      await succeed('go', ['build', '-o', program, '.'], join(EXAMPLES, 'go'));
      return (args) => run(program, args, join(EXAMPLES, 'go'));
    },
  };

  it.each(Object.keys(languages).filter((language) => !skipped.has(language)))(
    '%s: a result is exchanged, filtered, refused when bad, and recognised',
    async (language) => {
      const example = await languages[language]!();
      const reference = `EXAMPLE-${language}`;
      const { code, stdout, stderr } = await example([reference, mesh.natsUrl, creds]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

      const [, submitted = ''] = /^submitted (\S+) version 1 issued sha-256:/m.exec(stdout) ?? [];
      expect(stdout).toContain(`received ${submitted} from ln.customs`);
      expect(stdout).toContain(`  ce-id: ${submitted}:1:result.received`);
      expect(stdout).toContain('  ce-type: cn.clearance.result.received.v1');
      expect(stdout).toMatch(/ {2}withheld: \/goods\/0\/value by NL-010 \(none\) 《关税法》/);
      expect(stdout).not.toContain('61200.00');
      expect(stdout).toMatch(
        /^refused 400 invalid\n(?: {2}.*\n)* {2}\/containers\/0\/number bad-check-digit: 校验位错误/m,
      );
      expect(stdout).toMatch(/^recognition \S+ partial\n {2}x-ray: recognised/m);
      expect(stdout).toContain(`${submitted} of ln.customs`);

      const sql = 'select reference from result where result_id = $1 and own = $2';
      expect(await mesh.query('ln.customs', sql, [submitted, true])).toEqual([{ reference }]);
      expect(await mesh.query('hl.border', sql, [submitted, false])).toEqual([{ reference }]);

      const failed = await example([`${reference}-2`, mesh.natsUrl, join(scratch, 'nowhere')]);
      expect(failed.code).toBeGreaterThan(0);
      expect(failed.stderr).toContain(join('nowhere', 'ln.customs', 'backend.creds'));
    },
    120_000,
  );

  it('javascript: a batch, an amendment, a partial recognition, a revocation and its reopening', async () => {
    const args = ['EXAMPLE-LIFE', mesh.natsUrl, creds];
    const stdout = await succeed(process.execPath, [join(EXAMPLES, 'javascript/lifecycle.mjs'), ...args]);
    const [, resultId] =
      /^batch 0: (\S+)\nbatch 1: 400 invalid\nbatch 2: \1\nbatch 3: 409 conflict$/m.exec(stdout) ?? [];
    const [, recognitionId] = /^reopened (\S+) /m.exec(stdout) ?? [];
    expect(stdout).toContain(`revoked ${resultId} version 3`);
    const sql = 'select state, outcome from recognition where recognition_id = $1';
    expect(await mesh.query('hl.inspection', sql, [recognitionId])).toEqual([
      { state: 'reopened', outcome: 'partial' },
    ]);
  }, 60_000);

  it('javascript: the token is verified as the mesh verifies it', async () => {
    const example = (await import(pathToFileURL(join(EXAMPLES, 'javascript/verify-token.mjs')).href)) as {
      verifyToken: (token: string, trust: unknown) => Record<string, unknown>;
    };
    const trust = JSON.parse(readFileSync(mesh.home.trustFile, 'utf8')) as {
      keys: { kid: string; x: string; owner: string; notBefore: number }[];
    };
    const [view] = await viewsOf(mesh.backend('hl.border'), 'EXAMPLE-javascript');
    const { token, keyId } = view!.signature;
    const judged = (forged: string, keys = trust.keys) => {
      const byMesh = verifyToken(forged, keyRing({ keys }));
      let byExample: unknown;
      try {
        byExample = example.verifyToken(forged, { keys })['content'];
      } catch {
        byExample = 'refused';
      }
      expect(byExample).toEqual(byMesh.ok ? byMesh.result.content : 'refused');
      return byMesh.ok ? 'accepted' : byMesh.code;
    };
    const [jwt = '', ...disclosures] = token.slice(0, -1).split('~');
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const join_ = (...parts: string[]): string => [...parts, ''].join('~');
    const changed = (part: string, from: string, to: string): string =>
      Buffer.from(Buffer.from(part, 'base64url').toString().replace(from, to)).toString('base64url');
    const signer = (change: object) => trust.keys.map((key) => (key.kid === keyId ? { ...key, ...change } : key));

    expect(judged(token)).toBe('accepted');
    expect(judged(join_(jwt, ...disclosures.slice(0, -1)))).toBe('accepted'); // one more withheld
    expect(judged(join_(`${header}.${changed(payload, '"ver":1', '"ver":2')}.${signature}`, ...disclosures))).toBe(
      'signature-invalid',
    );
    expect(judged(join_(jwt, changed(disclosures[0]!, '"]', '0"]'), ...disclosures.slice(1)))).toBe(
      'disclosure-invalid',
    );
    expect(judged(join_(jwt, disclosures[0]!, ...disclosures))).toBe('disclosure-invalid');
    expect(judged(token.slice(0, -1))).toBe('malformed');
    expect(
      judged(
        token,
        trust.keys.filter(({ kid }) => kid !== keyId),
      ),
    ).toBe('unknown-key');
    expect(judged(token, signer({ owner: 'jl.customs' }))).toBe('wrong-owner');
    expect(judged(token, signer({ notAfter: trust.keys[0]!.notBefore + 1 }))).toBe('key-not-valid');
  });

  it('javascript: what is not ready is asked again after Retry-After, what is invalid is not', async () => {
    const example = (await import(pathToFileURL(join(EXAMPLES, 'javascript/backend.mjs')).href)) as {
      request: (backend: unknown, subject: string, body: unknown) => Promise<unknown>;
    };
    const connection = await connect({ servers: testServers().natsUrl });
    const answers = [problem('not-ready'), problem('slow-down'), { resultId: 'x' }, problem('invalid')];
    const { headers } = await import('@nats-io/transport-node');
    connection.subscribe('examples.retried', {
      callback: (_error, message) => {
        const answer = answers.shift();
        const fields = headers();
        if (answer && 'status' in answer) fields.set('Nats-Service-Error-Code', String(answer.status));
        if (answer && 'status' in answer && answer.status !== 400) fields.set('Retry-After', '0');
        message.respond(JSON.stringify(answer), { headers: fields });
      },
    });
    try {
      expect(await example.request(connection, 'examples.retried', {})).toEqual({ resultId: 'x' });
      await expect(example.request(connection, 'examples.retried', {})).rejects.toMatchObject({ status: 400 });
      expect(answers).toEqual([]);
    } finally {
      await connection.close();
    }
  });

  it('javascript: needs what its package.json names, at the versions that the mesh itself uses, and no more', () => {
    const { dependencies } = json('examples/javascript/package.json') as { dependencies: Record<string, string> };
    const root = json('package.json') as { dependencies: Record<string, string> };
    const imported = ['backend', 'exchange', 'lifecycle', 'verify-token'].flatMap((name) =>
      [...text(`examples/javascript/${name}.mjs`).matchAll(/ from '([^.'][^']*)'/g)].map(
        ([, specifier = '']) => specifier,
      ),
    );
    const packages = imported.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect([...new Set(packages)].sort()).toEqual(Object.keys(dependencies).sort());
    for (const [name, version] of Object.entries(dependencies)) expect(root.dependencies[name]).toBe(version);
  });
});

async function viewsOf(backend: Backend, reference: string): Promise<readonly ResultView[]> {
  const found = await find(backend, { reference });
  if (!found.ok) throw new Error(JSON.stringify(found.problem));
  return found.value.results;
}
