import { type Static, Type } from 'typebox';
import { readEnvironment, readTls, TLS_VARIABLES, type TlsSettings } from '@clearance/platform';

const Environment = Type.Object({
  /** State directory: credentials, trust document, database URL, token issuer's keys. */
  MESH_HOME: Type.String({ default: '.mesh' }),
  MESH_CONFIG: Type.String({ default: 'mesh.yaml' }),
  MESH_NATS_URL: Type.String({ default: 'nats://127.0.0.1:14222', pattern: '^(nats|tls)://' }),
  MESH_HTTP_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  CLEARANCE_TOKEN_ISSUER: Type.String({ default: 'clearance-mesh' }),
  CLEARANCE_TOKEN_AUDIENCE: Type.String({ default: 'clearance-gateway' }),
  CLEARANCE_DATABASE_POOL: Type.Integer({ default: 10, minimum: 2, maximum: 100 }),
  /** How often the ledger's head is signed, when it has moved. */
  CLEARANCE_HEAD_EVERY_MS: Type.Integer({ default: 10_000, minimum: 100, maximum: 3_600_000 }),
  /** How often yesterday and today are reconciled and repaired; 0 for never. */
  CLEARANCE_RECONCILE_EVERY_MS: Type.Integer({ default: 3_600_000, minimum: 0, maximum: 86_400_000 }),
  CLEARANCE_LOG_LEVEL: Type.String({ default: 'info', pattern: '^(trace|debug|info|warn|error|fatal|silent)$' }),
  ...TLS_VARIABLES,
});

/** What the gateway is configured with. */
export type GatewayConfig = Static<typeof Environment> & { tls: TlsSettings };

/**
 * The only reader of the environment in this app.
 *
 * @throws EnvironmentError naming every variable, and every file of TLS, at fault.
 */
export function readConfig(): GatewayConfig {
  const environment = readEnvironment(Environment, process.env);
  return { ...environment, tls: readTls(environment, environment.MESH_NATS_URL) };
}
