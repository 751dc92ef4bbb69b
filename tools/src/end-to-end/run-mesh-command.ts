import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemEnvironment } from '../config.ts';
import type { TestLocalMesh } from './test-local-mesh.ts';

const MESH_COMMAND = fileURLToPath(new URL('../../dist/mesh.js', import.meta.url));

/** How a verb of `npm run mesh` ended. */
export interface CommandResult<T> {
  code: number | null;
  /** What it answered on standard output, as JSON. */
  answer: T;
  stderr: string;
}

/** Runs the operator's tool as a person does, in the folder of the test's mesh. */
export async function printedByMesh(
  mesh: Pick<TestLocalMesh, 'home' | 'httpUrl'>,
  words: readonly string[],
): Promise<{ code: number | null; text: string; stderr: string }> {
  const child = spawn(process.execPath, [MESH_COMMAND, ...words], {
    cwd: mesh.home.root,
    env: { ...systemEnvironment(), MESH_HOME: mesh.home.root, MESH_HTTP_PORT: new URL(mesh.httpUrl).port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [text, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text, stderr };
}

/** Without what differs from run to run: ids and times. */
export function maskedText(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'TIME');
}

/** Runs the operator's tool, as built, against a test's mesh; `--json` is added. */
export async function runMeshCommand<T>(
  mesh: Pick<TestLocalMesh, 'home' | 'httpUrl' | 'natsUrl'>,
  verb: string,
  ...options: readonly string[]
): Promise<CommandResult<T>> {
  const child = spawn(process.execPath, [MESH_COMMAND, verb, ...options, '--json'], {
    env: {
      ...systemEnvironment(),
      MESH_HOME: mesh.home.root,
      MESH_HTTP_PORT: new URL(mesh.httpUrl).port,
      MESH_NATS_URL: mesh.natsUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = stdout.trim().split('\n');
  return { code, answer: lines.at(-1) ? (JSON.parse(lines.at(-1)!) as T) : (undefined as T), stderr };
}
