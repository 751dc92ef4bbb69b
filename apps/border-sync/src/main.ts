import 'reflect-metadata';
import { runUnitService } from '@clearance/exchange';
import { runProcess } from '@clearance/platform';
import { borderAgency } from './agency/border-agency.ts';
import { AppModule } from './app.module.ts';
import { readConfig } from './config.ts';

await runProcess('border-sync', () => runUnitService(borderAgency, readConfig(), (host) => AppModule.over(host)));
