import 'reflect-metadata';
import { runUnitService } from '@clearance/exchange';
import { runProcess } from '@clearance/platform';
import { customsAgency } from './agency/customs-agency.ts';
import { AppModule } from './app.module.ts';
import { readConfig } from './config.ts';

await runProcess('customs-sync', () => runUnitService(customsAgency, readConfig(), (host) => AppModule.over(host)));
