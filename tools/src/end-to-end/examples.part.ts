import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connect, headers } from '@nats-io/transport-node';
import { problem } from '@clearance/contracts';
import { keyRing, type TrustDocument, verifyToken } from '@clearance/provenance';
import { customsExamination, testServers } from '@clearance/testing';
import { find, submitBatch } from '../traffic/backend.ts';
import { mesh } from './traced-mesh.fixture.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const EXAMPLES = join(REPOSITORY, 'examples');
const text = (path: string): string => readFileSync(join(REPOSITORY, path), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

/** How a program ended. */
interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end; a program that is not there fails the test and says what to do about it. */
function run(program: string, args: readonly string[], cwd = REPOSITORY): Promise<Ended> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, timeout: 220_000 }, (error, stdout, stderr) => {
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

/** An example that is ready to be run with these arguments. */
type Example = (args: string[]) => Promise<Ended>;

describe('the examples, against a real mesh', () => {
  const skipped = new Set((process.env['CLEARANCE_SKIP_LANGUAGES'] ?? '').split(',').map((name) => name.trim()));
  let scratch: string;
  let creds: string;
  /** By language; under way since before the mesh starts, because fetching and compiling take their time. */
  const prepared = new Map<string, Promise<Example>>();

  /** The command of each language, ready to be given its arguments; resolves when all that it needs is installed. */
  const prepare: Record<string, () => Promise<Example>> = {
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
  const chosen = Object.keys(prepare).filter((language) => language === 'javascript' || !skipped.has(language));

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'clearance-examples-'));
    for (const language of chosen) {
      const preparing = prepare[language]!();
      preparing.catch(() => undefined); // told by the language's own test
      prepared.set(language, preparing);
    }
    creds = join(mesh.home.root, 'creds');
  }, 120_000);

  afterAll(async () => {
    await Promise.allSettled(prepared.values());
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }, 240_000);

  it.each(chosen)(
    '%s: a result is exchanged, filtered, refused when bad, and recognised',
    async (language) => {
      const example = await prepared.get(language)!;
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
    240_000,
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

  /** Tokens of results that were issued, and so signed, together. */
  async function tokensOfBatch(size: number): Promise<string[]> {
    const contents = Array.from({ length: size }, (_, index) => customsExamination(`EXAMPLE-TOGETHER-${index}`));
    const outcome = await submitBatch(mesh.backend('ln.customs'), contents);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problem));
    const ids = outcome.value.map((each) => (each.ok ? each.value.resultId : ''));
    const rows = await mesh.query<{ token: string }>(
      'ln.customs',
      'select token from result where result_id = any($1) order by reference',
      [ids],
    );
    expect(rows).toHaveLength(size);
    return rows.map(({ token }) => token);
  }

  it('javascript: the token is verified as the mesh verifies it', async () => {
    const example = (await import(pathToFileURL(join(EXAMPLES, 'javascript/verify-token.mjs')).href)) as {
      verifyToken: (token: string, trust: unknown) => Record<string, unknown>;
    };
    const trust = JSON.parse(readFileSync(mesh.home.trustFile, 'utf8')) as TrustDocument;
    const found = await find(mesh.backend('hl.border'), { reference: 'EXAMPLE-javascript' });
    if (!found.ok) throw new Error(JSON.stringify(found.problem));
    const { token, keyId } = found.value.results[0]!.signature;
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
    const tokenOf = (...parts: string[]): string => [...parts, ''].join('~');
    const changed = (part: string, from: string, to: string): string =>
      Buffer.from(Buffer.from(part, 'base64url').toString().replace(from, to)).toString('base64url');
    const signer = (change: object) => trust.keys.map((key) => (key.kid === keyId ? { ...key, ...change } : key));

    expect(judged(token)).toBe('accepted');
    const together = await tokensOfBatch(5);
    for (const each of together) expect(judged(each)).toBe('accepted');
    const [, second = '', , , fifth = ''] = together;
    const valueOf = (each: string): string => each.split('~')[0]!.split('.')[2]!;
    expect(judged(second.replace(valueOf(second), valueOf(fifth)))).toBe('signature-invalid');
    expect(judged(tokenOf(jwt, ...disclosures.slice(1)))).toBe('accepted'); // one more withheld
    expect(judged(tokenOf(`${header}.${changed(payload, '"ver":1', '"ver":2')}.${signature}`, ...disclosures))).toBe(
      'signature-invalid',
    );
    expect(judged(tokenOf(jwt, changed(disclosures[0]!, '"]', '0"]'), ...disclosures.slice(1)))).toBe(
      'disclosure-invalid',
    );
    expect(judged(tokenOf(jwt, disclosures[0]!, ...disclosures))).toBe('disclosure-invalid');
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
