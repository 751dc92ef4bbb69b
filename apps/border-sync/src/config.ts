import { readUnitServiceConfig, type UnitServiceConfig } from '@clearance/exchange';

/** The only reader of the environment in this app. */
export function readConfig(): UnitServiceConfig {
  return readUnitServiceConfig(process.env);
}
