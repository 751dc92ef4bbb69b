import { loadMesh, meshHome } from '@clearance/platform/command';
import { readSignInConfig } from './config.ts';
import { consoleOrigins, startSignIn } from './sign-in/start-sign-in.ts';

// The development sign-in, a process of its own; `npm start` starts it beside the services, and nothing else does.
const config = readSignInConfig();
const running = await startSignIn({
  home: meshHome(config.MESH_HOME),
  mesh: await loadMesh(config.MESH_CONFIG),
  port: config.MESH_SIGN_IN_PORT,
  origins: consoleOrigins(config.MESH_HTTP_PORT),
});
process.stdout.write(`${running.issuer}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop());
