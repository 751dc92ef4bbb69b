import fc from 'fast-check';
import type { UnitId } from '@clearance/contracts';
import { groupBySight } from './give-copies.ts';
import type { View } from './view.ts';

const UNITS: UnitId[] = ['ln.border', 'jl.customs', 'jl.border', 'hl.customs', 'nm.inspection'];
const view = (resultId: string, consumers: UnitId[]): View => ({
  claims: { issuer: 'ln.customs', resultId, version: 1, status: 'issued', issuedAt: '2026-11-21T08:00:00.000Z' },
  kind: 'customs.scan',
  listVersion: '2026.11-1',
  listRecord: '0'.repeat(64),
  consumers,
  viewNumber: 0,
  withheld: [],
  token: resultId,
  tokenDigest: resultId,
  traceparent: undefined,
});

/** Of each result: which units see it in full, and which in part; nobody sees both. */
const results = fc.array(
  fc.array(fc.constantFrom('full', 'part', 'none'), { minLength: UNITS.length, maxLength: UNITS.length }),
  { maxLength: 6 },
);
const viewsOf = (sights: readonly (readonly string[])[]): View[] =>
  sights.flatMap((sight, result) =>
    ['full', 'part'].flatMap((how) => {
      const consumers = UNITS.filter((_, unit) => sight[unit] === how);
      return consumers.length === 0 ? [] : [view(`${result}-${how}`, consumers)];
    }),
  );

describe('groupBySight', () => {
  it('writes one message for all who see the same', () => {
    const crew = view('crew', ['ln.border', 'jl.border']);
    const crewWithoutDocuments = view('crew without documents', ['jl.customs', 'nm.inspection']);
    const scan = view('scan', ['ln.border', 'jl.border', 'jl.customs', 'nm.inspection']);
    expect(groupBySight([crew, crewWithoutDocuments, scan])).toEqual([
      { consumers: ['ln.border', 'jl.border'], seen: [crew, scan] },
      { consumers: ['jl.customs', 'nm.inspection'], seen: [crewWithoutDocuments, scan] },
    ]);
  });

  it('gives every unit exactly the views that are its own, once', () => {
    fc.assert(
      fc.property(results, (sights) => {
        const views = viewsOf(sights);
        const groups = groupBySight(views);
        const consumers = groups.flatMap((group) => group.consumers);
        expect(new Set(consumers).size).toBe(consumers.length);
        for (const unit of UNITS) {
          const seen = groups.find((group) => group.consumers.includes(unit))?.seen ?? [];
          expect(seen).toEqual(views.filter((each) => each.consumers.includes(unit)));
        }
      }),
    );
  });

  it('makes no two groups that see the same', () => {
    fc.assert(
      fc.property(results, (sights) => {
        const sightings = groupBySight(viewsOf(sights)).map(({ seen }) => seen.map(({ token }) => token).join());
        expect(new Set(sightings).size).toBe(sightings.length);
      }),
    );
  });
});
