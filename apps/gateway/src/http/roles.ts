import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import { problem } from '@clearance/contracts';
import { type Identity, isProven, type Role, type TokenVerifier } from '@clearance/platform/tokens';
import { callOf, httpOf, type HttpRequest, type HttpResponse, type PresentedToken, presentedToken } from './call.ts';
import { addressKey, type Allowance, type CallCounter, rateLimitHeaders } from './call-limits.ts';
import { ProblemError } from './problem-filter.ts';

const ROLES_KEY = 'clearance:roles';
const PUBLIC_KEY = 'clearance:public';

/** Who may call a route: any of these roles. A route without it is open to nobody. The description says the same. */
export const Allow = (...roles: Role[]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ROLES_KEY, roles), ...roles.map((role) => ApiSecurity('bearer', [role])));
/** A route that needs no token, since it says what one needs to have one. The description says the same. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(PUBLIC_KEY, true), ApiSecurity({}));

/** By what calls are let in. */
export interface Entrance {
  tokens: TokenVerifier;
  /** Calls per subject. */
  calls: CallCounter;
  /** Calls without a good token, per address. */
  failures: CallCounter;
}
export const ENTRANCE = Symbol('Entrance');

/** Paths of the common health module, which knows nothing of roles. */
const OPEN_PATHS = new Set(['/livez', '/readyz', '/metrics']);

/**
 * Bearer tokens (RFC 6750): verified here, counted, and refused unless the route names one of the token's roles. Deny by
 * default. A good token is let in whatever else comes from its address: many callers share the address of a proxy.
 */
@Injectable()
export class RoleGuard implements CanActivate {
  constructor(
    @Inject(ENTRANCE) private readonly entrance: Entrance,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = httpOf(context);
    if (http === undefined) return true;
    const { request, response } = http;
    const places = [context.getHandler(), context.getClass()];
    if (OPEN_PATHS.has(request.path) || this.reflector.getAllAndOverride<boolean>(PUBLIC_KEY, places)) return true;
    const identity = await this.identify(request);
    const call = callOf(request);
    if (call !== undefined) call.identity = identity;
    await this.count(identity, response);
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES_KEY, places) ?? [];
    if (identity.roles.some((role) => allowed.includes(role))) return true;
    throw new ProblemError(problem('forbidden', { detail: WRONG_ROLE }));
  }

  private async identify(request: HttpRequest): Promise<Identity> {
    const presented = presentedToken(request);
    const identity = presented === undefined ? undefined : await this.entrance.tokens.verify(presented.token);
    if (identity !== undefined && (await isPresenter(identity, presented!, request))) return identity;
    const allowance = await this.entrance.failures.take(addressKey(request.ip ?? ''));
    if (!allowance.allowed) throw tooMany(allowance);
    throw new ProblemError(problem('forbidden', { detail: NO_TOKEN }), 401);
  }

  private async count({ subject }: Identity, response: HttpResponse): Promise<void> {
    const allowance = await this.entrance.calls.take(subject);
    for (const [name, value] of Object.entries(rateLimitHeaders('calls', allowance))) response.setHeader(name, value);
    if (!allowance.allowed) throw tooMany(allowance);
  }
}

/**
 * Whether who shows a token is who may: a bound one needs a proof, so that nobody can use it who has only seen it, and one
 * that is not bound needs none.
 */
async function isPresenter(
  { boundTo }: Identity,
  { token, proof }: PresentedToken,
  { method, path }: HttpRequest,
): Promise<boolean> {
  if (boundTo === undefined || proof === undefined) return boundTo === proof;
  return isProven(proof, { method, path, token, boundTo });
}

function tooMany({ resetS }: Allowance): ProblemError {
  return new ProblemError({ ...problem('slow-down'), retryAfter: resetS });
}

const NO_TOKEN = { zh: '缺少有效的访问令牌', en: 'A valid bearer token is required.' };
const WRONG_ROLE = { zh: '该角色无权访问此资源', en: 'This role may not use this resource.' };
