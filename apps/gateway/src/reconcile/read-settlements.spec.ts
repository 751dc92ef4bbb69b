import { createHash } from 'node:crypto';
import type { HoldingPlace, Tally, UnitId } from '@clearance/contracts';
import { type DataSource, insertRows, openDatabase } from '@clearance/platform';
import { setupMesh, type TestMesh } from '@clearance/testing';
import { GATEWAY_MIGRATIONS } from '../schema/migrations.ts';
import type { DisclosedVersion } from './compare-holdings.ts';
import { findSettlements, listSettlements, summariseSettlements } from './read-settlements.ts';

const LN: UnitId = 'ln.customs';
const HL: UnitId = 'hl.customs';
const JL: UnitId = 'jl.border';
const NM: UnitId = 'nm.inspection';
const DAY = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' };

let mesh: TestMesh;
let database: DataSource;
beforeAll(async () => {
  mesh = await setupMesh({ units: [LN] });
  const url = mesh.databaseUrls.get('gateway')!;
  const migrations = GATEWAY_MIGRATIONS;
  database = await openDatabase({ url, migrations, applicationName: 'test', poolSize: 2 });
  await insertRows(
    database.manager,
    'settlement (result_id, version, issuer, kind, issued_at, key_id, signed_digest, entitled, waiting, disclosed_at, settled_at)',
    ROWS.map(({ issuer, place, digest, entitled, waiting }) => {
      const settledAt = waiting.length === 0 ? SETTLED_AT : null;
      return [place.resultId, place.version, issuer, 'customs.scan', place.issuedAt, 'k', digest, entitled, waiting, place.issuedAt, settledAt];
    }), // prettier-ignore
  );
}, 120_000);
afterAll(async () => {
  await database?.destroy();
  await mesh?.cleanup();
}, 60_000);

const SETTLED_AT = '2026-11-23T00:00:00.000Z';
interface Row {
  issuer: UnitId;
  place: HoldingPlace;
  digest: string;
  entitled: UnitId[];
  waiting: UnitId[];
}
const row = (
  issuer: UnitId,
  number: number,
  version: number,
  time: string,
  entitled: UnitId[],
  waiting: UnitId[] = [],
): Row => ({
  issuer,
  place: {
    resultId: `019aa5a1-7c5b-7000-8000-${String(number).padStart(12, '0')}`,
    version,
    issuedAt: `${time}.000000Z`,
  },
  digest: createHash('sha256').update(`${number} ${version}`).digest('base64url'),
  entitled,
  waiting,
});
/** In the order of places; NM came to the mesh at ten o'clock. */
const ROWS = [
  row(LN, 5, 1, '2026-11-20T23:59:59', [HL, JL]),
  row(LN, 1, 1, '2026-11-21T00:00:00', [HL, JL]),
  row(HL, 9, 1, '2026-11-21T01:00:00', [LN, JL]),
  row(LN, 2, 1, '2026-11-21T09:00:00', [HL, JL], [JL]),
  row(LN, 1, 2, '2026-11-21T10:00:00', [HL, JL, NM], [HL, NM]),
  row(LN, 3, 1, '2026-11-21T10:00:00', [HL, JL, NM]),
  row(LN, 4, 1, '2026-11-22T00:00:00', [HL, JL, NM]),
];
const [, FIRST, OF_HL, SECOND, AMENDED, THIRD] = ROWS as [Row, Row, Row, Row, Row, Row];

const tally = (...rows: readonly Row[]): Tally => {
  const lines = rows.map(({ place, digest }) => `${place.resultId} ${place.version} ${digest}`);
  return { count: rows.length, digest: createHash('sha256').update(lines.join('\n')).digest('base64url') };
};
const known = ({ place, digest, entitled, waiting }: Row): DisclosedVersion => ({
  ...place,
  signedDigest: digest,
  waiting,
  confirmed: entitled.filter((unit) => !waiting.includes(unit)),
  settledAt: waiting.length === 0 ? Date.parse(SETTLED_AT) : undefined,
});

describe("the gateway's own holdings", () => {
  it('are summed up by issuer, and by receiver where not all went to the same ones', async () => {
    expect(await summariseSettlements(database, DAY)).toEqual(
      new Map([
        [
          LN,
          {
            all: tally(FIRST, SECOND, AMENDED, THIRD),
            open: tally(SECOND, AMENDED),
            given: new Map([
              [HL, tally(FIRST, SECOND, AMENDED, THIRD)],
              [JL, tally(FIRST, SECOND, AMENDED, THIRD)],
              [NM, tally(AMENDED, THIRD)],
            ]),
          },
        ],
        [HL, { all: tally(OF_HL), open: undefined, given: new Map([LN, JL].map((unit) => [unit, tally(OF_HL)])) }],
      ]),
    );
  });

  it.each([1, 2, 3, 10])('are listed once each, in order, in pages of %i', async (limit) => {
    const all: DisclosedVersion[] = [];
    for (let after: HoldingPlace | undefined; ;) {
      const page = await listSettlements(database, { ...DAY, issuer: LN, after, limit });
      expect(page.versions.length).toBeLessThanOrEqual(limit);
      all.push(...page.versions);
      if (!page.more) break;
      after = page.versions.at(-1);
    }
    expect(all).toEqual([FIRST, SECOND, AMENDED, THIRD].map(known));
  });

  it('are found by id and version', async () => {
    const unheardOf = { ...FIRST.place, version: 7 };
    expect(await findSettlements(database, [AMENDED.place, unheardOf])).toEqual([known(AMENDED)]);
    expect(await findSettlements(database, [])).toEqual([]);
  });
});
