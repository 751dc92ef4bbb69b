import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { startStep, type Step } from '@clearance/platform';
import type { Identity } from '@clearance/platform/tokens';

/** One call of the API, from its arrival to its answer. */
export interface Call {
  /** UUIDv7; answered as `Request-Id`. */
  readonly id: string;
  /** When it came, ms since the epoch. */
  readonly at: number;
  /** W3C Trace Context: within the caller's, or a new one. */
  readonly traceparent: string;
  readonly step: Step;
  /** Who calls; absent until their token is verified. */
  identity?: Identity;
  /** SHA-256 of the body's bytes, base64url; absent without a body. */
  bodyDigest?: string;
  /** Whether its answer stands in the journal already. */
  recorded: boolean;
}

/** Of a request what the steps of a call need, so that no HTTP framework's types are needed. */
export interface HttpRequest {
  method: string;
  /** With the query. */
  originalUrl: string;
  path: string;
  /** The address that it came from, as far as proxies are trusted. */
  ip?: string;
  headers: Record<string, string | undefined>;
  params?: Record<string, string | string[]>;
  /** The route that was found; absent before and when there is none. */
  route?: { path: string };
  body?: unknown;
  [CALL]?: Call;
}

/** Of a response the same. */
export interface HttpResponse {
  statusCode: number;
  writableFinished: boolean;
  status(code: number): HttpResponse;
  type(contentType: string): HttpResponse;
  send(body: string): unknown;
  setHeader(name: string, value: string): unknown;
  getHeader(name: string): unknown;
  on(event: 'close', listener: () => void): unknown;
}

const CALL = Symbol('call');

/** A call that begins now; kept with its request. */
export function beginCall(request: HttpRequest): Call {
  const { method } = request;
  const step = startStep({
    name: method,
    from: request.headers['traceparent'],
    facts: { httpMethod: method },
    serves: true,
  });
  const call: Call = { id: uuidv7(), at: Date.now(), traceparent: step.traceparent, step, recorded: false };
  request[CALL] = call;
  return call;
}

/** The call that a request is; undefined outside the API: health, metrics. */
export function callOf(request: HttpRequest): Call | undefined {
  return request[CALL];
}

/** Request and response of a call that Nest handles; undefined when it is no HTTP. */
export function httpOf(context: ExecutionContext): { request: HttpRequest; response: HttpResponse } | undefined {
  if (context.getType() !== 'http') return undefined;
  const http = context.switchToHttp();
  return { request: http.getRequest<HttpRequest>(), response: http.getResponse<HttpResponse>() };
}

/** The route's template as OpenAPI writes it: `/api/v1/lists/{version}`; undefined where no route was found. */
export function routeOf(request: HttpRequest): string | undefined {
  return request.route?.path.replace(/:(\w+)/g, '{$1}');
}

/** Whether a call only reads (RFC 9110, safe methods). */
export function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/**
 * Who calls, as a handler's parameter: `@Caller() caller: Identity`. There on every route that is not public.
 *
 * @throws an error, and so 500, on a public route, where nobody is known
 */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): Identity => {
  const identity = callOf(context.switchToHttp().getRequest<HttpRequest>())?.identity;
  if (identity === undefined) throw new Error('a public route has no caller');
  return identity;
});

/** What a caller has shown to be let in. It is passed on where another has to judge it too, and kept nowhere. */
export interface PresentedToken {
  token: string;
  /** Of a token that is bound to a key: that the caller has it (RFC 9449). */
  proof?: string;
}

/** The token of a request, borne (RFC 6750) or with a proof (RFC 9449); undefined without one, or with half of the latter. */
export function presentedToken({ headers }: HttpRequest): PresentedToken | undefined {
  const [, scheme, token] = /^(Bearer|DPoP) +([\w.-]+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) return undefined;
  if (scheme?.toLowerCase() === 'bearer') return { token };
  const proof = headers['dpop'];
  return proof === undefined ? undefined : { token, proof };
}

/**
 * The token that let the caller in, as a handler's parameter: `@Presented() presented: PresentedToken`.
 *
 * @throws an error, and so 500, on a public route, where there may be none
 */
export const Presented = createParamDecorator((_data: unknown, context: ExecutionContext): PresentedToken => {
  const presented = presentedToken(context.switchToHttp().getRequest<HttpRequest>());
  if (presented === undefined) throw new Error('a public route has no token');
  return presented;
});
