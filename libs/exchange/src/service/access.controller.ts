import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  type AccessRequest,
  type AccessRules,
  type FindAccessReply,
  type NoticesTaken,
  type Outcome,
  SUBJECTS,
} from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { findAccessRules, putAccessRule, removeAccessRule } from '../access/access-rules.ts';
import { decideAccess } from '../access/decide-access.ts';
import { findAccess } from '../access/find-access.ts';
import { requestAccess } from '../access/request-access.ts';
import { revokeAccess } from '../access/revoke-access.ts';
import { takeNotices } from '../access/take-notices.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** Access to conditional data: what a backend asks and answers, and what the gateway tells about it. */
@Controller()
export class AccessEndpoints {
  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @Endpoint(SUBJECTS.requestAccess)
  request(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRequest>> {
    return requestAccess(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.decideAccess)
  decide(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRequest>> {
    return decideAccess(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.revokeAccess)
  revoke(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRequest>> {
    return revokeAccess(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.findAccess)
  find(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<FindAccessReply>> {
    return findAccess(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.accessRules)
  rules(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRules>> {
    return findAccessRules(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.putAccessRule)
  putRule(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRules>> {
    return putAccessRule(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.removeAccessRule)
  removeRule(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<AccessRules>> {
    return removeAccessRule(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.giveNotices)
  notices(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<NoticesTaken>> {
    return takeNotices(this.host.get(unit), body);
  }
}
