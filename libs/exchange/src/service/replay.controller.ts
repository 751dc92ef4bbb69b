import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  type ContentsReply,
  type IssuedPage,
  type Outcome,
  type RecognitionsPage,
  type ReportingAgain,
  SUBJECTS,
} from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { listIssued } from '../replay/list-issued.ts';
import { listRecognitions } from '../replay/list-recognitions.ts';
import { readContents } from '../replay/read-contents.ts';
import { reportAgain } from '../report/report-recognitions.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/**
 * What the gateway asks a unit when it replays traffic against a draft of the negative list: what it has been offered
 * before, and decisions that rest on it. The account's permissions let nobody else ask.
 */
@Controller()
export class ReplayEndpoints {
  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @Endpoint(SUBJECTS.listIssued)
  issued(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<IssuedPage>> {
    return listIssued(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.readContents)
  contents(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<ContentsReply>> {
    return readContents(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.listRecognitions)
  recognitions(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<RecognitionsPage>> {
    return listRecognitions(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.reportAgain)
  reportAgain(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<ReportingAgain>> {
    return reportAgain(this.host.get(unit), body);
  }
}
