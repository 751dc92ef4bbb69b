import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  type HoldingsPage,
  type HoldingsSummary,
  type OfferAgainReply,
  type Outcome,
  SUBJECTS,
} from '@clearance/contracts';
import { Endpoint, type MessageContext } from '@clearance/messaging/nest';
import { listHoldings } from '../reconcile/list-holdings.ts';
import { offerAgain } from '../reconcile/offer-again.ts';
import { summariseHoldings } from '../reconcile/summarise-holdings.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** What the gateway asks a unit when it reconciles. The account's permissions let nobody else ask. */
@Controller()
export class ReconciliationEndpoints {
  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @Endpoint(SUBJECTS.summariseHoldings)
  summarise(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<HoldingsSummary>> {
    return summariseHoldings(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.listHoldings)
  list(@Payload() body: unknown, @Ctx() { unit }: MessageContext): Promise<Outcome<HoldingsPage>> {
    return listHoldings(this.host.get(unit), body);
  }

  @Endpoint(SUBJECTS.offerAgain)
  offerAgain(
    @Payload() body: unknown,
    @Ctx() { unit, traceparent }: MessageContext,
  ): Promise<Outcome<OfferAgainReply>> {
    return offerAgain(this.host.get(unit), body, traceparent);
  }
}
