import { exampleContent, type ResultContent } from '@clearance/contracts';
import { customsAgency } from './customs-agency.ts';

/** What the agency's rules object to, as `pointer code`. */
function objections(content: ResultContent): string[] {
  return customsAgency.rules.flatMap((rule) => rule(content)).map(({ pointer, code }) => `${pointer} ${code}`);
}

const release = exampleContent('customs.release');
const scan = exampleContent('customs.scan');
const examination = exampleContent('customs.examination');
const [documentary, weighing] = release.checks as [(typeof release.checks)[number], (typeof release.checks)[number]];
const [clear, suspect] = scan.customs.scans as [
  (typeof scan.customs.scans)[number],
  (typeof scan.customs.scans)[number],
];
const [goodImage, badImage] = scan.checks as [(typeof scan.checks)[number], (typeof scan.checks)[number]];
const duties = (changes: object): ResultContent => ({
  ...release,
  customs: { ...release.customs, duties: { ...release.customs.duties!, ...changes } },
});

describe('海关规则 rules of customs', () => {
  it.each([
    ['查验：示例 examination, as the guide shows it', examination, []],
    ['放行：示例 release, as the guide shows it', release, []],
    ['机检：示例 scan, as the guide shows it', scan, []],

    [
      '放行未经单证审核 release without a documentary check',
      { ...release, checks: [weighing] },
      ['/checks missing-check'],
    ],
    [
      '放行而单证审核无结论 release on an inconclusive documentary check',
      { ...release, checks: [{ ...documentary, outcome: 'inconclusive' }] },
      ['/checks missing-check'],
    ],
    [
      '放行而单证不符 release on documents that do not conform',
      { ...release, checks: [{ ...documentary, outcome: 'non-conformant' }] },
      ['/checks missing-check', '/checks/0/outcome contradiction'],
    ],
    [
      '单证不符、未予放行 documents do not conform, detained',
      { ...release, conclusion: 'detained', checks: [documentary, { ...weighing, outcome: 'non-conformant' }] },
      [],
    ],
    [
      '查验结果不要求单证审核 an examination needs no documentary check',
      { ...examination, conclusion: 'released' },
      [],
    ],

    ['税款已缴 duties paid', duties({ settled: true, means: 'paid' }), []],
    [
      '税款未缴也未担保而放行 released with duties open',
      duties({ settled: false }),
      ['/customs/duties/settled agency-rule'],
    ],
    [
      '税款未缴、有条件放行 conditional with duties open',
      { ...duties({ settled: false }), conclusion: 'conditional' },
      [],
    ],
    ['未载税款 no duties stated', { ...release, customs: { ...release.customs, duties: undefined } }, []],

    [
      '机检无图像检查 a scan without x-ray',
      { ...scan, checks: [{ ...goodImage, type: 'physical' }] },
      ['/checks missing-check'],
    ],
    [
      '机检仅辐射探测 a scan by radiation alone',
      { ...scan, checks: [{ ...goodImage, type: 'radiation' }], customs: { ...scan.customs, scans: [clear] } },
      [],
    ],
    [
      '该箱图像可疑而查验相符 a suspect image of the container, conformant check',
      { ...scan, checks: [goodImage, { ...badImage, outcome: 'conformant' }] },
      ['/checks/1/outcome contradiction'],
    ],
    [
      '可疑图像未载箱号 a suspect image that names no container',
      { ...scan, checks: [goodImage], customs: { ...scan.customs, scans: [{ ...suspect, container: undefined }] } },
      ['/checks/0/outcome contradiction'],
    ],
    [
      '查验未载范围 a conformant check that names no container',
      { ...scan, checks: [{ ...goodImage, covers: undefined }, badImage] },
      ['/checks/0/outcome contradiction'],
    ],
    [
      '图像可疑、查验不符 a suspect image, non-conformant check',
      { ...scan, checks: [{ ...badImage, outcome: 'non-conformant' }], customs: { ...scan.customs, scans: [suspect] } },
      [],
    ],
    [
      '查验不符而放行 released over a check that did not conform',
      { ...examination, conclusion: 'released', checks: [{ ...examination.checks[0]!, outcome: 'non-conformant' }] },
      ['/checks/0/outcome contradiction'],
    ],
    [
      '查验不符、扣留 detained over a check that did not conform',
      { ...examination, conclusion: 'detained', checks: [{ ...examination.checks[0]!, outcome: 'non-conformant' }] },
      [],
    ],
  ] as [string, ResultContent, string[]][])('%s', (_what, content, expected) => {
    expect(objections(content).sort()).toEqual([...expected].sort());
  });

  it('只签发本部门的种类 issues kinds of its own only', () => {
    expect(customsAgency.kinds.every((kind) => kind.startsWith('customs.'))).toBe(true);
  });
});
