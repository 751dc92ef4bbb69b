import type { Mesh, UnitId } from '@clearance/contracts';
import type { MeshHome, Owner } from '@clearance/platform';
import { ensureHome } from './private-files.ts';
import { provisionKeys } from './provision-keys.ts';
import { provisionNats } from './provision-nats.ts';
import { provisionTokens } from './provision-tokens.ts';

/** What provisioning did: the files it wrote, absolute; empty when all was in place. */
export interface ProvisionReport {
  written: string[];
}

/** The parts of a mesh that provisioning derives from; `parseMesh` gives them. */
export type ProvisionedMesh = Pick<Mesh, 'units' | 'consumers'> & { limits: Pick<Mesh['limits'], 'maxPayloadBytes'> };

/** Everyone who has a NATS account and a database: the units, the other consumers, and the gateway. */
export function ownersOf(mesh: ProvisionedMesh): Owner[] {
  return [...mesh.units, ...mesh.consumers].map(({ id }): Owner => id).concat('gateway');
}

/**
 * Brings a state directory to what a mesh needs: NATS operator, accounts, users and configuration; signing keys and the trust
 * document; HTTP tokens. Run again, it keeps every secret and adds what `mesh.yaml` gained. A unit that left the mesh loses its
 * account on the server, and keeps its files. Databases are made by `provisionDatabases`, which needs a server.
 * @param now ms since the epoch: new keys are valid from that day on
 * @throws ProvisionFault `home-unusable`
 */
export async function provisionMesh(mesh: ProvisionedMesh, home: MeshHome, now: number): Promise<ProvisionReport> {
  const issuers = mesh.units.map(({ id }): UnitId => id);
  await ensureHome(home);
  const nats = await provisionNats(home, ownersOf(mesh), mesh.limits.maxPayloadBytes);
  const keys = await provisionKeys(home, issuers, now);
  const tokens = await provisionTokens(home, ownersOf(mesh).filter(isUnit), now);
  return { written: [...nats, ...keys, ...tokens] };
}

const isUnit = (owner: Owner): owner is UnitId => owner !== 'gateway';
