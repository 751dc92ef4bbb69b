import { isAbsolute, join, resolve } from 'node:path';
import type { UnitId } from '@clearance/contracts';

/** The owner of a NATS account, a database and a signing key: a unit, or the gateway. */
export type Owner = UnitId | 'gateway';

/** The users of an account. A unit has all three; the gateway's own account has `gateway` only. */
export type AccountUser = 'backend' | 'sync' | 'gateway';

/** The roles for which a development token is issued (INTERFACE, HTTP). */
export const TOKEN_ROLES = ['coordinator', 'policy', 'policy-approver', 'auditor', 'firm'] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** Where everything lies in a mesh's state directory (`.mesh/` or `MESH_HOME`). All paths are absolute. */
export interface MeshHome {
  readonly root: string;
  /** Every directory that holds secrets, to be made with mode 0700. */
  readonly privateDirectories: readonly string[];
  /** NATS user credentials in the `.creds` form. */
  credsFile(owner: Owner, user: AccountUser): string;
  /** Private Ed25519 signing key (JWK) of a unit, of the gateway that signs its ledger, or of the policy authority that signs lists. */
  signingKeyFile(owner: Owner | 'policy'): string;
  /** Public keys of all signers, past ones included. */
  readonly trustFile: string;
  /** A database URL with its password. */
  databaseUrlFile(owner: Owner): string;
  /** Password of the embedded PostgreSQL's administrator. */
  readonly databaseAdminPasswordFile: string;
  /** HTTP bearer token of a role, or of a unit (role `unit`). */
  tokenFile(holder: TokenRole | UnitId): string;
  /** Public keys of the development token issuer (JWKS), and its private key (JWK). */
  readonly jwksFile: string;
  readonly tokenKeyFile: string;
  /** Private key (JWK) of the development sign-in, where there is one. */
  readonly signInKeyFile: string;
  readonly operatorJwtFile: string;
  /** Private key (seed) of the operator, the system account or an owner's account. */
  nkeySeedFile(holder: Owner | 'operator' | 'system'): string;
  accountJwtFile(holder: Owner | 'system'): string;
  readonly natsConfigurationFile: string;
  /** JetStream's storage. */
  readonly natsStore: string;
  /** PostgreSQL's data directory; a link when the real one had to lie elsewhere (see postgres-place.ts). */
  readonly postgresData: string;
  /** Programs that the mesh fetched itself. */
  readonly bin: string;
  logFile(server: string): string;
  /** Who runs a server now: its process id and that of the process that started it. */
  runFile(server: string): string;
}

/** The layout of a state directory; makes nothing. `root` may be relative to the working directory. */
export function meshHome(root: string): MeshHome {
  const base = isAbsolute(root) ? root : resolve(root);
  const at = (...parts: string[]): string => join(base, ...parts);
  return {
    root: base,
    privateDirectories: ['creds', 'keys', 'secrets', 'tokens', 'nats', 'nats/keys', 'nats/accounts'].map((part) =>
      at(part),
    ),
    credsFile: (owner, user) => at('creds', owner, `${user}.creds`),
    signingKeyFile: (owner) => at('keys', `${owner}.jwk.json`),
    trustFile: at('trust.json'),
    databaseUrlFile: (owner) => at('secrets', `${owner}.database-url`),
    databaseAdminPasswordFile: at('secrets', 'postgres-admin.password'),
    tokenFile: (holder) => at('tokens', `${holder}.jwt`),
    jwksFile: at('tokens', 'jwks.json'),
    tokenKeyFile: at('tokens', 'issuer.jwk.json'),
    signInKeyFile: at('tokens', 'sign-in.jwk.json'),
    operatorJwtFile: at('nats', 'operator.jwt'),
    nkeySeedFile: (holder) => at('nats', 'keys', `${holder}.seed`),
    accountJwtFile: (holder) => at('nats', 'accounts', `${holder}.jwt`),
    natsConfigurationFile: at('nats', 'nats-server.conf'),
    natsStore: at('nats', 'jetstream'),
    postgresData: at('postgres'),
    bin: at('bin'),
    logFile: (server) => at('logs', `${server}.log`),
    runFile: (server) => at('run', `${server}.json`),
  };
}
