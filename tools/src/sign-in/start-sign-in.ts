import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Mesh } from '@clearance/contracts';
import type { MeshHome } from '@clearance/platform/command';
import { createProvider } from './create-provider.ts';
import { messagePage, pageHeaders, signInPage } from './pages.ts';
import { peopleOf } from './people.ts';
import { signInKey } from './sign-in-key.ts';

/** A development sign-in that runs until it is stopped. */
export interface RunningSignIn {
  /** Its address, which is its name as an issuer. */
  issuer: string;
  stop(): Promise<void>;
}

/** Nobody else reaches it: whoever does may be anybody. */
const HOST = '127.0.0.1';
const MAX_FORM = 4_096;
const INTERACTION = /^\/sign-in\/[\w-]+$/;

/** Where the console is served, as a browser on this machine may name it. */
export function consoleOrigins(httpPort: number): string[] {
  return [`http://127.0.0.1:${httpPort}`, `http://localhost:${httpPort}`];
}

/** How a development sign-in is started. */
export interface SignInOptions {
  home: MeshHome;
  mesh: Pick<Mesh, 'units' | 'consumers'>;
  port: number;
  /** Origins of the console. */
  origins: readonly string[];
}

/**
 * Starts the development sign-in on this machine alone.
 *
 * @throws when its port is taken
 */
export async function startSignIn({ home, mesh, port, origins }: SignInOptions): Promise<RunningSignIn> {
  const issuer = `http://${HOST}:${port}`;
  const people = peopleOf(mesh);
  const provider = createProvider({ issuer, key: await signInKey(home), people, origins });
  const handleProtocol = provider.callback();
  const headers = pageHeaders(origins);
  const show = (response: ServerResponse, status: number, html: string): void => {
    response.writeHead(status, headers).end(html);
  };

  /** Chosen people are signed in; until then they are shown the page. */
  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const expired = (): void => show(response, 400, messagePage('expired'));
    const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
    if (interaction === undefined) return expired();
    if (request.method === 'GET') return show(response, 200, signInPage(people, `/sign-in/${interaction.uid}`));
    if (request.method !== 'POST') return show(response, 405, messagePage('refused', 'method'));
    const chosen = new URLSearchParams(await readForm(request)).get('person');
    const person = people.find(({ id }) => id === chosen);
    if (person === undefined) return show(response, 400, messagePage('refused', 'person'));
    await provider.interactionFinished(request, response, { login: { accountId: person.id } });
  };

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    // A name that somebody else lets lead to this machine would make his page one of this origin.
    if (request.headers.host !== `${HOST}:${port}`) {
      show(response, 421, messagePage('refused', 'host'));
    } else if (pathname === '/readyz') {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ status: 'ready', checks: [] }));
    } else if (INTERACTION.test(pathname)) {
      interact(request, response).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        if (!response.headersSent) show(response, 400, messagePage('refused'));
      });
    } else {
      void handleProtocol(request, response);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    issuer,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @throws Error when it is larger than any form of the page */
async function readForm(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_FORM) throw new Error('a form larger than any');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
