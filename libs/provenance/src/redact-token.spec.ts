import { redactToken } from './redact-token.ts';
import { CONTENT, issue, verified } from './token.fixture.ts';

const whole = verified(issue());
const { reference, kind, conveyance, containers, goods, remarks } = CONTENT;
const escaped = { 'a/b~c': CONTENT['a/b~c'] };
const [cod, pollock, herring] = goods as [object, object, object];
const codWithoutPrice = { item: 1, description: '冻鳕鱼' };

describe('redactToken takes out', () => {
  it.each([
    ['a member', ['/reference'], { kind, conveyance, containers, goods, remarks, ...escaped }],
    ['a nested member', ['/goods/0/value'], { ...CONTENT, goods: [codWithoutPrice, pollock, herring] }],
    [
      "a member of a nested member, and leaves that member's others",
      ['/goods/0/value/amount'],
      { ...CONTENT, goods: [{ ...cod, value: { currency: 'USD' } }, pollock, herring] },
    ],
    [
      'the last member, and leaves the empty object',
      ['/goods/0/value/amount', '/goods/0/value/currency'],
      { ...CONTENT, goods: [{ ...cod, value: {} }, pollock, herring] },
    ],
    ['an element; those after it move up', ['/goods/0'], { ...CONTENT, goods: [pollock, herring] }],
    ['elements by their places before any is taken out', ['/goods/0', '/goods/1'], { ...CONTENT, goods: [herring] }],
    ['every element, and leaves the empty array', ['/goods/2', '/goods/0', '/goods/1'], { ...CONTENT, goods: [] }],
    ['a node and what lies in it, named both', ['/goods/1/item', '/goods/1'], { ...CONTENT, goods: [cod, herring] }],
    ['an empty object', ['/remarks'], { reference, kind, conveyance, containers, goods, ...escaped }],
    ['a name with / and ~ in it', ['/a~1b~0c'], { reference, kind, conveyance, containers, goods, remarks }],
    ['everything', [''], {}],
    ['everything, whatever else is named', ['/goods/0', ''], {}],
    ['nothing when nothing is named', [], CONTENT],
    ['nothing for a member that is not there', ['/customs/riskLevel', '/goods/0/origin'], CONTENT],
    ['nothing for an element that is not there', ['/goods/3', '/goods/99999999999999999999/item'], CONTENT],
    ['nothing below a text', ['/reference/0', '/kind/x'], CONTENT],
    ['nothing for names that every object inherits', ['/constructor', '/goods/0/toString'], CONTENT],
  ])('%s', (_what, pointers, expected) => {
    const redacted = redactToken(whole, pointers);
    expect(redacted.content).toEqual(expected);
    expect(verified(redacted.token).content).toEqual(expected);
  });

  it('no more than the disclosures of what is named', () => {
    const count = (token: string) => token.split('~').length;
    expect(count(redactToken(whole, ['/reference']).token)).toBe(count(whole.token) - 1);
    // goods/0 with item, description, value, amount, currency.
    expect(count(redactToken(whole, ['/goods/0']).token)).toBe(count(whole.token) - 6);
    expect(count(redactToken(whole, ['']).token)).toBe(2);
  });
});

describe('redactToken of a redacted token', () => {
  const once = verified(redactToken(whole, ['/goods/0', '/reference']).token);

  it('counts elements as they are shown in it, not as they were issued', () => {
    const twice = redactToken(once, ['/goods/0']);
    expect(twice.content).toEqual({ kind, conveyance, containers, goods: [herring], remarks, ...escaped });
    expect(verified(twice.token).content).toEqual(twice.content);
  });

  it('passes over what is missing already', () => {
    expect(redactToken(once, ['/reference']).token).toBe(once.token);
  });
});

describe('redactToken faults, and shares nothing, on', () => {
  it.each([
    ['a pointer without its slash', 'goods'],
    ['a pointer with a bad escape', '/goods~2'],
    ['a wildcard', '/goods/*/value'],
    ['the place after the last element', '/goods/-'],
    ['an index with a leading zero', '/goods/00'],
    ['a name where an index must be', '/containers/number'],
  ])('%s: it cannot know what to withhold', (_what, pointer) => {
    expect(() => redactToken(whole, ['/reference', pointer])).toThrow(TypeError);
  });
});
