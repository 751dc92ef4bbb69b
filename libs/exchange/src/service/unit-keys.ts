import type { UnitId } from '@clearance/contracts';
import { followFile, type Logger, type MeshHome } from '@clearance/platform';
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

/** Opens a unit's signing key and the trust document. @throws when they cannot be read at the start. */
export async function openKeys(home: MeshHome, unit: UnitId, log: Logger): Promise<UnitKeys> {
  const signing = await followFile(home.signingKeyFile(unit), (text) => signingKey(JSON.parse(text)), log);
  const ring = await followFile(home.trustFile, (text) => keyRing(JSON.parse(text)), log);
  return {
    signingKey: signing.current,
    keyRing: ring.current,
    rereadKeys: ring.look,
    onChange: (listener) => {
      signing.onChange(listener);
      ring.onChange(listener);
    },
    stop: () => {
      signing.stop();
      ring.stop();
    },
  };
}
