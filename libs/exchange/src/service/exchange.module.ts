import { type DynamicModule, Module } from '@nestjs/common';
import { HealthModule } from '@clearance/platform/nest';
import { AccessEndpoints } from './access.controller.ts';
import { BackendEndpoints } from './backend-endpoints.controller.ts';
import { GatewayStreams } from './gateway-streams.controller.ts';
import { PeopleEndpoints } from './people.controller.ts';
import { ReconciliationEndpoints } from './reconciliation.controller.ts';
import { ReplayEndpoints } from './replay.controller.ts';
import { UNIT_HOST } from './tokens.ts';
import type { UnitHost } from './unit-host.ts';

/** A unit service without its agency: endpoints, streams and health over the units of one host. */
@Module({})
export class ExchangeModule {
  static over(host: UnitHost): DynamicModule {
    return {
      module: ExchangeModule,
      imports: [HealthModule.withProbe(() => host.readiness())],
      controllers: [
        AccessEndpoints,
        BackendEndpoints,
        GatewayStreams,
        PeopleEndpoints,
        ReconciliationEndpoints,
        ReplayEndpoints,
      ],
      providers: [{ provide: UNIT_HOST, useValue: host }],
    };
  }
}
