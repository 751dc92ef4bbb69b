import { type DynamicModule, Module } from '@nestjs/common';
import { ExchangeModule, type UnitHost } from '@clearance/exchange';

/** The only wiring of this app: the common life of a unit over the units that the process hosts. */
@Module({})
export class AppModule {
  static over(host: UnitHost): DynamicModule {
    return { module: AppModule, imports: [ExchangeModule.over(host)] };
  }
}
