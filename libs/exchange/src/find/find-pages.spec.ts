import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { FindResultsReply, UnitId } from '@clearance/contracts';
import { openRealUnit, type RealUnit } from '../real-unit.fixture.ts';
import { storeResults } from '../store/store-results.ts';
import type { StoredResult } from '../store/stored-result.ts';
import { cutPage } from './cut-page.ts';
import { findRecognitions } from './find-recognitions.ts';
import { findResults } from './find-results.ts';

const UNIT: UnitId = 'ln.customs';
const KIB = 1024;
const MIB = KIB ** 2;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('cutPage', () => {
  it('keeps as many as fit, at least one, in order', () => {
    const items = fc.array(fc.string({ maxLength: 400, unit: 'grapheme' }), { maxLength: 20 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1_100, max: 4_000 }), (texts, maxBytes) => {
        const page = cutPage(texts, maxBytes);
        expect(page).toEqual(texts.slice(0, page.length));
        expect(page.length).toBeGreaterThanOrEqual(Math.min(1, texts.length));
        if (page.length > 1) expect(bytesOf(page)).toBeLessThan(maxBytes - 1_000);
        if (page.length < texts.length)
          expect(bytesOf(texts.slice(0, page.length + 1))).toBeGreaterThan(maxBytes - 1_100);
      }),
    );
  });
});

describe('pages of large results', () => {
  let real: RealUnit;
  const asked: string[] = [];
  beforeAll(async () => {
    real = await openRealUnit(UNIT);
    const results = [3 * KIB, 2 * MIB, 1 * MIB, 3.5 * MIB, 10, 10, 3 * MIB, ...Array<number>(40).fill(300 * KIB)].map(
      stored,
    );
    await real.database.transaction((transaction) => storeResults(transaction, results));
    for (let index = 0; index < 12; index += 1) {
      const body = { reference: `H-${index}`, text: '查'.repeat(200 * KIB) };
      await real.database.query(
        `insert into recognition (recognition_id, reference, request_digest, state, outcome, decided_at, request, body)
         values ($1, $2, '', 'in-force', 'refused', now(), '{}', $3)`,
        [uuidv7(), `H-${index}`, JSON.stringify(body)],
      );
    }
  }, 120_000);
  afterAll(() => real?.cleanup(), 60_000);

  /** A result of about so many bytes, half of them characters of three bytes. */
  function stored(bytes: number, index: number): StoredResult {
    const resultId = uuidv7();
    asked.push(resultId);
    const description = '鱼'.repeat(Math.floor(bytes / 6));
    return {
      resultId,
      version: 1,
      status: 'issued',
      issuer: 'hl.customs',
      own: false,
      issuedAt: '2026-11-21T03:12:00.123Z',
      content: JSON.stringify({ reference: `R-${index}`, kind: 'customs.scan', description }),
      withheld: '[]',
      token: 'a'.repeat(Math.floor(bytes / 2)),
      keyId: 'hl.customs/test',
      digest: null,
      firstDigest: null,
      listVersion: '2026.11-1',
      viewNumber: 0,
    };
  }

  it('fit into one message each, and together hold every result once, in order', async () => {
    const found: string[] = [];
    const pages: number[] = [];
    let cursor: string | undefined;
    do {
      const reply = await findResults(real.unit, { limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      if (!reply.ok) throw new Error(reply.problem.detail);
      const page: FindResultsReply = reply.value;
      expect(bytesOf(page)).toBeLessThanOrEqual(real.unit.mesh.limits.maxPayloadBytes);
      found.push(...page.results.map(({ resultId }) => resultId));
      pages.push(page.results.length);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(asked);
    expect(pages.slice(0, 3)).toEqual([3, 3, 4]);
    expect(pages.length).toBeLessThan(10);
  });

  it('are as long as was asked for when they fit', async () => {
    const reply = await findResults(real.unit, { limit: 2 });
    expect(reply).toMatchObject({ ok: true, value: { results: [{}, {}], cursor: expect.any(String) } });
    const last = await findResults(real.unit, { resultId: asked.at(-1) });
    if (!last.ok) throw new Error(last.problem.detail);
    expect(last.value.results).toHaveLength(1);
    expect(last.value.cursor).toBeUndefined();
  });

  it('of recognitions likewise', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const reply = await findRecognitions(real.unit, { limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      if (!reply.ok) throw new Error(reply.problem.detail);
      expect(bytesOf(reply.value)).toBeLessThanOrEqual(real.unit.mesh.limits.maxPayloadBytes);
      found.push(...reply.value.recognitions.map(({ reference }) => reference));
      cursor = reply.value.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual(Array.from({ length: 12 }, (_, index) => `H-${index}`));
  });
});
