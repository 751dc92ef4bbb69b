import { Controller, Inject } from '@nestjs/common';
import { type ClientProxy, EventPattern, Payload } from '@nestjs/microservices';
import { dropFive } from '../contents.ts';
import { settingsOf, tell } from '../program.ts';
import { clientOf, serve, type StockSettings } from './parts.ts';

// Takes five fields out of each result and publishes it once for every receiver.

const settings = settingsOf<StockSettings>();

@Controller()
class FilterController {
  constructor(@Inject('client') private readonly client: ClientProxy) {}

  @EventPattern('stock.issued')
  disclose(@Payload() content: { reference: string }): void {
    for (const receiver of settings.receivers!) {
      this.client.emit(`stock.copies.${receiver}`, { receiver, content: dropFive(content) });
    }
  }
}

await serve(settings, FilterController, [{ provide: 'client', useValue: clientOf(settings) }]);
tell({ ready: true });
