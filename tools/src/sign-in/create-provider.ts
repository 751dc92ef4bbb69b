import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import { type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { TOKEN_AUDIENCE } from '@clearance/provision';
import { messagePage, pageHeaders, signOutPage } from './pages.ts';
import type { Person } from './people.ts';
import { SIGN_IN_ALGORITHM } from './sign-in-key.ts';

/** What the console is called here. */
export const CONSOLE_CLIENT = 'clearance-console';

/** Where the console may be returned to, under its own origin. */
const RETURN_PATHS = ['/', '/signed-in'];
/** The gateway, as access tokens are asked for it (RFC 8707); the only resource that there is, and so the default. */
const GATEWAY = 'urn:clearance:gateway';
const MINUTE_S = 60;
/** Short, for whoever has a token may use it; the console renews it while its user's session lasts. */
const TOKEN_S = 10 * MINUTE_S;
const DAY_S = 24 * 60 * MINUTE_S;

/** What a development sign-in is made of. */
export interface ProviderOptions {
  /** Its own address, `http://127.0.0.1:8084`. */
  issuer: string;
  key: JWK;
  people: readonly Person[];
  /** Origins of the console. */
  origins: readonly string[];
}

/**
 * The OpenID Connect provider of the development sign-in: authorization code with PKCE for one public client, access tokens
 * for the gateway (RFC 9068), no consent, since the console belongs to the mesh. Sessions are held in memory.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configurationOf(options));
  provider.on('server_error', (_context, error) => process.stderr.write(`${error.name}: ${error.message}\n`));
  return provider;
}

function configurationOf({ issuer, key, people, origins }: ProviderOptions): Configuration {
  const { port } = new URL(issuer);
  const show = (context: KoaContextWithOIDC, html: string): void => {
    context.set(pageHeaders(origins));
    context.body = html;
  };
  const personOf = (id: string): Person | undefined => people.find((person) => person.id === id);
  return {
    clients: [
      {
        client_id: CONSOLE_CLIENT,
        client_name: '东北通关协作网格 Northeast clearance mesh',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: origins.flatMap((origin) => RETURN_PATHS.map((path) => `${origin}${path}`)),
        post_logout_redirect_uris: origins.flatMap((origin) => RETURN_PATHS.map((path) => `${origin}${path}`)),
        id_token_signed_response_alg: SIGN_IN_ALGORITHM,
      },
    ],
    jwks: { keys: [key as never] },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name', 'locale', 'roles', 'unit'] },
    // The console knows whom it has before it by the ID token alone.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => {
      const person = personOf(id);
      return person && { accountId: id, claims: () => ({ sub: id, ...claimsOf(person) }) };
    },
    extraTokenClaims: (_context, token) => {
      const person = 'accountId' in token ? personOf(token.accountId ?? '') : undefined;
      return person && claimsOf(person);
    },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => GATEWAY,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== GATEWAY) throw new errors.InvalidTarget();
          const jwt = { sign: { alg: SIGN_IN_ALGORITHM } } as const;
          return { scope: '', audience: TOKEN_AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: TOKEN_S, jwt };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => show(context, signOutPage(form)),
        postLogoutSuccessSource: (context) => show(context, messagePage('signed-out')),
      },
    },
    loadExistingGrant: (context) => grantAll(context),
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: TOKEN_S,
      IdToken: TOKEN_S,
      AuthorizationCode: MINUTE_S,
      Interaction: 30 * MINUTE_S,
      Grant: DAY_S,
      RefreshToken: DAY_S,
      Session: DAY_S,
    },
    interactions: { url: (_context, { uid }) => `/sign-in/${uid}` },
    cookies: {
      // Browsers keep cookies by host, not by port: another mesh on this machine has its own.
      names: {
        session: `sign-in-${port}`,
        interaction: `sign-in-${port}-interaction`,
        resume: `sign-in-${port}-resume`,
      },
      keys: [randomBytes(32).toString('base64url')],
    },
    renderError: (context, { error, error_description: description }) =>
      show(context, messagePage('refused', `${error}: ${description ?? ''}`)),
  };
}

/** What tokens say of a person beside their `sub`. */
function claimsOf({ name, roles, unit }: Person): { name: string; locale: string; roles: string[]; unit?: string } {
  return { name: name.zh, locale: 'zh-CN', roles: [...roles], ...(unit === undefined ? {} : { unit }) };
}

/** The grant of a person's session; the console is granted all that it may ask for, without a question. */
async function grantAll({ oidc }: KoaContextWithOIDC): Promise<InstanceType<Provider['Grant']> | undefined> {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}
