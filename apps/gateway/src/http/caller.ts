import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from './roles.ts';

/** Who calls, as the token says. */
export interface Caller {
  /** The token's issuer and subject, told apart from every other's. */
  subject: string;
  roles: readonly Role[];
}

/** The caller of a route that is not public. */
export const CalledBy = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller => context.switchToHttp().getRequest<{ caller: Caller }>().caller,
);
