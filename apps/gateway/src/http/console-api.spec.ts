import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describedApi } from './described-api.fixture.ts';

const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const TYPES = join(REPOSITORY, 'apps', 'console', 'src', 'api', 'schema.d.ts');
const GENERATOR = join(REPOSITORY, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');

/** The types of everything that the gateway describes, as the console has them. */
async function generate(directory: string): Promise<string> {
  const [description, types] = [join(directory, 'openapi.json'), join(directory, 'schema.d.ts')];
  await writeFile(description, JSON.stringify(await describedApi()));
  const run = spawnSync(process.execPath, [GENERATOR, description, '-o', types, '--alphabetize'], {
    encoding: 'utf8',
    cwd: REPOSITORY,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return readFile(types, 'utf8');
}

it('the console’s types are those of the gateway’s description; `npm run console-api` writes them', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'console-api-'));
  try {
    const types = await generate(directory);
    if (process.env['CLEARANCE_WRITE'] === 'console-api') await writeFile(TYPES, types);
    expect(await readFile(TYPES, 'utf8')).toBe(types);
  } finally {
    await rm(directory, { recursive: true });
  }
}, 120_000);
