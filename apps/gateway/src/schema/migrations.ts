import { CreateCoordinationTables1763900000001 } from './create-coordination-tables.ts';
import { CreateGatewayTables1763700000001 } from './create-gateway-tables.ts';
import { CreateIndicatorTables1763900000002 } from './create-indicator-tables.ts';

/** Of the gateway's database, in the order in which they are run. What has been run somewhere is not changed any more. */
export const GATEWAY_MIGRATIONS = [
  CreateGatewayTables1763700000001,
  CreateCoordinationTables1763900000001,
  CreateIndicatorTables1763900000002,
];
