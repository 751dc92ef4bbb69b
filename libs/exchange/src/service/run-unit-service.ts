import type { Server as HttpsServer } from 'node:https';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { parseUnitId, unitsOf } from '@clearance/contracts';
import { MeshTransport, PassFaultsToTransport } from '@clearance/messaging/nest';
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
import { signInIssuer, type TokenVerifier, tokenVerifier } from '@clearance/platform/tokens';
import type { AgencyProfile } from '../agency-profile.ts';
import { createUnitHost, type UnitHost } from './unit-host.ts';
import type { UnitServiceConfig } from './unit-service-config.ts';

/** A unit service that runs until it is stopped. */
export interface RunningUnitService {
  log: Logger;
  /** Resolves when every unit works; rejects when one never can, because its own files are missing or unusable. */
  opened: Promise<void>;
  /** Stops taking work, finishes and confirms what was begun, closes everything. */
  stop(): Promise<void>;
}

const VERSION = '1.0.0';

/**
 * Boots a unit service: health over HTTP first, so that it can be seen waiting, then each unit as soon as its broker and
 * database are there.
 *
 * @param wire makes the app's module over the host of its units.
 * @throws when `mesh.yaml` is unusable, names no unit of the agency in these provinces, or the HTTP port is taken.
 */
export async function runUnitService(
  agency: AgencyProfile,
  config: UnitServiceConfig,
  wire: (host: UnitHost) => DynamicModule,
): Promise<RunningUnitService> {
  const log = createLogger(agency.service, config.CLEARANCE_LOG_LEVEL);
  const mesh = await loadMesh(config.MESH_CONFIG);
  const units = unitsOf(mesh).filter((unit) => {
    const { province, agency: role } = parseUnitId(unit);
    return role === agency.agency && (config.provinces.length === 0 || config.provinces.includes(province));
  });
  if (units.length === 0) throw new Error(`${config.MESH_CONFIG} names no ${agency.agency} unit for this process`);

  const telemetry = await startTelemetry(agency.service, config.telemetry, log);
  const people = peopleOf(config, log);
  const host = createUnitHost(units, {
    mesh,
    agency,
    home: meshHome(config.MESH_HOME),
    natsUrl: config.MESH_NATS_URL,
    tls: config.tls,
    people,
    needsProof: config.CLEARANCE_CONSOLE_PROOF === 'always',
    streamReplicas: config.CLEARANCE_STREAM_REPLICAS,
    poolSize: config.CLEARANCE_DATABASE_POOL,
    log,
  });
  const { http } = config.tls;
  const app: INestApplication = await NestFactory.create(wire(host), {
    logger: nestLogger(log),
    abortOnError: false,
    ...(http === undefined ? {} : { httpsOptions: httpsOptions(http) }),
  });
  app.useGlobalFilters(new PassFaultsToTransport());
  const service = { name: agency.service, version: VERSION, description: agency.description };
  const transport = new MeshTransport({ service, maxRequestBytes: mesh.limits.maxPayloadBytes, log });
  app.connectMicroservice({ strategy: transport }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(config.CLEARANCE_HTTP_PORT);
  const https = http === undefined ? undefined : await followHttps(app.getHttpServer() as HttpsServer, http, log);
  log.info({ httpPort: config.CLEARANCE_HTTP_PORT, units }, 'started; units join as their surroundings are there');
  const opened = host.open((seat) => transport.addSeat(seat));
  return {
    log,
    opened,
    stop: async () => {
      https?.stop();
      await app.close();
      await host.close();
      people?.stop();
      await opened.catch(() => undefined);
      await telemetry.stop();
    },
  };
}

/** A token that is older than that is not taken for a word of its unit's, however long its issuer lets it live. */
const MAX_AGE_S = 3_600;

/** By whom people of the units are known; undefined where none can sign in. */
function peopleOf(config: UnitServiceConfig, log: Logger): TokenVerifier | undefined {
  const { CLEARANCE_CONSOLE_ISSUER: issuer, CLEARANCE_TOKEN_AUDIENCE: audience } = config;
  if (issuer === undefined) return undefined;
  return tokenVerifier({ audience, issuers: [signInIssuer(issuer, config)], maxAgeS: MAX_AGE_S }, log);
}
