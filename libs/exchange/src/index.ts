export type { AgencyProfile, AgencyRule } from './agency-profile.ts';
export { ExchangeModule } from './service/exchange.module.ts';
export { type UnitHost } from './service/unit-host.ts';
export { readUnitServiceConfig, type UnitServiceConfig } from './service/unit-service-config.ts';
export { runUnitService, type RunningUnitService } from './service/run-unit-service.ts';
export { conclusionFollowsFromChecks } from './rules/conclusion-follows-from-checks.ts';
