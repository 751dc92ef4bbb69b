import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { exampleOf, HttpProblemSchema, type Refusal, REFUSALS } from './refusals.ts';

const text = { type: 'string' } as const;

const HEADERS = {
  RequestId: {
    required: true,
    description: '本次调用的编号，见 /api/v1/audit/calls The call’s id',
    schema: { ...text, format: 'uuid' },
  },
  RetryAfter: { required: true, description: '秒 Seconds', schema: { type: 'integer', minimum: 1 } },
  RateLimitPolicy: { required: true, description: 'draft-ietf-httpapi-ratelimit-headers', schema: text },
  RateLimit: { required: true, description: 'draft-ietf-httpapi-ratelimit-headers', schema: text },
  IdempotencyReplayed: {
    description: '先前应答的重发 The first answer to this key, given again',
    schema: { ...text, enum: ['true'] },
  },
  WwwAuthenticate: { required: true, description: 'RFC 6750, RFC 9449', schema: text },
} as const;
const headerOf = (name: keyof typeof HEADERS): object => ({ $ref: `#/components/headers/${name}` });

interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { in: string; name: string; schema?: { example?: unknown }; example?: unknown }[];
  requestBody?: unknown;
  /** Each names one role: any of them will do. */
  security?: Record<string, string[]>[];
  responses: Record<
    string,
    { $ref?: string; description?: string; headers?: object; content?: Record<string, object> }
  >;
}

/**
 * Adds to a description what is the same for all operations: how each may be refused, in which form, who may call, and
 * the headers of every answer. What an operation says itself stays. Schemas that have a title become components.
 *
 * @throws Error when two different schemas have the same title
 */
export function completeDescription(document: OpenAPIObject): OpenAPIObject {
  const components = document.components ?? {};
  const named: Record<string, object> = {};
  const paths = nameSchemas(document.paths, named) as OpenAPIObject['paths'];
  nameSchemas(HttpProblemSchema, named);
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      if (path.startsWith('/api/')) completeOperation(method, operation);
      else completeHealth(path, operation);
    }
  }
  return {
    ...document,
    paths,
    components: {
      ...components,
      schemas: { ...components.schemas, ...named } as never,
      headers: { ...components.headers, ...HEADERS } as never,
      responses: { ...components.responses, ...refusals() } as never,
    },
  };
}

function refusals(): Record<string, object> {
  const all = Object.entries(REFUSALS).map(([status, { description }]) => [
    `Refusal${status}`,
    {
      description,
      headers: {
        'Request-Id': headerOf('RequestId'),
        ...(status === '401' ? { 'WWW-Authenticate': headerOf('WwwAuthenticate') } : {}),
        ...(status === '429' || status === '503' ? { 'Retry-After': headerOf('RetryAfter') } : {}),
      },
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          example: exampleOf(Number(status) as Refusal),
        },
      },
    },
  ]);
  return Object.fromEntries(all);
}

/** Members whose values are data, not schemas. */
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** Puts a reference in the place of each schema with a title, and the schema among those that are named. */
function nameSchemas(value: unknown, named: Record<string, object>): unknown {
  if (Array.isArray(value)) return value.map((item) => nameSchemas(item, named));
  if (typeof value !== 'object' || value === null) return value;
  const members: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, DATA.has(name) ? member : nameSchemas(member, named)]),
  );
  const { title } = members;
  if (typeof title !== 'string') return members;
  const known = named[title];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(members)) {
    throw new Error(`two schemas are called ${title}`);
  }
  named[title] = members;
  return { $ref: `#/components/schemas/${title}` };
}

function completeOperation(method: string, operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    // Nest keeps an example only within the schema, where JSON Schema has no such keyword.
    const { example, ...schema } = parameter.schema ?? {};
    if (example !== undefined) Object.assign(parameter, { schema, example });
  }
  const keyed = takes(operation, 'header', 'Idempotency-Key');
  const open = isOpen(operation);
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue;
    answer.description ||= '应答 The answer';
    answer.headers = {
      'Request-Id': headerOf('RequestId'),
      ...(open ? {} : { 'RateLimit-Policy': headerOf('RateLimitPolicy'), RateLimit: headerOf('RateLimit') }),
      ...(keyed ? { 'Idempotency-Replayed': headerOf('IdempotencyReplayed') } : {}),
      ...answer.headers,
    };
  }
  // What a controller declares beyond what follows from its parameters is a refusal like any other.
  const declared = Object.keys(operation.responses).filter((status) => status in REFUSALS);
  for (const status of new Set([...refusalsOf(method, operation).map(String), ...declared])) {
    const own = operation.responses[status]?.description;
    const common = { $ref: `#/components/responses/Refusal${status}` };
    operation.responses[status] = own ? { ...common, description: own } : common;
  }
  const roles = (operation.security ?? []).flatMap((requirement) => Object.values(requirement).flat());
  if (roles.length === 0) return;
  operation.security = roles.map((role) => ({ bearer: [role] }));
  operation.description = [operation.description, `角色 Roles: ${roles.join(', ')}`].filter(Boolean).join('\n\n');
}

/** Whether it needs no token: then nobody is counted, and nobody refused for who they are. */
function isOpen({ security = [] }: Operation): boolean {
  return security.some((requirement) => Object.keys(requirement).length === 0);
}

function takes({ parameters = [] }: Operation, place: string, name?: string): boolean {
  return parameters.some((parameter) => parameter.in === place && (name === undefined || parameter.name === name));
}

/** How an operation may be refused, by what it takes. */
function refusalsOf(method: string, operation: Operation): Refusal[] {
  const refusals: Refusal[] = isOpen(operation) ? [503] : [400, 401, 403, 429, 503];
  if (takes(operation, 'path')) refusals.push(404);
  if (method !== 'get') refusals.push(409, 413, 415);
  if (takes(operation, 'header', 'Idempotency-Key')) refusals.push(422);
  if (takes(operation, 'header', 'If-Match')) refusals.push(412, 428);
  return refusals;
}

const LIVENESS = {
  type: 'object',
  additionalProperties: false,
  required: ['status'],
  properties: { status: { type: 'string', enum: ['ok'] } },
};

const READINESS = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'checks'],
  properties: {
    status: { type: 'string', enum: ['ready', 'not-ready'] },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'ok'],
        properties: { name: text, ok: { type: 'boolean' }, detail: text },
      },
    },
  },
};

/** Health and metrics belong to a common module, which knows nothing of OpenAPI. */
function completeHealth(path: string, operation: Operation): void {
  const json = (description: string, schema: object, example: object): Operation['responses'][string] => ({
    description,
    content: { 'application/json': { schema, example } },
  });
  operation.tags = ['health'];
  switch (path) {
    case '/livez':
      operation.summary = '进程存活 Whether the process runs';
      operation.responses = { 200: json('进程在运行 The process runs', LIVENESS, { status: 'ok' }) };
      return;
    case '/readyz':
      operation.summary = '可否服务 Whether everything that is needed is there, and what is not';
      operation.responses = {
        200: json('可以服务 Everything that is needed is there', READINESS, {
          status: 'ready',
          checks: [{ name: 'database', ok: true }],
        }),
        503: json('尚不可服务 Something is missing', READINESS, {
          status: 'not-ready',
          checks: [{ name: 'database', ok: false, detail: 'not connected' }],
        }),
      };
      return;
    case '/metrics':
      operation.summary = '运行指标 Metrics for Prometheus';
      operation.responses = {
        200: {
          description: 'Prometheus',
          content: { 'text/plain': { schema: text, example: 'process_cpu_seconds_total 12.5\n' } },
        },
      };
  }
}

/** Names an operation by what it is about and what is done: `draftsSubmit`. */
function operationIdOf(controller: string, method: string): string {
  const about = controller.replace(/Controller$/, '');
  return `${about[0]!.toLowerCase()}${about.slice(1)}${method[0]!.toUpperCase()}${method.slice(1)}`;
}

/** OpenAPI 3.1 at `/api/v1/openapi.json`, without the viewer's page. */
export function describeApi(app: NestExpressApplication, version: string): void {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Clearance mesh gateway 通关协作网关')
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup(
    'api/v1/docs',
    app,
    () => completeDescription(SwaggerModule.createDocument(app, description, { operationIdFactory: operationIdOf })),
    {
      ui: false,
      raw: ['json'],
      jsonDocumentUrl: 'api/v1/openapi.json',
    },
  );
}
