import fc from 'fast-check';
import type { AccessRule, ResultKind } from '@clearance/contracts';
import { NOW } from '../example-results.fixture.ts';
import { type AnsweredRequest, answerByRule } from './answer-by-rule.ts';

const DAY = 86_400_000;
const RESULT = '019aa3f2-8d02-7b31-8a44-0c9e5d1f7a22';
const DOCUMENT = '/border/persons/*/documentNumber';
const BIRTH = '/border/persons/*/birthDate';
const CREW: ResultKind[] = ['border.crew'];

const inDays = (days: number): string => new Date(NOW + days * DAY).toISOString();

const request = (changes: Partial<AnsweredRequest> = {}): AnsweredRequest => ({
  requester: 'hl.customs',
  about: { issuer: 'ln.border', resultId: RESULT },
  paths: [DOCUMENT],
  purpose: 'counter-smuggling',
  until: inDays(20),
  ...changes,
});
const standing = (changes: Partial<AnsweredRequest> = {}): AnsweredRequest =>
  request({ about: { issuer: 'ln.border', kinds: ['border.crew'], since: '2026-11-01T00:00:00Z' }, ...changes });

const rule = (name: string, changes: Partial<AccessRule> = {}): AccessRule => ({
  rule: name,
  answer: 'grant',
  requesters: ['*.customs'],
  kinds: ['border.crew'],
  paths: [DOCUMENT, BIRTH],
  purposes: ['counter-smuggling'],
  standing: false,
  reason: `《${name}》`,
  ...changes,
});
const refusal = (name: string, changes: Partial<AccessRule> = {}): AccessRule =>
  rule(name, { answer: 'refuse', ...changes });

const granted = (name: string, days = 20): object => ({
  answer: 'grant',
  rule: name,
  reason: `《${name}》`,
  until: inDays(days),
});
const refused = (name: string): object => ({ answer: 'refuse', rule: name, reason: `《${name}》` });

describe('由常设规则答复 answered by standing rules', () => {
  it.each<[string, AccessRule[], AnsweredRequest, object | undefined]>([
    ['没有规则：待人答复', [], request(), undefined],
    ['规则所列之内：照准', [rule('A')], request(), granted('A')],
    ['所申请的每一路径均须在内', [rule('A')], request({ paths: [DOCUMENT, BIRTH] }), granted('A')],
    ['有一路径不在内：待人答复', [rule('A')], request({ paths: [DOCUMENT, '/border/persons/*/name'] }), undefined],
    ['规则写上级', [rule('A', { paths: ['/border/persons'] })], request(), granted('A')],
    ['规则写下级，所申请的是上级', [rule('A')], request({ paths: ['/border/persons/*'] }), undefined],
    ['所申请的写明某一人', [rule('A')], request({ paths: ['/border/persons/3/documentNumber'] }), granted('A')],
    ['规则写整份', [rule('A', { paths: [''] })], request({ paths: ['/conclusion'] }), granted('A')],
    ['别的申请单位', [rule('A', { requesters: ['jl.customs', 'hl.border'] })], request(), undefined],
    ['申请单位之一', [rule('A', { requesters: ['jl.customs', 'hl.*'] })], request(), granted('A')],
    ['所有单位', [rule('A', { requesters: ['*'] })], request(), granted('A')],
    ['别的用途', [rule('A', { purposes: ['joint-inspection'] })], request(), undefined],
    ['别的种类', [rule('A', { kinds: ['border.passengers'] })], request(), undefined],
    ['持续申请：只及单份结果的规则不答', [rule('A')], standing(), undefined],
    ['持续申请：规则包括持续申请', [rule('A', { standing: true })], standing(), granted('A')],
    ['单份结果：包括持续申请的规则也答', [rule('A', { standing: true })], request(), granted('A')],
    ['规则仍有效', [rule('A', { validUntil: inDays(1) })], request(), granted('A')],
    ['规则恰于此刻失效', [rule('A', { validUntil: inDays(0) })], request(), undefined],
    ['最长期限短于所申请：准予至最长期限', [rule('A', { longest: 'P7D' })], request(), granted('A', 7)],
    ['最长期限长于所申请：照所申请', [rule('A', { longest: 'P30D' })], request(), granted('A')],
    ['最长期限读不懂：不多给一刻', [rule('A', { longest: 'soon' })], request(), granted('A', 0)],
    ['规则拒绝', [refusal('A')], request(), refused('A')],
    ['拒绝先于准予，与次序、名称无关', [rule('A'), refusal('B'), rule('C')], request(), refused('B')],
    ['几条拒绝：按名称', [refusal('B'), refusal('A')], request(), refused('A')],
    ['几条准予：取最长', [rule('A', { longest: 'P7D' }), rule('B', { longest: 'P10D' })], request(), granted('B', 10)],
    ['几条准予，一样长：按名称', [rule('B'), rule('A', { longest: 'P60D' })], request(), granted('A')],
    ['已失效的拒绝不作数', [rule('A'), refusal('B', { validUntil: inDays(-1) })], request(), granted('A')],
    ['别的用途的拒绝不作数', [rule('A'), refusal('B', { purposes: ['joint-inspection'] })], request(), granted('A')],
    ['别的单位的拒绝不作数', [rule('A'), refusal('B', { requesters: ['jl.*'] })], request(), granted('A')],
    ['别的种类的拒绝不作数', [rule('A'), refusal('B', { kinds: ['border.passengers'] })], request(), granted('A')],
    ['别的路径的拒绝不作数', [rule('A'), refusal('B', { paths: [BIRTH] })], request(), granted('A')],
    [
      '与拒绝的内容合并申请，不因此获准：待人答复',
      [rule('A'), refusal('B', { paths: [BIRTH] })],
      request({ paths: [DOCUMENT, BIRTH] }),
      undefined,
    ],
    [
      '申请上级，其中含拒绝的内容：待人答复',
      [rule('A', { paths: ['/border'] }), refusal('B', { paths: [BIRTH] })],
      request({ paths: ['/border/persons/0'] }),
      undefined,
    ],
    ['拒绝只及单份结果，持续申请其中：待人答复', [rule('A', { standing: true }), refusal('B')], standing(), undefined],
  ])('%s', (_, rules, asked, expected) => {
    expect(answerByRule(rules, asked, CREW, NOW)).toEqual(expected);
  });

  it.each<[string, AccessRule[], ResultKind[], object | undefined]>([
    [
      '各种类均须在内',
      [rule('A', { kinds: ['border.crew', 'border.passengers'] })],
      ['border.passengers', 'border.crew'],
      granted('A'),
    ],
    ['有一种类不在内', [rule('A')], ['border.crew', 'border.passengers'], undefined],
    [
      '拒绝其中一种类：待人答复',
      [rule('A', { kinds: ['border.crew', 'border.passengers'] }), refusal('B', { kinds: ['border.passengers'] })],
      ['border.crew', 'border.passengers'],
      undefined,
    ],
    ['种类不明：待人答复', [rule('A'), refusal('B')], [], undefined],
  ])('种类 kinds: %s', (_, rules, kinds, expected) => {
    expect(answerByRule(rules, request(), kinds, NOW)).toEqual(expected);
  });

  it('照所申请的时刻答复，不另改写 the time is given back as it was written', () => {
    const until = '2026-12-20T00:00:00+08:00';
    expect(answerByRule([rule('A')], request({ until }), CREW, NOW)).toMatchObject({ until });
  });
});

describe('性质 properties', () => {
  const pathArb = fc.constantFrom('', '/border', '/border/persons', '/border/persons/*', DOCUMENT, BIRTH);
  const ruleArb = fc.record({
    answer: fc.constantFrom('grant' as const, 'refuse' as const),
    paths: fc.uniqueArray(pathArb, { minLength: 1, maxLength: 3 }),
    kinds: fc.constantFrom<ResultKind[]>(['border.crew'], ['border.passengers'], ['border.crew', 'border.passengers']),
    standing: fc.boolean(),
    longest: fc.constantFrom('P1D', 'P7D', 'P90D'),
  });
  const rulesArb = fc
    .array(ruleArb, { maxLength: 5 })
    .map((rules) =>
      rules.map(({ longest, ...each }, index) =>
        rule(`R${index}`, { ...each, ...(each.answer === 'grant' ? { longest } : {}) }),
      ),
    );
  const askedArb = fc.record({
    paths: fc.uniqueArray(fc.oneof(pathArb, fc.constant('/border/persons/3/birthDate')), {
      minLength: 1,
      maxLength: 3,
    }),
    about: fc.constantFrom(request().about, standing().about),
  });
  const kindsArb = fc.constantFrom<ResultKind[]>(['border.crew'], ['border.crew', 'border.passengers']);

  it('分开申请会被拒绝的，合并申请不会获准 what is refused by itself is never granted together with more', () => {
    fc.assert(
      fc.property(rulesArb, askedArb, kindsArb, (rules, asked, kinds) => {
        const parts = asked.paths.flatMap((path) =>
          kinds.map((kind) => answerByRule(rules, request({ ...asked, paths: [path] }), [kind], NOW)),
        );
        const whole = answerByRule(rules, request(asked), kinds, NOW);
        if (whole?.answer === 'grant') expect(parts.filter((part) => part?.answer !== 'grant')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('与规则的次序无关；增加拒绝不会多准 order does not matter, and a refusal more grants no more', () => {
    fc.assert(
      fc.property(rulesArb, ruleArb, askedArb, kindsArb, (rules, { longest: _longest, ...more }, asked, kinds) => {
        const answer = answerByRule(rules, request(asked), kinds, NOW);
        expect(answerByRule(rules.toReversed(), request(asked), kinds, NOW)).toEqual(answer);
        const stricter = answerByRule(
          [...rules, refusal('R9', { ...more, answer: 'refuse' })],
          request(asked),
          kinds,
          NOW,
        );
        if (stricter?.answer === 'grant') expect(answer).toEqual(stricter);
      }),
      { numRuns: 500 },
    );
  });
});
