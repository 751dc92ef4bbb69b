import type { Mesh, UnitId } from '@clearance/contracts';

/** A mesh of these units, with nothing in it that provisioning does not look at. */
export function meshOf(units: readonly UnitId[], consumers: readonly UnitId[] = []): Mesh {
  const named = (ids: readonly UnitId[]): Mesh['units'] => ids.map((id) => ({ id, name: { zh: id, en: id } }));
  return {
    provinces: [],
    units: named(units),
    consumers: named(consumers),
    places: [],
    arrangements: [],
    access: { answerWithin: 'P14D', remindBefore: 'P3D', longest: 'P366D' },
    limits: {
      maxContentBytes: 262_144,
      maxBatch: 500,
      maxPayloadBytes: 4_194_304,
      packResults: 64,
      fetchMessages: 500,
      maxPage: 500,
      maxWaiting: 10_000,
      reofferAfter: 'PT30S',
    },
  };
}
