import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { Repository } from 'typeorm';
import { settingsOf, tell } from '../program.ts';
import { type CopyMessage, openDatabase, serve, StockCopy, type StockSettings } from './parts.ts';

// Saves each copy of its receivers.

const settings = settingsOf<StockSettings>();
const database = await openDatabase(settings);

@Controller()
class ReceiveController {
  constructor(@Inject('copies') private readonly copies: Repository<StockCopy>) {}

  @EventPattern(settings.receivers!.map((receiver) => `stock.copies.${receiver}`))
  async receive(@Payload() { receiver, content }: CopyMessage): Promise<void> {
    await this.copies.save({ receiver, reference: content.reference, content });
    tell({ stored: 1 });
  }
}

await serve(settings, ReceiveController, [{ provide: 'copies', useValue: database.getRepository(StockCopy) }]);
tell({ ready: true });
