import fc from 'fast-check';
import { compileNegativeList } from '../compile/compile-list.ts';
import type { CompiledList } from '../compile/compile-list.ts';
import { decideDisclosure } from '../decide/decide-disclosure.ts';
import { CONSUMERS } from '../example-results.fixture.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { diffLists } from './diff-lists.ts';
import { CHANGE_EFFECTS } from './list-change.ts';
import type { ChangeCode, ListChange } from './list-change.ts';
import { anyInstant, anyList, anyResult, listAndChanged } from './lists.fixture.ts';
import type { AnyResult } from './lists.fixture.ts';

/** The entry that the table changes: customs withholds the consignee's name from border units. */
const BEFORE: Entry = {
  id: 'NL-007',
  title: { zh: '收货人', en: 'Consignee' },
  class: 'withheld',
  legalBasis: '《海关法》第七十二条',
  owner: 'customs',
  match: { kinds: ['customs.examination', 'customs.scan'] },
  fields: ['/consignor'],
  consumers: { only: ['*.border'] },
};
const IMPORT = 'content.direction == "import"';
const FOUND = 'has(content.customs) && has(content.customs.findings)';

function listOf(...entries: Entry[]): NegativeList {
  return { version: '1', effectiveFrom: '2026-11-01', entries };
}

type Part = Partial<Record<keyof Entry, unknown>>;
const entryWith = (part: Part): Entry =>
  Object.fromEntries(
    Object.entries({ ...BEFORE, ...part }).filter(([, value]) => value !== undefined),
  ) as unknown as Entry;

/** What is changed, from what to what, what is said of it, and what it does. */
const cases: [string, Part, Part, ChangeCode, string, string][] = [
  // 类别 class
  [
    '有条件共享改为不予共享',
    { class: 'conditional' },
    { class: 'withheld' },
    'class-tightened',
    'NL-007 由有条件共享改为不予共享：不再可以申请',
    'NL-007 is now withheld instead of conditional: it can no longer be asked for',
  ],
  [
    '不予共享改为有条件共享',
    { class: 'withheld' },
    { class: 'conditional' },
    'class-loosened',
    'NL-007 由不予共享改为有条件共享：可以申请',
    'NL-007 is now conditional instead of withheld: it can be asked for',
  ],
  // 路径 paths
  [
    '增加路径，仅进口',
    { when: IMPORT },
    { when: IMPORT, fields: ['/consignor', '/consignee/name'] },
    'paths-added',
    'NL-007 现在也对 *.border 不予共享 /consignee/name（仅进口）',
    'NL-007 now also withholds /consignee/name from *.border (only import)',
  ],
  [
    '有条件的条目增加路径',
    { class: 'conditional' },
    { class: 'conditional', fields: ['/consignor', '/consignee', '/declarant'] },
    'paths-added',
    'NL-007 现在也对 *.border 须经申请方可共享 /consignee、/declarant',
    'NL-007 now also makes conditional /consignee, /declarant for *.border',
  ],
  [
    '删去路径',
    { fields: ['/consignor', '/consignee/name'] },
    {},
    'paths-removed',
    'NL-007 不再对 *.border 限制 /consignee/name',
    'NL-007 no longer withholds /consignee/name from *.border',
  ],
  [
    '由名称扩大到整个收货人',
    { fields: ['/consignee/name'] },
    { fields: ['/consignee'] },
    'path-broadened',
    'NL-007 范围扩大：对 *.border 不予共享 /consignee，原仅 /consignee/name',
    'NL-007 is broader: it now withholds /consignee from *.border, where it was only /consignee/name',
  ],
  [
    '由整份结果缩小到收货人',
    { fields: undefined },
    { fields: ['/consignee'] },
    'path-narrowed',
    'NL-007 范围缩小：对 *.border 仅限制 /consignee，原为 整份结果',
    'NL-007 is narrower: it now withholds /consignee from *.border only, where it was the whole result',
  ],
  [
    '只有一种结果有该字段时不必说种类',
    { match: { kinds: ['customs.*'] } },
    { match: { kinds: ['customs.*'] }, fields: ['/consignor', '/customs/scans/*/anomalies'] },
    'paths-added',
    'NL-007 现在也对 *.border 不予共享 /customs/scans/*/anomalies',
    'NL-007 now also withholds /customs/scans/*/anomalies from *.border',
  ],
  [
    '已为上级路径所包含的路径，写不写都一样',
    { fields: ['/consignor'] },
    { fields: ['/consignor', '/consignor/name'] },
    'paths-reworded',
    'NL-007 路径写法改变，含义不变：现为 /consignor、/consignor/name，原为 /consignor',
    'NL-007 says the same in other words (paths): /consignor, /consignor/name, formerly /consignor',
  ],
  // 接收单位 consumers
  [
    '现在也不给检验检疫：四个单位合说一句',
    {},
    { consumers: { only: ['*.border', 'ln.inspection', 'jl.inspection', 'hl.inspection', 'nm.inspection'] } },
    'consumers-added',
    'NL-007 现在也对 *.inspection 不予共享 /consignor',
    'NL-007 now also withholds /consignor from *.inspection',
  ],
  [
    '现在也不给除边检以外的单位',
    {},
    { consumers: { only: ['*'] } },
    'consumers-added',
    'NL-007 现在也对 除 *.border 以外的单位 不予共享 /consignor',
    'NL-007 now also withholds /consignor from every unit except *.border',
  ],
  [
    '辽宁边检可以看到',
    {},
    { consumers: { only: ['jl.border', 'hl.border', 'nm.border'] } },
    'consumers-removed',
    'NL-007 不再对 ln.border 限制 /consignor',
    'NL-007 no longer withholds /consignor from ln.border',
  ],
  [
    '逐一列出的边检与 *.border 今天是一回事，以后加入的边检则不同',
    { consumers: { only: ['ln.border', 'jl.border', 'hl.border', 'nm.border'] } },
    {},
    'consumers-added',
    'NL-007 现在也对 以后可能加入的单位 不予共享 /consignor',
    'NL-007 now also withholds /consignor from units that may yet join the mesh',
  ],
  [
    '换一种写法',
    { consumers: undefined },
    { consumers: { only: ['*'] } },
    'consumers-reworded',
    'NL-007 接收单位写法改变，含义不变：现为 所有单位，原为 所有单位',
    'NL-007 says the same in other words (consumers): every unit, formerly every unit',
  ],
  // 结果种类与签发单位 kinds and issuers
  [
    '现在也适用于放行结果',
    {},
    { match: { kinds: ['customs.*'] } },
    'kinds-added',
    'NL-007 现在也适用于 customs.release 的结果：对 *.border 不予共享 /consignor',
    'NL-007 now also applies to results of customs.release: it withholds /consignor from *.border',
  ],
  [
    '不再适用于机检',
    {},
    { match: { kinds: ['customs.examination'] } },
    'kinds-removed',
    'NL-007 不再适用于 customs.scan 的结果（原限制 /consignor）',
    'NL-007 no longer applies to results of customs.scan (where it took out /consignor)',
  ],
  [
    '只有一种结果有该字段，写不写 customs.* 都一样',
    { match: { kinds: ['customs.scan'] }, fields: ['/customs/scans'] },
    { match: { kinds: ['customs.*'] }, fields: ['/customs/scans'] },
    'kinds-reworded',
    'NL-007 结果种类写法改变，含义不变：现为 customs.*，原为 customs.scan',
    'NL-007 says the same in other words (kinds): customs.*, formerly customs.scan',
  ],
  [
    '现在也适用于各地海关',
    { match: { kinds: ['customs.*'], issuers: ['ln.customs'] } },
    { match: { kinds: ['customs.*'] } },
    'issuers-added',
    'NL-007 现在也适用于 jl.customs、hl.customs、nm.customs 签发的结果：对 *.border 不予共享 /consignor',
    'NL-007 now also applies to results issued by jl.customs, hl.customs, nm.customs: it withholds /consignor from *.border',
  ],
  [
    '不再适用于内蒙古签发的结果',
    { match: { kinds: ['customs.*'] } },
    { match: { kinds: ['customs.*'], issuers: { except: ['nm.*'] } } },
    'issuers-removed',
    'NL-007 不再适用于 nm.customs 签发的结果（原限制 /consignor）',
    'NL-007 no longer applies to results issued by nm.customs (where it took out /consignor)',
  ],
  [
    '海关的结果只能由海关签发',
    { match: { kinds: ['customs.*'] } },
    { match: { kinds: ['customs.*'], issuers: ['*.customs'] } },
    'issuers-reworded',
    'NL-007 签发单位写法改变，含义不变：现为 *.customs，原为 所有单位',
    'NL-007 says the same in other words (issuers): *.customs, formerly every unit',
  ],
  // 条件 conditions
  [
    '附上条件：适用的结果减少',
    {},
    { when: IMPORT },
    'condition-added',
    'NL-007 现在仅当 `content.direction == "import"` 时适用，原不附条件',
    'NL-007 now applies only when `content.direction == "import"`; it had no condition',
  ],
  [
    '取消条件：适用的结果增多',
    { when: IMPORT },
    {},
    'condition-removed',
    'NL-007 现在不附条件，一律适用；原仅当 `content.direction == "import"`',
    'NL-007 now applies always; it did only when `content.direction == "import"`',
  ],
  [
    '再加一项要求：适用的结果减少',
    { when: IMPORT },
    { when: `province == "ln" && ${IMPORT}` },
    'condition-narrowed',
    'NL-007 条件收紧，适用的结果减少：现为 `province == "ln" && content.direction == "import"`，原为 `content.direction == "import"`',
    'NL-007 applies to fewer results: when `province == "ln" && content.direction == "import"`, formerly `content.direction == "import"`',
  ],
  [
    '再加一种情形：适用的结果增多',
    { when: IMPORT },
    { when: `${IMPORT} || province == "ln"` },
    'condition-widened',
    'NL-007 条件放宽，适用的结果增多：现为 `content.direction == "import" || province == "ln"`，原为 `content.direction == "import"`',
    'NL-007 applies to more results: when `content.direction == "import" || province == "ln"`, formerly `content.direction == "import"`',
  ],
  [
    '换成另一个条件：有的更严，有的更宽',
    { when: IMPORT },
    { when: 'content.direction == "export"' },
    'condition-changed',
    'NL-007 条件改变，有的结果可能更严，有的可能更宽：现为 `content.direction == "export"`，原为 `content.direction == "import"`',
    'NL-007 has another condition, perhaps stricter for some results and looser for others: `content.direction == "export"`, formerly `content.direction == "import"`',
  ],
  [
    '加上读不懂的一项：读不懂即不予共享，不能说是收紧',
    { when: IMPORT },
    { when: `${IMPORT} && consumer == "ln.tax"` },
    'condition-changed',
    'NL-007 条件改变，有的结果可能更严，有的可能更宽：现为 `content.direction == "import" && consumer == "ln.tax"`，原为 `content.direction == "import"`',
    'NL-007 has another condition, perhaps stricter for some results and looser for others: `content.direction == "import" && consumer == "ln.tax"`, formerly `content.direction == "import"`',
  ],
  [
    '只是换行、换引号、换次序',
    { when: FOUND },
    { when: 'has(content.customs.findings)  &&\n has(content.customs)' },
    'condition-reworded',
    'NL-007 条件写法改变，含义不变：现为 `has(content.customs.findings) && has(content.customs)`，原为 `has(content.customs) && has(content.customs.findings)`',
    'NL-007 says the same in other words (condition): `has(content.customs.findings) && has(content.customs)`, formerly `has(content.customs) && has(content.customs.findings)`',
  ],
  // 有效期 validity
  [
    '提前开始',
    { validFrom: '2026-11-01' },
    { validFrom: '2026-10-01' },
    'begins-earlier',
    'NL-007 开始时间提前：现为 2026-10-01，原为 2026-11-01',
    'NL-007 begins earlier: 2026-10-01, formerly 2026-11-01',
  ],
  [
    '原不限开始时间，现限定',
    {},
    { validFrom: '2026-11-01' },
    'begins-later',
    'NL-007 开始时间推后：现为 2026-11-01，原为 不限',
    'NL-007 begins later: 2026-11-01, formerly no first day',
  ],
  [
    '延长',
    { validUntil: '2027-10-31' },
    { validUntil: '2028-10-31' },
    'ends-later',
    'NL-007 有效期延长：现为 2028-10-31，原为 2027-10-31',
    'NL-007 ends later: 2028-10-31, formerly 2027-10-31',
  ],
  [
    '缩短',
    {},
    { validUntil: '2027-10-31' },
    'ends-earlier',
    'NL-007 有效期缩短：现为 2027-10-31，原为 长期',
    'NL-007 ends earlier: 2027-10-31, formerly no last day',
  ],
  [
    '同一时刻，换一种写法',
    { validFrom: '2026-11-01' },
    { validFrom: '2026-11-01T00:00:00+08:00' },
    'validity-reworded',
    'NL-007 有效期写法改变，含义不变：现为 2026-11-01T00:00:00+08:00，原为 2026-11-01',
    'NL-007 says the same in other words (validity): 2026-11-01T00:00:00+08:00, formerly 2026-11-01',
  ],
  // 用途 purposes
  [
    '减少用途',
    { class: 'conditional', purposes: ['counter-smuggling', 'audit-supervision'] },
    { class: 'conditional', purposes: ['counter-smuggling'] },
    'purposes-removed',
    'NL-007 不再可以为 audit-supervision 申请',
    'NL-007 may no longer be asked for audit-supervision',
  ],
  [
    '原不限用途，现限定',
    { class: 'conditional' },
    { class: 'conditional', purposes: ['counter-smuggling'] },
    'purposes-removed',
    'NL-007 只能为 counter-smuggling 申请，原不限用途',
    'NL-007 may be asked only for counter-smuggling, formerly for any purpose',
  ],
  [
    '增加用途',
    { class: 'conditional', purposes: ['counter-smuggling'] },
    { class: 'conditional', purposes: ['counter-smuggling', 'audit-supervision'] },
    'purposes-added',
    'NL-007 现在也可以为 audit-supervision 申请',
    'NL-007 may now also be asked for audit-supervision',
  ],
  // 文字 words
  [
    '法律依据',
    {},
    { legalBasis: '《海关法》第十八条' },
    'legal-basis-changed',
    'NL-007 法律依据改为“《海关法》第十八条”，原为“《海关法》第七十二条”',
    'NL-007 now rests on "《海关法》第十八条", formerly on "《海关法》第七十二条"',
  ],
  [
    '责任部门',
    {},
    { owner: 'border' },
    'owner-changed',
    'NL-007 责任部门改为边检，原为海关',
    'NL-007 is now owned by border inspection, formerly by customs',
  ],
  [
    '名称',
    {},
    { title: { zh: '发货人', en: 'Consignor' } },
    'title-changed',
    'NL-007 名称改为“发货人”，原为“收货人”',
    'NL-007 is now called "Consignor", formerly "Consignee"',
  ],
];

const diff = (before: NegativeList | undefined, after: NegativeList) => diffLists(before, after, { units: CONSUMERS });

describe('两份清单的区别 what a list changes, in words', () => {
  it.each(cases)('%s', (_, before, after, code, zh, en) => {
    const changes = diff(listOf(entryWith(before)), listOf(entryWith(after)));
    expect(changes.map(({ code, message }) => ({ code, ...message }))).toEqual([{ code, zh, en }]);
    expect(changes[0]).toMatchObject({ entry: 'NL-007', effect: CHANGE_EFFECTS[code] });
  });

  it('第一份清单：每一条都是新增 a first list is all new', () => {
    const [change, ...others] = diff(undefined, listOf(entryWith({ when: IMPORT })));
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      code: 'entry-added',
      entry: 'NL-007',
      effect: 'stricter',
      message: {
        zh: 'NL-007 为新增条目“收货人”：对 *.border 不予共享 /consignor（customs.examination、customs.scan 的结果）（仅进口）',
        en: 'NL-007 is new, "Consignee": withholds /consignor from *.border (results of customs.examination, customs.scan) (only import)',
      },
    });
  });

  it('删除条目、改变施行时间 an entry that is gone, and another day', () => {
    const changes = diff(listOf(entryWith({})), { ...listOf(), effectiveFrom: '2026-12-01' });
    expect(changes.map(({ code, entry, effect, message }) => [code, entry, effect, message.zh])).toEqual([
      ['effective-from-changed', undefined, 'editorial', '清单自 2026-12-01 起施行，原自 2026-11-01 起'],
      [
        'entry-removed',
        'NL-007',
        'looser',
        'NL-007 已删除（“收货人”；原规定：对 *.border 不予共享 /consignor（customs.examination、customs.scan 的结果））',
      ],
    ]);
  });

  it('一条同时有多处改变，逐一说明 several changes of one entry are told one by one', () => {
    const after = entryWith({ class: 'conditional', consumers: { except: ['*.customs'] }, validUntil: '2030-12-31' });
    expect(diff(listOf(BEFORE), listOf(after)).map(({ code, effect }) => [code, effect])).toEqual([
      ['class-loosened', 'looser'],
      ['consumers-added', 'stricter'],
      ['ends-earlier', 'looser'],
    ]);
  });

  it('数据与文字相符：单位逐一列出 the units are all in the details', () => {
    const [change] = diff(listOf(BEFORE), listOf(entryWith({ consumers: { only: ['*.border', '*.tax'] } })));
    expect(change).toMatchObject({
      code: 'consumers-added',
      details: { units: ['ln.tax'], said: { only: ['*.tax'] }, paths: ['/consignor'] },
    });
  });

  it('每一种区别都有例子 every code has its case', () => {
    const shown = new Set<string>([
      ...cases.map(([, , , code]) => code),
      'entry-added',
      'entry-removed',
      'effective-from-changed',
    ]);
    expect(Object.keys(CHANGE_EFFECTS).filter((code) => !shown.has(code))).toEqual([]);
  });
});

/** What each unit is not shown: its pointers, and those of them that cannot be asked for. */
function withheldUnder(list: CompiledList, result: AnyResult, at: number) {
  return decideDisclosure(list, result, CONSUMERS, at).flatMap(({ consumers, withheld, pointers }) => {
    const firm = new Set(withheld.filter(({ access }) => access === 'none').map(({ path }) => path));
    return consumers.map((unit) => ({ unit, pointers, firm }));
  });
}

/** What `more` withholds from somebody and `less` does not, or more firmly. */
function excess(more: CompiledList, less: CompiledList, result: AnyResult, at: number): string[] {
  const others = new Map(withheldUnder(less, result, at).map((view) => [view.unit, view]));
  return withheldUnder(more, result, at).flatMap(({ unit, pointers, firm }) => {
    const { pointers: out = [], firm: firmly } = others.get(unit) ?? {};
    const isOut = (pointer: string): boolean =>
      out.some((other) => other === pointer || other === '' || pointer.startsWith(`${other}/`));
    return [
      ...pointers.filter((pointer) => !isOut(pointer)).map((pointer) => `${unit} ${pointer}`),
      ...out.filter((pointer) => firm.has(pointer) && !firmly?.has(pointer)).map((at) => `${unit} ${at} firmly`),
    ];
  });
}

const effectsOf = (changes: readonly ListChange[]): Set<string> => new Set(changes.map(({ effect }) => effect));
const TURNED = { stricter: 'looser', looser: 'stricter', mixed: 'mixed', editorial: 'editorial' } as const;

describe('性质 properties', () => {
  it('与自身相比没有区别 a list does not differ from itself', () => {
    fc.assert(
      fc.property(anyList, (list) => {
        expect(diff(list, structuredClone(list))).toEqual([]);
        expect(diff(list, { ...list, version: '2', entries: list.entries.toReversed() })).toEqual([]);
      }),
    );
  });

  it('前后对调，更严与更宽也对调 turned round, stricter is looser', () => {
    fc.assert(
      fc.property(listAndChanged, ([before, after]) => {
        const told = (changes: readonly ListChange[], turn = false) =>
          changes.map(({ entry, effect }) => `${entry} ${turn ? TURNED[effect] : effect}`).sort();
        expect(told(diff(after, before))).toEqual(told(diff(before, after), true));
      }),
      { numRuns: 400 },
    );
  });

  it('没有更严的改变，就不会多取出任何内容；没有更宽的，就不会少取出 effects are true of every decision', () => {
    let loosened = 0;
    let tightened = 0;
    fc.assert(
      fc.property(
        listAndChanged,
        fc.array(anyResult, { minLength: 4, maxLength: 4 }),
        fc.array(anyInstant, { minLength: 3, maxLength: 3 }),
        ([before, after], results, instants) => {
          const effects = effectsOf(diff(before, after));
          if (effects.has('mixed')) return;
          const [old, now] = [compileNegativeList(before, CONSUMERS), compileNegativeList(after, CONSUMERS)];
          for (const result of results) {
            for (const at of instants) {
              const more = excess(now, old, result, at);
              const less = excess(old, now, result, at);
              if (!effects.has('stricter')) expect(more).toEqual([]);
              if (!effects.has('looser')) expect(less).toEqual([]);
              tightened += more.length;
              loosened += less.length;
            }
          }
        },
      ),
      { numRuns: 250 },
    );
    // Both happen, and often: the property is not about nothing.
    expect(Math.min(tightened, loosened)).toBeGreaterThan(200);
  }, 120_000);

  it('每一处区别都有中英文说明 every change is said in both languages', () => {
    fc.assert(
      fc.property(listAndChanged, ([before, after]) => {
        for (const { message } of diff(before, after)) {
          expect(message.zh).toMatch(/\p{Script=Han}/u);
          expect(message.en).toMatch(/[a-z]/);
          expect(`${message.zh}${message.en}`).not.toMatch(/undefined|\[object/);
        }
      }),
    );
  });
});
