import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { type Outcome, type PersonHeard, SUBJECTS } from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { decideForPerson, revokeForPerson } from '../access/hear-person.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** What people of a unit say who have signed in at the gateway, which alone may pass it on. */
@Controller()
export class PeopleEndpoints {
  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @Endpoint(SUBJECTS.decideForPerson)
  decide(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<PersonHeard>> {
    return decideForPerson(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.revokeForPerson)
  revoke(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<PersonHeard>> {
    return revokeForPerson(this.host.get(unit), body);
  }
}
