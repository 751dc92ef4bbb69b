import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseMesh, validateContent } from '@clearance/contracts';
import type { UnitId } from '@clearance/contracts';
import { recognitionNeeds } from '@clearance/recognition';
import { compileNegativeList } from './compile/compile-list.ts';
import { decideDisclosure } from './decide/decide-disclosure.ts';
import * as example from './example-results.fixture.ts';
import { CONSUMERS, NOW } from './example-results.fixture.ts';
import { lintNegativeList } from './lint/lint-negative-list.ts';
import { parseNegativeList } from './parse/parse-negative-list.ts';

const mesh = parseMesh(parse(readFileSync(new URL('../../../mesh.yaml', import.meta.url), 'utf8')));
if (!mesh.ok) throw new Error(JSON.stringify(mesh));
const recognition = recognitionNeeds(mesh.value.arrangements);
const text = readFileSync(new URL('../../../negative-list.yaml', import.meta.url), 'utf8');
const parsed = parseNegativeList(text);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
const { list } = parsed;
const compiled = compileNegativeList(list, CONSUMERS);

type Content = Record<string, unknown>;

/** What one consumer does not see: `path ← entries`, `?` after an entry that may be asked for. */
function hiddenFrom(consumer: UnitId, content: Content, issuer: UnitId): string[] {
  const [decision] = decideDisclosure(compiled, { kind: String(content.kind), issuer, content }, [consumer], NOW);
  const paths = decision?.pointers ?? [];
  return paths.map((path) => {
    const items = decision?.withheld.filter((item) => item.path === path) ?? [];
    const entries = items.map((item) => item.entry + (item.access === 'on-request' ? '?' : ''));
    return `${path} ← ${entries.join(' ')}`;
  });
}

describe('默认负面清单 the default list', () => {
  it('无错误、无警告 lints without a finding', () => {
    expect(lintNegativeList(text, { units: CONSUMERS, at: NOW, recognition })).toEqual([]);
  });

  it('每一条都有法规条款、责任部门与有效期 every entry has law and article, owner and validity', () => {
    expect(list.entries.length).toBeGreaterThanOrEqual(16);
    for (const entry of list.entries) {
      expect(entry.legalBasis).toMatch(/《[^》]+》第[一二三四五六七八九十]+条/);
      expect(entry.validFrom).toBe('2026-11-01');
      expect(entry.validUntil).toBe('2036-10-31');
    }
  });

  it('所用示例均为有效结果 the examples below are valid results', () => {
    const contents = [
      ...[example.examination(), example.scan(), example.release(), example.quarantine(), example.laboratory()],
      ...[example.crew(), example.passengers(), example.conveyance()],
    ];
    for (const content of contents) expect(validateContent(content)).toMatchObject({ ok: true });
  });
});

const CREW_TAIL = ['/border/persons/0/permit ← NL-003?', '/border/persons/1/permit ← NL-003?'];
const VALID = ['/border/persons/0/documentValidUntil ← NL-003?', '/border/persons/1/documentValidUntil ← NL-003?'];
const documents = (entry: string): string[] =>
  ['documentNumber', 'birthDate'].flatMap((field) => [0, 1].map((n) => `/border/persons/${n}/${field} ← ${entry}?`));
const smuggling = example.examination({
  findings: [{ code: 'smuggling-suspected', caseNumber: 'C-1' }, { code: 'misdeclared-value' }],
});
const PARTIES = ['/consignee', '/goods/0/manufacturer'];

const scenarios: { title: string; issuer: UnitId; content: Content; sees: [UnitId, string[]][] }[] = [
  {
    title: '普通货物查验结果：价格与布控指令不出海关，集装箱、封志、编码、查验项目全部共享',
    issuer: 'ln.customs',
    content: example.examination(),
    sees: [
      ['hl.customs', []],
      ['ln.inspection', ['/goods/0/value ← NL-010', '/goods/1/value ← NL-010', '/customs/controlInstruction ← NL-020']],
      ['jl.border', ['/goods/0/value ← NL-010', '/goods/1/value ← NL-010', '/customs/controlInstruction ← NL-020']],
      [
        'ln.tax',
        [
          ...['/goods/0/value ← NL-011?', '/goods/1/value ← NL-011?'],
          ...PARTIES.map((path) => `${path} ← NL-015?`),
          ...['/customs/controlInstruction ← NL-020', '/customs/riskLevel ← NL-021'],
        ],
      ],
    ],
  },
  {
    title: '船员证件：边检可见，海关、检验检疫须申请（入境）',
    issuer: 'ln.border',
    content: example.crew(),
    sees: [
      ['hl.border', []],
      [
        'ln.customs',
        [
          ...documents('NL-001'),
          ...CREW_TAIL,
          ...VALID,
          '/border/persons/0/biometrics ← NL-004',
          '/border/persons/0/healthDeclaration ← NL-005?',
          '/border/persons/0/alerts ← NL-007',
        ],
      ],
      [
        'ln.inspection',
        [
          ...documents('NL-001'),
          ...CREW_TAIL,
          ...VALID,
          '/border/persons/0/biometrics ← NL-004',
          '/border/persons/0/alerts ← NL-007',
        ],
      ],
    ],
  },
  {
    title: '船员证件：出境时同样只有边检可见',
    issuer: 'ln.border',
    content: example.crew('export'),
    sees: [
      ['nm.border', []],
      ['ln.port', expect.arrayContaining(documents('NL-002')) as unknown as string[]],
    ],
  },
  {
    title: '旅客：计数共享，个人整体不共享（其生物识别信息随之取出，不另列）',
    issuer: 'hl.border',
    content: example.passengers(),
    sees: [
      ['jl.border', []],
      ['hl.customs', ['/border/persons ← NL-006?', '/border/alerts ← NL-007']],
      ['ln.tax', ['/border/persons ← NL-006?', '/border/alerts ← NL-007', '/border/byNationality ← NL-009']],
    ],
  },
  {
    title: '登临检查涉嫌情报：须申请',
    issuer: 'ln.border',
    content: example.conveyance(),
    sees: [
      ['hl.border', []],
      ['ln.customs', ['/border/suspicious ← NL-008?', '/border/suspicion ← NL-008?']],
    ],
  },
  {
    title: '涉嫌走私：查验发现与备注不出海关；同一字段两条同时列名，不予共享在前',
    issuer: 'ln.customs',
    content: smuggling,
    sees: [
      ['jl.customs', []],
      [
        'ln.border',
        [
          ...['/goods/0/value ← NL-010', '/goods/1/value ← NL-010', '/customs/controlInstruction ← NL-020'],
          ...['/customs/findings ← NL-022 NL-024', '/remarks ← NL-022', '/checks/0/remarks ← NL-022'],
        ],
      ],
    ],
  },
  {
    title: '价格申报不实：不涉案，可申请',
    issuer: 'ln.customs',
    content: example.examination({ findings: [{ code: 'misdeclared-value' }] }),
    sees: [['ln.inspection', expect.arrayContaining(['/customs/findings ← NL-024?']) as unknown as string[]]],
  },
  {
    title: '机检：检验检疫同屏可见可疑区域，边检须申请；审图人员与算法不出海关',
    issuer: 'ln.customs',
    content: example.scan(),
    sees: [
      [
        'nm.inspection',
        [
          ...['/goods/0/value ← NL-010', '/goods/1/value ← NL-010'],
          ...['/customs/scans/0/reading/analyst ← NL-027', '/customs/scans/0/reading/algorithm ← NL-027'],
        ],
      ],
      ['nm.border', expect.arrayContaining(['/customs/scans/0/anomalies ← NL-026?']) as unknown as string[]],
    ],
  },
  {
    title: '放行：税款金额须申请，是否办结共享',
    issuer: 'ln.customs',
    content: example.release(),
    sees: [
      [
        'ln.inspection',
        [
          ...['/goods/0/value ← NL-010', '/goods/1/value ← NL-010'],
          ...['/customs/duties/amount ← NL-014?', '/customs/duties/guaranteeNumber ← NL-014?'],
        ],
      ],
    ],
  },
  {
    title: '实验室：国家标准方法公开',
    issuer: 'ln.inspection',
    content: example.laboratory(),
    sees: [['ln.customs', []]],
  },
  {
    title: '实验室：自建方法须申请',
    issuer: 'ln.inspection',
    content: example.laboratory('IN-HOUSE-7'),
    sees: [
      ['hl.inspection', []],
      ['ln.customs', ['/inspection/analyses/0/method ← NL-030?', '/inspection/analyses/0/detectionLimit ← NL-030?']],
    ],
  },
  {
    title: '动物疫情：三部门共享，不对外',
    issuer: 'nm.inspection',
    content: example.quarantine({ pests: [{ scientificName: 'Aphthovirus', group: 'animal-disease' }] }),
    sees: [
      ['nm.customs', []],
      ['ln.border', ['/goods/0/value ← NL-012', '/goods/1/value ← NL-012']],
      ['ln.port', expect.arrayContaining(['/inspection/pests ← NL-032']) as unknown as string[]],
    ],
  },
  {
    title: '军品：整份结果不共享，海关之间亦然',
    issuer: 'ln.customs',
    content: example.examination({}, { handling: 'military' }),
    sees: [
      ['hl.customs', [' ← NL-040']],
      ['ln.inspection', [' ← NL-040']],
      ['ln.tax', [' ← NL-040']],
    ],
  },
  {
    title: '外交邮袋：海关与边检可见，检验检疫不可见',
    issuer: 'ln.customs',
    content: example.examination({}, { handling: 'diplomatic' }),
    sees: [
      ['hl.customs', []],
      ['ln.inspection', [' ← NL-042']],
    ],
  },
  {
    title: '两用物项：品名与当事人须申请，商品编码仍共享',
    issuer: 'ln.customs',
    content: example.examination({}, { handling: 'dual-use' }),
    sees: [
      [
        'ln.border',
        [
          ...['/goods/0/value ← NL-010', '/goods/1/value ← NL-010', '/customs/controlInstruction ← NL-020'],
          ...['/goods/0/description ← NL-043?', '/goods/1/description ← NL-043?'],
          ...['/goods/0/manufacturer ← NL-043?', '/consignee ← NL-043?'],
        ],
      ],
    ],
  },
];

describe.each(scenarios)('$title', ({ issuer, content, sees }) => {
  it.each(sees)('%s', (consumer, hidden) => {
    expect(hiddenFrom(consumer, content, issuer)).toEqual(hidden);
  });
});

it('互认所需字段对三部门始终共享 what recognition needs is never named for the three agencies', () => {
  const needed = ['/containers', '/checks', '/conclusion', '/validUntil', '/declarationNumber', '/direction'];
  const agencies = CONSUMERS.filter((unit) => !/tax|port/.test(unit));
  for (const content of [example.examination(), example.scan(), example.release(), example.quarantine()]) {
    const issuer: UnitId = String(content.kind).startsWith('customs') ? 'ln.customs' : 'ln.inspection';
    const result = { kind: String(content.kind), issuer, content };
    for (const { pointers } of decideDisclosure(compiled, result, agencies, NOW)) {
      for (const path of [...needed, '/goods/0/commodityCode', '/goods/0/quantity', '/customs/riskLevel']) {
        expect(pointers.filter((pointer) => pointer === path || path.startsWith(`${pointer}/`))).toEqual([]);
      }
    }
  }
});
