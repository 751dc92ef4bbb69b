import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Received, Verdict } from '@clearance/messaging';
import { type MessageContext, StreamConsumer } from '@clearance/messaging/nest';
import { receiveCopies } from '../receive/receive-copies.ts';
import { settleResults } from '../settle/settle-results.ts';
import { keepHeads } from '../witness/keep-heads.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** What the gateway gives a unit: copies of others' results, the word that its own are settled, heads of its ledger. */
@Controller()
export class GatewayStreams {
  constructor(@Inject(UNIT_HOST) private readonly host: UnitHost) {}

  @StreamConsumer('COPIES', { durable: 'sync', maxMessages: 64, lingerMs: 25 })
  copies(@Payload() messages: Received[], @Ctx() { unit }: MessageContext): Promise<Verdict[]> {
    return receiveCopies(this.host.get(unit), messages);
  }

  @StreamConsumer('SETTLEMENTS', { durable: 'sync', maxMessages: 500, lingerMs: 50 })
  settlements(@Payload() messages: Received[], @Ctx() { unit }: MessageContext): Promise<Verdict[]> {
    return settleResults(this.host.get(unit), messages);
  }

  @StreamConsumer('HEADS', { durable: 'sync', maxMessages: 64, lingerMs: 50 })
  heads(@Payload() messages: Received[], @Ctx() { unit }: MessageContext): Promise<Verdict[]> {
    return keepHeads(this.host.get(unit), messages);
  }
}
