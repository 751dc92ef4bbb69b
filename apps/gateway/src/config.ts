import { type Static, Type } from 'typebox';
import { readEnvironment } from '@clearance/platform';

const Environment = Type.Object({
  /** State directory: credentials, trust document, database URL, token issuer's keys. */
  MESH_HOME: Type.String({ default: '.mesh' }),
  MESH_CONFIG: Type.String({ default: 'mesh.yaml' }),
  MESH_NATS_URL: Type.String({ default: 'nats://127.0.0.1:14222', pattern: '^(nats|tls)://' }),
  MESH_HTTP_PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535 }),
  CLEARANCE_TOKEN_ISSUER: Type.String({ default: 'clearance-mesh' }),
  CLEARANCE_TOKEN_AUDIENCE: Type.String({ default: 'clearance-gateway' }),
  CLEARANCE_DATABASE_POOL: Type.Integer({ default: 10, minimum: 2, maximum: 100 }),
  CLEARANCE_LOG_LEVEL: Type.String({ default: 'info', pattern: '^(trace|debug|info|warn|error|fatal|silent)$' }),
});

/** What the gateway is configured with. */
export type GatewayConfig = Static<typeof Environment>;

/** The only reader of the environment in this app. @throws EnvironmentError naming every variable at fault. */
export function readConfig(): GatewayConfig {
  return readEnvironment(Environment, process.env);
}
