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
