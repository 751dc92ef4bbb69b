import { Controller, Get, Inject, type OnModuleDestroy, Sse } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Observable, Subject } from 'rxjs';
import type { Static } from 'typebox';
import type { GatewayHost } from '../accounts/gateway-host.ts';
import { answer, events } from '../http/answers.ts';
import { Allow } from '../http/roles.ts';
import { GATEWAY_HOST } from '../tokens.ts';
import { followFlows } from './follow-flows.ts';
import { readUnits } from './read-units.ts';
import { type Flows, FLOWS_EXAMPLE, FlowsSchema, UNITS_EXAMPLE, UnitsSchema } from './units-schema.ts';

/** How the units of the region are, and what flows between them. */
@ApiTags('coordination')
@ApiBearerAuth()
@Controller('api/v1')
export class UnitsController implements OnModuleDestroy {
  private readonly stopping = new Subject<void>();
  private readonly flows: () => Observable<{ data: Flows }>;

  constructor(@Inject(GATEWAY_HOST) private readonly host: GatewayHost) {
    this.flows = followFlows(() => this.host.gateway(), this.stopping);
  }

  @Get('units')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary: '各单位状况 Every unit: whether it is there, what waits for it and because of it, its keys',
  })
  @ApiOkResponse(answer(UnitsSchema, UNITS_EXAMPLE))
  async units(): Promise<Static<typeof UnitsSchema>> {
    return readUnits(this.host.gateway());
  }

  @Sse('stream')
  @Allow('coordinator', 'auditor')
  @ApiOperation({
    summary: '实时流量 What happens, as server-sent events: this day’s numbers per unit, whenever they change',
    description: 'It ends after a quarter of an hour; whoever follows comes again.',
  })
  @ApiOkResponse(events(FlowsSchema, FLOWS_EXAMPLE, '当日累计 Of this day so far'))
  stream(): Observable<{ data: Flows }> {
    return this.flows();
  }

  /** Whoever follows holds a connection open: the server would wait for it. */
  onModuleDestroy(): void {
    this.stopping.next();
    this.stopping.complete();
  }
}
