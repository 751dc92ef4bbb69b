import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { systemEnvironment } from '../config.ts';
import type { TestLocalMesh } from './test-local-mesh.ts';
import type { ToolCommand, ToolEnded } from './tool-host.ts';

const dist = (name: string): string => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

/** How a verb of `npm run mesh` ended. */
export interface CommandResult<T> {
  code: number | null;
  /** What it answered on standard output, as JSON. */
  answer: T;
  stderr: string;
}

type Ended = Omit<ToolEnded, 'code'> & { code: number | null };

/** Verbs that have been a process of their own. */
const known = new Set<string>();
let host: Host | undefined;
let hosted: Promise<unknown> = Promise.resolve();
afterAll(() => host?.child.disconnect());

/**
 * Runs the operator's tool as built: the first time that a suite uses a verb in a process of its own, which has to end by
 * itself; from then on in one that has loaded the tool already.
 */
function runTool(command: ToolCommand): Promise<Ended> {
  const verb = command.words.filter((word, place) => place < 2 && /^[a-z-]+$/.test(word)).join(' ');
  if (!known.has(verb)) {
    known.add(verb);
    return runAlone(command);
  }
  const ended = hosted.then(() => runInHost(command));
  hosted = ended.catch(() => undefined);
  return ended;
}

async function runAlone({ words, env, cwd }: ToolCommand): Promise<Ended> {
  const child = spawn(process.execPath, [dist('mesh.js'), ...words], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [text, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text, stderr };
}

/** A process that has loaded the tool, and what says that it has ended. */
interface Host {
  child: ChildProcess;
  gone: AbortSignal;
}
function startHost(): Host {
  const child = fork(dist('end-to-end/tool-host.js'), { env: systemEnvironment(), execArgv: [] });
  const gone = new AbortController();
  child.once('exit', () => gone.abort());
  return { child, gone: gone.signal };
}

async function runInHost(command: ToolCommand): Promise<Ended> {
  const { child, gone } = (host ??= startHost());
  const ended = once(child, 'message', { signal: gone });
  child.send(command);
  const [answer] = (await ended) as [ToolEnded];
  return answer;
}

/** Runs the operator's tool as a person does, in the folder of the test's mesh. */
export function printedByMesh(
  { home, httpUrl }: Pick<TestLocalMesh, 'home' | 'httpUrl'>,
  words: readonly string[],
): Promise<Ended> {
  const env = { ...systemEnvironment(), MESH_HOME: home.root, MESH_HTTP_PORT: new URL(httpUrl).port };
  return runTool({ words, env, cwd: home.root });
}

/** Without what differs from run to run: ids and times. */
export function maskedText(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'TIME');
}

/** Runs the operator's tool, as built, against a test's mesh; `--json` is added. */
export async function runMeshCommand<T>(
  { home, httpUrl, natsUrl }: Pick<TestLocalMesh, 'home' | 'httpUrl' | 'natsUrl'>,
  verb: string,
  ...options: readonly string[]
): Promise<CommandResult<T>> {
  const env = {
    ...systemEnvironment(),
    MESH_HOME: home.root,
    MESH_HTTP_PORT: new URL(httpUrl).port,
    MESH_NATS_URL: natsUrl,
  };
  const { code, text, stderr } = await runTool({ words: [verb, ...options, '--json'], env, cwd: process.cwd() });
  const lines = text.trim().split('\n');
  return { code, answer: lines.at(-1) ? (JSON.parse(lines.at(-1)!) as T) : (undefined as T), stderr };
}
