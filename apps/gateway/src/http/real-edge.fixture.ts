import 'reflect-metadata';
import { generateKeyPairSync } from 'node:crypto';
import { Writable } from 'node:stream';
import { Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type JWK, SignJWT } from 'jose';
import { pino } from 'pino';
import { type DataSource, type Logger, nestLogger, NotReadyError } from '@clearance/platform';
import { HealthModule } from '@clearance/platform/nest';
import type { TokenIssuer } from '@clearance/platform/tokens';
import { type LedgerDatabase, ledgerDatabase } from '../ledger/ledger-database.fixture.ts';
import type { CallLimits } from './call-limits.ts';
import { createEdge, edgeProviders, guardApplication } from './edge.ts';
import { ProblemFilter } from './problem-filter.ts';

const AUDIENCE = 'clearance-gateway';
const ISSUER = 'spec-issuer';

/** An issuer's key of a test. */
export const ISSUER_KEY: JWK = { ...newKey(), kid: 'spec/1' };

function newKey(): JWK {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
}

/** A token of a role, for `sub`. */
export function tokenOf(role: string, sub = `somebody-${role}`, claims: object = {}): Promise<string> {
  return new SignJWT({ roles: [role], ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: ISSUER_KEY.kid! })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime('10 minutes')
    .sign({ ...ISSUER_KEY, alg: 'EdDSA' });
}

/** The edge of the API over a real database, in front of a test's own handlers. */
export interface RealEdge {
  url: string;
  database: DataSource;
  lines: string[];
  /** As the holder of a role's token, or of `token`; without both, as nobody. */
  call(path: string, options?: CallOptions): Promise<Response>;
  /** Waits until what was called is written down, as a stop does; then takes no more calls. */
  stop(): Promise<void>;
}

/** How one call is made. */
export interface CallOptions {
  method?: string;
  role?: string;
  token?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A database that several replicas share. */
export const edgeDatabase = (): Promise<LedgerDatabase> => ledgerDatabase();

/** What is otherwise with one replica. */
export interface EdgeOptions {
  limits?: Partial<CallLimits>;
  /** Further issuers that are believed. */
  issuers?: TokenIssuer[];
  /** Says, at each moment, whether its database is to be away. */
  away?: () => boolean;
  proxies?: number;
  /** What the controllers are given. */
  providers?: Provider[];
}

/** Starts a replica. */
export async function startEdge(
  database: DataSource,
  controllers: Type<unknown>[],
  options: EdgeOptions = {},
): Promise<RealEdge> {
  const lines: string[] = [];
  const log: Logger = pino(
    { level: 'debug' },
    new Writable({ write: (line: Buffer, _encoding, done) => (lines.push(line.toString()), done()) }),
  );
  const { d: _secret, ...open } = ISSUER_KEY;
  const edge = createEdge({
    trust: {
      audience: AUDIENCE,
      issuers: [
        { issuer: ISSUER, claims: { roles: 'roles', unit: 'unit' }, jwks: { keys: [{ ...open, alg: 'EdDSA' }] } },
        ...(options.issuers ?? []),
      ],
    },
    limits: { callsPerMinute: 1_000, failuresPerMinute: 1_000, ...options.limits },
    database: () => {
      if (options.away?.() === true) throw new NotReadyError('the database is away');
      return database;
    },
    log,
  });
  @Module({
    imports: [HealthModule.withProbe(() => Promise.resolve([]))],
    controllers,
    providers: [...edgeProviders(edge), ...(options.providers ?? [])],
  })
  class EdgeModule {}
  const app = await NestFactory.create<NestExpressApplication>(EdgeModule, {
    logger: nestLogger(log),
    bodyParser: false,
  });
  guardApplication(app, edge, options.proxies ?? 0);
  app.useGlobalFilters(new ProblemFilter(log));
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace(/\/$/, '');
  return {
    url,
    database,
    lines,
    call: async (path, { method = 'GET', role, token, headers = {}, body } = {}) => {
      const bearer = token ?? (role === undefined ? undefined : await tokenOf(role));
      return fetch(`${url}${path}`, {
        method,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(20_000),
      });
    },
    stop: async () => {
      await app.close();
      await edge.stop();
    },
  };
}
