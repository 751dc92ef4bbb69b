import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import type { MeshHome } from '@clearance/platform';
import { onFreePorts, temporaryHome, testServers } from '@clearance/testing';
import { meshOf } from './mesh.fixture.ts';
import { exists, removeHome, writePrivate } from './private-files.ts';
import { provisionMesh } from './provision-mesh.ts';
import { startNats, type NatsServer } from './start-nats.ts';
import { commandLine } from './stale-server.ts';
import { freePort } from './ports.ts';

let home: MeshHome;
let nats: NatsServer | undefined;

const start = (): Promise<NatsServer> =>
  onFreePorts(async ([port, monitorPort]) => {
    nats = await startNats(home, { binary: testServers().natsServer, port, monitorPort });
    return nats;
  });

/** Whether the unit's backend is let in. */
async function admits(unit: 'ln.customs' | 'jl.border', server: NatsServer): Promise<boolean> {
  const creds = await readFile(home.credsFile(unit, 'backend'));
  try {
    const nc = await connect({ servers: server.url, authenticator: credsAuthenticator(creds), reconnect: false });
    await nc.close();
    return true;
  } catch {
    return false;
  }
}

async function occupy(): Promise<{ port: number; server: Server }> {
  const server = createServer();
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { port, server };
}

beforeEach(async () => {
  home = await temporaryHome();
  await provisionMesh(meshOf(['ln.customs']), home, Date.now());
});

afterEach(async () => {
  await nats?.stop();
  nats = undefined;
  await removeHome(home);
});

describe('startNats', () => {
  it('serves JetStream when it returns, and leaves no process and no run file when stopped', async () => {
    const server = await start();
    const account = await (await fetch(`${server.monitorUrl}/jsz`)).json();
    expect(account).toMatchObject({ config: { store_dir: expect.stringContaining(home.root) } });
    expect(await admits('ln.customs', server)).toBe(true);
    await server.stop();
    expect(await commandLine(server.pid)).toBe('');
    expect((await server.exited).signal).toBeNull();
    await server.stop();
  });

  it('lets a unit in that was provisioned while it runs, after a reload', async () => {
    const server = await start();
    await provisionMesh(meshOf(['ln.customs', 'jl.border']), home, Date.now());
    expect(await admits('jl.border', server)).toBe(false);
    server.reload();
    // The log line is the server's own word that the reload is done.
    while (!(await readFile(home.logFile('nats-server'), 'utf8')).includes('Reloaded server configuration')) {
      await new Promise(setImmediate);
    }
    expect(await admits('jl.border', server)).toBe(true);
  });

  it.each(['MESH_NATS_PORT', 'MESH_NATS_MONITOR_PORT'])('names %s when that port is taken', async (variable) => {
    const { port: taken, server } = await occupy();
    const free = await freePort();
    const [port, monitorPort] = variable === 'MESH_NATS_PORT' ? [taken, free] : [free, taken];
    const attempt = startNats(home, { binary: testServers().natsServer, port, monitorPort });
    await expect(attempt).rejects.toMatchObject({
      code: 'port-taken',
      text: { en: expect.stringMatching(`${taken}.*${variable}`), zh: expect.stringMatching(`${taken}.*${variable}`) },
    });
    server.close();
  });

  it('shows the end of the log when the server does not come up', async () => {
    await writeFile(home.natsConfigurationFile, 'jetstream: { store_dir: [ }');
    await expect(start()).rejects.toMatchObject({
      code: 'server-failed',
      detail: expect.stringContaining('Parse error on line 1'),
    });
  });

  it('refuses to run a mesh twice', async () => {
    const server = await start();
    // Another starter that is alive: this test's own parent.
    await writeFile(home.runFile('nats-server'), JSON.stringify({ server: server.pid, starter: process.ppid }));
    const first = nats;
    await expect(start()).rejects.toMatchObject({
      code: 'already-running',
      message: expect.stringContaining(`${process.ppid}`),
    });
    nats = first;
    expect(await admits('ln.customs', server)).toBe(true);
  });

  it('ends a server that a killed starter left behind, and starts anew on its store', async () => {
    const left = await start();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await writeFile(home.runFile('nats-server'), JSON.stringify({ server: left.pid, starter: gone.pid }));
    const server = await start();
    expect(await left.exited).toBeDefined();
    expect(server.pid).not.toBe(left.pid);
    expect(await admits('ln.customs', server)).toBe(true);
  });

  it('leaves a process alone that merely has the old process id', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(bystander, 'spawn');
    try {
      await writePrivate(home.runFile('nats-server'), JSON.stringify({ server: bystander.pid, starter: 2 ** 22 + 1 }));
      await start();
      expect(bystander.exitCode).toBeNull();
      expect(bystander.signalCode).toBeNull();
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  it('removes the run file once stopped', async () => {
    const server = await start();
    expect(await exists(home.runFile('nats-server'))).toBe(true);
    await server.stop();
    while (await exists(home.runFile('nats-server'))) await new Promise(setImmediate);
  });
});

describe('a starter that is killed', () => {
  it('takes its server with it', async () => {
    // A process of its own, on the built libraries, that starts a server and waits.
    const script = `
      import { meshHome } from '@clearance/platform';
      import { startNats } from '@clearance/provision';
      const server = await startNats(meshHome(${JSON.stringify(home.root)}), ${JSON.stringify({
        binary: testServers().natsServer,
        port: await freePort(),
        monitorPort: await freePort(),
      })});
      console.log(server.pid);`;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(output.toString());
    expect(await commandLine(pid)).toContain(home.natsConfigurationFile);
    starter.kill('SIGKILL');
    while ((await commandLine(pid)) !== '') await new Promise(setImmediate);
    expect(await admits('ln.customs', await start())).toBe(true);
  }, 30_000);
});
