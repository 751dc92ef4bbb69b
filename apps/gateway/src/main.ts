import 'reflect-metadata';
import { runProcess } from '@clearance/platform';
import { readConfig } from './config.ts';
import { runGateway } from './run-gateway.ts';

await runProcess('gateway', () => runGateway(readConfig()));
