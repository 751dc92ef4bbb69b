import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoReport } from './run-demo.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const DEMO = join(REPOSITORY, 'tools', 'dist', 'demo.js');

/** A demo in a process of its own, with a temporary directory that nothing else uses. */
interface RunningDemo {
  readonly child: ChildProcess;
  readonly directory: string;
  readonly stderr: () => string;
  /** Resolves with its exit code and what it printed, when it and all that it started has closed its output. */
  readonly ended: Promise<{ code: number | null; stdout: string }>;
}

function startDemo(...args: string[]): RunningDemo {
  if (!existsSync(DEMO)) throw new Error(`${DEMO} is not built: run npx tsc -b`);
  const directory = mkdtempSync(join(tmpdir(), 'demo-spec-'));
  // Under root, PostgreSQL runs as another user and has to pass through.
  chmodSync(directory, 0o711);
  const child = spawn(process.execPath, [DEMO, ...args], {
    env: { ...process.env, TMPDIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<{ code: number | null; stdout: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout })),
  );
  return { child, directory, stderr: () => stderr, ended };
}

/** Processes that name a directory in their arguments or environment, and so belong to the demo that was given it. */
function processesNaming(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [cmdline, environ] = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1'));
        return `${cmdline}${environ}`.includes(directory) ? [`${pid} ${cmdline?.replaceAll('\0', ' ')}`] : [];
      } catch {
        // It has ended meanwhile, or is another user's: PostgreSQL's own processes name the directory in their arguments.
        return [];
      }
    });
}

/** Looks until a condition holds, for a few seconds at most; a process that was killed takes a moment to be gone. */
async function eventually<T>(look: () => T, holds: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 5_000;
  for (let value = look(); ; value = look()) {
    if (holds(value) || Date.now() > until) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function expectNothingLeft(demo: RunningDemo): Promise<void> {
  expect(
    await eventually(
      () => processesNaming(demo.directory),
      (found) => found.length === 0,
    ),
  ).toEqual([]);
  expect(readdirSync(demo.directory)).toEqual([]);
  rmSync(demo.directory, { recursive: true });
}

describe('npm run demo', () => {
  it('plays the day as expected though every service is killed once, prints one JSON object, and leaves nothing', async () => {
    const demo = startDemo('--json', '--disturb', '7');
    const { code, stdout } = await demo.ended;
    const report = JSON.parse(stdout) as DemoReport;
    expect(report.stories.filter(({ ok }) => !ok)).toEqual([]);
    expect({ code, ok: report.ok }).toEqual({ code: 0, ok: true });
    expect(new Set(report.stories.map(({ id }) => id)).size).toBeGreaterThanOrEqual(12);
    const { figures } = report;
    expect(figures.killed).toBe(4);
    expect(figures.settled).toBe(figures.results);
    // Every version goes to eleven units; one that was superseded on its way may be told of as history only.
    expect(figures.copies).toBeGreaterThanOrEqual(figures.results * 11);
    expect(figures.copies).toBeLessThanOrEqual(figures.versions * 11);
    await expectNothingLeft(demo);
  }, 360_000);

  it('stops on Ctrl-C in the middle of the day, and leaves nothing', async () => {
    const demo = startDemo();
    const telling = new Promise<void>((resolve) => {
      demo.child.stderr?.on('data', () => {
        if (demo.stderr().includes('✓ 08:10')) resolve();
      });
    });
    await Promise.race([telling, demo.ended]);
    demo.child.kill('SIGINT');
    expect(await demo.ended).toEqual({ code: 130, stdout: '' });
    await expectNothingLeft(demo);
  }, 240_000);

  it('refuses an option that it does not know, and says which there are', async () => {
    const demo = startDemo('--quick');
    expect(await demo.ended).toEqual({ code: 2, stdout: '' });
    expect(demo.stderr()).toContain('--disturb');
    await expectNothingLeft(demo);
  }, 60_000);
});
