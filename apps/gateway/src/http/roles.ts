import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { problem } from '@clearance/contracts';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem-filter.ts';

/** Who calls: the roles of INTERFACE 6. */
export const ROLES = ['coordinator', 'policy', 'policy-approver', 'auditor', 'firm', 'unit'] as const;
export type Role = (typeof ROLES)[number];

const ROLES_KEY = 'clearance:roles';
const PUBLIC_KEY = 'clearance:public';

/** Who may call a route. A route without it is open to nobody. */
export const Allow = (...roles: Role[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES_KEY, roles);
/** A route that needs no token: health, metrics, the interface's description. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC_KEY, true);

/** How tokens are verified. */
export interface TokenTrust {
  jwks: JSONWebKeySet;
  issuer: string;
  audience: string;
}
export const TOKEN_TRUST = Symbol('TokenTrust');

/** Paths of the common health module, which knows nothing of roles. */
const OPEN_PATHS = new Set(['/livez', '/readyz', '/metrics']);

interface HttpRequest {
  path: string;
  headers: Record<string, string | undefined>;
  /** Set here, for the route to read. */
  caller?: Caller;
}

/** Bearer tokens (RFC 6750): verified here, and refused unless the route names the token's role. Deny by default. */
@Injectable()
export class RoleGuard implements CanActivate {
  private readonly keys: ReturnType<typeof createLocalJWKSet>;

  constructor(
    @Inject(TOKEN_TRUST) private readonly trust: TokenTrust,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    this.keys = createLocalJWKSet(trust.jwks);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (OPEN_PATHS.has(request.path) || this.reflector.getAllAndOverride<boolean>(PUBLIC_KEY, places)) return true;
    const caller = await this.callerOf(request.headers['authorization']);
    const allowed = this.reflector.getAllAndOverride<Role[] | undefined>(ROLES_KEY, places) ?? [];
    if (caller?.roles.some((role) => allowed.includes(role)) === true) {
      request.caller = caller;
      return true;
    }
    throw new ProblemError(
      problem('forbidden', { detail: caller === undefined ? NO_TOKEN : WRONG_ROLE }),
      caller === undefined ? 401 : 403,
    );
  }

  private async callerOf(authorization: string | undefined): Promise<Caller | undefined> {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    try {
      const { issuer, audience } = this.trust;
      const { payload } = await jwtVerify(token, this.keys, { issuer, audience, algorithms: ['EdDSA'] });
      const roles = ROLES.filter((role) => role === payload['role']);
      return payload.sub === undefined || roles.length === 0 ? undefined : { subject: `${issuer}#${payload.sub}`, roles };
    } catch {
      return undefined;
    }
  }
}

const NO_TOKEN = { zh: '缺少有效的访问令牌', en: 'A valid bearer token is required.' };
const WRONG_ROLE = { zh: '该角色无权访问此资源', en: 'This role may not use this resource.' };
