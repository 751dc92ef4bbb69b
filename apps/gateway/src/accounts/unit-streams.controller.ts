import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Received, Verdict } from '@clearance/messaging';
import { type MessageContext, StreamConsumer } from '@clearance/messaging/nest';
import { coalesce } from '@clearance/platform';
import { discloseResults } from '../enforce/disclose-results.ts';
import type { OfferedMessage } from '../enforce/read-offers.ts';
import { collectReceipts, type ReceiptsFrom } from '../settle/collect-receipts.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import type { GatewayHost } from './gateway-host.ts';

/** Bytes of messages that are worked on together, about: views and copies are a small multiple of it. */
const BATCH_BYTES = 4 * 1024 ** 2;
const sizeOf = ({ data }: { data: Uint8Array }): number => data.length;

/** What units give the gateway: offers of their results, receipts for their copies. Batches of all units are joined. */
@Controller()
export class UnitStreams {
  private readonly disclose = coalesce<OfferedMessage, Verdict>(
    (messages) => discloseResults(this.host.gateway(), messages),
    { maxItems: 16, lingerMs: 4, weigh: sizeOf, maxWeight: BATCH_BYTES },
  );
  private readonly collect = coalesce<ReceiptsFrom, Verdict>(
    (messages) => collectReceipts(this.host.gateway(), messages),
    {
      maxItems: 500,
      // A version's row is written once for all receipts that came together, and nobody waits for that it is settled: it
      // pays to wait for the slower units, unless all that can be waited for have answered.
      lingerMs: 200,
      enough: (receipts) => new Set(receipts.map(({ unit }) => unit)).size >= this.host.gateway().consumers.length - 1,
      weigh: sizeOf,
      maxWeight: BATCH_BYTES,
    },
  );

  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {}

  @StreamConsumer('OFFERS', { durable: 'gateway', maxMessages: 16, lingerMs: 8 })
  offers(@Payload() messages: Received[], @Ctx() { unit }: MessageContext): Promise<Verdict[]> {
    return this.disclose(messages.map(({ data, storedAt }) => ({ unit, data, storedAt })));
  }

  @StreamConsumer('RECEIPTS', { durable: 'gateway', maxMessages: 500, lingerMs: 5 })
  receipts(@Payload() messages: Received[], @Ctx() { unit }: MessageContext): Promise<Verdict[]> {
    const at = this.host.gateway().now();
    return this.collect(messages.map(({ data }) => ({ unit, data, at })));
  }
}
