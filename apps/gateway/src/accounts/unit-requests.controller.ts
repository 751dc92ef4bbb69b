import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { type Outcome, type RecognitionsTaken, type StatementsTaken, SUBJECTS } from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { takeStatements } from '../access/take-statements.ts';
import { takeRecognitions } from '../coordination/take-recognitions.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import type { GatewayHost } from './gateway-host.ts';

/** What unit services ask the gateway, each in its own account. */
@Controller()
export class UnitRequests {
  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @Endpoint(SUBJECTS.giveStatements)
  giveStatements(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<StatementsTaken>> {
    return takeStatements(this.host.gateway(), unit, body);
  }

  @Endpoint(SUBJECTS.reportRecognitions)
  reportRecognitions(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<RecognitionsTaken>> {
    return takeRecognitions(this.host.gateway(), unit, body);
  }
}
