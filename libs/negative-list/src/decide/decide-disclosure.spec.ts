import type { UnitId } from '@clearance/contracts';
import { compileNegativeList } from '../compile/compile-list.ts';
import { CONSUMERS, crew, examination, NOW } from '../example-results.fixture.ts';
import { FAIL_CLOSED } from '../language/fail-closed.ts';
import type { Entry, NegativeList } from '../language/negative-list.ts';
import { decideDisclosure } from './decide-disclosure.ts';

const ISSUER: UnitId = 'ln.customs';

function entry(id: string, changes: Partial<Entry> = {}): Entry {
  return {
    id,
    title: { zh: id, en: id },
    class: 'withheld',
    legalBasis: `《法》${id}`,
    owner: 'customs',
    match: { kinds: ['customs.examination'] },
    ...changes,
  };
}

function listOf(...entries: Entry[]): NegativeList {
  return { version: '1', effectiveFrom: '2026-11-01', entries };
}

/** What `ln.border` is told: `path entry access`. */
function told(entries: Entry[], content: object = examination(), at = NOW, consumer: UnitId = 'ln.border'): string[] {
  const compiled = compileNegativeList(listOf(...entries), CONSUMERS);
  const kind = String((content as { kind?: unknown }).kind);
  const [decision] = decideDisclosure(compiled, { kind, issuer: ISSUER, content }, [consumer], at);
  return decision?.withheld.map(({ path, entry: id, access }) => `${path} ${id} ${access}`) ?? ['no decision'];
}

describe('一条或多条命中 entries that hit', () => {
  const value = { fields: ['/goods/*/value'] };
  it.each<[string, Entry[], string[]]>([
    ['没有条目：全部共享', [], []],
    ['数组通配逐一展开', [entry('A', value)], ['/goods/0/value A none', '/goods/1/value A none']],
    ['有条件共享：可申请', [entry('A', { fields: ['/consignee'], class: 'conditional' })], ['/consignee A on-request']],
    ['内容中没有的字段不列出', [entry('A', { fields: ['/consignor', '/handling'] })], []],
    ['不写字段：整份结果', [entry('A', {})], [' A none']],
    ['空路径：整份结果', [entry('A', { fields: [''] })], [' A none']],
    [
      '同一字段多条：全部列名，不予共享在前，且不可申请',
      [
        entry('A', { fields: ['/consignee'], class: 'conditional' }),
        entry('B', { fields: ['/consignee'] }),
        entry('C', { fields: ['/consignee'], class: 'conditional' }),
      ],
      ['/consignee B none', '/consignee A none', '/consignee C none'],
    ],
    [
      '同一字段均为有条件：可申请',
      [
        entry('A', { fields: ['/consignee'], class: 'conditional' }),
        entry('B', { fields: ['/consignee'], class: 'conditional' }),
      ],
      ['/consignee A on-request', '/consignee B on-request'],
    ],
    [
      '上级已取出：只列最上级',
      [entry('A', value), entry('B', { fields: ['/goods'], class: 'conditional' })],
      ['/goods B on-request'],
    ],
    ['整份已取出：只列整份', [entry('A', value), entry('B', {})], [' B none']],
    ['同条内路径重叠：只列最上级', [entry('A', { fields: ['/goods', '/goods/*/value'] })], ['/goods A none']],
    [
      '名称相近不算上级',
      [entry('A', { fields: ['/consignee', '/containers'] })],
      ['/consignee A none', '/containers A none'],
    ],
    ['种类通配', [entry('A', { match: { kinds: ['customs.*'] }, fields: ['/consignee'] })], ['/consignee A none']],
    ['种类不符', [entry('A', { match: { kinds: ['customs.scan'] } })], []],
    ['签发单位不符', [entry('A', { match: { kinds: ['*'], issuers: ['hl.*'] } })], []],
    ['签发单位相符', [entry('A', { match: { kinds: ['*'], issuers: ['ln.*'] } })], [' A none']],
    ['接收单位不符', [entry('A', { consumers: { except: ['*.border'] } })], []],
    ['接收单位相符', [entry('A', { consumers: { only: ['ln.border'] } })], [' A none']],
    ['条件成立', [entry('A', { when: 'content.direction == "import"' })], [' A none']],
    ['条件不成立', [entry('A', { when: 'content.direction == "export"' })], []],
    ['条件无法判断：取出', [entry('A', { when: 'content.handling == "military"' })], [' A none']],
  ])('%s', (_, entries, expected) => {
    expect(told(entries)).toEqual(expected);
  });

  it.each<[string, string, boolean]>([
    ['生效前一秒', '2026-12-31T23:59:59+08:00', false],
    ['首日零时', '2027-01-01T00:00:00+08:00', true],
    ['末日最后一秒', '2027-01-31T23:59:59+08:00', true],
    ['次日零时', '2027-02-01T00:00:00+08:00', false],
  ])('有效期 2027-01-01 至 2027-01-31：%s（%s）', (_, at, inForce) => {
    const dated = entry('A', { validFrom: '2027-01-01', validUntil: '2027-01-31' });
    expect(told([dated], examination(), Date.parse(at))).toEqual(inForce ? [' A none'] : []);
  });
});

describe('无法判断即不共享 fail closed', () => {
  const compiled = compileNegativeList(listOf(), CONSUMERS);
  const result = { kind: 'customs.examination', issuer: ISSUER, content: examination() };
  const strange = (more: object) => ({ ...result, content: { ...examination(), ...more } });
  const beforeList = Date.parse('2026-10-31T23:59:59+08:00');
  const broken = { ...compiled, planFor: () => { throw new Error('broken'); } }; // prettier-ignore

  it.each<[string, () => ReturnType<typeof decideDisclosure>, string[]]>([
    ['没有清单', () => decideDisclosure(undefined, result, ['ln.border'], NOW), [' FC-no-active-list']],
    ['清单尚未生效', () => decideDisclosure(compiled, result, ['ln.border'], beforeList), [' FC-no-active-list']],
    ['时刻不是数字', () => decideDisclosure(compiled, result, ['ln.border'], NaN), [' FC-no-active-list']],
    [
      '种类未知',
      () => decideDisclosure(compiled, { ...result, kind: 'customs.rumour' }, ['ln.border'], NOW),
      [' FC-unknown-kind'],
    ],
    [
      '种类为原型成员',
      () => decideDisclosure(compiled, { ...result, kind: '__proto__' }, ['ln.border'], NOW),
      [' FC-unknown-kind'],
    ],
    ['接收单位未知', () => decideDisclosure(compiled, result, ['sh.border'], NOW), [' FC-unknown-consumer']],
    [
      '字段不在目录',
      () => decideDisclosure(compiled, strange({ 'a/b~': { deep: 1 } }), ['ln.border'], NOW),
      ['/a~1b~0 FC-unknown-field'],
    ],
    ['成员名为 *', () => decideDisclosure(compiled, strange({ '*': 1 }), ['ln.border'], NOW), ['/* FC-unknown-field']],
    [
      '类型与目录不符',
      () => decideDisclosure(compiled, strange({ remarks: { hidden: 1 } }), ['ln.border'], NOW),
      ['/remarks FC-unknown-field'],
    ],
    [
      '空值',
      () => decideDisclosure(compiled, strange({ consignee: null }), ['ln.border'], NOW),
      ['/consignee FC-unknown-field'],
    ],
    [
      '别的部门的部分',
      () => decideDisclosure(compiled, strange({ border: {} }), ['ln.border'], NOW),
      ['/border FC-unknown-field'],
    ],
    [
      '签发单位不成形',
      () => decideDisclosure(compiled, { ...result, issuer: 'x' as UnitId }, ['ln.border'], NOW),
      [' FC-decision-error'],
    ],
    [
      '内容不是对象',
      () => decideDisclosure(compiled, { ...result, content: [] }, ['ln.border'], NOW),
      [' FC-unknown-field'],
    ],
    ['判断出错', () => decideDisclosure(broken, result, ['ln.border'], NOW), [' FC-decision-error']],
    ['没有结果', () => decideDisclosure(compiled, undefined as never, ['ln.border'], NOW), [' FC-decision-error']],
  ])('%s', (_, decide, expected) => {
    const [decision] = decide();
    expect(decision?.withheld.map(({ path, entry: id }) => `${path} ${id}`)).toEqual(expected);
    for (const { entry: id, access, legalBasis } of decision?.withheld ?? []) {
      expect(access).toBe('none');
      expect(legalBasis).toBe(FAIL_CLOSED[id as keyof typeof FAIL_CLOSED]);
    }
  });

  it('未经校验的清单：读不懂的条目按不共享处理 an unlinted list withholds where it cannot be read', () => {
    expect(told([entry('A', { fields: ['/nowhere'] })])).toEqual([' A none']);
    expect(told([entry('A', { when: 'content.direction ==' })])).toEqual([' A none']);
    expect(told([entry('A', { when: 'has(content.direktion)' })])).toEqual([' A none']);
    expect(told([entry('A', { when: 'content.goods == "x"' })])).toEqual([' A none']);
    expect(told([entry('A', { validUntil: 'yesterday' })])).toEqual([' A none']);
    expect(told([entry('A', { match: { kinds: ['customs.*'] }, fields: ['/customs/scans'] })])).toEqual([]);
  });
});

describe('谁看到同一份 who sees the same', () => {
  const compiled = compileNegativeList(
    listOf(
      entry('A', {
        match: { kinds: ['border.crew'] },
        fields: ['/border/persons'],
        consumers: { except: ['*.border'] },
      }),
    ),
    CONSUMERS,
  );
  const result = { kind: 'border.crew', issuer: 'ln.border' as const, content: crew() };

  it('签发单位不是接收单位；其余按所见分组 the issuer is left out, the others are grouped by what they see', () => {
    const decisions = decideDisclosure(compiled, result, CONSUMERS, NOW);
    expect(decisions.map(({ consumers, pointers }) => [consumers.length, pointers])).toEqual([
      [10, ['/border/persons']],
      [3, []],
    ]);
    expect(decisions.flatMap((decision) => decision.consumers)).not.toContain('ln.border');
  });

  it('重复的单位只算一次，没有单位则没有决定 each unit once, no unit no decision', () => {
    expect(decideDisclosure(compiled, result, ['hl.border', 'hl.border'], NOW)[0]?.consumers).toEqual(['hl.border']);
    expect(decideDisclosure(compiled, result, ['ln.border'], NOW)).toEqual([]);
  });

  it('每个条件每份结果至多判断一次 a condition is asked at most once per result, and only where it matters', () => {
    let asked = 0;
    const counting = (content: object): object =>
      new Proxy(content, {
        get: (target, name) => {
          if (name === 'direction') asked++;
          return Reflect.get(target, name) as unknown;
        },
      });
    const conditional = compileNegativeList(
      listOf(
        ...['A', 'B'].map((id) =>
          entry(id, {
            fields: ['/remarks'],
            when: 'content.direction == "import"',
            consumers: { except: [`${id === 'A' ? 'ln' : 'hl'}.*`] },
          }),
        ),
      ),
      CONSUMERS,
    );
    const unremarkable = examination();
    delete unremarkable.remarks;
    const decide = (content: object): void => {
      asked = 0;
      decideDisclosure(
        conditional,
        { kind: 'customs.examination', issuer: ISSUER, content: counting(content) },
        CONSUMERS,
        NOW,
      );
    };
    decide(unremarkable);
    // The catalogue and the index read the member too, whatever there is to take out.
    const unasked = asked;
    decide(examination());
    expect(asked).toBe(unasked + 1);
  });
});
