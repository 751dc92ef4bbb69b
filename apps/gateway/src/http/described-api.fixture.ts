import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { pino } from 'pino';
import { loadMesh, meshHome } from '@clearance/platform';
import { createGatewayHost } from '../accounts/gateway-host.ts';
import { AppModule } from '../app.module.ts';
import { SIGN_IN_EXAMPLE } from '../sign-in/sign-in-terms.ts';
import { describeApi } from './describe-api.ts';
import { createEdge, guardApplication } from './edge.ts';

/** The description that the gateway itself serves: its own module, of which nothing is opened. */
export async function describedApi(): Promise<OpenApi> {
  const log = pino({ level: 'silent' });
  const mesh = await loadMesh(fileURLToPath(new URL('../../../../mesh.yaml', import.meta.url)));
  const home = meshHome('/nowhere');
  const host = createGatewayHost({
    ...{ mesh, home, natsUrl: 'nats://127.0.0.1:1', log },
    ...{ poolSize: 2, headEveryMs: 1_000, reconcileEveryMs: 0 },
  });
  const edge = createEdge({
    trust: { audience: 'spec', issuers: [] },
    limits: { callsPerMinute: 1_000, failuresPerMinute: 1_000 },
    database: () => host.gateway().database,
    log,
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule.over(host, edge, SIGN_IN_EXAMPLE), {
    bodyParser: false,
    logger: false,
  });
  guardApplication(app, edge, 0);
  describeApi(app, '1.0.0');
  await app.listen(0, '127.0.0.1');
  try {
    const url = (await app.getUrl()).replace(/\/$/, '');
    return (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as OpenApi;
  } finally {
    await app.close();
    await edge.stop();
  }
}

/** Of an OpenAPI document what is looked at. */
export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    headers: Record<string, { schema?: Schema }>;
    securitySchemes: Record<string, object>;
  };
}

/** One operation of it. */
export interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; schema?: Schema; example?: unknown }[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, Response & { $ref?: string }>;
}

/** A response, or a component that is one. */
export interface Response {
  description?: string;
  headers?: Record<string, { $ref?: string; schema?: Schema }>;
  content?: Record<string, Media>;
}

/** A content of one media type. */
export interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

/** A JSON Schema. */
export type Schema = Record<string, unknown>;
