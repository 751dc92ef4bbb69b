import { readFileSync } from 'node:fs';
import type { UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { decideDisclosure, type DisclosureDecision } from '../decide/decide-disclosure.ts';
import * as example from '../example-results.fixture.ts';
import { CONSUMERS, NOW } from '../example-results.fixture.ts';
import type { Entry } from '../language/negative-list.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import type { Lift } from './lift-hits.ts';

const parsed = parseNegativeList(readFileSync(new URL('../../../../negative-list.yaml', import.meta.url), 'utf8'));
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const defaultList = compileNegativeList(parsed.list, CONSUMERS);

type Content = Record<string, unknown>;

/** Grants of one consumer: `purpose: path, path`; their ids are G1, G2, … */
const grants = (...written: string[]): Lift[] =>
  written.map((each, index) => {
    const [purpose = '', paths = ''] = each.split(': ');
    return { grant: `G${index + 1}`, purpose, paths: paths.split(', ') };
  });

/** What is withheld: `path ← entry`, with `?` where it may be asked for. */
const told = ({ withheld }: DisclosureDecision): string[] =>
  withheld.map(({ path, entry, access }) => `${path} ← ${entry}${access === 'on-request' ? '?' : ''}`);

interface Change {
  /** Withheld without the grants, and not with them. */
  free: string[];
  /** Named in its stead: what stays withheld of it. */
  rest: string[];
  grants: string[] | undefined;
}

/** What grants change of the view of a consumer. */
function changeOf(list: typeof defaultList, issuer: UnitId, content: Content, unit: UnitId, lifts: Lift[]): Change {
  const result = { kind: String(content['kind']), issuer, content };
  const [before] = decideDisclosure(list, result, [unit], NOW);
  const [after] = decideDisclosure(list, result, [unit], NOW, new Map([[unit, lifts]]));
  if (before === undefined || after === undefined) throw new Error(`${unit} is no consumer`);
  const [then, now] = [told(before), told(after)];
  return {
    free: then.filter((each) => !now.includes(each)),
    rest: now.filter((each) => !then.includes(each)),
    grants: after.grants,
  };
}

const NOTHING: Change = { free: [], rest: [], grants: undefined };
const each = (field: string, entry: string, places = [0, 1]): string[] =>
  places.map((place) => `/border/persons/${place}/${field} ← ${entry}`);
const DOCUMENT = '/border/persons/*/documentNumber';
const BIRTH = '/border/persons/*/birthDate';

describe('默认负面清单下的授权 grants under the default list', () => {
  const scenarios: {
    title: string;
    issuer: UnitId;
    content: Content;
    consumer?: UnitId;
    granted: string[];
    change: Change;
  }[] = [
    {
      title: '船员（入境）：准予证件号码，只放开证件号码；出生日期、签证仍不提供',
      issuer: 'ln.border',
      content: example.crew('import'),
      granted: [`counter-smuggling: ${DOCUMENT}`],
      change: { free: each('documentNumber', 'NL-001?'), rest: [], grants: ['G1'] },
    },
    {
      title: '船员（入境）：准予证件号码与出生日期',
      issuer: 'ln.border',
      content: example.crew('import'),
      granted: [`counter-smuggling: ${DOCUMENT}, ${BIRTH}`],
      change: {
        free: [...each('documentNumber', 'NL-001?'), ...each('birthDate', 'NL-001?')],
        rest: [],
        grants: ['G1'],
      },
    },
    {
      title: '船员（入境）：反恐不是 NL-001 所列用途，不放开',
      issuer: 'ln.border',
      content: example.crew('import'),
      granted: [`counter-terrorism: ${DOCUMENT}`],
      change: NOTHING,
    },
    {
      title: '船员（出境）：所适用的是 NL-002，反恐可以',
      issuer: 'ln.border',
      content: example.crew('export'),
      granted: [`counter-terrorism: ${DOCUMENT}`],
      change: { free: each('documentNumber', 'NL-002?'), rest: [], grants: ['G1'] },
    },
    {
      title: '船员：只准予第一人',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons/0/documentNumber'],
      change: { free: each('documentNumber', 'NL-001?', [0]), rest: [], grants: ['G1'] },
    },
    {
      title: '船员：准予整个人员，放开的只是该用途可申请的条目；生物识别、布控、健康申报仍不提供',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons/1'],
      change: {
        free: ['documentNumber', 'birthDate', 'permit', 'documentValidUntil'].flatMap((field) =>
          each(field, field === 'permit' || field === 'documentValidUntil' ? 'NL-003?' : 'NL-001?', [1]),
        ),
        rest: [],
        grants: ['G1'],
      },
    },
    {
      title: '船员：没有这样一个人',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons/7/documentNumber'],
      change: NOTHING,
    },
    {
      title: '船员：生物识别不予共享，任何授权都不放开',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons/*/biometrics, /border/persons/*/alerts'],
      change: NOTHING,
    },
    {
      title: '船员：所准予的本来就共享',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons/*/name, /conclusion'],
      change: NOTHING,
    },
    {
      title: '船员：边检本来就可见，授权无从放开',
      issuer: 'ln.border',
      content: example.crew(),
      consumer: 'hl.border',
      granted: [`counter-smuggling: ${DOCUMENT}`],
      change: NOTHING,
    },
    {
      title: '船员：两份授权各为其用途，各放开其一',
      issuer: 'ln.border',
      content: example.crew(),
      granted: [`counter-smuggling: ${DOCUMENT}`, 'joint-inspection: /border/persons/*/permit'],
      change: {
        free: [...each('documentNumber', 'NL-001?'), ...each('permit', 'NL-003?')],
        rest: [],
        grants: ['G1', 'G2'],
      },
    },
    {
      title: '船员：两份授权，其一用途不符，只列放开了内容的一份',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['joint-inspection: /border/persons/*', 'counter-terrorism: /border/persons/*'],
      change: {
        free: [...each('permit', 'NL-003?'), ...each('documentValidUntil', 'NL-003?')],
        rest: [],
        grants: ['G1'],
      },
    },
    {
      title: '船员：两份授权放开同一内容，均须列明',
      issuer: 'ln.border',
      content: example.crew(),
      granted: ['counter-smuggling: /border/persons', `counter-smuggling: /border/persons/0/birthDate`],
      change: {
        free: [
          ...[...each('documentNumber', 'NL-001?'), ...each('birthDate', 'NL-001?')],
          ...[...each('permit', 'NL-003?'), ...each('documentValidUntil', 'NL-003?')],
        ],
        rest: [],
        grants: ['G1', 'G2'],
      },
    },
    {
      title: '旅客：个人整体不提供；准予国籍，其余各项逐一不提供，生物识别与布控另有条目',
      issuer: 'ln.border',
      content: example.passengers(),
      granted: ['counter-smuggling: /border/persons/*/nationality'],
      change: {
        free: ['/border/persons ← NL-006?'],
        rest: [
          ...['name', 'documentType', 'documentNumber', 'documentValidUntil', 'birthDate', 'permit', 'verdict'],
          ...['healthDeclaration'],
        ]
          .map((field) => `/border/persons/0/${field} ← NL-006?`)
          .concat('/border/persons/0/healthDeclaration ← NL-005?')
          .concat('/border/persons/0/biometrics ← NL-004', '/border/persons/0/biometrics ← NL-006')
          .concat('/border/persons/0/alerts ← NL-007', '/border/persons/0/alerts ← NL-006'),
        grants: ['G1'],
      },
    },
    {
      title: '旅客：准予个人整体；NL-006 放开后，NL-004、NL-005、NL-007 仍各自有效',
      issuer: 'ln.border',
      content: example.passengers(),
      granted: ['counter-smuggling: /border/persons'],
      change: {
        free: ['/border/persons ← NL-006?'],
        rest: [
          '/border/persons/0/biometrics ← NL-004',
          '/border/persons/0/healthDeclaration ← NL-005?',
          '/border/persons/0/alerts ← NL-007',
        ],
        grants: ['G1'],
      },
    },
    {
      title: '旅客健康申报：NL-005、NL-006 均须接受该用途；打击走私只合 NL-006，健康申报不放开',
      issuer: 'ln.border',
      content: example.passengers(),
      granted: ['counter-smuggling: /border/persons/*/healthDeclaration'],
      change: NOTHING,
    },
    {
      title: '旅客健康申报：疫情防控两条均接受',
      issuer: 'ln.border',
      content: example.passengers(),
      granted: ['epidemic-control: /border/persons/*/healthDeclaration'],
      change: {
        free: ['/border/persons ← NL-006?'],
        rest: [
          ...['name', 'nationality', 'documentType', 'documentNumber', 'documentValidUntil', 'birthDate'].map(
            (field) => `/border/persons/0/${field} ← NL-006?`,
          ),
          ...['permit', 'verdict'].map((field) => `/border/persons/0/${field} ← NL-006?`),
          ...['/border/persons/0/biometrics ← NL-004', '/border/persons/0/biometrics ← NL-006'],
          ...['/border/persons/0/alerts ← NL-007', '/border/persons/0/alerts ← NL-006'],
        ],
        grants: ['G1'],
      },
    },
    {
      title: '旅客：准予整份结果，放开的也只是可申请的',
      issuer: 'ln.border',
      content: example.passengers(),
      granted: ['epidemic-control: '],
      change: {
        free: ['/border/persons ← NL-006?'],
        rest: ['/border/persons/0/biometrics ← NL-004', '/border/persons/0/alerts ← NL-007'],
        grants: ['G1'],
      },
    },
    {
      title: '涉嫌走私的查验发现：NL-022 不予共享，NL-024 可申请；授权不放开',
      issuer: 'ln.customs',
      content: example.examination({ findings: [{ code: 'smuggling-suspected' }, { code: 'misdeclared-value' }] }),
      consumer: 'ln.inspection',
      granted: ['revenue-collection: /customs/findings'],
      change: NOTHING,
    },
    {
      title: '价格申报不实的发现：准予；案件编号另有 NL-023，仍不提供',
      issuer: 'ln.customs',
      content: example.examination({ findings: [{ code: 'misdeclared-value', caseNumber: 'C-1' }] }),
      consumer: 'ln.inspection',
      granted: ['revenue-collection: /customs/findings'],
      change: {
        free: ['/customs/findings ← NL-024?'],
        rest: ['/customs/findings/0/caseNumber ← NL-023'],
        grants: ['G1'],
      },
    },
    {
      title: '税务：收发货人；两用物项另有 NL-043，出口退税两条并不都接受',
      issuer: 'ln.customs',
      content: example.examination({}, { handling: 'dual-use' }),
      consumer: 'ln.tax',
      granted: ['export-tax-refund: /consignee'],
      change: NOTHING,
    },
    {
      title: '税务：两份授权各合一条（NL-015、NL-043），并不合成一个都不接受的用途',
      issuer: 'ln.customs',
      content: example.examination({}, { handling: 'dual-use' }),
      consumer: 'ln.tax',
      granted: ['export-tax-refund: /consignee', 'risk-assessment: /consignee'],
      change: NOTHING,
    },
    {
      title: '军品：整份不予共享，授权不放开其中任何内容',
      issuer: 'ln.border',
      content: { ...example.crew(), handling: 'military' },
      granted: [`counter-smuggling: ${DOCUMENT}`],
      change: NOTHING,
    },
    {
      title: '不在目录的字段：任何授权都不放开',
      issuer: 'ln.border',
      content: { ...example.crew(), surprise: { a: 1 } },
      granted: ['counter-smuggling: /surprise, /surprise/a'],
      change: NOTHING,
    },
  ];

  it.each(scenarios)('$title', ({ issuer, content, consumer = 'hl.customs', granted, change }) => {
    const found = changeOf(defaultList, issuer, content, consumer, grants(...granted));
    expect({ ...found, free: found.free.toSorted(), rest: found.rest.toSorted() }).toEqual({
      ...change,
      free: change.free.toSorted(),
      rest: change.rest.toSorted(),
    });
  });
});

describe('条目的形态 forms of entries', () => {
  const entry = (id: string, changes: Partial<Entry> = {}): Entry => ({
    id,
    title: { zh: id, en: id },
    class: 'conditional',
    legalBasis: `《法》${id}`,
    owner: 'customs',
    match: { kinds: ['*'] },
    ...changes,
  });
  const small = (more: Content = {}): Content => ({ kind: 'customs.release', direction: 'import', ...more });
  const listOf = (...entries: Entry[]) =>
    compileNegativeList({ version: '1', effectiveFrom: '2026-11-01', entries }, CONSUMERS);

  it.each<[string, Entry[], Content, string[], Change]>([
    [
      '整份结果有条件：准予一项，其余逐一不提供',
      [entry('A')],
      small({ customs: { duties: { settled: true, guaranteeNumber: 'G' } } }),
      ['audit-supervision: /customs/duties/guaranteeNumber'],
      {
        free: [' ← A?'],
        rest: ['/kind ← A?', '/direction ← A?', '/customs/duties/settled ← A?'],
        grants: ['G1'],
      },
    ],
    [
      '整份结果有条件：准予整份',
      [entry('A')],
      small(),
      ['audit-supervision: '],
      { free: [' ← A?'], rest: [], grants: ['G1'] },
    ],
    [
      '整份结果有条件：所准予的不在其中，仍整份不提供',
      [entry('A')],
      small(),
      ['audit-supervision: /consignee/name'],
      NOTHING,
    ],
    [
      '逐项准予全部：不再有不提供的',
      [entry('A')],
      small(),
      ['audit-supervision: /kind, /direction'],
      { free: [' ← A?'], rest: [], grants: ['G1'] },
    ],
    [
      '整份有条件，其中一个字段不予共享：准予整份，该字段仍不提供',
      [entry('A'), entry('B', { class: 'withheld', fields: ['/direction'] })],
      small(),
      ['audit-supervision: '],
      { free: [' ← A?'], rest: ['/direction ← B'], grants: ['G1'] },
    ],
    [
      '整份有条件，含不在目录的字段：准予整份，该字段仍不提供',
      [entry('A')],
      small({ surprise: 1 }),
      ['audit-supervision: '],
      { free: [' ← A?'], rest: ['/surprise ← FC-unknown-field'], grants: ['G1'] },
    ],
    [
      '名称中有斜杠与波浪号的字段不在目录，仍按原样列出',
      [entry('A')],
      small({ 'a/b~c': 1 }),
      ['audit-supervision: /a~1b~0c, /kind'],
      {
        free: [' ← A?'],
        rest: ['/direction ← A?', '/a~1b~0c ← A', '/a~1b~0c ← FC-unknown-field'],
        grants: ['G1'],
      },
    ],
    [
      '条目未列用途：任何已知用途均可',
      [entry('A', { fields: ['/direction'] })],
      small(),
      ['emergency-response: /direction'],
      { free: ['/direction ← A?'], rest: [], grants: ['G1'] },
    ],
    [
      '条目未列用途：用途表以外的不可',
      [entry('A', { fields: ['/direction'] })],
      small(),
      ['curiosity: /direction'],
      NOTHING,
    ],
    [
      '两条有条件，用途不同：只合其一者不放开',
      [
        entry('A', { fields: ['/direction'], purposes: ['audit-supervision'] }),
        entry('B', { fields: ['/direction'], purposes: ['risk-assessment'] }),
      ],
      small(),
      ['audit-supervision: /direction', 'risk-assessment: /direction'],
      NOTHING,
    ],
    [
      '两条有条件，其一只在下级且用途不合：上级放开，下级仍不提供',
      [
        entry('A', { fields: ['/customs/duties'], purposes: ['audit-supervision'] }),
        entry('B', { fields: ['/customs/duties/amount'], purposes: ['risk-assessment'] }),
      ],
      small({ customs: { duties: { settled: true, amount: { amount: '5', currency: 'CNY' } } } }),
      ['audit-supervision: /customs/duties', 'risk-assessment: /customs/duties/amount'],
      { free: ['/customs/duties ← A?'], rest: ['/customs/duties/amount ← B?'], grants: ['G1'] },
    ],
    [
      '一条中上下级路径重叠：准予下级之一，其余只列一次',
      [entry('A', { fields: ['/customs/duties', '/customs/duties/amount'] })],
      small({ customs: { duties: { settled: true, amount: { amount: '5', currency: 'CNY' } } } }),
      ['audit-supervision: /customs/duties/amount/currency'],
      {
        free: ['/customs/duties ← A?'],
        rest: ['/customs/duties/settled ← A?', '/customs/duties/amount/amount ← A?'],
        grants: ['G1'],
      },
    ],
    [
      '空的清单：没有可准予的元素',
      [entry('A', { fields: ['/goods'] })],
      small({ goods: [] }),
      ['audit-supervision: /goods/*/value'],
      NOTHING,
    ],
    [
      '有一个元素缺该字段：该元素整体仍不提供',
      [entry('A', { fields: ['/goods'] })],
      small({ goods: [{ item: 1, origin: 'RU' }, { item: 2 }] }),
      ['audit-supervision: /goods/*/origin'],
      { free: ['/goods ← A?'], rest: ['/goods/0/item ← A?', '/goods/1 ← A?'], grants: ['G1'] },
    ],
    [
      '未定义的成员不算内容',
      [entry('A', { fields: ['/customs/duties'] })],
      small({ customs: { duties: { settled: true, amount: undefined } } }),
      ['audit-supervision: /customs/duties/settled, /customs/duties/amount'],
      { free: ['/customs/duties ← A?'], rest: [], grants: ['G1'] },
    ],
  ])('%s', (_, entries, content, granted, change) => {
    expect(changeOf(listOf(...entries), 'ln.customs', content, 'hl.customs', grants(...granted))).toEqual(change);
  });

  it('原型上的名称不是成员 names of the prototype are no members', () => {
    const found = changeOf(
      listOf(entry('A')),
      'ln.customs',
      small(),
      'hl.customs',
      grants('audit-supervision: /__proto__, /constructor, /kind/length'),
    );
    expect(found).toEqual(NOTHING);
  });
});

describe('谁的授权 whose grants', () => {
  const result = { kind: 'border.crew', issuer: 'ln.border' as const, content: example.crew() };
  const granted = grants(`counter-smuggling: ${DOCUMENT}`);

  it('只放开给被授权者；他人所见不变，且不与之同组 only to whom it was granted', () => {
    const before = decideDisclosure(defaultList, result, CONSUMERS, NOW);
    const after = decideDisclosure(defaultList, result, CONSUMERS, NOW, new Map([['hl.customs', granted]]));
    const others = before.map((view) => ({
      ...view,
      consumers: view.consumers.filter((unit) => unit !== 'hl.customs'),
    }));
    expect(after.filter((view) => view.grants === undefined)).toEqual(others);
    expect(after.filter((view) => view.grants !== undefined)).toMatchObject([
      { consumers: ['hl.customs'], grants: ['G1'] },
    ]);
  });

  it('不放开任何内容的授权，其持有者仍与他人同组 who is given nothing free sees what the others see', () => {
    const idle = grants('counter-terrorism: /conclusion');
    const after = decideDisclosure(defaultList, result, CONSUMERS, NOW, new Map([['hl.customs', idle]]));
    expect(after).toEqual(decideDisclosure(defaultList, result, CONSUMERS, NOW));
  });

  it.each<[string, UnitId[], Partial<typeof result>, string[]]>([
    ['网外单位', ['sh.customs'], {}, [' ← FC-unknown-consumer']],
    ['种类未知', ['hl.customs'], { kind: 'border.rumour' }, [' ← FC-unknown-kind']],
    ['内容不是对象', ['hl.customs'], { content: [] as never }, [' ← FC-unknown-field']],
  ])('无法判断即不共享，授权无从放开 fail closed: %s', (_, units, changed, expected) => {
    const lifts = new Map<UnitId, Lift[]>(units.map((unit) => [unit, grants('counter-smuggling: ')]));
    const [decision] = decideDisclosure(defaultList, { ...result, ...changed }, units, NOW, lifts);
    expect(told(decision!)).toEqual(expected);
    expect(decision?.grants).toBeUndefined();
  });

  it('签发单位自己不是接收单位，有授权亦然 the issuer is no consumer of its own, with a grant either', () => {
    expect(decideDisclosure(defaultList, result, ['ln.border'], NOW, new Map([['ln.border', granted]]))).toEqual([]);
  });

  it('读不懂的授权：谁也看不到 a grant that cannot be read withholds', () => {
    const broken = [{ grant: 'G1', purpose: 'counter-smuggling' }] as unknown as Lift[];
    const [decision] = decideDisclosure(defaultList, result, ['hl.customs'], NOW, new Map([['hl.customs', broken]]));
    expect(told(decision!)).toEqual([' ← FC-decision-error']);
  });
});
