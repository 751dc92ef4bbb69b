import type { Provider } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { type DataSource, describeError, type Logger } from '@clearance/platform';
import { type TokenTrust, tokenVerifier } from '@clearance/platform/tokens';
import { callJournal, type CallJournal } from '../audit/call-journal.ts';
import { callCounter, type CallLimits } from './call-limits.ts';
import { ANSWER_STORE, type AnswerStore, IdempotentAnswers } from './idempotent.ts';
import { ReadBody } from './read-body.ts';
import { refuseMethods, type Routes } from './refuse-methods.ts';
import { CALL_JOURNAL, recordAnswers, RecordCalls } from './record-calls.ts';
import { ENTRANCE, type Entrance, RoleGuard } from './roles.ts';
import { sweepAnswers } from './stored-answers.ts';

/** What stands between callers and the handlers of the API. */
export interface Edge {
  entrance: Entrance;
  journal: CallJournal;
  answers: AnswerStore;
  /** Writes down what waits; before the database is closed. */
  stop(): Promise<void>;
}

/** How the edge is configured. */
export interface EdgeOptions {
  trust: TokenTrust;
  limits: CallLimits;
  /** @throws NotReadyError while it is not open. */
  database: () => DataSource;
  log: Logger;
}

const SWEEP_MS = 3_600_000;

/** Makes the edge of the API; nothing is fetched or opened yet. */
export function createEdge({ trust, limits, database, log }: EdgeOptions): Edge {
  const tokens = tokenVerifier(trust, log);
  const journal = callJournal(database, log);
  const sweep = setInterval(() => void sweepAll(database, log), SWEEP_MS);
  sweep.unref();
  return {
    entrance: {
      tokens,
      calls: callCounter(limits.callsPerMinute),
      failures: callCounter(limits.failuresPerMinute),
    },
    journal,
    answers: { database, log },
    stop: async () => {
      clearInterval(sweep);
      tokens.stop();
      await journal.stop();
    },
  };
}

async function sweepAll(database: () => DataSource, log: Logger): Promise<void> {
  try {
    while ((await sweepAnswers(database())) > 0);
  } catch (error) {
    log.warn({ err: describeError(error) }, 'expired answers could not be swept; trying again in an hour');
  }
}

/** The guard and the interceptors of every route, from the outside to the inside. */
export function edgeProviders({ entrance, journal, answers }: Edge): Provider[] {
  return [
    { provide: ENTRANCE, useValue: entrance },
    { provide: CALL_JOURNAL, useValue: journal },
    { provide: ANSWER_STORE, useValue: answers },
    { provide: APP_GUARD, useClass: RoleGuard },
    { provide: APP_INTERCEPTOR, useClass: RecordCalls },
    { provide: APP_INTERCEPTOR, useClass: ReadBody },
    { provide: APP_INTERCEPTOR, useClass: IdempotentAnswers },
  ];
}

/**
 * What comes before any route: headers by which browsers are told to do nothing with an answer but read it, and the
 * beginning of each call of the API. No other origin may read anything (no CORS).
 */
export function guardApplication(app: NestExpressApplication, { journal }: Edge, trustedProxies: number): void {
  app.disable('x-powered-by');
  // Whose address it is that proxies tell: as many of them as there are.
  app.set('trust proxy', trustedProxies);
  // ETags are those that a handler gives; Express would make one of every answer.
  app.set('etag', false);
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
      },
      xFrameOptions: { action: 'deny' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  app.use('/api', (_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use('/api', recordAnswers(journal));
  const express = app.getHttpAdapter().getInstance() as unknown as { router: Routes };
  app.use(refuseMethods(() => express.router));
}
