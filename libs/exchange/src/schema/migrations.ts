import { CreateExchangeTables1763700000000 } from './create-exchange-tables.ts';
import { NameSpeakers1763900000000 } from './name-speakers.ts';
import { RememberTraces1763800000000 } from './remember-traces.ts';
import { ReportRecognitions1763800000001 } from './report-recognitions.ts';

/** Of a unit's database, in the order in which they are run. What has been run somewhere is not changed any more. */
export const EXCHANGE_MIGRATIONS = [
  CreateExchangeTables1763700000000,
  RememberTraces1763800000000,
  ReportRecognitions1763800000001,
  NameSpeakers1763900000000,
];
