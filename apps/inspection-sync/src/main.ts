import 'reflect-metadata';
import { runUnitService } from '@clearance/exchange';
import { runProcess } from '@clearance/platform';
import { inspectionAgency } from './agency/inspection-agency.ts';
import { AppModule } from './app.module.ts';
import { readConfig } from './config.ts';

await runProcess('inspection-sync', () =>
  runUnitService(inspectionAgency, readConfig(), (host) => AppModule.over(host)),
);
