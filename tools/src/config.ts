import { type Static, Type } from 'typebox';
import { readEnvironment } from '@clearance/platform/command';

const port = (value: number) => Type.Integer({ default: value, minimum: 1, maximum: 65_535 });

const Environment = Type.Object({
  MESH_HOME: Type.String({ default: '.mesh' }),
  /** Real servers in place of the embedded ones. */
  MESH_NATS_URL: Type.Optional(Type.String({ pattern: '^(nats|tls)://' })),
  MESH_DATABASE_URL: Type.Optional(Type.String({ pattern: '^postgres(ql)?://' })),
  MESH_NATS_PORT: port(14_222),
  MESH_NATS_MONITOR_PORT: port(18_222),
  MESH_DATABASE_PORT: port(15_432),
  MESH_HTTP_PORT: port(8_080),
  /** Of the development sign-in; the one after the services' unless told. */
  MESH_SIGN_IN_PORT: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  /** Where the gateway's console lets traces be looked at. */
  MESH_TRACE_URL: Type.Optional(Type.String()),
  CLEARANCE_LOG_LEVEL: Type.String({ default: 'info' }),
});

const SignInEnvironment = Type.Object({
  MESH_HOME: Type.String(),
  MESH_CONFIG: Type.String(),
  MESH_SIGN_IN_PORT: Type.Integer({ minimum: 1, maximum: 65_535 }),
  /** The gateway's, which serves the console. */
  MESH_HTTP_PORT: Type.Integer({ minimum: 1, maximum: 65_535 }),
});

/** What the commands are configured with; INTERFACE 1. */
export type ToolsConfig = Static<typeof Environment>;

/** The only reader of the environment among the tools. @throws EnvironmentError naming every variable at fault. */
export function readConfig(): ToolsConfig {
  return readEnvironment(Environment, process.env);
}

/** What the process of the development sign-in is started with. @throws EnvironmentError naming every variable at fault. */
export function readSignInConfig(): Static<typeof SignInEnvironment> {
  return readEnvironment(SignInEnvironment, process.env);
}

/** A Chromium by name or path, where whoever runs the tests names one. */
export function browserOf(): string | undefined {
  return readEnvironment(Type.Object({ CHROMIUM: Type.Optional(Type.String()) }), process.env).CHROMIUM;
}

/** The environment that a spawned service inherits: what the system needs, `OTEL_*`, and nothing of the mesh. */
export function systemEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(MESH_|CLEARANCE_|NODE_OPTIONS$)/.test(name));
  return Object.fromEntries(kept.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
