import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { type Mesh, parseMesh, type ResultContent, violation } from '@clearance/contracts';
import { customsExamination, inspectionQuarantine } from '@clearance/testing';
import type { AgencyProfile } from '../agency-profile.ts';
import { checkContent } from './check-content.ts';

const AGENCY: AgencyProfile = {
  agency: 'customs',
  service: 'customs-sync',
  description: '',
  kinds: ['customs.examination'],
  checks: ['x-ray', 'physical'],
  rules: [
    (content) => (content.remarks === '甲' ? [violation('/remarks', 'contradiction', { expected: '乙' })] : []),
    (content) =>
      content.conclusion === 'refused' ? [violation('/conclusion', 'contradiction', { expected: '丙' })] : [],
  ],
};

let mesh: Mesh;
beforeAll(async () => {
  const parsed = parseMesh(parse(await readFile(new URL('../../../../mesh.yaml', import.meta.url), 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.violations));
  mesh = parsed.value;
});

const check = (content: unknown): string[] => {
  const checked = checkContent(content, { id: 'ln.customs', agency: AGENCY, mesh });
  return checked.ok ? [] : checked.violations.map(({ pointer, code }) => `${pointer} ${code}`);
};
const changed = (changes: Partial<ResultContent>): ResultContent => customsExamination('C-1', changes);
const [xRay] = customsExamination('C-1').checks as [ResultContent['checks'][number]];

describe('checkContent', () => {
  it.each([
    ['本单位的查验结果 a good result', changed({}), []],
    [
      "他部门的种类 another agency's kind",
      inspectionQuarantine('C-2'),
      ['/kind wrong-agency', '/checks/0/type check-not-of-agency'],
    ],
    ["他省的关区 another province's office", changed({ office: '0600' }), ['/office wrong-province']],
    ["他省的地点 another province's place", changed({ location: 'CNMLX' }), ['/location wrong-province']],
    [
      '本部门不做的查验 a check it may not perform',
      changed({ checks: [xRay, { ...xRay, type: 'quarantine' }] }),
      ['/checks/1/type check-not-of-agency'],
    ],
    ['违反本部门规则 one of its rules', changed({ remarks: '甲' }), ['/remarks contradiction']],
    [
      '一并列出 all of it at once',
      changed({ remarks: '甲', conclusion: 'refused', location: 'CNMLX', checks: [{ ...xRay, type: 'quarantine' }] }),
      [
        '/location wrong-province',
        '/checks/0/type check-not-of-agency',
        '/remarks contradiction',
        '/conclusion contradiction',
      ],
    ],
    [
      '形状不符时不查规则 rules are asked of a whole content only',
      { ...changed({ remarks: '甲' }), kind: 7 },
      ['/kind unknown-kind'],
    ],
  ] as [string, unknown, string[]][])('%s', (_what, content, expected) => {
    expect(check(content).sort()).toEqual([...expected].sort());
  });

  it('refuses what is no object at all, without a fault', () => {
    for (const input of [null, undefined, 7, 'x', [], [customsExamination('C-3')]]) {
      expect(check(input)).not.toEqual([]);
    }
  });
});
