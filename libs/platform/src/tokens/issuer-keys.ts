import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { describeError } from '../describe-error.ts';
import { NotReadyError } from '../faults.ts';
import type { Logger } from '../logger.ts';

/** The issuer of tokens, as it is reached. */
export interface IssuerPlace {
  /** Its name, as it stands in `iss`. */
  issuer: string;
  /** Where its keys are; found by OpenID Connect Discovery when absent. */
  jwksUrl?: string | undefined;
}

/** Keys of an issuer elsewhere, kept up to date. */
export interface IssuerKeys {
  /**
   * The key of a token.
   *
   * @throws NotReadyError when the key is unknown and the issuer cannot be asked: the token may be good
   * @throws jose's JWKSNoMatchingKey when the issuer has no such key
   */
  readonly find: JWTVerifyGetKey;
  stop(): void;
}

/** Waits that are other than those below, ms; for tests. */
export interface KeyWaits {
  timeout?: number;
  askAgain?: number;
  away?: number;
  refresh?: number;
  stale?: number;
}

/** Longest that the issuer is waited for. */
const TIMEOUT_MS = 5_000;
/** For so long after the keys came, an unknown key is nobody's: made-up key ids do not make the gateway ask. */
const ASK_AGAIN_MS = 30_000;
/** For so long after the issuer could not be reached, it is not tried again. */
const AWAY_MS = 5_000;
/** How often keys are asked for without need, so that one that the issuer withdrew is soon refused. */
const REFRESH_MS = 300_000;
/** Keys that could not be confirmed for so long are not used any more. */
const STALE_MS = 86_400_000;

/**
 * Follows the keys of an issuer: asked for when first needed, when a key is unknown, and every five minutes. What is
 * known goes on being good while the issuer is away, for a day: an outage there does not stop the calls here.
 */
export function followIssuerKeys(place: IssuerPlace, log: Logger, waits: KeyWaits = {}): IssuerKeys {
  const timeout = waits.timeout ?? TIMEOUT_MS;
  const away = waits.away ?? AWAY_MS;
  const stale = waits.stale ?? STALE_MS;
  let keys: Promise<RemoteKeys> | undefined;
  let failedAt = -Infinity;
  let confirmedAt = -Infinity;

  /** One request to the issuer; its failure is remembered, and for a while spares the next. */
  const ask: Ask = async (url, init, isUsable) => {
    if (performance.now() < failedAt + away) throw new IssuerAway();
    try {
      const response = await fetch(url, { ...init, redirect: 'error' });
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
      // Read here, so that a body that does not come, or is not what was asked for, is a failure of the issuer too.
      const document = (await response.json()) as Record<string, unknown> | null;
      if (document === null || !isUsable(document)) throw new Error(`${url} holds something else`);
      return document;
    } catch (error) {
      failedAt = performance.now();
      log.warn({ err: describeError(error) }, 'the issuer of tokens cannot be asked; known keys stay good');
      throw new IssuerAway();
    }
  };
  const findUrl = (): Promise<string> =>
    place.jwksUrl !== undefined
      ? Promise.resolve(place.jwksUrl)
      : discover(place.issuer, (url, isUsable) => ask(url, { signal: AbortSignal.timeout(timeout) }, isUsable));
  const create = async (): Promise<RemoteKeys> =>
    createRemoteJWKSet(new URL(await findUrl()), {
      timeoutDuration: timeout,
      cooldownDuration: waits.askAgain ?? ASK_AGAIN_MS,
      // When to refresh is decided here: jose would refuse known keys once they are old and the issuer is away.
      cacheMaxAge: Infinity,
      [customFetch]: async (url, init) => {
        const set = await ask(url, init, ({ keys: listed }) => Array.isArray(listed));
        confirmedAt = performance.now();
        return Response.json(set);
      },
    });
  const remote = (): Promise<RemoteKeys> => {
    keys ??= create().catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };

  const refresh = setInterval(() => {
    void remote()
      .then((set) => set.reload())
      // Told by `ask` already.
      .catch(() => undefined);
  }, waits.refresh ?? REFRESH_MS);
  refresh.unref();
  return {
    find: async (header, token) => {
      const set = await remote();
      if (set.jwks() !== undefined && performance.now() > confirmedAt + stale) await set.reload();
      return set(header, token);
    },
    stop: () => clearInterval(refresh),
  };
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;
type IsUsable = (document: Record<string, unknown>) => boolean;
type Ask = (url: string, init: RequestInit, isUsable: IsUsable) => Promise<Record<string, unknown>>;

/** The issuer cannot be asked; it may be there again soon. */
class IssuerAway extends NotReadyError {
  constructor() {
    super('the issuer of tokens cannot be asked');
  }
}

/** OpenID Connect Discovery 1.0, 4: where the issuer's keys are. The document must name the issuer that was asked. */
async function discover(
  issuer: string,
  ask: (url: string, isUsable: IsUsable) => Promise<Record<string, unknown>>,
): Promise<string> {
  const document = await ask(
    `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    ({ issuer: named, jwks_uri: url }) => named === issuer && typeof url === 'string' && isConfidential(url),
  );
  return document['jwks_uri'] as string;
}

/** Whether an issuer's name is a place where it can be asked, rather than the name of the mesh's own. */
export function isElsewhere(issuer: string): boolean {
  return /^https?:/i.test(issuer);
}

/** Keys come over TLS, or from this machine: whoever could change them on the way could sign tokens. */
export function isConfidential(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));
}
