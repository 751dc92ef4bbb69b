import { type Static, Type } from 'typebox';
import {
  readEnvironment,
  readTelemetry,
  readTls,
  type TelemetrySettings,
  TLS_VARIABLES,
  type TlsSettings,
} from '@clearance/platform';
import { requireConfidential, SIGN_IN_VARIABLES } from '@clearance/platform/tokens';

/** The environment of a unit service. */
const Environment = Type.Object({
  /** State directory: credentials, keys, trust document, database URLs. */
  MESH_HOME: Type.String({ default: '.mesh' }),
  MESH_CONFIG: Type.String({ default: 'mesh.yaml' }),
  MESH_NATS_URL: Type.String({ default: 'nats://127.0.0.1:14222', pattern: '^(nats|tls)://' }),
  /** Provinces whose unit of this agency the process hosts, `ln,jl`; all of the mesh when absent. */
  CLEARANCE_PROVINCES: Type.String({ default: '', pattern: '^([a-z]{2}(,[a-z]{2})*)?$' }),
  CLEARANCE_HTTP_PORT: Type.Integer({ minimum: 0, maximum: 65_535 }),
  CLEARANCE_STREAM_REPLICAS: Type.Integer({ default: 1, minimum: 1, maximum: 5 }),
  CLEARANCE_DATABASE_POOL: Type.Integer({ default: 6, minimum: 2, maximum: 100 }),
  CLEARANCE_LOG_LEVEL: Type.String({ default: 'info', pattern: '^(trace|debug|info|warn|error|fatal|silent)$' }),
  /** Who of the units' people may answer in their name, having signed in at the console; nobody without an issuer. */
  ...SIGN_IN_VARIABLES,
  /** Whether an answer needs a proof (RFC 9449) always, or where the token is bound to a key. */
  CLEARANCE_CONSOLE_PROOF: Type.Enum(['when-bound', 'always'], { default: 'when-bound' }),
  ...TLS_VARIABLES,
});

/** What a unit service is configured with. */
export type UnitServiceConfig = Omit<Static<typeof Environment>, 'CLEARANCE_PROVINCES'> & {
  provinces: string[];
  tls: TlsSettings;
  telemetry: TelemetrySettings;
};

/**
 * Reads a unit service's configuration; an app's `config.ts` calls it with the process environment.
 *
 * @throws EnvironmentError naming every variable, and every file of TLS, at fault.
 */
export function readUnitServiceConfig(env: Record<string, string | undefined>): UnitServiceConfig {
  const { CLEARANCE_PROVINCES: provinces, ...rest } = readEnvironment(Environment, env);
  requireConfidential('CLEARANCE_CONSOLE_ISSUER', rest.CLEARANCE_CONSOLE_ISSUER);
  const tls = readTls(rest, rest.MESH_NATS_URL);
  const telemetry = readTelemetry(env);
  return { ...rest, telemetry, provinces: provinces === '' ? [] : provinces.split(','), tls };
}
