import type { Server as HttpsServer } from 'node:https';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestFactory } from '@nestjs/core';
import { MeshTransport } from '@clearance/messaging/nest';
import {
  createLogger,
  followHttps,
  httpsOptions,
  loadMesh,
  type Logger,
  meshHome,
  nestLogger,
  startTelemetry,
} from '@clearance/platform';
import { createGatewayHost } from './accounts/gateway-host.ts';
import { AppModule } from './app.module.ts';
import type { GatewayConfig } from './config.ts';
import { serveConsole } from './console/serve-console.ts';
import { describeApi } from './http/describe-api.ts';
import { createEdge, guardApplication } from './http/edge.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { readTrust } from './sign-in/read-trust.ts';
import { signInOf } from './sign-in/sign-in-terms.ts';

/** A gateway that runs until it is stopped. */
export interface RunningGateway {
  log: Logger;
  /** Resolves when every account is open; rejects when one never can be. */
  opened: Promise<void>;
  stop(): Promise<void>;
}

const VERSION = '1.0.0';

/**
 * Boots the gateway: health over HTTP first, then database, list and accounts as they are there.
 *
 * @throws when `mesh.yaml` or the token issuer's keys are unusable, or the HTTP port is taken.
 */
export async function runGateway(config: GatewayConfig): Promise<RunningGateway> {
  const log = createLogger('gateway', config.CLEARANCE_LOG_LEVEL);
  const mesh = await loadMesh(config.MESH_CONFIG);
  const home = meshHome(config.MESH_HOME);
  const trust = await readTrust(config, home);
  const telemetry = await startTelemetry('gateway', config.telemetry, log);

  const host = createGatewayHost({
    mesh,
    home,
    natsUrl: config.MESH_NATS_URL,
    tls: config.tls,
    poolSize: config.CLEARANCE_DATABASE_POOL,
    headEveryMs: config.CLEARANCE_HEAD_EVERY_MS,
    reconcileEveryMs: config.CLEARANCE_RECONCILE_EVERY_MS,
    log,
  });
  const edge = createEdge({
    trust,
    limits: {
      callsPerMinute: config.CLEARANCE_CALLS_PER_MINUTE,
      failuresPerMinute: config.CLEARANCE_REFUSALS_PER_MINUTE,
    },
    database: () => host.gateway().database,
    log,
  });
  const signIn = signInOf(config);
  const { http } = config.tls;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.over(host, edge, signIn), {
    // Bodies are read once their sender is known: http/read-body.ts.
    bodyParser: false,
    logger: nestLogger(log),
    abortOnError: false,
    ...(http === undefined ? {} : { httpsOptions: httpsOptions(http) }),
  });
  guardApplication(app, edge, config.CLEARANCE_TRUSTED_PROXIES);
  serveConsole(app, { directory: config.CLEARANCE_CONSOLE_FILES, issuer: signIn.issuer });
  describeApi(app, VERSION);

  const transport = new MeshTransport({
    service: { name: 'gateway', version: VERSION, description: '负面清单网关 Negative-list gateway' },
    maxRequestBytes: mesh.limits.maxPayloadBytes,
    // It answers unit services alone; backends do not find it.
    discoverable: false,
    log,
  });
  app.useGlobalFilters(new ProblemFilter(log));
  app.connectMicroservice({ strategy: transport }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(config.MESH_HTTP_PORT);
  const https = http === undefined ? undefined : await followHttps(app.getHttpServer() as HttpsServer, http, log);
  log.info({ httpPort: config.MESH_HTTP_PORT }, 'started; accounts join as their surroundings are there');
  const opened = host.open((seat) => transport.addSeat(seat));
  return {
    log,
    opened,
    stop: async () => {
      https?.stop();
      await app.close();
      await edge.stop();
      await host.close();
      await opened.catch(() => undefined);
      await telemetry.stop();
    },
  };
}
