import { type Static, Type } from 'typebox';
import { isConfidential } from '@clearance/platform/tokens';
import type { GatewayConfig } from '../config.ts';
import { closed, orNull } from '../http/answers.ts';

/** What the console is told: by whom people sign in to it, and where traces are looked at. */
export const SignInSchema = Type.Object(
  {
    issuer: orNull(
      Type.String({
        format: 'uri',
        description: 'OpenID Connect; its discovery document says the rest. Null: one cannot sign in to the console',
      }),
    ),
    clientId: Type.String({ description: 'Of a public client: authorization code with PKCE (RFC 7636)' }),
    scope: Type.String({ description: 'To ask for' }),
    audience: Type.String({ description: '`aud` of the access tokens that this gateway believes' }),
    traceUrl: Type.Optional(Type.String({ description: 'Where a trace is shown; {traceId} stands for its id' })),
  },
  { ...closed, title: 'SignIn' },
);
export type SignIn = Static<typeof SignInSchema>;

/** By what {@link SignInSchema} is described. */
export const SIGN_IN_EXAMPLE: SignIn = {
  issuer: 'https://id.example/realms/clearance',
  clientId: 'clearance-console',
  scope: 'openid profile',
  audience: 'clearance-gateway',
  traceUrl: 'https://traces.example/trace/{traceId}',
};

/**
 * How people sign in to the console. Whoever issues the tokens signs people in too, unless another is named; one that a
 * browser would reach in the clear does not.
 */
export function signInOf(config: GatewayConfig): SignIn {
  const { CLEARANCE_CONSOLE_ISSUER: named, CLEARANCE_TOKEN_ISSUER: usual, MESH_TRACE_URL: traceUrl } = config;
  return {
    issuer: named ?? (isConfidential(usual) ? usual : null),
    clientId: config.CLEARANCE_CONSOLE_CLIENT,
    scope: config.CLEARANCE_CONSOLE_SCOPE,
    audience: config.CLEARANCE_TOKEN_AUDIENCE,
    ...(traceUrl === undefined ? {} : { traceUrl }),
  };
}
