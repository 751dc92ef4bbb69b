import type { MeshHome } from '@clearance/platform';

/** Ports of the embedded servers unless the environment says otherwise (INTERFACE, section 1). */
export const DEFAULT_PORTS = { nats: 14222, monitor: 18222, database: 15432 } as const;

/**
 * The configuration of the mesh's nats-server: accounts from memory, JetStream in the home directory, loopback only.
 * `start-nats.ts` overrides the ports on the command line.
 */
export function natsConfiguration(
  home: MeshHome,
  parts: {
    systemAccount: string;
    accounts: readonly { key: string; jwt: string }[];
    maxPayloadBytes: number;
    storeBytes: number;
    memoryBytes: number;
  },
): string {
  return [
    '# Written by provisioning; run it again rather than editing this file.',
    'server_name: clearance',
    `listen: "127.0.0.1:${DEFAULT_PORTS.nats}"`,
    `http: "127.0.0.1:${DEFAULT_PORTS.monitor}"`,
    `max_payload: ${parts.maxPayloadBytes}`,
    '# A client that has gone is noticed within a minute, so that its work is given to another.',
    'ping_interval: "20s"',
    'ping_max: 2',
    '# A busy client may take its time over the signature; the default of 2 s turns load into refusals.',
    'authorization: { timeout: 10 }',
    `operator: ${quoted(home.operatorJwtFile)}`,
    `system_account: ${parts.systemAccount}`,
    'resolver: MEMORY',
    'resolver_preload: {',
    ...parts.accounts.map(({ key, jwt }) => `  ${key}: ${jwt}`),
    '}',
    'jetstream: {',
    `  store_dir: ${quoted(home.natsStore)}`,
    '  # The sum of what the accounts may use: a server refuses an account whose limit it cannot reserve.',
    `  max_file_store: ${parts.storeBytes}`,
    `  max_memory_store: ${parts.memoryBytes}`,
    '}',
    '',
  ].join('\n');
}

/** A string in the configuration language, which reads escapes as JSON does. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
