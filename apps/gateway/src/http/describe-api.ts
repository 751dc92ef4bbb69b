import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_CODES, VIOLATION_CODES } from '@clearance/contracts';

const text = { type: 'string' } as const;

/** RFC 9457, as every refusal is answered. */
const PROBLEM = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'code', 'errors'],
  properties: {
    type: { type: 'string', pattern: '^urn:clearance:problem:' },
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: '中文 / English' },
    code: { type: 'string', enum: PROBLEM_CODES },
    errors: {
      type: 'array',
      description: 'Everything that is wrong, each with its place',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901, into the body; a parameter as /name' },
          code: { type: 'string', enum: VIOLATION_CODES },
          message: { type: 'object', required: ['zh', 'en'], properties: { zh: text, en: text } },
        },
      },
    },
    retryAfter: { type: 'integer', minimum: 1, description: 'Seconds, as the header Retry-After' },
    findings: {
      type: 'array',
      description: 'Of a list that was refused: what its lint found',
      items: { type: 'object' },
    },
  },
} as const;

/** What each refusal means, whichever operation answers it. */
const REFUSALS = {
  400: '内容或参数不符合约定 The content or a parameter breaks the contract',
  401: '缺少有效的访问令牌 There is no good bearer token',
  403: '该角色无权调用 None of the token’s roles may do this',
  404: '没有这样的记录 There is no such record',
  409: '与已有记录冲突，或同一请求仍在处理 It conflicts with what is recorded, or the same request is under way',
  412: '记录已被更改 The record is in another state than If-Match says',
  413: '报文过大 The body is too large',
  415: '不支持的字符集或编码 A charset or content coding that is not read',
  422: '幂等键已用于另一个请求 The idempotency key was used for another request',
  428: '须给出 If-Match If-Match is required',
  429: '请求过快 Too many calls',
  503: '尚未就绪，请稍后重试 Not ready; try again later',
} as const;
type Refusal = keyof typeof REFUSALS;

const HEADERS = {
  RequestId: {
    description: '本次调用的编号，见 /api/v1/audit/calls The call’s id',
    schema: { ...text, format: 'uuid' },
  },
  RetryAfter: { description: '秒 Seconds', schema: { type: 'integer', minimum: 1 } },
  RateLimitPolicy: { description: 'draft-ietf-httpapi-ratelimit-headers', schema: text },
  RateLimit: { description: 'draft-ietf-httpapi-ratelimit-headers', schema: text },
} as const;
const headerOf = (name: keyof typeof HEADERS): object => ({ $ref: `#/components/headers/${name}` });

interface Operation {
  parameters?: { in: string; name: string }[];
  requestBody?: unknown;
  security?: object[];
  responses: Record<
    string,
    { $ref?: string; description?: string; headers?: object; content?: Record<string, object> }
  >;
}

/**
 * Adds to a description what is the same for all operations: how each may be refused, in which form, and the headers of
 * every answer. What an operation says itself stays.
 */
export function completeDescription(document: OpenAPIObject): OpenAPIObject {
  const components = document.components ?? {};
  const responses = Object.entries(REFUSALS).map(([status, description]) => [
    `Refusal${status}`,
    {
      description,
      headers: {
        'Request-Id': headerOf('RequestId'),
        ...(status === '429' || status === '503' ? { 'Retry-After': headerOf('RetryAfter') } : {}),
      },
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      if (path.startsWith('/api/')) completeOperation(method, operation);
      else completeHealth(path, operation);
    }
  }
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components.schemas, Problem: PROBLEM as never },
      headers: { ...components.headers, ...HEADERS } as never,
      responses: { ...components.responses, ...Object.fromEntries(responses) } as never,
    },
  };
}

function completeOperation(method: string, operation: Operation): void {
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!status.startsWith('2')) continue;
    answer.description ||= '应答 The answer';
    answer.content ??= { 'application/json': { schema: { type: 'object' } } };
    answer.headers = {
      'Request-Id': headerOf('RequestId'),
      'RateLimit-Policy': headerOf('RateLimitPolicy'),
      RateLimit: headerOf('RateLimit'),
      ...answer.headers,
    };
  }
  // What a controller declares beyond what follows from its parameters is a refusal like any other.
  const declared = Object.keys(operation.responses).filter((status) => status in REFUSALS);
  for (const status of new Set([...refusalsOf(method, operation).map(String), ...declared])) {
    const own = operation.responses[status]?.description;
    const common = { $ref: `#/components/responses/Refusal${status}` };
    operation.responses[status] = own === undefined ? common : { ...common, description: own };
  }
}

/** How an operation may be refused, by what it takes. */
function refusalsOf(method: string, { parameters = [], requestBody }: Operation): Refusal[] {
  const takes = (place: string, name?: string): boolean =>
    parameters.some((parameter) => parameter.in === place && (name === undefined || parameter.name === name));
  const refusals: Refusal[] = [400, 401, 403, 429, 503];
  if (takes('path')) refusals.push(404);
  if (method !== 'get') refusals.push(409);
  if (method !== 'get' || requestBody !== undefined) refusals.push(413, 415);
  if (takes('header', 'Idempotency-Key')) refusals.push(422);
  if (takes('header', 'If-Match')) refusals.push(412, 428);
  return refusals;
}

const READINESS = {
  type: 'object',
  required: ['status', 'checks'],
  properties: {
    status: { type: 'string', enum: ['ready', 'not-ready'] },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'ok'],
        properties: { name: text, ok: { type: 'boolean' }, detail: text },
      },
    },
  },
};

/** Health and metrics belong to a common module, which knows nothing of OpenAPI. */
function completeHealth(path: string, operation: Operation): void {
  const json = (description: string, schema: object): Operation['responses'][string] => ({
    description,
    content: { 'application/json': { schema } },
  });
  switch (path) {
    case '/livez': {
      const schema = { type: 'object', required: ['status'], properties: { status: { type: 'string', enum: ['ok'] } } };
      operation.responses = { 200: json('进程在运行 The process runs', schema) };
      return;
    }
    case '/readyz':
      operation.responses = {
        200: json('可以服务 Everything that is needed is there', READINESS),
        503: json('尚不可服务 Something is missing', READINESS),
      };
      return;
    case '/metrics':
      operation.responses = { 200: { description: 'Prometheus', content: { 'text/plain': { schema: text } } } };
  }
}

/** OpenAPI 3.1 at `/api/v1/openapi.json`, without the viewer's page. */
export function describeApi(app: NestExpressApplication, version: string): void {
  const description = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Clearance mesh gateway 通关协作网关')
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  SwaggerModule.setup('api/v1/docs', app, () => completeDescription(SwaggerModule.createDocument(app, description)), {
    ui: false,
    raw: ['json'],
    jsonDocumentUrl: 'api/v1/openapi.json',
  });
}
