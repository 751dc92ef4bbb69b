import { fieldsOf } from '@clearance/contracts';
import { examination } from '../example-results.fixture.ts';
import { checkCondition } from './check-condition.ts';
import { parseCondition } from './parse-condition.ts';
import { planCondition } from './run-condition.ts';

const KIND = 'customs.examination';

function ask(when: string, content: unknown = examination()): boolean | undefined {
  const parsed = parseCondition(when);
  if (!parsed.ok) throw new Error(parsed.fault.code);
  expect(checkCondition(parsed.parsed, parsed.root, KIND, fieldsOf(KIND))).toEqual([]);
  const facts = { kind: KIND, issuer: 'ln.customs', province: 'ln', agency: 'customs' };
  return planCondition(parsed.parsed)({ ...facts, content });
}

describe('条件 conditions over the example examination (import, by sea, frozen fish from Russia)', () => {
  it.each<[string, boolean]>([
    ['content.direction == "import"', true],
    ['content.direction != "import"', false],
    ['kind == "customs.examination" && province == "ln" && agency == "customs" && issuer == "ln.customs"', true],
    ['content.goods.exists(g, g.commodityCode.startsWith("0303"))', true],
    ['content.goods.all(g, g.commodityCode.startsWith("0303"))', false],
    ['content.goods.exists_one(g, g.item == 1)', true],
    ['size(content.goods) == 2 && content.goods.size() < 3', true],
    ['content.goods.filter(g, g.item > 1).size() == 1', true],
    ['"0306140000999" in content.goods.map(g, g.commodityCode)', true],
    ['content.goods[0].item == 1 && content["goods"][0].item == 1', true],
    ['content.location.matches("^CN(DLC|YIK)$")', true],
    ['content.goods.exists(g, double(g.value.amount) > 80000.0)', true],
    ['timestamp(content.checks[0].performedAt) < timestamp("2026-11-22T00:00:00+08:00")', true],
    ['has(content.handling)', false],
    ['has(content.customs.riskLevel) && content.customs.riskLevel in ["low", "medium"]', true],
    ['content.containers.exists(c, c.seals.exists(s, s.number == "H1234567" && s.condition == "intact"))', true],
    ['has(content.consignee) ? content.consignee.name.contains("水产") : false', true],
  ])('%s → %s', (when, answer) => {
    expect(ask(when)).toBe(answer);
  });
});

describe('无法判断 what cannot be decided is neither true nor false', () => {
  it.each<[string, string, unknown]>([
    ['缺失的字段', 'content.handling == "military"', examination()],
    ['元素缺失字段', 'content.goods.all(g, g.value.currency == "USD")', examination({}, { goods: [{ item: 1 }] })],
    ['下标越界', 'content.goods[7].item == 1', examination()],
    ['不是数字', 'double(content.reference) > 1.0', examination()],
    ['不是数字，比较取反', '!(double(content.reference) > 1.0)', examination()],
    ['不是时刻', 'timestamp(content.reference) < timestamp("2026-11-22T00:00:00+08:00")', examination()],
    ['类型与目录不符', 'content.goods.exists(g, g.item == 1)', examination({}, { goods: 'none' })],
    ['内容不是对象', 'content.direction == "import"', null],
  ])('%s: %s', (_, when, content) => {
    expect(ask(when, content)).toBeUndefined();
  });

  it('成员名称不改变读法 the names of members do not change how a content is read', () => {
    const odd = JSON.parse('{"direction":"import","constructor":1,"$typeName":"x","__proto__":{"direction":"export"}}');
    expect(ask('content.direction == "import"', odd)).toBe(true);
    expect(ask('content.direction == "import"', Object.assign(Object.create(null), odd))).toBe(true);
  });

  it('正则不会回溯 patterns do not backtrack', () => {
    const started = performance.now();
    expect(ask('content.reference.matches("^(a+)+$")', examination({}, { reference: `${'a'.repeat(5000)}!` }))).toBe(
      false,
    );
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
