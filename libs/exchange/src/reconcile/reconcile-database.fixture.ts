import type { UnitId } from '@clearance/contracts';
import { type DataSource, openDatabase } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import type { PendingOffer } from '../offer/pending-offer.ts';
import { keepOffers } from '../offer/keep-offers.ts';
import { EXCHANGE_MIGRATIONS } from '../schema/migrations.ts';
import { newSigner, ringOf, type Signer, tokenOf } from '../signers.fixture.ts';
import { storeResults } from '../store/store-results.ts';
import type { StoredResult } from '../store/stored-result.ts';
import type { Unit } from '../unit.ts';

export const SELF: UnitId = 'ln.customs';
export const OTHER: UnitId = 'ln.border';
export const OWN = newSigner(SELF);
export const FOREIGN = newSigner(OTHER);

/** A unit with a real database, and what reconciliation needs of it. */
export interface UnitAtRest {
  unit: Unit;
  database: DataSource;
  /** Stores versions in this order, as if they had been issued or had arrived. */
  store(...versions: StoredResult[]): Promise<void>;
  /** Puts own versions into the outbox. */
  offer(...versions: StoredResult[]): Promise<void>;
  cleanup(): Promise<void>;
}

/** Opens the unit; its keys are the fixture's. */
export async function unitAtRest(): Promise<UnitAtRest> {
  const mesh: TestMesh = await setupMesh({ units: [SELF, OTHER] });
  const database = await openDatabase({
    url: mesh.databaseUrls.get(SELF)!,
    migrations: EXCHANGE_MIGRATIONS,
    applicationName: 'test',
    poolSize: 3,
  });
  const ring = ringOf(OWN, FOREIGN);
  const events = { push: () => undefined };
  const unit = {
    id: SELF,
    mesh: mesh.mesh,
    database,
    keyRing: () => ring,
    events,
    now: () => Date.now(),
  } as unknown as Unit;
  return {
    unit,
    database,
    store: async (...versions) => {
      for (const version of versions) await database.transaction((transaction) => storeResults(transaction, [version]));
    },
    offer: async (...versions) => {
      const offers = versions.map(({ resultId, version, token }): PendingOffer => ({
        resultId,
        version,
        item: JSON.stringify({ token }),
      }));
      await database.transaction((transaction) => keepOffers(transaction, offers, Date.now()));
    },
    cleanup: async () => {
      await database.destroy();
      await mesh.cleanup();
    },
  };
}

/** One version, signed. `number` makes the result's id. */
export function versionOf(signer: Signer, number: number, version: number, issuedAt: string): StoredResult {
  const resultId = `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`;
  const status = version === 1 ? 'issued' : 'amended';
  const content = { reference: `R-${number}`, kind: 'customs.scan' };
  return {
    resultId,
    version,
    status,
    issuer: signer.owner,
    own: signer.owner === SELF,
    issuedAt,
    content: JSON.stringify(content),
    withheld: '[]',
    token: tokenOf(signer, { resultId, version, status, issuedAt }, content),
    keyId: signer.key.kid,
    digest: null,
    firstDigest: null,
    listVersion: null,
    viewNumber: 0,
  };
}
