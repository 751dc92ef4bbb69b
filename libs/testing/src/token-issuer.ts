import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

type GeneratedKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A key of an issuer, as a test signs with it. */
export interface IssuerKey {
  alg: string;
  kid: string;
  privateKey: GeneratedKey;
  open: JWK;
}

/** An OpenID Connect issuer of a test's own: discovery and keys over HTTP. */
export interface TestTokenIssuer {
  /** Its name and address. */
  url: string;
  /** What it publishes; may be changed. */
  keys: IssuerKey[];
  /** What else it does; `away` is a connection that breaks off, `hangs` one that says nothing. */
  how: 'answers' | 'away' | 'hangs' | 'fails' | 'nonsense' | 'other-issuer' | 'redirects';
  /** Requests that it had, by path. */
  asked: Map<string, number>;
  addKey(alg: string): Promise<IssuerKey>;
  stop(): Promise<void>;
}

const DISCOVERY = '/realm/.well-known/openid-configuration';
const KEYS = '/realm/certs';

/** Starts one; it has no key yet. */
export async function startTokenIssuer(): Promise<TestTokenIssuer> {
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    issuer.asked.set(path, (issuer.asked.get(path) ?? 0) + 1);
    const answer = (document: object | string): void => {
      response.setHeader('content-type', 'application/json');
      response.end(typeof document === 'string' ? document : JSON.stringify(document));
    };
    switch (issuer.how) {
      case 'away':
        request.socket.destroy();
        return;
      case 'hangs':
        return;
      case 'fails':
        response.statusCode = 500;
        return answer({});
      case 'nonsense':
        return answer('<html>');
      case 'redirects':
        response.statusCode = 302;
        response.setHeader('location', KEYS);
        return answer({});
      case 'other-issuer':
        return answer({ issuer: 'https://elsewhere.example', jwks_uri: `${issuer.url}/certs`, keys: [] });
      case 'answers':
        if (path === DISCOVERY) return answer({ issuer: issuer.url, jwks_uri: `${issuer.url}/certs` });
        if (path === KEYS) return answer({ keys: issuer.keys.map(({ open }) => open) });
        response.statusCode = 404;
        return answer({});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TestTokenIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/realm`,
    keys: [],
    how: 'answers',
    asked: new Map(),
    addKey: async (alg) => {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      const kid = `k${issuer.keys.length + 1}-${alg}`;
      const key = { alg, kid, privateKey, open: { ...(await exportJWK(publicKey)), alg, kid, use: 'sig' } };
      issuer.keys.push(key);
      return key;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}
