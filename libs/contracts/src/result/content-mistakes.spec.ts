import type { ResultKind } from '../codes/results.ts';
import type { ViolationCode } from '../problem/violation-messages.ts';
import { changed, found, type Change } from './change-example.fixture.ts';
import { validateContent } from './validate-content.ts';

/** What an examiner would write wrongly, and what is said about it. */
const mistakes: readonly [
  title: string,
  kind: ResultKind,
  changes: readonly Change[],
  expected: readonly `${string} ${ViolationCode}`[],
][] = [
  [
    '箱号校验位错误',
    'customs.examination',
    [
      ['/containers/0/number', 'CSQU3054384'],
      ['/checks/0/covers/containers', ['CSQU3054384']],
    ],
    ['/checks/0/covers/containers/0 bad-check-digit', '/containers/0/number bad-check-digit'],
  ],
  [
    '箱号格式错误',
    'customs.examination',
    [['/containers/0/number', 'CSQX3054383']],
    ['/checks/0/covers/containers/0 unknown-reference', '/containers/0/number bad-format'],
  ],
  [
    '信用代码校验位错误',
    'customs.examination',
    [['/consignee/creditCode', '91210200MA0DLX1K34']],
    ['/consignee/creditCode bad-check-digit'],
  ],
  [
    'IMO 编号校验位错误',
    'customs.examination',
    [['/conveyance/imoNumber', '9074728']],
    ['/conveyance/imoNumber bad-check-digit'],
  ],
  [
    '报关单号的关区不存在',
    'customs.examination',
    [['/declarationNumber', '990120261000000123']],
    ['/declarationNumber unknown-code'],
  ],
  [
    '报关单号少一位',
    'customs.examination',
    [['/declarationNumber', '09022026100000012']],
    ['/declarationNumber bad-format'],
  ],
  ['关区不存在', 'customs.examination', [['/office', '0999']], ['/office unknown-code']],
  ['海关结果缺关区', 'customs.examination', [['/office', undefined]], ['/office missing']],
  [
    '时间缺时区',
    'customs.examination',
    [['/checks/0/performedAt', '2026-11-21T03:10:00']],
    ['/checks/0/performedAt bad-format'],
  ],
  ['有效期早于查验时间', 'customs.examination', [['/validUntil', '2026-11-21T03:10:00Z']], ['/validUntil not-later']],
  [
    '数量不是十进制文本',
    'customs.examination',
    [['/goods/0/quantity/value', 24000]],
    ['/goods/0/quantity/value wrong-type'],
  ],
  [
    '数量有前导零',
    'customs.examination',
    [['/goods/0/quantity/value', '024000']],
    ['/goods/0/quantity/value bad-format'],
  ],
  [
    '计量单位不存在',
    'customs.examination',
    [['/goods/0/quantity/unit', 'KGX']],
    ['/goods/0/quantity/unit unknown-code'],
  ],
  ['币制不存在', 'customs.examination', [['/goods/0/value/currency', 'SUR']], ['/goods/0/value/currency unknown-code']],
  ['原产国不存在', 'customs.examination', [['/goods/0/origin', 'SU']], ['/goods/0/origin unknown-code']],
  [
    '商品编码 12 位',
    'customs.examination',
    [['/goods/0/commodityCode', '030363000099']],
    ['/goods/0/commodityCode bad-format'],
  ],
  [
    '项号重复',
    'customs.examination',
    [['/goods/1', { item: 1, commodityCode: '0303630000999', description: '冻鳕鱼' }]],
    ['/goods/1/item duplicate'],
  ],
  [
    '箱号重复',
    'customs.examination',
    [['/containers/1', { number: 'CSQU3054383' }]],
    ['/containers/1/number duplicate'],
  ],
  [
    '查验涵盖不存在的项号',
    'customs.examination',
    [['/checks/0/covers/items', [1, 2]]],
    ['/checks/0/covers/items/1 unknown-reference'],
  ],
  [
    '查验涵盖的数量超过申报',
    'customs.examination',
    [['/checks/0/covers/quantities', [{ item: 1, value: '24000.000001', unit: 'KGM' }]]],
    ['/checks/0/covers/quantities/0/value exceeds'],
  ],
  [
    '查验涵盖的数量单位与申报不同',
    'customs.examination',
    [['/checks/0/covers/quantities', [{ item: 1, value: '24', unit: 'TNE' }]]],
    ['/checks/0/covers/quantities/0/unit contradiction'],
  ],
  [
    '封志重复',
    'customs.examination',
    [['/containers/0/seals/1', { number: 'H1234567', condition: 'broken' }]],
    ['/containers/0/seals/1/number duplicate'],
  ],
  [
    '新封代替的旧封仍称完好',
    'customs.examination',
    [['/containers/0/seals/1', { number: 'H2', condition: 'intact', replaces: 'H1234567' }]],
    ['/containers/0/seals/1/replaces contradiction'],
  ],
  ['查验结论不在代码表', 'customs.examination', [['/conclusion', 'ok']], ['/conclusion not-in-list']],
  ['没有查验项目', 'customs.examination', [['/checks', []]], ['/checks too-few']],
  [
    '未发现异常与其他发现并列',
    'customs.examination',
    [['/customs/findings/1', { code: 'undeclared-goods' }]],
    ['/customs/findings/0/code contradiction'],
  ],
  [
    '发现指向不存在的箱',
    'customs.examination',
    [['/customs/findings/0/container', 'DLCU2045117']],
    ['/customs/findings/0/container unknown-reference'],
  ],
  ['机检没有图像', 'customs.scan', [['/customs/scans', []]], ['/customs/scans too-few']],
  [
    '判读早于扫描',
    'customs.scan',
    [['/customs/scans/0/reading/readAt', '2026-11-20T22:40:00+08:00']],
    ['/customs/scans/0/reading/readAt not-later'],
  ],
  ['放行没有报关单号', 'customs.release', [['/declarationNumber', undefined]], ['/declarationNumber missing']],
  [
    '放行没有放行指令',
    'customs.release',
    [['/customs/releaseInstruction', undefined]],
    ['/customs/releaseInstruction missing'],
  ],
  [
    '有害生物没有学名',
    'inspection.quarantine',
    [['/inspection/pests/0/scientificName', '小蠹']],
    ['/inspection/pests/0/scientificName bad-format', '/inspection/pests/0/scientificName too-short'],
  ],
  [
    '处理温度不是数',
    'inspection.quarantine',
    [['/inspection/treatments/0/temperatureCelsius', '6℃']],
    ['/inspection/treatments/0/temperatureCelsius bad-format'],
  ],
  [
    '木包装标识的处理方式不存在',
    'inspection.quarantine',
    [['/inspection/woodPackaging/0/mark/treatment', 'KD']],
    ['/inspection/woodPackaging/0/mark/treatment not-in-list'],
  ],
  [
    '检测的样品不存在',
    'inspection.laboratory',
    [['/inspection/analyses/0/sample', 'HC-26-9999']],
    ['/inspection/analyses/0/sample unknown-reference'],
  ],
  [
    '实验室认可号不成形',
    'inspection.laboratory',
    [['/inspection/laboratory/accreditation', 'L2093']],
    ['/inspection/laboratory/accreditation bad-format'],
  ],
  [
    '证书有效期早于签发',
    'inspection.certificate',
    [['/inspection/certificates/0/validUntil', '2026-11-01T00:00:00Z']],
    ['/inspection/certificates/0/validUntil not-later'],
  ],
  [
    '证书涵盖不存在的项号',
    'inspection.certificate',
    [['/inspection/certificates/0/items', [7]]],
    ['/inspection/certificates/0/items/0 unknown-reference'],
  ],
  [
    '登临结束早于开始',
    'border.conveyance',
    [['/border/boarding/endedAt', '2026-11-21T06:00:00+08:00']],
    ['/border/boarding/endedAt not-later'],
  ],
  [
    '未查偷渡却称查获',
    'border.conveyance',
    [['/border/stowawayCheck', { performed: false, found: 1 }]],
    ['/border/stowawayCheck/found contradiction'],
  ],
  ['船员多于船员数', 'border.crew', [['/border/crewCount', 1]], ['/border/persons exceeds']],
  ['拒绝入境没有理由', 'border.crew', [['/border/persons/1/reason', undefined]], ['/border/persons/1/reason missing']],
  [
    '证件类别不是机读码',
    'border.crew',
    [['/border/persons/0/documentType', '护照']],
    ['/border/persons/0/documentType bad-format'],
  ],
  [
    '出生日期不存在',
    'border.crew',
    [['/border/persons/0/birthDate', '1981-02-30']],
    ['/border/persons/0/birthDate bad-format'],
  ],
  [
    '各国人数之和超过旅客数',
    'border.passengers',
    [['/border/passengerCount', 1842]],
    ['/border/byNationality exceeds', '/border/channels exceeds'],
  ],
  ['含 NUL 字符', 'customs.examination', [['/goods/0/description', '冻\0鱼']], ['/goods/0/description bad-character']],
  [
    '含不成对的代理码元',
    'customs.examination',
    [['/goods/0/description', '冻\ud800鱼']],
    ['/goods/0/description bad-character'],
  ],
  ['全是空格', 'customs.examination', [['/goods/0/description', '   ']], ['/goods/0/description bad-format']],
  ['过长', 'customs.examination', [['/goods/0/description', '鱼'.repeat(256)]], ['/goods/0/description too-long']],
];

describe('a mistake is located and named', () => {
  it.each(mistakes)('%s', (_, kind, changes, expected) => {
    expect(found(changed(kind, changes))).toEqual([...expected].sort());
  });

  it('every violation is listed, not only the first', () => {
    const input = changed('customs.examination', [
      ['/containers/0/number', 'CSQU3054384'],
      ['/consignee/creditCode', '91210200MA0DLX1K34'],
      ['/conclusion', undefined],
    ]);
    expect(found({ ...(input as object), extra: { deep: true }, 'a/b~c': 1 })).toEqual([
      '/a~1b~0c unknown-member',
      '/checks/0/covers/containers/0 unknown-reference',
      '/conclusion missing',
      '/consignee/creditCode bad-check-digit',
      '/containers/0/number bad-check-digit',
      '/extra unknown-member',
    ]);
  });

  it('messages are in Chinese and English and never repeat a value of the body', () => {
    const checked = validateContent(changed('border.crew', [['/border/persons/0/documentNumber', 'secret 4711']]));
    expect(checked).toMatchObject({
      ok: false,
      violations: [{ message: { zh: expect.stringMatching(/\p{Script=Han}/u) as string } }],
    });
    expect(JSON.stringify(checked)).not.toContain('4711');
  });
});
