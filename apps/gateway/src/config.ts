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
import { isConfidential, isElsewhere } from './http/issuer-keys.ts';
import { DEFAULT_ROLES_CLAIM } from './http/token-claims.ts';

const Environment = Type.Object({
  /** State directory: credentials, trust document, database URL, token issuer's keys. */
  MESH_HOME: Type.String({ default: '.mesh' }),
  MESH_CONFIG: Type.String({ default: 'mesh.yaml' }),
  MESH_NATS_URL: Type.String({ default: 'nats://127.0.0.1:14222', pattern: '^(nats|tls)://' }),
  MESH_HTTP_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  /** Who issues the tokens (`iss`). A URL is an issuer elsewhere, whose keys are fetched; else they lie in MESH_HOME. */
  CLEARANCE_TOKEN_ISSUER: Type.String({ default: 'clearance-mesh', pattern: '^[^\\s#]+$' }),
  CLEARANCE_TOKEN_AUDIENCE: Type.String({ default: 'clearance-gateway', minLength: 1 }),
  /** Where the issuer publishes its keys; found by OpenID Connect Discovery when absent. */
  CLEARANCE_TOKEN_JWKS_URL: Type.Optional(Type.String()),
  /** Claims for roles and unit: a name, a dotted path (`realm_access.roles`) or a JSON Pointer. */
  CLEARANCE_TOKEN_ROLES_CLAIM: Type.String({ default: DEFAULT_ROLES_CLAIM, minLength: 1 }),
  CLEARANCE_TOKEN_UNIT_CLAIM: Type.String({ default: 'unit', minLength: 1 }),
  /** Calls taken of one subject, each minute, by each replica. */
  CLEARANCE_CALLS_PER_MINUTE: Type.Integer({ default: 3_000, minimum: 1, maximum: 1_000_000 }),
  /** Calls without a good token that are answered 401, each minute, of one address; more are answered 429. */
  CLEARANCE_REFUSALS_PER_MINUTE: Type.Integer({ default: 300, minimum: 1, maximum: 1_000_000 }),
  /** Proxies before the gateway, whose word is taken for where a call comes from. */
  CLEARANCE_TRUSTED_PROXIES: Type.Integer({ default: 0, minimum: 0, maximum: 10 }),
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

/**
 * The only reader of the environment in this app.
 *
 * @throws EnvironmentError naming every variable, and every file of TLS, at fault.
 */
export function readConfig(): GatewayConfig {
  const environment = readEnvironment(Environment, process.env);
  requireConfidential(environment);
  return {
    ...environment,
    telemetry: readTelemetry(process.env),
    tls: readTls(environment, environment.MESH_NATS_URL),
  };
}

/** @throws EnvironmentError when the issuer's keys would come in the clear, from another machine. */
function requireConfidential(environment: Static<typeof Environment>): void {
  const { CLEARANCE_TOKEN_JWKS_URL: jwksUrl, CLEARANCE_TOKEN_ISSUER: issuer } = environment;
  const [name, place] =
    jwksUrl === undefined ? ['CLEARANCE_TOKEN_ISSUER', issuer] : ['CLEARANCE_TOKEN_JWKS_URL', jwksUrl];
  if ((jwksUrl !== undefined || isElsewhere(issuer)) && !isConfidential(place)) {
    throw new EnvironmentError(`${name} 须为 https 地址 must be an https URL (http only on this machine)`);
  }
}
