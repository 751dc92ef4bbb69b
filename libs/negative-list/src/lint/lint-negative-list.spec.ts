import { recognitionNeeds } from '@clearance/recognition';
import { FINDING_CODES } from '../language/finding.ts';
import type { Finding, FindingCode } from '../language/finding.ts';
import { LIST_BOUNDS } from '../language/negative-list.ts';
import { CONSUMERS, NOW } from '../example-results.fixture.ts';
import { parseNegativeList } from '../parse/parse-negative-list.ts';
import { lintNegativeList } from './lint-negative-list.ts';

/** Customs rely on each other's x-rays and examinations, while the seal holds. */
const NEEDS = recognitionNeeds([
  {
    id: 'MRA-1',
    title: { zh: '关关互认', en: 'customs to customs' },
    issuers: '*.customs',
    relying: '*.customs',
    checks: ['x-ray', 'physical'],
    validFor: 'P30D',
    validFrom: '2026-01-01T00:00:00+08:00',
    validUntil: '2036-01-01T00:00:00+08:00',
    conditions: { sealUnbroken: true },
  },
]);

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
  return lintNegativeList(text, { units: CONSUMERS, at: NOW, recognition: NEEDS });
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
  ['看不见的字符', 'hidden-character', withEntry({ legalBasis: '《海关法》▶\u202e第七十二条' })],
  ['转义写成的看不见的字符', 'hidden-character', withEntry({ legalBasis: '▶"《海关法》\\u200b"' })],
  ['注释中改变显示次序的字符', 'hidden-character', `${HEAD}${entry()}# ▶\u2066 以下不再适用\n`],
  ['外观相同而编码不同', 'not-normalised', withEntry({ title: '{ zh: 船员, en: ▶cafe\u0301 }' })],
  [
    '问题过多',
    'too-many-findings',
    `▶apiVersion: clearance/v1\n${Array.from({ length: 1100 }, () => '? [a]\n: *b\n').join('')}`,
  ],
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
  ['条件要求枚举之外的取值', 'impossible-condition', condition(`'content.direction ▶== "sideways"'`)],
  ['条件恒不为假', 'always-true', condition(`'content.direction ▶in ["import", "export", "transit"]'`)],
  ['即将失效', 'near-expiry', withEntry({ validUntil: '▶2026-12-20' })],
  ['被另一条目遮盖', 'shadowed-entry', withEntry({}) + entry({ id: 'NL-002' }).replace('- id', '- ▶id')],
  [
    '使互认落空',
    'breaks-recognition',
    exam({ fields: '["/remarks", ▶"/conclusion"]', consumers: '{ only: ["*.customs"] }' }),
  ],
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
    expect(warned('has(content.consignee) || content.consignee.name == "x"')).toEqual([
      // Without a consignee it cannot be decided, with one it is true: it is never false.
      'always-true',
      'optional-field',
    ]);
    expect(warned('has(content.goods) && content.goods.exists(g, g.origin == "RU")')).toEqual(['optional-field']);
    expect(warned('has(content.goods) && content.goods.exists(g, has(g.origin) && g.origin == "RU")')).toEqual([]);
  });

  const NEVER = 'impossible-condition';
  const ALWAYS = 'always-true';
  it.each<[string, string, string | undefined, string]>([
    [
      '同一字段等于两个值',
      'content.direction == "import" && content.direction == "export"',
      NEVER,
      '“content.direction”只能取',
    ],
    ['等于且不等于', 'content.location == "CNDLC" && content.location != "CNDLC"', NEVER, '既须成立又须不成立'],
    ['取值不在枚举之中', '"sideways" == content.direction', NEVER, '“content.direction”只能取 import、export、transit'],
    ['各种情形都不可能', 'content.direction == "in" || content.direction == "out"', NEVER, '只能取'],
    ['有一种情形可能', 'content.direction == "in" || content.direction == "import"', undefined, ''],
    ['列举的取值都不在枚举之中', 'content.direction in ["in", "out"]', NEVER, '只能取'],
    ['排除了所有取值', '!(content.direction in ["import", "export", "transit"])', NEVER, '只能取'],
    ['枚举中没有以此开头的取值', 'content.direction.startsWith("x")', NEVER, '只能取'],
    ['枚举中有以此开头的取值', 'content.direction.startsWith("im")', undefined, ''],
    ['数组元素的取值不在枚举之中', 'content.checks.exists(c, c.outcome == "good")', NEVER, '“c.outcome”只能取'],
    [
      '不同元素可以不同',
      'content.checks.exists(c, c.outcome == "conformant") && content.checks.exists(c, c.outcome == "inconclusive")',
      undefined,
      '',
    ],
    [
      '同一元素不能不同',
      'content.checks.exists(c, c.outcome == "conformant" && c.outcome == "inconclusive")',
      NEVER,
      'c.outcome',
    ],
    ['全部如此，可能因为一个也没有', 'content.checks.all(c, c.outcome == "good")', undefined, ''],
    ['种类与条目不符', 'kind == "border.crew"', NEVER, '“kind”只能取 customs.examination'],
    ['部门与条目不符', 'agency != "customs"', NEVER, '“agency”只能取 customs'],
    ['既成立又不成立', 'content.remarks.contains("x") && !content.remarks.contains("x")', NEVER, '既须成立又须不成立'],
    ['非此即彼', 'content.remarks.contains("x") || !content.remarks.contains("x")', ALWAYS, '既须成立又须不成立'],
    ['个数的范围为空', 'size(content.checks) > 3 && content.checks.size() < 2', NEVER, '没有数值'],
    ['两数之间没有整数', 'size(content.checks) > 1 && size(content.checks) < 2', NEVER, '没有数值'],
    ['个数不会为负', 'size(content.checks) >= 0', ALWAYS, '没有数值'],
    ['边界可取', 'size(content.checks) >= 2 && size(content.checks) <= 2', undefined, ''],
    [
      '小数之间有数',
      'double(content.goods[0].quantity.value) > 1.0 && double(content.goods[0].quantity.value) < 2.0',
      undefined,
      '',
    ],
    [
      '缺失而又有值',
      '!has(content.consignee) && content.consignee.name == "x"',
      NEVER,
      '“content.consignee”既须缺失又须有值',
    ],
    ['必有的字段不会缺失', '!has(content.direction)', NEVER, '“content.direction”总是存在'],
    ['可缺的字段可以缺失', '!has(content.consignee)', undefined, ''],
    [
      '二者择一，都不可能',
      'has(content.goods) ? content.direction == "in" : content.direction == "out"',
      NEVER,
      '只能取',
    ],
    ['写死的一项', 'content.direction == "import" && false', NEVER, '写定'],
    ['不懂的就不说', 'content.location.matches("^CN") && content.location.matches("^RU")', undefined, ''],
  ])('条件：%s', (_, when, code, reason) => {
    const findings = lint(exam({ when: JSON.stringify(when) })).filter((found) => [NEVER, ALWAYS].includes(found.code));
    expect(findings.map((found) => found.code)).toEqual(code === undefined ? [] : [code]);
    if (code !== undefined) expect(findings[0]?.message.zh).toContain(reason);
  });

  it('只要有一种结果可能，就不说不可能 possible for one kind is possible', () => {
    const when = `'kind == "customs.scan"'`;
    const codes = (kinds: string) => lint(exam({ match: `{ kinds: [${kinds}] }`, when })).map(({ code }) => code);
    expect(codes('"customs.examination", "customs.scan"')).toEqual([]);
    expect(codes('"customs.examination"')).toEqual([NEVER]);
    expect(codes('"customs.scan"')).toEqual([ALWAYS]);
  });

  const FIRST = { fields: '["/border/persons/*/birthDate"]', validUntil: '2030-12-31' };
  it.each<[string, Record<string, string | null>, Record<string, string | null>, string[]]>([
    ['整个人员名单遮盖其中的出生日期', { fields: '["/border/persons"]' }, {}, ['NL-002']],
    ['后写的遮盖先写的', {}, { fields: '["/border/persons"]' }, ['NL-001']],
    ['两条相同，只说后一条', {}, {}, ['NL-002']],
    ['不予共享遮盖有条件共享', { class: 'withheld', purposes: null }, {}, ['NL-002']],
    ['有条件共享遮盖不了不予共享', {}, { class: 'withheld', purposes: null, fields: FIRST.fields }, ['NL-001']],
    [
      '只遮盖一部分字段，不算',
      {},
      { fields: '["/border/persons/*/birthDate", "/border/persons/*/permit"]' },
      ['NL-001'],
    ],
    ['各有各的字段', {}, { fields: '["/border/persons/*/permit"]' }, []],
    ['对更多单位', { consumers: null }, {}, ['NL-002']],
    ['对另一些单位', { consumers: '{ only: ["*.customs"] }' }, { consumers: '{ only: ["*.inspection"] }' }, []],
    [
      '逐一列出的单位今天虽全，不及 *',
      { consumers: '{ only: ["ln.customs", "jl.customs", "hl.customs", "nm.customs"] }' },
      { consumers: '{ only: ["*.customs"] }' },
      ['NL-001'],
    ],
    ['附有条件的遮盖不了无条件的', { when: `'content.direction == "import"'` }, {}, ['NL-001']],
    ['条件相同', { when: `'content.direction == "import"'` }, { when: `'content.direction=="import"'` }, ['NL-002']],
    [
      '条件更严的被遮盖',
      { when: `'content.direction == "import"'` },
      { when: `'content.direction == "import" && province == "ln"'` },
      ['NL-002'],
    ],
    ['时间较短的遮盖不了较长的', { validUntil: '2028-12-31' }, { validUntil: '2029-12-31' }, ['NL-001']],
    ['前后相接，互不遮盖', { validUntil: '2028-12-31' }, { validFrom: '2029-01-01' }, []],
    ['清单施行前的时间不计', { validFrom: '2026-10-01' }, { validFrom: '2026-09-01' }, ['NL-002']],
    ['可申请的用途更多的，遮盖不了更少的', { purposes: '["counter-smuggling", "joint-inspection"]' }, {}, ['NL-001']],
    ['责任部门不同，申请由别人批', { owner: 'customs' }, {}, []],
    ['更多种类的结果', { match: '{ kinds: ["border.*"] }', fields: '["/border"]' }, {}, ['NL-002']],
    ['有错误的条目不算', { fields: null, owner: 'police' }, {}, []],
  ])('遮盖：%s', (_, first, second, shadowed) => {
    const text = HEAD + entry({ ...FIRST, ...first }) + entry({ ...FIRST, id: 'NL-002', ...second });
    const findings = lint(text).filter(({ code }) => code === 'shadowed-entry');
    expect(findings.map((finding) => finding.entry)).toEqual(shadowed);
  });

  it('遮盖须说明是哪一条 names the entry that shadows', () => {
    const [finding] = lint(HEAD + entry() + entry({ id: 'NL-002' }));
    expect(finding?.message.en).toBe(
      'NL-002 changes nothing: whenever it applies, NL-001 takes out at least as much from the same units, as firmly',
    );
  });

  it.each<[string, Record<string, string | null>, string[]]>([
    [
      '结论',
      { fields: '["/conclusion"]' },
      ['*.customs 将不能认可 customs.examination 的结果中的机检、人工查验：互认须见 /conclusion'],
    ],
    ['整份结果', {}, ['*.customs 将不能认可 customs.examination 的结果中的机检、人工查验：互认须见 整份结果']],
    [
      '封志',
      { fields: '["/containers/*/seals"]' },
      ['*.customs 将不能认可 customs.examination 的结果中的机检、人工查验：互认须见 /containers/*/seals'],
    ],
    [
      '海关各种结果',
      { match: '{ kinds: ["customs.*"] }', fields: '["/checks"]' },
      [
        '*.customs 将不能认可 customs.examination、customs.scan、customs.release 的结果中的机检、人工查验：互认须见 /checks',
      ],
    ],
    [
      '只对两省',
      { fields: '["/checks"]', consumers: '{ only: ["ln.*", "jl.customs"] }' },
      ['jl.customs、ln.customs 将不能认可 customs.examination 的结果中的机检、人工查验：互认须见 /checks'],
    ],
    ['与互认无关的字段', { fields: '["/goods/*/value", "/customs/riskLevel"]' }, []],
    ['按海关以外的单位不互认', { fields: '["/conclusion"]', consumers: '{ except: ["*.customs"] }' }, []],
    ['附有条件，只碍及一部分', { fields: '["/conclusion"]', when: `'content.direction == "export"'` }, []],
    [
      '只限一地签发的，别处的仍可认可',
      { match: '{ kinds: ["customs.examination"], issuers: ["ln.*"] }', fields: '["/conclusion"]' },
      [],
    ],
    ['还留有别的办法', { fields: '["/declarationNumber"]' }, []],
  ])('互认：%s', (_, changes, told) => {
    const text = exam({ class: 'withheld', purposes: null, consumers: null, ...changes });
    const findings = lint(text).filter(({ code }) => code === 'breaks-recognition');
    expect(findings.map(({ message }) => message.zh)).toEqual(told);
  });

  it('临近失效以三十日为限 an entry ends soon if it does within thirty days', () => {
    const codes = (validUntil: string) => lint(withEntry({ validUntil })).map(({ code }) => code);
    // NOW is 11:00 on 21 November in China; a day counts to its end.
    expect(codes('2026-11-20')).toEqual(['expired']);
    expect(codes('2026-11-21')).toEqual(['near-expiry']);
    expect(codes('2026-12-20')).toEqual(['near-expiry']);
    expect(codes('2026-12-21')).toEqual([]);
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
    ['列表项 200,000 层', '- '.repeat(200_000)],
    ['复合键 200,000 层', '? '.repeat(200_000)],
    ['锚点 40,000 个', `${'&a '.repeat(40_000)}x`],
    ['标签 40,000 个', `${'!!str '.repeat(40_000)}x`],
    ['别名 20,000 处', `a: &a [x]\nb: [${'*a,'.repeat(20_000)}]\n`],
    ['未定义的别名 20,000 处', `b: [${'*a,'.repeat(20_000)}]\n`],
    ['成员重复 20,000 次', `${HEAD}  - {${'id: x, '.repeat(20_000)}}\n`],
    ['未知成员 20,000 个', `${HEAD}  - {${Array.from({ length: 20_000 }, (_, n) => `k${n}: 1, `).join('')}}\n`],
    ['条目 10,000 条', HEAD + entry().repeat(10_000)],
    ['空条目 10,000 条', `${HEAD.trimEnd()} [${'{},'.repeat(10_000)}]\n`],
    ['10 MiB', `${HEAD}# ${'x'.repeat(10 * 1024 * 1024)}`],
    ['看不见的字符 500,000 个', '\u202e'.repeat(500_000)],
    ['空字符', HEAD + '\0'],
    ['孤立代理', `${HEAD}${entry({ id: '"\\ud800"' })}`],
  ];
  it.each(hostile)('%s：拒绝，而不抛出 refused, not thrown', (_, text) => {
    const parsed = parseNegativeList(text);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok || parsed.findings.every((finding) => finding.line >= 1 && finding.column >= 1)).toBe(true);
    expect(parsed.ok || parsed.findings.length).toBeGreaterThan(0);
    // However much is wrong, what is told has an end; and lint tells the same.
    expect(parsed.ok || parsed.findings.length).toBeLessThanOrEqual(LIST_BOUNDS.findings + 1);
    expect(lint(text)).toEqual(parsed.ok ? [] : parsed.findings);
  });

  it.each<[string, Record<string, string | null>, FindingCode, string]>([
    ['全角斜线', { fields: '["／border／persons"]' }, 'bad-path', '“⟨U+FF0F⟩border⟨U+FF0F⟩persons”不是路径'],
    ['路径中夹有全角斜线', { fields: '["/border／persons"]' }, 'unknown-path', '“/border⟨U+FF0F⟩persons”'],
    ['同形字母（西里尔 е）作成员名', { 'fi\u0435lds': '["/border/persons"]' }, 'unknown-member', '“fi⟨U+0435⟩lds”'],
    ['同形字母作类别', { class: 'c\u043enditional' }, 'bad-value', '“c⟨U+043E⟩nditional”'],
    ['同形字母作种类', { match: '{ kinds: ["b\u043erder.crew"] }' }, 'bad-value', '“b⟨U+043E⟩rder.crew”'],
    ['同形字母作单位', { consumers: '"*.b\u043erder"' }, 'bad-value', '“*.b⟨U+043E⟩rder”'],
    ['同形字母作用途', { purposes: '["counter-smuggl\u0456ng"]' }, 'bad-value', '“counter-smuggl⟨U+0456⟩ng”'],
    ['分解形式的路径', { fields: '["/border/pe\u0301rsons"]' }, 'not-normalised', 'NFC'],
    ['双向控制符', { fields: '["/border/persons\u202e"]' }, 'hidden-character', 'U+202E'],
    ['零宽空格', { fields: '["/border/per\u200bsons"]' }, 'hidden-character', 'U+200B'],
    ['软连字符藏在条件的取值中', { when: `'content.direction == "im\u00adport"'` }, 'hidden-character', 'U+00AD'],
    ['条件中转义写成的零宽字符', { when: `"content.location == 'CN\\u2060DLC'"` }, 'hidden-character', 'U+2060'],
    [
      '同形字母藏在条件的取值中',
      { when: `'content.direction == "imp\u043ert"'` },
      'impossible-condition',
      '只能取 import',
    ],
    ['不换行空格', { fields: '["/border/persons\u00a0"]' }, 'unknown-path', '⟨U+00A0⟩'],
  ])('%s：说得清是哪个字符', (_, changes, code, told) => {
    const [finding] = lint(withEntry(changes)).filter((found) => found.code === code);
    expect(finding?.message.zh).toContain(told);
    expect(finding?.severity).toBe(code === 'impossible-condition' ? 'warning' : 'error');
  });

  it('中文、全角标点与表意文字空格照常 Chinese, its punctuation and its space are as usual', () => {
    expect(lint(withEntry({ title: '{ zh: "船员（证件）：身份、签证　—— “注”", en: "Crew’s papers" }' }))).toEqual([]);
    expect(lint(`\uFEFF${HEAD}${entry()}`)).toEqual([]);
  });

  it('会爆炸的条件：逐条判断，互不拖累 conditions that explode are judged all the same', () => {
    const parts = Array.from(
      { length: 9 },
      (_, n) => `(content.direction == "a" ? content.location == "x${n}" : content.direction == "b")`,
    );
    const all = Array.from({ length: 60 }, (_, n) =>
      entry({
        id: `NL-${n}`,
        when: `'${parts.join(' && ').replace('x0', `y${n}`)}'`,
        validUntil: '2030-12-31',
        fields: '["/remarks"]',
      }),
    );
    const codes = lint(HEAD + all.join('')).map((finding) => finding.code);
    expect(codes.filter((code) => code === 'impossible-condition')).toHaveLength(60);
  });
});
