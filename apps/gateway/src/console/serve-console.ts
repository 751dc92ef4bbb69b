import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import expressStaticGzip from 'express-static-gzip';
import helmet from 'helmet';
import type { HttpRequest, HttpResponse } from '../http/call.ts';

/** Where the console's files are, and with whom its pages talk besides the gateway. */
export interface ConsoleOptions {
  /** What `npm run build` makes of apps/console. */
  directory: string;
  /** By whom people sign in, a URL; null where nobody is named. */
  issuer: string | null;
}

/** What stands in the built page for the nonce of one answer: apps/console/vite.config.mjs. */
const NONCE_PLACE = 'CONSOLE-NONCE';
const NONCE = Symbol('nonce');

/** Paths that are the gateway's own, whoever asks for them. */
const OWN = /^\/(?:api|livez|readyz|metrics|assets)(?:\/|$)/;
/** The last part of a path that names a file. */
const FILE = /\.[^/]*$/;

const NOT_BUILT = `控制台尚未构建：请在仓库中运行 npm run build，再重启网关。网关的其余部分不受影响。
The console is not built: run \`npm run build\` in the repository and restart the gateway. Nothing else of it is affected.
`;

/**
 * Serves the console: its page at every address that is a page's and its files under `/assets`. All else, the API first of
 * all, is left to whoever comes after. Without files the gateway does its work, and `/` says what is missing.
 */
export function serveConsole(app: NestExpressApplication, { directory, issuer }: ConsoleOptions): void {
  const assets = join(directory, 'assets');
  if (existsSync(assets)) {
    app.use(
      '/assets',
      onlyReads(
        // Each file's name has the hash of its content: what was fetched once is good for ever.
        expressStaticGzip(assets, {
          enableBrotli: true,
          orderPreference: ['br', 'gzip'],
          index: false,
          serveStatic: { index: false, redirect: false, immutable: true, maxAge: '1y' },
        }),
      ),
    );
  }
  app.use(servePage(join(directory, 'index.html'), pagePolicy(issuer)));
}

type Next = (error?: unknown) => void;
type Middleware = (request: HttpRequest, response: HttpResponse, next: Next) => void;

function onlyReads(serve: Middleware): Middleware {
  return (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    // A path that cannot be read is nothing here; Express answers it as everywhere.
    if (!URL.canParse(request.path, 'http://gateway') || !isReadable(request.path)) return next();
    serve(request, response, next);
  };
}

function isReadable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function servePage(file: string, policy: ReturnType<typeof pagePolicy>): Middleware {
  return (request, response, next) => {
    if (!asksForPage(request)) return next();
    void readFile(file, 'utf8').then(
      (page) => {
        const nonce = randomBytes(16).toString('base64');
        Object.assign(response, { [NONCE]: nonce });
        policy(request as never, response as never, (error) => {
          if (error !== undefined) return next(error);
          response.setHeader('Cache-Control', 'no-cache');
          response.setHeader('Vary', 'Accept');
          response.type('text/html; charset=utf-8').send(page.replaceAll(NONCE_PLACE, nonce));
        });
      },
      () => response.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT),
    );
  };
}

/**
 * Whether a browser asks for one of the console's addresses. At `/` everything that takes any form is one; elsewhere only
 * what asks for HTML by name, so that a program that mistakes a path is told so.
 */
function asksForPage({ method, path, headers }: HttpRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const accepted = headers['accept'] ?? '*/*';
  if (path === '/') return /\btext\/html\b|\*\/\*/.test(accepted);
  return !OWN.test(path) && !FILE.test(path) && isReadable(path) && /\btext\/html\b/.test(accepted);
}

/**
 * What the page may do: run its own scripts, talk with the gateway and with whoever signs people in, and nothing else.
 * Styles that its components add while it runs carry the nonce of the answer.
 */
function pagePolicy(issuer: string | null): ReturnType<typeof helmet.contentSecurityPolicy> {
  const nonceOf = (_request: unknown, response: ServerResponse): string =>
    `'nonce-${(response as ServerResponse & { [NONCE]?: string })[NONCE]}'`;
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", nonceOf],
      imgSrc: ["'self'"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'", ...(issuer === null ? [] : [new URL(issuer).origin])],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}
