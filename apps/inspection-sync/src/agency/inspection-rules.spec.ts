import { exampleContent, type ResultContent } from '@clearance/contracts';
import { inspectionAgency } from './inspection-agency.ts';

/** What the agency's rules object to, as `pointer code`. */
function objections(content: ResultContent): string[] {
  return inspectionAgency.rules.flatMap((rule) => rule(content)).map(({ pointer, code }) => `${pointer} ${code}`);
}

const quarantine = exampleContent('inspection.quarantine');
const laboratory = exampleContent('inspection.laboratory');
const certificate = exampleContent('inspection.certificate');
const [, passed] = quarantine.checks as [(typeof quarantine.checks)[number], (typeof quarantine.checks)[number]];
const [pest] = quarantine.inspection!.pests as [
  NonNullable<NonNullable<typeof quarantine.inspection>['pests']>[number],
];
const [analysis] = laboratory.inspection.analyses as [(typeof laboratory.inspection.analyses)[number]];

const released = (inspection: object): ResultContent => ({
  ...quarantine,
  conclusion: 'released',
  checks: [passed],
  inspection: { ...quarantine.inspection, pests: [], ...inspection },
});
const analysed = (analyses: object[], outcome = 'conformant', conclusion = 'released'): ResultContent =>
  ({
    ...laboratory,
    conclusion,
    checks: [{ ...laboratory.checks[0]!, outcome }],
    inspection: { ...laboratory.inspection, analyses },
  }) as ResultContent;

describe('检验检疫规则 rules of inspection and quarantine', () => {
  it.each([
    ['检疫：示例 quarantine, as the guide shows it', quarantine, []],
    ['检测：示例 laboratory, as the guide shows it', laboratory, []],
    ['证书：示例 certificate, as the guide shows it', certificate, []],

    [
      '检疫结果未作检疫 quarantine without a quarantine check',
      { ...quarantine, checks: [{ ...passed, type: 'documentary' }] },
      ['/checks missing-check'],
    ],
    ['检疫放行并引用证书 released with its certificate', released({}), []],
    [
      '检疫放行未引用证书 released without a certificate',
      released({ certificateNumber: undefined }),
      ['/inspection/certificateNumber agency-rule'],
    ],
    [
      '检疫放行而无检疫内容 released without any quarantine part',
      { ...quarantine, conclusion: 'released', checks: [passed], inspection: undefined },
      ['/inspection/certificateNumber agency-rule'],
    ],
    [
      '有条件放行可无证书 conditional without a certificate',
      { ...released({ certificateNumber: undefined }), conclusion: 'conditional' },
      [],
    ],

    [
      '检疫性有害生物未处理而放行 a quarantine pest left alone, released',
      released({ pests: [pest, { ...pest, status: 'quarantine', disposal: 'none' }] }),
      ['/inspection/pests/1/disposal contradiction'],
    ],
    [
      '检疫性有害生物已除害 a quarantine pest treated',
      released({ pests: [{ ...pest, status: 'quarantine', disposal: 'treated' }] }),
      [],
    ],
    [
      '非管制有害生物未处理 a pest that is not regulated',
      released({ pests: [{ ...pest, status: 'not-regulated', disposal: 'none' }] }),
      [],
    ],
    [
      '检疫性有害生物未处理、退回 a quarantine pest left alone, refused',
      { ...released({ pests: [{ ...pest, status: 'quarantine', disposal: 'none' }] }), conclusion: 'refused' },
      [],
    ],

    [
      '检测的样品未列出 an analysis of a sample that is not listed',
      analysed([analysis, { ...analysis, sample: 'X-1' }]),
      ['/inspection/analyses/1/sample unknown-reference'],
    ],
    [
      '指标超限而检测合格 beyond the limit, conformant',
      analysed([{ ...analysis, verdict: 'non-compliant' }]),
      ['/checks/0/outcome contradiction'],
    ],
    [
      '指标超限、检测不合格 beyond the limit, non-conformant',
      analysed([{ ...analysis, verdict: 'non-compliant' }], 'non-conformant', 'refused'),
      [],
    ],
    [
      '检测不合格而放行 released over a check that did not conform',
      analysed([{ ...analysis, verdict: 'non-compliant' }], 'non-conformant'),
      ['/checks/0/outcome contradiction'],
    ],
  ] as [string, ResultContent, string[]][])('%s', (_what, content, expected) => {
    expect(objections(content)).toEqual(expected);
  });

  it('只签发本部门的种类 issues kinds of its own only', () => {
    expect(inspectionAgency.kinds.every((kind) => kind.startsWith('inspection.'))).toBe(true);
  });
});
