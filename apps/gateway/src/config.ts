import { fileURLToPath } from 'node:url';
import { type Static, Type } from 'typebox';
import {
  EnvironmentError,
  readEnvironment,
  readTelemetry,
  readTls,
  type TelemetrySettings,
  TLS_VARIABLES,
  type TlsSettings,
} from '@clearance/platform';
import { isElsewhere, requireConfidential, SIGN_IN_VARIABLES } from '@clearance/platform/tokens';

/** Where the repository's build puts the console. */
const CONSOLE_FILES = fileURLToPath(new URL('../../console/dist/site', import.meta.url));

const Environment = Type.Object({
  /** State directory: credentials, trust document, database URL, token issuer's keys. */
  MESH_HOME: Type.String({ default: '.mesh' }),
  MESH_CONFIG: Type.String({ default: 'mesh.yaml' }),
  MESH_NATS_URL: Type.String({ default: 'nats://127.0.0.1:14222', pattern: '^(nats|tls)://' }),
  MESH_HTTP_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  /** Who issues the tokens (`iss`). A URL is an issuer elsewhere, whose keys are fetched; else they lie in MESH_HOME. */
  CLEARANCE_TOKEN_ISSUER: Type.String({ default: 'clearance-mesh', pattern: '^[^\\s#]+$' }),
  /** Where the issuer publishes its keys; found by OpenID Connect Discovery when absent. */
  CLEARANCE_TOKEN_JWKS_URL: Type.Optional(Type.String()),
  /** CLEARANCE_TOKEN_ISSUER signs people in too, where that is one and no other is named. */
  ...SIGN_IN_VARIABLES,
  /** What the console is called there, and what it asks for: RFC 6749, 2.2 and 3.3. */
  CLEARANCE_CONSOLE_CLIENT: Type.String({ default: 'clearance-console', pattern: '^[\\x20-\\x7e]+$' }),
  CLEARANCE_CONSOLE_SCOPE: Type.String({ default: 'openid profile', pattern: '^(?:\\S+ )*openid(?: \\S+)*$' }),
  /** Where a trace is looked at, for the console's links: `http://localhost:16686/trace/{traceId}`. */
  MESH_TRACE_URL: Type.Optional(Type.String()),
  /** Calls taken of one subject, each minute, by each replica. */
  CLEARANCE_CALLS_PER_MINUTE: Type.Integer({ default: 3_000, minimum: 1, maximum: 1_000_000 }),
  /** Calls without a good token that are answered 401, each minute, of one address; more are answered 429. */
  CLEARANCE_REFUSALS_PER_MINUTE: Type.Integer({ default: 300, minimum: 1, maximum: 1_000_000 }),
  /** Proxies before the gateway, whose word is taken for where a call comes from. */
  CLEARANCE_TRUSTED_PROXIES: Type.Integer({ default: 0, minimum: 0, maximum: 10 }),
  /** Directory of the console's files. */
  CLEARANCE_CONSOLE_FILES: Type.String({ default: CONSOLE_FILES, minLength: 1 }),
  CLEARANCE_DATABASE_POOL: Type.Integer({ default: 10, minimum: 2, maximum: 100 }),
  /** How often the ledger's head is signed, when it has moved. */
  CLEARANCE_HEAD_EVERY_MS: Type.Integer({ default: 10_000, minimum: 100, maximum: 3_600_000 }),
  /** How often yesterday and today are reconciled and repaired; 0 for never. */
  CLEARANCE_RECONCILE_EVERY_MS: Type.Integer({ default: 3_600_000, minimum: 0, maximum: 86_400_000 }),
  CLEARANCE_LOG_LEVEL: Type.String({ default: 'info', pattern: '^(trace|debug|info|warn|error|fatal|silent)$' }),
  ...TLS_VARIABLES,
});

/** What the gateway is configured with. */
export type GatewayConfig = Static<typeof Environment> & { tls: TlsSettings; telemetry: TelemetrySettings };

type Variables = Static<typeof Environment>;

/**
 * The only reader of the environment in this app.
 *
 * @throws EnvironmentError naming every variable, and every file of TLS, at fault.
 */
export function readConfig(): GatewayConfig {
  const environment = readEnvironment(Environment, process.env);
  requireConfidentialKeys(environment);
  requireTraceUrl(environment.MESH_TRACE_URL);
  return {
    ...environment,
    telemetry: readTelemetry(process.env),
    tls: readTls(environment, environment.MESH_NATS_URL),
  };
}

/** @throws EnvironmentError when an issuer's keys would come in the clear, from another machine. */
function requireConfidentialKeys(environment: Variables): void {
  const { CLEARANCE_TOKEN_JWKS_URL: jwksUrl, CLEARANCE_TOKEN_ISSUER: issuer } = environment;
  if (jwksUrl !== undefined) requireConfidential('CLEARANCE_TOKEN_JWKS_URL', jwksUrl);
  else if (isElsewhere(issuer)) requireConfidential('CLEARANCE_TOKEN_ISSUER', issuer);
  requireConfidential('CLEARANCE_CONSOLE_ISSUER', environment.CLEARANCE_CONSOLE_ISSUER);
}

/** @throws EnvironmentError unless it is a web address in which a trace's id has its place. */
function requireTraceUrl(template: string | undefined): void {
  if (template === undefined) return;
  const url = URL.parse(template.replaceAll('{traceId}', '0'.repeat(32)));
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isWeb && template.includes('{traceId}')) return;
  throw new EnvironmentError(
    'MESH_TRACE_URL 须为含 {traceId} 的 http(s) 地址 must be an http(s) URL that contains {traceId}',
  );
}
