import { exampleContent, type ResultContent } from '@clearance/contracts';
import { borderAgency } from './border-agency.ts';

/** What the agency's rules object to, as `pointer code`. */
function objections(content: ResultContent): string[] {
  return borderAgency.rules.flatMap((rule) => rule(content)).map(({ pointer, code }) => `${pointer} ${code}`);
}

const conveyance = exampleContent('border.conveyance');
const crew = exampleContent('border.crew');
const passengers = exampleContent('border.passengers');
const [master, officer] = crew.border.persons as [
  (typeof crew.border.persons)[number],
  (typeof crew.border.persons)[number],
];
const stowaways = (found: number, conclusion = 'released'): ResultContent =>
  ({
    ...conveyance,
    conclusion,
    border: { ...conveyance.border, stowawayCheck: { performed: true, found } },
  }) as ResultContent;
const persons = (list: object[], changes: object = {}): ResultContent =>
  ({ ...crew, border: { ...crew.border, persons: list, ...changes } }) as ResultContent;

describe('边检规则 rules of border inspection', () => {
  it.each([
    ['交通工具：示例 conveyance, as the guide shows it', conveyance, []],
    ['船员：示例 crew, as the guide shows it', crew, []],
    ['旅客：示例 passengers, as the guide shows it', passengers, []],

    [
      '交通工具未登临 a conveyance that was not boarded',
      { ...conveyance, checks: [{ ...conveyance.checks[0]!, type: 'documentary' }] },
      ['/checks missing-check'],
    ],
    [
      '船员结果未查船员 a crew result without the crew check',
      { ...crew, checks: [{ ...crew.checks[0]!, type: 'boarding' }] },
      ['/checks missing-check'],
    ],
    ['旅客不要求登临 passengers need no boarding', { ...passengers, checks: [passengers.checks[0]!] }, []],

    ['列名人数等于船员人数 as many persons as the crew has', persons([master, officer], { crewCount: 2 }), []],
    [
      '列名人数多于船员人数 more persons than the crew has',
      persons([master, officer], { crewCount: 1 }),
      ['/border/persons exceeds'],
    ],
    ['仅列部分船员 fewer persons than the crew has', persons([master], { crewCount: 22 }), []],

    [
      '阻止入境未载事由 refused without a reason',
      persons([master, { ...officer, reason: undefined }]),
      ['/border/persons/1/reason missing'],
    ],
    ['准予入境不载事由 admitted without a reason', persons([master, { ...master, verdict: 'admitted' }]), []],
    [
      '旅客被阻止未载事由 a traveller refused without a reason',
      { ...passengers, border: { ...passengers.border, persons: [{ ...officer, reason: undefined }] } },
      ['/border/persons/0/reason missing'],
    ],

    ['未发现偷渡人员 no stowaways', stowaways(0), []],
    ['发现偷渡人员而放行 stowaways, released', stowaways(1), ['/border/stowawayCheck/found contradiction']],
    ['发现偷渡人员、扣留 stowaways, detained', stowaways(2, 'detained'), []],

    [
      '登临不符而放行 released over a boarding that did not conform',
      { ...conveyance, checks: [{ ...conveyance.checks[0]!, outcome: 'non-conformant' }] },
      ['/checks/0/outcome contradiction'],
    ],
  ] as [string, ResultContent, string[]][])('%s', (_what, content, expected) => {
    expect(objections(content)).toEqual(expected);
  });

  it('只签发本部门的种类 issues kinds of its own only', () => {
    expect(borderAgency.kinds.every((kind) => kind.startsWith('border.'))).toBe(true);
  });
});
