import { Controller, Inject } from '@nestjs/common';
import { type ClientProxy, MessagePattern, Payload } from '@nestjs/microservices';
import type { Repository } from 'typeorm';
import { settingsOf, tell } from '../program.ts';
import { clientOf, openDatabase, serve, StockResult, type StockSettings } from './parts.ts';

// Saves each result that is submitted, and tells the gateway.

const settings = settingsOf<StockSettings>();
const database = await openDatabase(settings);

@Controller()
class IssueController {
  constructor(
    @Inject('results') private readonly results: Repository<StockResult>,
    @Inject('client') private readonly client: ClientProxy,
  ) {}

  @MessagePattern('stock.submit')
  async submit(@Payload() content: { reference: string }): Promise<{ reference: string }> {
    await this.results.save({ reference: content.reference, content });
    this.client.emit('stock.issued', content);
    return { reference: content.reference };
  }
}

await serve(settings, IssueController, [
  { provide: 'results', useValue: database.getRepository(StockResult) },
  { provide: 'client', useValue: clientOf(settings) },
]);
tell({ ready: true });
