import fc from 'fast-check';
import { exampleContent, RESULT_KINDS, type ResultKind } from '@clearance/contracts';
import { catalogueFields, patternOf } from '@clearance/negative-list';
import { measuredFields } from './measured-fields.ts';
import { dayOf } from '../shanghai-day.ts';
import { type DayCount, type SignedVersion, tallyVersions } from './tally-versions.ts';

const AT = '2026-11-21T03:30:00.000Z';
type Claims = SignedVersion['claims'];

function version(claims: Partial<Claims> = {}, content: object = exampleContent('customs.examination')): SignedVersion {
  return {
    claims: { issuer: 'ln.customs', status: 'issued', issuedAt: AT, ...claims },
    content: content as SignedVersion['content'],
  };
}

const checksAt = (...times: unknown[]): object => ({
  ...exampleContent('customs.examination'),
  checks: times.map((performedAt) => ({ type: 'x-ray', outcome: 'conformant', performedAt })),
});
const only = (versions: readonly SignedVersion[]): DayCount => {
  const [count, ...more] = tallyVersions(versions);
  expect(more).toEqual([]);
  return count!;
};
/** By path, as the layout has it. */
const present = (count: DayCount): Record<string, number> => {
  const { layout, paths } = measuredFields(count.kind);
  expect(count.layout).toBe(layout);
  return Object.fromEntries(
    paths.flatMap((path, place) => (count.present[place] ? [[path, count.present[place]]] : [])),
  );
};

describe('日期 the day of an instant, in Asia/Shanghai', () => {
  it.each([
    ['2026-11-20T15:59:59.999Z', '2026-11-20'],
    ['2026-11-20T16:00:00Z', '2026-11-21'],
    ['2026-11-21T00:00:00+08:00', '2026-11-21'],
    ['2026-12-31T20:00:00Z', '2027-01-01'],
    // What somebody may sign all the same.
    ['9999-12-31T23:59:59Z', '9999-12-31'],
    ['0001-01-01T00:00:00Z', '2000-01-01'],
  ])('%s: %s', (instant, day) => expect(dayOf(instant)).toBe(day));
});

describe('计数 what is counted of a day, a unit and a kind', () => {
  it('件数、更正、撤销 results, amendments, revocations', () => {
    const count = only([
      ...[version(), version()],
      ...[version({ status: 'amended' }), version({ status: 'amended' }), version({ status: 'amended' })],
      version({ status: 'revoked' }, { ...exampleContent('customs.examination'), revocation: { reason: '重复' } }),
    ]);
    expect(count).toMatchObject({ day: '2026-11-21', issuer: 'ln.customs', kind: 'customs.examination' });
    expect([count.results, count.amendments, count.revocations]).toEqual([2, 3, 1]);
  });

  it('字段只计首版；撤销只计撤销事由 fields of first versions alone, and of revocations why', () => {
    const content = exampleContent('customs.examination');
    const withoutConsignee = { ...content, consignee: undefined };
    const counts = present(
      only([
        version({}, content),
        version({}, withoutConsignee),
        version({ status: 'amended' }, content),
        version({ status: 'revoked' }, { ...content, revocation: { reason: '重复' } }),
      ]),
    );
    expect(counts['/reference']).toBe(2);
    expect(counts['/consignee/name']).toBe(1);
    expect(counts['/revocation/reason']).toBe(1);
  });

  it.each<[string, object, string[]]>([
    ['数组有一个元素有即为有 once, however many elements have it', { goods: [{ origin: 'RU' }, {}, { origin: 'JP' }] }, ['/goods/*/origin']], // prettier-ignore
    ['空数组、空对象、空值没有字段 nothing in what is empty', { goods: [], consignee: {}, remarks: null }, []],
    ['合约没有的不计 what the contract does not know', { surprise: 1, goods: [{ surprise: 2 }], ['__proto__']: 3 }, []],
    ['该是对象的是文字 a text where an object should be', { consignee: 'x', goods: 'y', checks: 7 }, []],
    ['该是文字的是对象 an object where a text should be', { remarks: { remarks: 'x' }, location: ['CNDLC'] }, []],
    ['零、否、空文字也是值 zero, false and nothing said are values', { packagesCount: 0, remarks: '' }, ['/packagesCount', '/remarks']], // prettier-ignore
  ])('%s', (_what, content, paths) => {
    const counts = present(only([version({}, { kind: 'customs.examination', ...content })]));
    expect(Object.keys(counts).sort()).toEqual(['/kind', ...paths].sort());
    expect(new Set(Object.values(counts))).toEqual(new Set([1]));
  });

  it.each<[string, unknown[], { seconds: number; measured: number; ahead: number }]>([
    ['一次查验', ['2026-11-21T03:10:00Z'], { seconds: 1_200, measured: 1, ahead: 0 }],
    [
      '多次查验，从最后一次算起 from the last of several, whatever their offsets',
      ['2026-11-21T11:20:00+08:00', '2026-11-21T03:10:00Z'],
      { seconds: 600, measured: 1, ahead: 0 },
    ],
    ['同一时刻', [AT], { seconds: 0, measured: 1, ahead: 0 }],
    ['查验晚于签发：另计', ['2026-11-21T03:30:02Z'], { seconds: 0, measured: 0, ahead: 1 }],
    ['没有查验时间：不计', [], { seconds: 0, measured: 0, ahead: 0 }],
    ['读不出的时间：不计', ['yesterday', 12, null], { seconds: 0, measured: 0, ahead: 0 }],
    ['有一次读得出', [null, '2026-11-21T03:29:00Z'], { seconds: 60, measured: 1, ahead: 0 }],
  ])('时延：%s', (_what, times, expected) => {
    const { delay_seconds: seconds, delays, ahead } = only([version({}, checksAt(...times))]);
    expect({ seconds, measured: delays.reduce((sum, count) => sum + count), ahead }).toEqual(expected);
  });

  it('更正与撤销没有时延 an amendment has no delay', () => {
    expect(only([version({ status: 'amended' }), version({ status: 'revoked' })]).delay_seconds).toBe(0);
  });

  it('按日、单位、种类分列，次序固定 told apart by day, unit and kind, in one order', () => {
    const late = { issuedAt: '2026-11-21T16:00:00Z' };
    const scan = exampleContent('customs.scan');
    const versions = [version(late), version({ issuer: 'hl.customs' }), version({}, scan), version(), version(late)];
    const told = (all: readonly SignedVersion[]) =>
      tallyVersions(all).map(({ day, issuer, kind, results }) => `${day} ${issuer} ${kind} ${results}`);
    expect(told(versions)).toEqual([
      '2026-11-21 hl.customs customs.examination 1',
      '2026-11-21 ln.customs customs.examination 1',
      '2026-11-21 ln.customs customs.scan 1',
      '2026-11-22 ln.customs customs.examination 2',
    ]);
    expect(told(versions.toReversed())).toEqual(told(versions));
  });

  it.each([[{}], [{ kind: 'customs.raid' }], [{ kind: 7 }], [{ kind: '__proto__' }]])(
    '合约不认识的种类不计 a kind that the contract does not know: %j',
    (content) => expect(tallyVersions([version({}, content)])).toEqual([]),
  );
});

/** A content with some of its members taken out, at any depth. */
function thinned(value: unknown, keep: () => boolean): unknown {
  if (Array.isArray(value)) return value.filter(keep).map((item) => thinned(item, keep));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      keep() || name === 'kind' ? [[name, thinned(member, keep)]] : [],
    ),
  );
}

/** The patterns of the places at which values stand. */
function placesIn(value: unknown, at = ''): string[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [patternOf(at)];
  return Object.entries(value).flatMap(([name, member]) => placesIn(member, `${at}/${name}`));
}

describe('性质 properties', () => {
  const anyVersion = fc
    .tuple(fc.constantFrom<ResultKind>(...RESULT_KINDS), fc.infiniteStream(fc.integer({ min: 0, max: 3 })))
    .map(([kind, stream]) => version({}, thinned(exampleContent(kind), () => stream.next().value !== 0) as object));

  it('字段计数与逐份清点相同；分批与合并相同 counts what anyone would count, batch by batch or at once', () => {
    fc.assert(
      fc.property(fc.array(anyVersion, { maxLength: 12 }), fc.nat(12), (versions, cut) => {
        const counts = tallyVersions(versions);
        for (const count of counts) {
          const own = versions.filter(({ content }) => content['kind'] === count.kind);
          const known = new Set(catalogueFields(count.kind).map(({ path }) => path));
          const expected: Record<string, number> = {};
          for (const { content } of own) {
            for (const path of new Set(placesIn(content))) {
              expect(known).toContain(path);
              expected[path] = (expected[path] ?? 0) + 1;
            }
          }
          expect(present(count)).toEqual(expected);
          expect(count.results).toBe(own.length);
        }
        const parts = [tallyVersions(versions.slice(0, cut)), tallyVersions(versions.slice(cut))].flat();
        const sum = (name: 'results' | 'ahead' | 'delay_seconds', of: readonly DayCount[]): number =>
          of.reduce((total, count) => total + count[name], 0);
        for (const name of ['results', 'ahead', 'delay_seconds'] as const)
          expect(sum(name, parts)).toBe(sum(name, counts));
      }),
    );
  });
});
