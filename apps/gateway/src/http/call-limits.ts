import { isIPv6 } from 'node:net';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

/** How many calls are taken, each minute, per replica of the gateway. */
export interface CallLimits {
  /** Of one subject. */
  callsPerMinute: number;
  /** Without a good token, of one address. */
  failuresPerMinute: number;
}

/** What is left to somebody after one more call. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  /** Calls left in this minute. */
  left: number;
  /** Seconds until the count begins anew; at least 1. */
  resetS: number;
}

/** Counts the calls of one who is told by a key. */
export interface CallCounter {
  take(key: string): Promise<Allowance>;
}

const MINUTE_S = 60;
/** Whoever is counted at the same time. Beyond it the one counted longest ago is forgotten, and begins anew. */
export const MAX_COUNTED = 20_000;

/**
 * Counts calls in windows of a minute, which begin with the first call. Whatever keys come, no more than `most` are
 * kept: an attacker with more addresses than that is not stopped by counting addresses.
 */
export function callCounter(limit: number, most = MAX_COUNTED): CallCounter {
  const limiter = new RateLimiterMemory({ points: limit, duration: MINUTE_S });
  const counted = new Set<string>();
  return {
    take: async (key) => {
      counted.delete(key);
      counted.add(key);
      if (counted.size > most) {
        const oldest = counted.values().next().value!;
        counted.delete(oldest);
        await limiter.delete(oldest);
      }
      // It rejects with the same result when there are too many.
      const result = await limiter.consume(key).catch((refusal: RateLimiterRes) => refusal);
      if (result instanceof Error) throw result;
      return {
        allowed: result.consumedPoints <= limit,
        limit,
        left: result.remainingPoints,
        resetS: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
      };
    },
  };
}

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), under the policy's name. */
export function rateLimitHeaders(policy: string, { limit, left, resetS }: Allowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"${policy}";q=${limit};w=${MINUTE_S}`,
    RateLimit: `"${policy}";r=${left};t=${resetS}`,
  };
}

/**
 * Under what an address is counted: an IPv4 address by itself, of IPv6 the first 56 bits, since one subscriber has at
 * least so many addresses to call from.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const start = groupsOf(head);
  const end = groupsOf(tail ?? '');
  const groups = [...start, ...Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0'), ...end];
  const [a = 0, b = 0, c = 0, d = 0] = groups.slice(0, 4).map((group) => Number.parseInt(group, 16));
  return `${[a, b, c, d & 0xff00].map((group) => group.toString(16)).join(':')}::/56`;
}
