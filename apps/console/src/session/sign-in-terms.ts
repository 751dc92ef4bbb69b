import { RefusedCall, refusalOf, unreachable } from '../api/refused-call.ts';

/** By whom people sign in to this mesh, as the gateway says it to everybody. */
export interface SignInTerms {
  /** OpenID Connect; null where nobody is set up to sign people in. */
  issuer: string | null;
  clientId: string;
  scope: string;
  /** Of the access tokens: RFC 8707's `resource`. */
  audience: string;
  /** Where a trace is looked at: `{traceId}` stands for its id. */
  traceUrl?: string | null;
}

/** Asks the gateway. @throws RefusedCall */
export async function readSignInTerms(): Promise<SignInTerms> {
  const response = await fetch('/api/v1/sign-in', { headers: { accept: 'application/json' } }).catch(() => undefined);
  if (response === undefined) throw unreachable();
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as SignInTerms;
}

/** Where one trace is looked at; undefined where nobody keeps traces. */
export function traceAddress({ traceUrl }: SignInTerms, traceId: string): string | undefined {
  return traceUrl ? traceUrl.replaceAll('{traceId}', traceId) : undefined;
}

/** A fault that is none of the gateway's refusals is one of the network, or of ours: both are told as such. */
export function asRefusal(error: unknown): RefusedCall {
  return error instanceof RefusedCall ? error : unreachable();
}
