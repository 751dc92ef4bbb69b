import { parseArgs } from 'node:util';
import { meshHome } from '@clearance/platform';
import { removeHome } from '@clearance/provision';
import { readConfig } from './config.ts';
import { signInPort, startLocalMesh } from './local-mesh/start-local-mesh.ts';
import { createProgress } from './progress.ts';
import { simulateBackends } from './traffic/simulate-backends.ts';

const HELP = `npm start [-- options]

启动本机网格：NATS、PostgreSQL、十二个单位、网关与模拟业务；Ctrl-C 停止。
Starts a mesh on this machine: NATS, PostgreSQL, the twelve units, the gateway, simulated backends. Ctrl-C stops it.

  --no-traffic   不产生模拟业务 no simulated backends
  --fresh        清空上次的状态 forget the state of the last start
  --help

MESH_HOME, MESH_NATS_URL, MESH_DATABASE_URL, MESH_NATS_PORT, MESH_NATS_MONITOR_PORT, MESH_DATABASE_PORT, MESH_HTTP_PORT,
MESH_SIGN_IN_PORT, MESH_TRACE_URL
`;

const { values } = parseArgs({
  options: {
    'no-traffic': { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const stopping = new AbortController();
  // A terminal sends the signal to the whole group and npm passes it on: hearing it twice means the same.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  try {
    await start(stopping);
  } catch (error) {
    if (!stopping.signal.aborted) {
      process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}

async function start(stopping: AbortController): Promise<void> {
  const config = readConfig();
  const home = meshHome(config.MESH_HOME);
  const progress = createProgress();
  if (values.fresh) await progress.step('清空状态 state removed', () => removeHome(home));
  progress.say('东北通关协作网格 Northeast clearance mesh');
  const mesh = await startLocalMesh({
    home,
    ports: {
      nats: config.MESH_NATS_PORT,
      monitor: config.MESH_NATS_MONITOR_PORT,
      database: config.MESH_DATABASE_PORT,
      http: config.MESH_HTTP_PORT,
      signIn: config.MESH_SIGN_IN_PORT ?? signInPort(config.MESH_HTTP_PORT),
    },
    ...(config.MESH_NATS_URL === undefined ? {} : { natsUrl: config.MESH_NATS_URL }),
    ...(config.MESH_DATABASE_URL === undefined ? {} : { databaseUrl: config.MESH_DATABASE_URL }),
    ...(config.MESH_TRACE_URL === undefined ? {} : { environment: { MESH_TRACE_URL: config.MESH_TRACE_URL } }),
    logLevel: config.CLEARANCE_LOG_LEVEL,
    progress,
    signal: stopping.signal,
  });
  progress.say(`
  网关 gateway       ${mesh.httpUrl}   (/api/v1/openapi.json, /readyz, /metrics)
  登录 sign-in       ${mesh.signInUrl}   (开发环境，无密码 for development, without passwords)
  NATS               ${mesh.natsUrl}
  单位凭证 creds     ${home.root}/creds/<unit>/backend.creds
  HTTP 令牌 tokens   ${home.root}/tokens/{coordinator,policy,policy-approver,auditor,firm,<unit>}.jwt
  日志 logs          ${home.root}/logs
  Ctrl-C 停止 stops it.
`);
  const traffic = values['no-traffic'] ? undefined : simulateBackends(mesh, { signal: stopping.signal, progress });
  if (!stopping.signal.aborted)
    await new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  await traffic;
  await progress.step('停止 stopping', () => mesh.stop());
}
