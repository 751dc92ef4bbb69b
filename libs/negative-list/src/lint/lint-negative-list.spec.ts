import { FINDING_CODES } from '../language/finding.ts';
import type { Finding, FindingCode } from '../language/finding.ts';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import { CONSUMERS, NOW } from '../example-results.fixture.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import { lintNegativeList } from './lint-negative-list.ts';

const HEAD = `apiVersion: clearance/v1
kind: NegativeList
version: "2026.11-1"
effectiveFrom: 2026-11-01T00:00:00+08:00
entries:
`;

/** A sound entry, member by member; a case replaces those that it is about. `null` leaves a member out. */
const SOUND = {
  id: 'NL-001',
  title: '{ zh: 船员身份证件, en: Crew identity documents }',
  class: 'conditional',
  legalBasis: '《出境入境管理法》第八十五条',
  owner: 'border',
  match: '{ kinds: ["border.crew"] }',
  fields: '["/border/persons/*/birthDate"]',
  consumers: '{ except: ["*.border"] }',
  purposes: '["counter-smuggling"]',
};

function entry(changes: Record<string, string | null> = {}): string {
  const members = Object.entries({ ...SOUND, ...changes }).filter(([, value]) => value !== null);
  return `  - ${members.map(([name, value]) => `${name}: ${value}`).join('\n    ')}\n`;
}

const withEntry = (changes: Record<string, string | null>): string => HEAD + entry(changes);
const condition = (when: string): string => withEntry({ when });
const exam = (changes: Record<string, string | null>): string =>
  withEntry({
    match: '{ kinds: ["customs.examination"] }',
    fields: null,
    owner: 'customs',
    legalBasis: '《海关法》第七十二条',
    ...changes,
  });

/** Takes the mark ▶ out of a text and says where it stood. */
function marked(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf('▶')).split('\n');
  return { text: text.replace('▶', ''), line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function lint(text: string): Finding[] {
  return lintNegativeList(text, { units: CONSUMERS, at: NOW });
}

/** What is wrong, the code that says so, and the text with ▶ where the finding must point. */
const cases: [string, FindingCode, string][] = [
  // 文本 the text
  ['不是 YAML', 'syntax', `${HEAD}  - { id: NL-001▶`],
  ['锚点', 'alias', withEntry({ match: '&m ▶{ kinds: ["border.crew"] }' })],
  ['别名', 'alias', withEntry({ consumers: '▶*everyone' })],
  ['合并键', 'alias', withEntry({ '▶<<': '{ class: withheld }' })],
  ['标签', 'tag', withEntry({ legalBasis: '!!binary ▶"5a2X"' })],
  ['成员重复', 'duplicate-key', withEntry({}) + '    ▶owner: customs\n'],
  // 形状 its shape
  ['不是负面清单', 'not-a-list', '▶apiVersion: clearance/v2\nkind: NegativeList\n'],
  ['未知成员', 'unknown-member', withEntry({ '▶field': '["/goods"]' })],
  ['匹配中的未知成员', 'unknown-member', withEntry({ match: '{ kinds: ["border.crew"], ▶issuer: "*" }' })],
  [
    '缺少匹配',
    'missing',
    withEntry({ id: null, title: '{ zh: a, en: b }', match: null }).replace('- title', '- ▶title'),
  ],
  ['缺少英文名', 'missing', withEntry({ title: '▶{ zh: 船员身份证件 }' })],
  ['路径不是列表', 'wrong-type', withEntry({ fields: '▶"/goods"' })],
  ['条件为空', 'wrong-type', withEntry({ when: '▶""' })],
  ['only 与 except 并用', 'wrong-type', withEntry({ consumers: '▶{ only: ["*"], except: ["*.border"] }' })],
  ['版本号未加引号', 'bad-value', HEAD.replace('"2026.11-1"', '▶2026.11') + entry()],
  ['类别未知', 'bad-value', withEntry({ class: '▶secret' })],
  ['单位写法错误', 'bad-value', withEntry({ consumers: '{ except: [▶"customs"] }' })],
  ['日期不存在', 'bad-date', withEntry({ validFrom: '▶2026-02-30' })],
  ['时刻缺时区', 'bad-date', HEAD.replace('2026-11-01T00:00:00+08:00', '▶2026-11-01T00:00:00') + entry()],
  ['编号重复', 'duplicate-id', withEntry({}) + entry({ id: '▶NL-001' })],
  ['保留编号', 'reserved-id', withEntry({ id: '▶FC-1' })],
  ['条目过多', 'too-large', `${HEAD.trimEnd()} ▶[${'{},'.repeat(LIST_BOUNDS.entries)}{}]\n`],
  // 含义 its meaning
  ['缺少法律依据', 'missing-legal-basis', withEntry({ legalBasis: null }).replace('- id', '- ▶id')],
  ['法律依据为空', 'missing-legal-basis', withEntry({ legalBasis: '" "' }).replace('- id', '- ▶id')],
  ['缺少责任部门', 'missing-owner', withEntry({ owner: null }).replace('- id', '- ▶id')],
  ['结果种类未知', 'unknown-kind', withEntry({ match: '{ kinds: ["border.crew", ▶"border.crews"] }' })],
  [
    '签发单位不存在',
    'unknown-unit',
    withEntry({ match: '{ kinds: ["border.crew"], issuers: { only: ["*.border", ▶"sh.border"] } }' }),
  ],
  ['接收单位不存在', 'unknown-unit', withEntry({ consumers: '▶"ln.police"' })],
  ['签发单位不签发此类结果', 'no-issuer', withEntry({ match: '▶{ kinds: ["border.crew"], issuers: ["*.customs"] }' })],
  ['未限制任何单位', 'no-consumer', withEntry({ consumers: '▶{ except: ["*"] }' })],
  ['路径缺斜线', 'bad-path', withEntry({ fields: '[▶"border/persons"]' })],
  [
    '路径拼错',
    'unknown-path',
    withEntry({ fields: '["/border/persons/*/birthDate", ▶"/border/persons/*/documentNo"]' }),
  ],
  ['路径属于别的种类', 'unknown-path', withEntry({ fields: '[▶"/customs/riskLevel"]' })],
  ['数组元素须写作 *', 'unknown-path', withEntry({ fields: '[▶"/border/persons/0/birthDate"]' })],
  [
    '多种类之一没有该字段',
    'unknown-path',
    withEntry({ match: '{ kinds: ["border.crew", "border.conveyance"] }', fields: '[▶"/border/persons"]' }),
  ],
  ['用途未知', 'unknown-purpose', withEntry({ purposes: '["counter-smuggling", ▶"curiosity"]' })],
  ['不予共享却列用途', 'purposes-on-withheld', withEntry({ class: 'withheld', purposes: '▶["counter-smuggling"]' })],
  ['有效期颠倒', 'validity-reversed', withEntry({ validFrom: '2027-11-01', validUntil: '▶2027-10-31' })],
  // 条件 conditions
  ['条件不合语法', 'condition-syntax', condition(`'content.direction ▶== '`)],
  ['条件过长', 'too-large', condition(`▶'${'true || '.repeat(200)}true'`)],
  ['条件括号过多', 'condition-too-complex', condition(`'▶${'('.repeat(20)}true${')'.repeat(20)}'`)],
  ['条件运算过多', 'condition-too-complex', condition(`'▶${'!true||'.repeat(120)}true'`)],
  [
    '循环嵌套过深',
    'condition-too-complex',
    condition(`'▶content.checks.exists(a, content.checks.exists(b, content.checks.exists(c, true)))'`),
  ],
  ['变量未知', 'condition-unknown-name', condition(`'kind == "border.crew" && ▶consumer == "ln.customs"'`)],
  ['字段拼错', 'condition-unknown-field', condition(`'content▶.directoin == "import"'`)],
  [
    '折行条件中的字段拼错',
    'condition-unknown-field',
    condition(`>-\n      content.direction == "import" &&\n      content▶.locatoin == "CNDLC"`),
  ],
  ['字段属于别的种类', 'condition-unknown-field', condition(`'▶has(content.customs)'`)],
  ['函数未知', 'condition-unknown-function', condition(`'content.location▶.lowerAscii() == "cndlc"'`)],
  ['类型不符', 'condition-type', condition(`'content.direction ▶== 1'`)],
  ['对象与文本相比', 'condition-type', condition(`'content.checks ▶== "x-ray"'`)],
  ['小数与整数相加', 'condition-type', condition(`'content.border.crewCount ▶+ 1 > 3'`)],
  ['正则非常量', 'condition-type', condition(`'content.location.matches(content▶.direction)'`)],
  ['正则不属于 RE2', 'condition-pattern', condition(`'content.location.matches(▶"(?=CN)")'`)],
  ['条件得出文本', 'condition-not-bool', condition(`'content▶.direction'`)],
  // 提醒 warnings
  [
    '可缺字段未判断',
    'optional-field',
    exam({ when: `'has(content.consignee) && content.consignee▶.creditCode == "x"'` }),
  ],
  ['条件恒定', 'constant-condition', condition('▶"1 < 2"')],
  ['已失效', 'expired', withEntry({ validUntil: '▶2026-11-20' })],
  [
    '清单生效前已失效',
    'never-in-force',
    HEAD.replace('2026-11-01T', '2027-11-01T') + entry({ validUntil: '▶2027-01-01' }),
  ],
  ['责任部门不签发', 'owner-not-issuer', withEntry({ owner: '▶customs' })],
  ['未列用途', 'no-purposes', withEntry({ purposes: null }).replace('- id', '- ▶id')],
  ['未引法条', 'no-article', withEntry({ legalBasis: '▶内部规定' })],
  ['路径重复', 'covered-path', withEntry({ fields: '["/border/persons", ▶"/border/persons/*/birthDate"]' })],
];

describe('负面清单校验 lint', () => {
  it('没有问题的清单不报任何问题 says nothing about a sound list', () => {
    expect(lint(HEAD + entry())).toEqual([]);
  });

  it.each(cases)('%s → %s', (_, code, source) => {
    const { text, line, column } = marked(source);
    const findings = lint(text).filter((finding) => finding.code === code);
    expect(findings[0]).toMatchObject({ code, line, column });
    expect(findings[0]?.message.zh).toMatch(/\p{Script=Han}/u);
    expect(findings[0]?.message.en).toMatch(/[a-z]/);
  });

  it('每一种问题都有例子 every code has its case', () => {
    const shown = new Set(cases.map(([, code]) => code));
    expect(FINDING_CODES.filter((code) => !shown.has(code))).toEqual([]);
  });

  it('一次报出全部问题，各有条目编号与指针 tells everything at once, each with its entry and pointer', () => {
    const text =
      HEAD +
      entry({ class: 'secret', owner: 'police' }) +
      entry({ id: 'NL-002', fields: '["/nowhere"]', purposes: '["curiosity"]' });
    expect(lint(text).map(({ code, pointer, entry: id }) => [code, pointer, id])).toEqual([
      ['bad-value', '/entries/0/class', 'NL-001'],
      ['bad-value', '/entries/0/owner', 'NL-001'],
      ['unknown-path', '/entries/1/fields/0', 'NL-002'],
      ['unknown-purpose', '/entries/1/purposes/0', 'NL-002'],
    ]);
  });

  it('提示最接近的字段 offers the nearest field', () => {
    const [finding] = lint(withEntry({ fields: '["/border/persons/*/documentNumer"]' }));
    expect(finding?.message.en).toContain('did you mean "/border/persons/*/documentNumber"?');
  });

  it('写有 has() 的可缺字段不再提醒，无论其在哪一侧 a guard counts on either side', () => {
    const when = (text: string) => exam({ when: `'${text}'` });
    const warned = (text: string) => lint(when(text)).map((finding) => finding.code);
    expect(warned('has(content.consignee) && content.consignee.name == "x"')).toEqual([]);
    expect(warned('content.consignee.name == "x" && has(content.consignee)')).toEqual([]);
    expect(warned('!has(content.consignee) || content.consignee.name == "x"')).toEqual([]);
    expect(warned('has(content.consignee) ? content.consignee.name == "x" : false')).toEqual([]);
    expect(warned('has(content.consignee) || content.consignee.name == "x"')).toEqual(['optional-field']);
    expect(warned('has(content.goods) && content.goods.exists(g, g.origin == "RU")')).toEqual(['optional-field']);
    expect(warned('has(content.goods) && content.goods.exists(g, has(g.origin) && g.origin == "RU")')).toEqual([]);
  });

  it('JSON 亦可，位置同样准确 takes JSON, and locates in it', () => {
    const list = {
      apiVersion: 'clearance/v1',
      kind: 'NegativeList',
      version: '1',
      effectiveFrom: '2026-11-01',
      entries: [],
    };
    expect(parseNegativeList(JSON.stringify(list, null, 2))).toMatchObject({ ok: true });
    const { text, line, column } = marked(JSON.stringify(list, null, 2).replace('"entries"', '▶"entry"'));
    expect(lint(text)).toContainEqual(expect.objectContaining({ code: 'unknown-member', line, column }));
  });
});

describe('敌意输入 hostile input', () => {
  const hostile: [string, string][] = [
    ['空', ''],
    ['纯文本', 'hello'],
    ['只有列表', '[]'],
    ['括号 200,000 层', '['.repeat(200_000)],
    ['缩进 2,000 层', Array.from({ length: 700 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['亿笑攻击', 'a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n'],
    ['两份文件', `${HEAD}---\n${HEAD}`],
    ['超出大小', `# ${'x'.repeat(LIST_BOUNDS.characters)}`],
    ['原型成员', `${HEAD}${entry({ __proto__x: '{}' }).replace('__proto__x', '__proto__')}`],
    ['非文本键', `${HEAD}  - ? [a]\n    : b\n`],
    ['空字符', HEAD + '\0'],
    ['孤立代理', `${HEAD}${entry({ id: '"\\ud800"' })}`],
  ];
  it.each(hostile)('%s：拒绝，而不抛出 refused, not thrown', (_, text) => {
    const parsed = parseNegativeList(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok || parsed.findings.every((finding) => finding.line >= 1 && finding.column >= 1)).toBe(true);
    expect(parsed.ok || parsed.findings.length).toBeGreaterThan(0);
  });
});
