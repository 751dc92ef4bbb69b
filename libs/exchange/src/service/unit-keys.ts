import type { UnitId } from '@clearance/contracts';
import { type FollowedFile, followFile, type Logger, type MeshHome } from '@clearance/platform';
import { type KeyRing, keyRing, type SigningKey, signingKey } from '@clearance/provenance';

/** The keys of a unit as they are now: files that a rotation replaces while the service runs. */
export interface UnitKeys {
  signingKey(): SigningKey;
  keyRing(): KeyRing;
  /** Reads the trust document now, and gives what is in it then. */
  rereadKeys(): Promise<KeyRing>;
  /** `listener` is called after each change of the signing key or of the trust document. */
  onChange(listener: () => void): void;
  stop(): void;
}

/** Opens the trust document, one for all units of a process. @throws when it cannot be read at the start. */
export function openTrust(home: MeshHome, log: Logger): Promise<FollowedFile<KeyRing>> {
  return followFile(home.trustFile, (text) => keyRing(JSON.parse(text)), log);
}

/**
 * Opens a unit's signing key.
 *
 * @param ring the trust document, which its owner stops following
 * @throws when the key cannot be read at the start
 */
export async function openKeys(
  home: MeshHome,
  unit: UnitId,
  ring: FollowedFile<KeyRing>,
  log: Logger,
): Promise<UnitKeys> {
  const signing = await followFile(home.signingKeyFile(unit), (text) => signingKey(JSON.parse(text)), log);
  return {
    signingKey: signing.current,
    keyRing: ring.current,
    rereadKeys: ring.look,
    onChange: (listener) => {
      signing.onChange(listener);
      ring.onChange(listener);
    },
    stop: () => signing.stop(),
  };
}
